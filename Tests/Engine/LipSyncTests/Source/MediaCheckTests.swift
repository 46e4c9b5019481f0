import Foundation
import LipSync
import Media
import TestSupport
import Testing

/// What is said of media before anything is made of them is what is in them.
@Suite("Checks of pictures")
struct PictureCheckTests {
    private let folder: TemporaryFolder
    private let installation = Installation(folder: Repository.thirdParty)

    init() throws { folder = try TemporaryFolder() }

    private func picture(_ path: String) throws -> MediaCheck.Picture {
        try #require(try MediaCheck(path, looksAt: .picture, installation: installation).picture)
    }

    @Test("A clip has a sample each second, with its face")
    func clip() throws {
        let clip = folder.path("clip.mp4")
        try TestClips.portrait(clip, seconds: 2.4)
        let found = try picture(clip)
        #expect(!found.isStill)
        #expect(found.width == 256)
        #expect(found.height == 256)
        #expect(found.frameRate == 25)
        #expect(found.frameCount == 60)
        #expect(abs(found.durationSeconds - 2.4) < 0.001)
        #expect(found.samples.map(\.frame) == [0, 25, 50])
        #expect(found.samples.map(\.seconds) == [0, 1, 2])
        #expect(found.samples.map(\.faces.count) == [1, 1, 1])
        #expect(found.shots == [0])
        #expect(found.gaps.isEmpty)
        for face in found.samples.flatMap(\.faces) {
            #expect((60...90).contains(face.widthPixels))
            #expect(abs(face.yawDegrees) < 12)
            #expect(face.confidence > 0.9)
            #expect(face.left < face.right)
            #expect(face.top < face.bottom)
        }
    }

    @Test("Where the face is gone, a shot begins, and a gap from the first sample without it")
    func cut() throws {
        let clip = folder.path("clip.mp4")
        try TestClips.portrait(clip, seconds: 3.6, filters: "drawbox=c=gray:t=fill:enable='between(t,1.19,2.59)'")
        let found = try picture(clip)
        #expect(found.samples.map(\.faces.count) == [1, 1, 0, 1])
        #expect(found.shots == [0, 1.2, 2.6])
        #expect(found.gaps == [MediaCheck.Gap(startSeconds: 2, endSeconds: 3, reason: .noFace)])
    }

    @Test("A small face in a large picture is found by a closer look")
    func small() throws {
        let clip = folder.path("clip.mp4")
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "5", "-i", Repository.portrait, "-filter_complex",
            "color=c=0x7a8894:s=1920x1080:r=5[b];[0]scale=228:228:flags=area,crop=120:110:40:0[f];"
                + "[b][f]overlay=1300:600:shortest=1", "-t", "1.2", "-preset", "ultrafast", clip,
        ])
        let found = try picture(clip)
        let face = try #require(found.samples.first?.faces.first)
        #expect((36...48).contains(face.widthPixels))
        #expect((1300...1420).contains(face.left))
        #expect((600...710).contains(face.top))
    }

    @Test("A photo")
    func photo() throws {
        let found = try picture(Repository.portrait)
        #expect(found.isStill)
        #expect(found.width == 512)
        #expect(found.height == 512)
        #expect(found.frameCount == 1)
        #expect(found.samples.map(\.faces.count) == [1])
        #expect(found.gaps.isEmpty)
    }

    @Test("A clip whose size is beyond the limits has its facts and no samples")
    func wide() throws {
        let clip = folder.path("clip.mp4")
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "color=c=gray:s=4200x64:r=10:d=1", "-pix_fmt", "yuv420p", "-preset", "ultrafast",
            clip,
        ])
        let found = try picture(clip)
        #expect(found.width == 4200)
        #expect(found.height == 64)
        #expect(found.samples.isEmpty)
    }

    @Test("What is no picture has none, and a damaged file and a cancelled check are failures")
    func failures() throws {
        let tone = folder.path("tone.wav")
        try TestClips.tone(tone, hertz: 440, seconds: 0.3)
        let check = try MediaCheck(tone, looksAt: .picture, installation: installation)
        #expect(check.picture == nil)
        #expect(check.media.kind == .audio)
        let text = folder.path("text.mp4")
        try "no medium".write(toFile: text, atomically: true, encoding: .utf8)
        let failure = #expect(throws: RenderFailure.self) {
            try MediaCheck(text, looksAt: .picture, installation: installation)
        }
        #expect(failure?.code == .videoInvalid)
        let clip = folder.path("clip.mp4")
        try TestClips.portrait(clip, seconds: 0.4)
        let cancellation = Cancellation()
        cancellation.cancel()
        let cancelled = #expect(throws: RenderFailure.self) {
            try MediaCheck(clip, looksAt: .picture, installation: installation, cancellation: cancellation)
        }
        #expect(cancelled?.code == .cancelled)
    }

    // MARK: Which frames

    @Test(
        "Samples are at most one a second and 60 in all, evenly spread",
        arguments: [
            (0.04, 25.0, 1, 1, 0), (0.5, 25, 12, 1, 0), (2, 25, 50, 2, 25), (60, 25, 1500, 60, 1475),
            (61, 25, 1525, 60, 1500), (7200, 30, 216_000, 60, 212_400), (3.2, 29.97, 96, 4, 90),
        ])
    func frames(seconds: Double, rate: Double, count: Int, samples: Int, last: Int) {
        let frames = PictureCheck.frames(durationSeconds: seconds, frameRate: rate, frameCount: count)
        #expect(frames.count == samples)
        #expect(frames.first == 0)
        #expect(frames.last == last)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { Double($1 - $0) >= rate - 1 })
    }

    @Test("Gaps of one reason join, and last until the next sample or the end")
    func gaps() {
        func sample(_ seconds: Double, yaw: Double?) -> MediaCheck.Sample {
            let face = yaw.map {
                MediaCheck.Face(
                    left: 0, top: 0, right: 1, bottom: 1, yawDegrees: $0, widthPixels: 1, confidence: 1)
            }
            return MediaCheck.Sample(seconds: seconds, frame: Int(seconds), faces: face.map { [$0] } ?? [])
        }
        let samples = [
            sample(0, yaw: nil), sample(1, yaw: nil), sample(2, yaw: 45), sample(3, yaw: -46), sample(4, yaw: 50),
            sample(5, yaw: nil),
        ]
        #expect(
            PictureCheck.gaps(samples, durationSeconds: 5.5) == [
                MediaCheck.Gap(startSeconds: 0, endSeconds: 2, reason: .noFace),
                MediaCheck.Gap(startSeconds: 3, endSeconds: 5, reason: .turnedAway),
                MediaCheck.Gap(startSeconds: 5, endSeconds: 5.5, reason: .noFace),
            ])
    }

    // MARK: Long clips

    /// 60 s of 64 × 64 pixels, each frame's brightness its own.
    private func film(keyFrameDistance: Int) throws -> VideoReader {
        let path = folder.path("film-\(keyFrameDistance).mp4")
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "color=c=gray:s=64x64:r=10:d=60", "-g", "\(keyFrameDistance)", "-keyint_min",
            "\(keyFrameDistance)", "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-preset", "ultrafast", path,
        ])
        return try VideoReader(path)
    }

    private func samples(_ reader: VideoReader, _ frames: [Int], decodedFrames: Int) throws -> [Int] {
        var cursor = SampleCursor(reader, frames: frames, decodedPixels: decodedFrames * 64 * 64)
        var samples: [Int] = []
        while let (frame, isSample) = try cursor.next() { if isSample { samples.append(frame.index) } }
        return samples
    }

    @Test("A clip that is decoded in seconds is read as a whole, and samples are where they were wanted")
    func wholeClip() throws {
        let wanted = Array(stride(from: 0, to: 600, by: 50))
        #expect(try samples(try film(keyFrameDistance: 600), wanted, decodedFrames: 600) == wanted)
    }

    @Test("Of a longer one key frames are taken, each once, and hardly anything else is decoded")
    func keyFrames() throws {
        let reader = try film(keyFrameDistance: 40)
        let wanted = Array(stride(from: 0, to: 600, by: 50))
        let taken = try samples(reader, wanted, decodedFrames: 100)
        #expect(taken == [0, 40, 80, 120, 200, 240, 280, 320, 400, 440, 480, 520])
        #expect(reader.decodedPictureCount < 100)
    }

    @Test("One without key frames is read from its start as far as the budget goes")
    func noKeyFrames() throws {
        let reader = try film(keyFrameDistance: 600)
        let taken = try samples(reader, Array(stride(from: 0, to: 600, by: 20)), decodedFrames: 200)
        #expect(taken.starts(with: [0, 20, 40, 60, 80, 100]))
        #expect(taken.allSatisfy { $0 <= 240 })
    }

    @Test("Containers whose seeks are rough give samples all over the clip", arguments: ["mpg", "ts", "avi", "webm"])
    func roughSeeks(container: String) throws {
        let path = folder.path("film.\(container)")
        let codec = ["mpg": "mpeg2video", "avi": "mpeg4", "webm": "libvpx"][container] ?? "libx264"
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=24", "-g", "20", "-pix_fmt", "yuv420p", "-c:v", codec, path,
        ])
        let wanted = Array(stride(from: 0, to: 600, by: 50))
        let taken = try samples(try VideoReader(path), wanted, decodedFrames: 150)
        #expect(taken.count >= 8)
        #expect(taken == Array(Set(taken)).sorted())
        #expect(taken.last ?? 0 >= 450)
    }
}

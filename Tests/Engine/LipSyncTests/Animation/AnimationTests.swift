import Face
import Foundation
import LipSync
import Media
import Rendering
import Speech
import TestSupport
import Testing

@Suite("A picture that speaks")
struct AnimationTests {
    private func plan(_ folder: TemporaryFolder, audio: String? = TestClips.voice, seed: UInt64 = 7) -> AnimationPlan {
        AnimationPlan(
            pictures: [PictureCue(path: Repository.portrait)], audioPath: audio, outputPath: folder.path("out.mp4"),
            seed: seed, constantRateFactor: 8, preset: "ultrafast")
    }

    /// The settled mesh of a picture.
    private static func mesh(_ frame: VideoFrame) throws -> [SIMD3<Float>] {
        let tracker = try TestFaces.tracker()
        var last: [SIMD3<Float>]?
        for _ in 0..<4 { last = try tracker.track(frame).faces.first?.landmarks }
        return try #require(last)
    }

    private static func distance(_ points: [SIMD3<Float>], _ a: Int, _ b: Int) -> Float {
        func length(_ a: Int, _ b: Int) -> Float {
            let d = points[a] - points[b]
            return (d.x * d.x + d.y * d.y).squareRoot()
        }
        return length(a, b) / length(33, 263)
    }

    private static func correlation(_ a: [Float], _ b: [Float]) -> Float {
        let (meanA, meanB) = (a.reduce(0, +) / Float(a.count), b.reduce(0, +) / Float(b.count))
        var (ab, aa, bb): (Float, Float, Float) = (0, 0, 0)
        for (x, y) in zip(a, b) {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        return ab / max((aa * bb).squareRoot(), 1e-9)
    }

    @Test("Lips follow the voice, eyes blink, the head moves within limits, the background stands still")
    func speaks() throws {
        let folder = try TemporaryFolder()
        let plan = plan(folder)
        let report = try TestClips.engine.animate(plan)
        let voice = try AudioReader(TestClips.voice, sampleRate: 16_000, channelCount: 1)
        var analyzer = SpeechAnalyzer(encoder: try TestSpeech.encoder())
        var sampleCount = 0
        while let block = try voice.next() {
            sampleCount += block.frameCount
            try analyzer.append(block.samples[0])
        }
        let seconds = Double(sampleCount) / 16_000
        let frames = try TestPictures.frames(plan.outputPath)
        #expect(frames.count == Int((seconds * 25).rounded()))
        #expect(report.output.frames == frames.count)
        #expect(report.output.width == 512)
        #expect(report.output.height == 512)
        #expect(report.framesDrawn == frames.count)

        let track = MouthModel.track(
            try analyzer.finish(), frameRate: Rational(25), frameCount: frames.count,
            options: MouthTrackOptions(restOpening: 0, restWidth: 0.45, restJaw: 0.2))
        let tracker = try TestFaces.tracker()
        var (seen, wanted): ([Float], [Float]) = ([], [])
        var (apertures, yaws, pitches): ([Float], [Float], [Float]) = ([], [], [])
        for (index, frame) in frames.enumerated() {
            let points = try #require(try tracker.track(frame).faces.first?.landmarks)
            apertures.append(Self.distance(points, 159, 145) + Self.distance(points, 386, 374))
            let pose = FacePose(of: points).rotation
            yaws.append(pose.yawRadians * 180 / .pi)
            pitches.append(pose.pitchRadians * 180 / .pi)
            // In a pause the smile of the picture comes back.
            guard track.speech[index] > 0.5 else { continue }
            seen.append(Self.distance(points, 13, 14))
            wanted.append(track.opening[index])
        }
        let likeness = Self.correlation(seen, wanted)
        #expect(likeness >= 0.85)

        // A blink every 2.2 to 4.4 seconds, and perhaps one more in a pause.
        let usual = apertures.sorted()[apertures.count * 3 / 4]
        var blinks = 0
        for index in apertures.indices.dropFirst()
        where apertures[index] < 0.8 * usual && apertures[index - 1] >= 0.8 * usual { blinks += 1 }
        #expect(Double(blinks) >= (seconds / 4.6).rounded(.down))
        #expect(Double(blinks) <= (seconds / 2.2).rounded(.up) + 1)

        let (yaw, pitch) = (try #require(yaws.max()) - yaws.min()!, try #require(pitches.max()) - pitches.min()!)
        #expect(yaw > 0.5)
        #expect(yaw < 12)
        #expect(pitch > 0.5)
        #expect(pitch < 12)
        try Self.expectStandingStill(frames)
    }

    /// The first frame has the portrait's face, and the border behind it stays the portrait's to the end.
    private static func expectStandingStill(_ frames: [VideoFrame]) throws {
        let still = try mesh(try TestPictures.portrait())
        let first = try mesh(frames[0])
        for point in [33, 263, 1, 152, 10, 234, 454] {
            #expect(abs(still[point].x - first[point].x) < 2)
            #expect(abs(still[point].y - first[point].y) < 2)
        }

        // A strip at the border, away from hair and shoulders.
        let reference = TestPictures.planes(
            try StillImage(Repository.portrait).cut(
                PictureRectangle(left: 0, top: 0, width: 512, height: 512), width: 512, height: 512))[0]
        for frame in [frames[20], frames[frames.count - 1]] {
            let luma = TestPictures.planes(frame)[0]
            let strip = (0..<512).flatMap { y in (0..<24).map { y * 512 + $0 } }
            #expect(TestClips.likeness(strip.map { luma[$0] }, strip.map { reference[$0] }) >= 45)
        }
    }

    @Test("The same seed gives the same frames, another seed another take")
    func seeds() throws {
        let folder = try TemporaryFolder()
        var plan = plan(folder)
        plan.audioRange = TimeRange(startSeconds: 0, endSeconds: 1.5)
        func luma(_ seed: UInt64) throws -> [[UInt8]] {
            plan.seed = seed
            _ = try TestClips.engine.animate(plan)
            return try TestPictures.frames(plan.outputPath).map { TestPictures.planes($0)[0] }
        }
        let first = try luma(1)
        #expect(try luma(1) == first)
        let other = try luma(2)
        #expect(other.count == first.count)
        #expect(other != first)
    }

    @Test("Each feeling moves the right points in the right direction", arguments: Rendering.FacialEmotion.allCases)
    func emotions(emotion: Rendering.FacialEmotion) throws {
        let folder = try TemporaryFolder()
        var plan = plan(folder, audio: nil)
        plan.durationSeconds = 1.2
        plan.motion = 0
        plan.temperature = 1
        plan.emotion = emotion
        _ = try TestClips.engine.animate(plan)
        let frames = try TestPictures.frames(plan.outputPath)
        let before = try Self.mesh(frames[0])
        let after = try Self.mesh(frames[frames.count - 1])
        /// How far a point went down, in eye distances, the head's own motion taken out.
        func down(_ points: Int...) -> Float {
            let (a, b) = (FacePose(of: before), FacePose(of: after))
            return points.reduce(0) { $0 + b.canonical(after[$1]).y - a.canonical(before[$1]).y } / Float(points.count)
        }
        let (corners, innerBrows, brows) = (down(61, 291), down(55, 285, 107, 336), down(52, 282, 105, 334))
        switch emotion {
        case .neutral:
            #expect(abs(corners) < 0.01)
            #expect(abs(brows) < 0.01)
        case .happy: #expect(corners < -0.01)
        case .sad:
            #expect(corners > 0.008)
            #expect(innerBrows < brows)
        case .angry: #expect(innerBrows > 0.012)
        case .disgusted:
            #expect(innerBrows > 0.005)
            #expect(down(0, 37, 267) < down(61, 291))
        case .surprised:
            #expect(brows < -0.015)
            #expect(Self.distance(after, 13, 14) > Self.distance(before, 13, 14))
        }
    }

    @Test("Silence gives a figure that lives on with a mouth at rest; a voice may begin later")
    func silence() throws {
        let folder = try TemporaryFolder()
        let silence = folder.path("silence.wav")
        try Program.ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "2", silence])
        var plan = plan(folder, audio: silence)
        plan.leadSeconds = 0.5
        let report = try TestClips.engine.animate(plan)
        #expect(report.output.frames == 63)
        #expect(report.warnings.map(\.code).contains("sound_silent"))
        #expect(report.mouth.highOpening == 0)
        let frames = try TestPictures.frames(plan.outputPath)
        #expect(TestPictures.planes(frames[0])[0] != TestPictures.planes(frames[40])[0])
    }

    @Test("A driving video moves head and lips; its own sound is heard")
    func drive() throws {
        let folder = try TemporaryFolder()
        let driver = folder.path("driver.mp4")
        var speaking = plan(folder)
        speaking.audioRange = TimeRange(startSeconds: 0, endSeconds: 2)
        speaking.outputPath = driver
        _ = try TestClips.engine.animate(speaking)
        var plan = plan(folder, audio: nil)
        plan.drivePath = driver
        let report = try TestClips.engine.animate(plan)
        #expect(report.output.frames == 50)
        func openings(_ path: String) throws -> [Float] {
            let tracker = try TestFaces.tracker()
            return try TestPictures.frames(path).map {
                Self.distance(try #require(try tracker.track($0).faces.first?.landmarks), 13, 14)
            }
        }
        let likeness = Self.correlation(try openings(driver), try openings(plan.outputPath))
        #expect(likeness > 0.7)
        #expect(try TestClips.samples(plan.outputPath).contains { abs($0) > 0.05 })
    }

    @Test("An end picture is reached; a picture without a face dissolves")
    func pictures() throws {
        let folder = try TemporaryFolder()
        let end = folder.path("end.png")
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", "crop=400:400:25:0,scale=512:512,hflip", end])
        let wall = folder.path("wall.png")
        try Program.ffmpeg(["-f", "lavfi", "-i", "color=c=teal:s=512x512", "-frames:v", "1", wall])
        var plan = plan(folder, audio: nil)
        plan.durationSeconds = 2
        plan.motion = 0
        plan.pictures = [PictureCue(path: Repository.portrait), PictureCue(path: end)]
        _ = try TestClips.engine.animate(plan)
        let frames = try TestPictures.frames(plan.outputPath).map { TestPictures.planes($0)[0] }
        func still(_ path: String) throws -> [UInt8] {
            TestPictures.planes(
                try StillImage(path).cut(
                    PictureRectangle(left: 0, top: 0, width: 512, height: 512), width: 512, height: 512))[0]
        }
        #expect(Self.similarity(frames[0], try still(Repository.portrait), width: 512) >= 0.95)
        #expect(Self.similarity(frames[frames.count - 1], try still(end), width: 512) >= 0.95)
        plan.pictures = [PictureCue(path: Repository.portrait), PictureCue(path: wall)]
        let report = try TestClips.engine.animate(plan)
        #expect(report.warnings.map(\.code).contains("picture_without_face"))
        let last = try TestPictures.frames(plan.outputPath).map { TestPictures.planes($0)[0] }
        #expect(TestClips.likeness(last[last.count - 1], try still(wall)) > 35)
    }

    /// The mean structural similarity of windows of 8 × 8 pixels (Wang, Bovik, Sheikh and Simoncelli 2004).
    private static func similarity(_ a: [UInt8], _ b: [UInt8], width: Int) -> Double {
        var (sum, count) = (0.0, 0.0)
        for top in stride(from: 0, to: a.count / width - 8, by: 8) {
            for left in stride(from: 0, to: width - 8, by: 8) {
                var (sa, sb, saa, sbb, sab) = (0.0, 0.0, 0.0, 0.0, 0.0)
                for y in top..<top + 8 {
                    for x in left..<left + 8 {
                        let (p, q) = (Double(a[y * width + x]), Double(b[y * width + x]))
                        (sa, sb, saa, sbb, sab) = (sa + p, sb + q, saa + p * p, sbb + q * q, sab + p * q)
                    }
                }
                let (ma, mb) = (sa / 64, sb / 64)
                let (va, vb, vab) = (saa / 64 - ma * ma, sbb / 64 - mb * mb, sab / 64 - ma * mb)
                let (c1, c2) = (6.5025, 58.5225)
                sum += (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
                count += 1
            }
        }
        return sum / count
    }

    @Test("A head that is driven goes as far as its driver's, up to what a still bears")
    func drivenFar() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(
            folder.path("drive.mp4"), seconds: 2, filters: "rotate='0.16*sin(t*6.28)':bilinear=1:c=gray")
        func rolls(_ path: String) throws -> [Float] {
            let tracker = try TestFaces.tracker()
            return try TestPictures.frames(path).map { frame in
                let face = try #require(try tracker.track(frame).faces.first)
                return FacePose(of: face.landmarks).rotation.rollRadians
            }
        }
        var plan = plan(folder, audio: nil)
        plan.drivePath = folder.path("drive.mp4")
        _ = try TestClips.engine.animate(plan)
        let (driver, figure) = (try rolls(folder.path("drive.mp4")), try rolls(plan.outputPath))
        #expect(Self.correlation(driver, figure) > 0.9)
        func spread(_ values: [Float]) -> Float { values.max()! - values.min()! }
        #expect(spread(figure) > 0.6 * spread(driver), "\(spread(driver)) \(spread(figure))")
    }

    @Test("A figure that follows its driver's direction turns towards it, another one keeps its own")
    func direction() throws {
        let folder = try TemporaryFolder()
        // The driver holds the head askew.
        try TestClips.portrait(folder.path("drive.mp4"), seconds: 1, filters: "rotate=0.14:bilinear=1")
        func roll(_ path: String) throws -> Float {
            let tracker = try TestFaces.tracker()
            let rolls = try TestPictures.frames(path).compactMap { frame in
                try tracker.track(frame).faces.first.map { FacePose(of: $0.landmarks).rotation.rollRadians }
            }
            return rolls.reduce(0, +) / Float(max(rolls.count, 1))
        }
        func driven(_ follows: Bool) throws -> Float {
            var plan = plan(folder, audio: nil)
            plan.drivePath = folder.path("drive.mp4")
            plan.followsDirection = follows
            _ = try TestClips.engine.animate(plan)
            return try roll(plan.outputPath)
        }
        let (own, driver) = (try roll(Repository.portrait), try roll(folder.path("drive.mp4")))
        let (kept, followed) = (try driven(false), try driven(true))
        #expect(abs(driver - own) > 0.05)
        #expect((followed - kept) * (driver - own) > 0, "\(driver) \(kept) \(followed)")
        #expect(abs(followed - kept) > 0.02, "\(driver) \(kept) \(followed)")
    }
}

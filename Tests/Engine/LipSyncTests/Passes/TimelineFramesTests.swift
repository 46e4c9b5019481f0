import LipSync
import Media
import TestSupport
import Testing

@Suite("Frames in the timeline's order")
struct TimelineFramesTests {
    private static let width = 128
    private static let blocks = 8

    /// A clip whose frame number stands in the picture, one bit a block, black or white.
    private static func clip(frames: Int, keyFrameInterval: Int, in folder: TemporaryFolder) throws -> String {
        let file = folder.path("numbers-\(frames)-\(keyFrameInterval).mp4")
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "color=c=gray:s=\(width)x32:r=25", "-vf",
            "geq=lum='if(mod(floor(N/pow(2,floor(X/\(width / blocks)))),2),220,30)':cb=128:cr=128", "-frames:v",
            "\(frames)", "-pix_fmt", "yuv420p", "-g", "\(keyFrameInterval)", "-bf", "3", file,
        ])
        return file
    }

    private func whole(_ mode: SyncMode, frames: Int, sampleCount: Int) -> OutputTimeline {
        OutputTimeline(
            whole: .init(frames: 0..<frames, mode: mode, sampleCount: sampleCount), frameRate: Rational(25),
            sampleRate: 48000)
    }

    private func number(_ frame: VideoFrame) -> Int {
        (0..<Self.blocks).reduce(0) { number, block in
            let x = (2 * block + 1) * Self.width / Self.blocks / 2
            return number + (frame.luma.base[16 * frame.luma.stride + x] > 128 ? 1 << block : 0)
        }
    }

    // Bounce reads backward in pieces of at most 64 frames, so a clip of 150 has more than two of them.
    @Test(
        "Each delivered frame is the timeline's", arguments: SyncMode.allCases,
        [(1, 1), (2, 250), (150, 250), (150, 12)])
    func right(mode: SyncMode, clip: (frames: Int, keyFrameInterval: Int)) throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: clip.frames, keyFrameInterval: clip.keyFrameInterval, in: folder)
        for soundFrames in [clip.frames / 2 + 1, clip.frames, clip.frames * 7 / 2] {
            let timeline = whole(
                mode, frames: clip.frames, sampleCount: soundFrames * 1920)
            let frames = try TimelineFrames(
                try VideoReader(file), timeline: timeline)
            for index in 0..<timeline.frameCount {
                let shown = number(try frames.frame(at: index))
                #expect(shown == timeline.sourceFrame(at: index), "frame \(index) of \(timeline.frameCount)")
            }
        }
    }

    // The caller draws into what it gets; a frame that is shown again must come untouched.
    @Test("Drawing into a frame does not change its next showing", arguments: SyncMode.allCases)
    func untouched(mode: SyncMode) throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 20, keyFrameInterval: 250, in: folder)
        let timeline = whole(
            mode, frames: 20, sampleCount: 70 * 1920)
        let frames = try TimelineFrames(
            try VideoReader(file), timeline: timeline)
        for index in 0..<timeline.frameCount {
            let frame = try frames.frame(at: index)
            #expect(number(frame) == timeline.sourceFrame(at: index))
            try frame.makeWritable()
            for y in 0..<frame.height {
                (frame.luma.base + y * frame.luma.stride).update(repeating: 0, count: frame.width)
            }
        }
    }

    @Test("A clip that is shorter than the timeline says is told, not repeated")
    func vanished() throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 10, keyFrameInterval: 250, in: folder)
        let timeline = whole(
            .cutOff, frames: 14, sampleCount: 14 * 1920)
        let frames = try TimelineFrames(
            try VideoReader(file), timeline: timeline)
        for index in 0..<10 { #expect(number(try frames.frame(at: index)) == index) }
        #expect(throws: MediaError.self) { try frames.frame(at: 10) }
    }

    @Test("Parts that loop or bounce inside a clip, and jumps over what they leave out, give the timeline's frames")
    func parts() throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 150, keyFrameInterval: 40, in: folder)
        let timeline = OutputTimeline(
            parts: [
                .init(frames: 10..<25, mode: .loop, sampleCount: 40 * 1920),
                .init(frames: 25..<90, mode: .cutOff, sampleCount: 5 * 1920),
                .init(frames: 95..<120, mode: .bounce, sampleCount: 60 * 1920),
            ], clipFrameCount: 150, frameRate: Rational(25), sampleRate: 48000)
        #expect(timeline.frameCount == 10 + 40 + 5 + 5 + 60 + 30)
        let reader = try VideoReader(file)
        _ = try reader.next()
        let frames = try TimelineFrames(reader, timeline: timeline)
        for index in 0..<timeline.frameCount {
            #expect(number(try frames.frame(at: index)) == timeline.sourceFrame(at: index), "frame \(index)")
        }
    }

    @Test("Where a clip ends early behind the last part, its last picture stays")
    func endsEarly() throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 20, keyFrameInterval: 250, in: folder)
        let timeline = OutputTimeline(
            parts: [.init(frames: 5..<10, mode: .cutOff, sampleCount: 5 * 1920)], clipFrameCount: 24,
            frameRate: Rational(25), sampleRate: 48000)
        let frames = try TimelineFrames(try VideoReader(file), timeline: timeline)
        for index in 0..<24 { #expect(number(try frames.frame(at: index)) == min(index, 19)) }
    }
}

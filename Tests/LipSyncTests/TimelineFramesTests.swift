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
            let timeline = Timeline(
                mode: mode, sourceFrameCount: clip.frames, frameRate: Rational(25), sampleCount: soundFrames * 1920,
                sampleRate: 48000)
            let frames = try TimelineFrames(file, timeline: timeline)
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
        let timeline = Timeline(
            mode: mode, sourceFrameCount: 20, frameRate: Rational(25), sampleCount: 70 * 1920, sampleRate: 48000)
        let frames = try TimelineFrames(file, timeline: timeline)
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
        let timeline = Timeline(
            mode: .cutOff, sourceFrameCount: 14, frameRate: Rational(25), sampleCount: 14 * 1920, sampleRate: 48000)
        let frames = try TimelineFrames(file, timeline: timeline)
        for index in 0..<10 { #expect(number(try frames.frame(at: index)) == index) }
        #expect(throws: MediaError.self) { try frames.frame(at: 10) }
    }
}

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

    private func whole(_ mode: LengthRule, frames: Int, sampleCount: Int) -> OutputTimeline {
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

    /// Memory for a number of the clip's frames.
    private func budget(frames: Int, of file: String) throws -> Int {
        frames * (try #require(try VideoReader(file).next()).byteCount)
    }

    // With room for 20 frames a clip of 150 has many pieces, of whole groups or of parts of one.
    @Test(
        "Each delivered frame is the timeline's", arguments: LengthRule.allCases,
        [(1, 1, 400), (2, 250, 400), (150, 250, 400), (150, 12, 400), (150, 250, 20), (150, 12, 20), (150, 12, 1)])
    func right(mode: LengthRule, clip: (frames: Int, keyFrameInterval: Int, budget: Int)) throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: clip.frames, keyFrameInterval: clip.keyFrameInterval, in: folder)
        let budget = try budget(frames: clip.budget, of: file)
        for soundFrames in [clip.frames / 2 + 1, clip.frames, clip.frames * 7 / 2] {
            let timeline = whole(
                mode, frames: clip.frames, sampleCount: soundFrames * 1920)
            let frames = TimelineFrames(
                try VideoReader(file), timeline: timeline, budgetBytes: budget)
            for index in 0..<timeline.frameCount {
                let shown = number(try frames.frame(at: index))
                #expect(shown == timeline.sourceFrame(at: index), "frame \(index) of \(timeline.frameCount)")
            }
        }
    }

    @Test("Any stretch of the output's frames shows what all of them show", arguments: LengthRule.allCases)
    func stretches(mode: LengthRule) throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 60, keyFrameInterval: 12, in: folder)
        let timeline = whole(mode, frames: 60, sampleCount: 190 * 1920)
        for start in stride(from: 0, to: timeline.frameCount - 1, by: 17) {
            let stretch = start..<min(start + 40, timeline.frameCount)
            let frames = TimelineFrames(
                try VideoReader(file), timeline: timeline, frames: stretch, budgetBytes: try budget(frames: 9, of: file)
            )
            for index in stretch {
                #expect(number(try frames.frame(at: index)) == timeline.sourceFrame(at: index), "frame \(index)")
            }
        }
    }

    /// Pictures decoded for a bounce of three and a half runs through a clip of 150 frames.
    private func decodedPictures(
        keyFrameInterval: Int, budgetFrames: Int, keeps: Bool = false
    ) throws -> (forward: Int, whole: Int) {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 150, keyFrameInterval: keyFrameInterval, in: folder)
        let timeline = whole(.bounce, frames: 150, sampleCount: 525 * 1920)
        let reader = try VideoReader(file)
        let budget = try budget(frames: budgetFrames, of: file)
        var kept = KeptFrames(budgetBytes: keeps ? budget : 0)
        if keeps {
            var number = 0
            while let frame = try reader.next() {
                try kept.add(frame, number: number, expectedCount: 150)
                number += 1
            }
        }
        let frames = TimelineFrames(reader, timeline: timeline, kept: kept, budgetBytes: budget)
        var forward = 0
        for index in 0..<timeline.frameCount {
            #expect(number(try frames.frame(at: index)) == timeline.sourceFrame(at: index), "frame \(index)")
            if index == 149 { forward = reader.decodedPictureCount }
        }
        return (forward, reader.decodedPictureCount)
    }

    // The reader takes in one picture more than it delivers.
    @Test("A bounce in a clip of groups that fit decodes each frame once a run")
    func bounceOfGroups() throws {
        let (forward, whole) = try decodedPictures(keyFrameInterval: 12, budgetFrames: 30)
        #expect(forward <= 151)
        #expect(whole <= 525 + 40)
    }

    @Test("A group that does not fit is read in as few pieces as possible")
    func bounceOfOneLongGroup() throws {
        // Backward from frame 99, the turn's 50 being held: two pieces of 50, of which the first decodes 100 pictures.
        let (_, whole) = try decodedPictures(keyFrameInterval: 250, budgetFrames: 50)
        #expect(whole <= 150 + (100 + 50) + 100 + (100 + 50) + 20)
    }

    @Test("A bounce in a clip that fits decodes each frame once in all, in the first pass or in the second")
    func bounceInMemory() throws {
        #expect(try decodedPictures(keyFrameInterval: 250, budgetFrames: 150).whole <= 151)
        #expect(try decodedPictures(keyFrameInterval: 12, budgetFrames: 160, keeps: true).whole <= 151)
    }

    @Test("Frames are kept only where all that are expected fit")
    func kept() throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 20, keyFrameInterval: 250, in: folder)
        for (expected, budgetFrames, count) in [(20, 20, 20), (20, 19, 0), (10, 19, 0), (10, 20, 20)] {
            var kept = KeptFrames(budgetBytes: try budget(frames: budgetFrames, of: file))
            let reader = try VideoReader(file)
            var number = 0
            while let frame = try reader.next() {
                try kept.add(frame, number: number, expectedCount: expected)
                number += 1
            }
            #expect(kept.byteCount == (try budget(frames: count, of: file)))
        }
    }

    // The caller draws into what it gets; a frame that is shown again must come untouched.
    @Test("Drawing into a frame does not change its next showing", arguments: LengthRule.allCases)
    func untouched(mode: LengthRule) throws {
        let folder = try TemporaryFolder()
        let file = try Self.clip(frames: 20, keyFrameInterval: 250, in: folder)
        let timeline = whole(
            mode, frames: 20, sampleCount: 70 * 1920)
        let frames = TimelineFrames(
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
        let frames = TimelineFrames(
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
        let frames = TimelineFrames(reader, timeline: timeline)
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
        let frames = TimelineFrames(try VideoReader(file), timeline: timeline)
        for index in 0..<24 { #expect(number(try frames.frame(at: index)) == min(index, 19)) }
    }
}

import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("A job in pieces")
struct SplitRenderTests {
    private func plan(
        _ folder: TemporaryFolder, seconds: Double, profile: EngineProfile = .mouthBank, _ parts: [RenderPart]
    ) throws -> RenderPlan {
        try SplitClips.voice(folder.path("voice.wav"), seconds: seconds)
        var plan = RenderPlan(
            videoPath: SplitClips.talking, outputPath: folder.path("whole.mp4"), parts: parts, profile: profile,
            constantRateFactor: 0, preset: "ultrafast")
        for index in plan.parts.indices { plan.parts[index].audioPath = folder.path("voice.wav") }
        return plan
    }

    /// Renders whole and in pieces and compares.
    private func compare(_ plan: RenderPlan, _ folder: TemporaryFolder, _ rule: SplitRule = SplitClips.rule()) throws {
        let whole = try TestClips.engine.render(plan)
        var divided = plan
        divided.outputPath = folder.path("divided.mp4")
        divided.segmentOutputPath = plan.segmentOutputPath.map { _ in folder.path("divided-segment.mp4") }
        let report = try SplitClips.render(divided, rule, folder)
        #expect(try SplitClips.differences(plan.outputPath, divided.outputPath) == [])
        #expect(try TestClips.samples(plan.outputPath) == TestClips.samples(divided.outputPath))
        if let segment = plan.segmentOutputPath, let other = divided.segmentOutputPath {
            #expect(try SplitClips.differences(segment, other) == [])
            #expect(try TestClips.samples(segment) == TestClips.samples(other))
        }
        #expect(report.output.frames == whole.output.frames)
        #expect(report.framesDrawn == whole.framesDrawn)
        #expect(report.parts == whole.parts)
        #expect(report.gaps == whole.gaps)
        #expect(report.warnings == whole.warnings)
        #expect(report.faces.map(\.frames) == whole.faces.map(\.frames))
        #expect(report.faces.map(\.identity) == whole.faces.map(\.identity))
        #expect(report.faces.map(\.meanWidthPixels) == whole.faces.map(\.meanWidthPixels))
    }

    @Test("Has the frames of the whole to the bit, and its sound, whatever happens when lengths differ")
    func modes() throws {
        for (mode, seconds) in [(LengthRule.cutOff, 30.0), (.bounce, 17), (.loop, 16), (.silence, 7), (.remap, 9)] {
            let folder = try TemporaryFolder()
            let plan = try plan(folder, seconds: seconds, [RenderPart(audioPath: "", syncMode: mode)])
            try compare(plan, folder)
        }
    }

    @Test("Likewise at a rate that was measured, of two numbers with nine digits")
    func oddRate() throws {
        let folder = try TemporaryFolder()
        // Longer than the 22 s in which such a rate has as many ticks as 32 bits can count.
        try Program.ffmpeg([
            "-stream_loop", "1", "-i", SplitClips.talking, "-t", "23.5", "-vf", "scale=128:-2,fps=192025600/7681369",
            "-video_track_timescale", "192025600", "-pix_fmt", "yuv420p", "-preset", "ultrafast",
            folder.path("odd.mp4"),
        ])
        var plan = try plan(folder, seconds: 30, [RenderPart(audioPath: "", syncMode: .cutOff)])
        plan.videoPath = folder.path("odd.mp4")
        let report = try SplitClips.render(plan, SplitClips.rule(seconds: 8), folder)
        #expect(report.output.frameRate == Rational(192_025_600, 7_681_369))
        #expect(report.output.frames > 580)
    }

    @Test("Likewise with segments, of which one is written by itself")
    func segments() throws {
        let folder = try TemporaryFolder()
        var plan = try plan(
            folder, seconds: 4,
            [
                RenderPart(range: .seconds(1, 4), audioPath: "", syncMode: .cutOff),
                RenderPart(range: .seconds(6, 9.5), audioPath: "", syncMode: .loop),
            ])
        try compare(plan, folder)
        plan.parts.removeFirst()
        plan.segmentOutputPath = folder.path("segment.mp4")
        try compare(plan, folder)
    }

    @Test("Likewise with a feeling, occluders, and fine blending")
    func extras() throws {
        let folder = try TemporaryFolder()
        let plan = try plan(
            folder, seconds: 8, profile: .mouthBankFine,
            [
                RenderPart(
                    audioPath: "", syncMode: .cutOff, keepsOccluders: true,
                    expression: FacialExpression(emotion: .happy, region: .head))
            ])
        try compare(plan, folder)
    }

    @Test("Its report has what the report of the whole has, measured in the same frames")
    func measured() throws {
        let folder = try TemporaryFolder()
        var plan = try plan(folder, seconds: 8, [RenderPart(audioPath: "", syncMode: .cutOff)])
        plan.isMeasured = true
        plan.constantRateFactor = 17
        let whole = try TestClips.engine.render(plan)
        plan.outputPath = folder.path("divided.mp4")
        let divided = try SplitClips.render(plan, SplitClips.rule(), folder)
        #expect(divided.schemaVersion == whole.schemaVersion)
        #expect(divided.measures?.framesMeasured == whole.measures?.framesMeasured)
        #expect((divided.measures?.framesMeasured ?? 0) > 20)
        #expect(divided.curves?.drawn.map(\.frame) == whole.curves?.drawn.map(\.frame))
        #expect(divided.curves?.opening == whole.curves?.opening)
        // Which frame of a face is read first settles where the mesh looks, so that readings differ a little.
        for (a, b) in zip(divided.curves?.drawn ?? [], whole.curves?.drawn ?? []) {
            #expect(abs(a.opening - b.opening) < 0.25, "frame \(a.frame)")
        }
        #expect(divided.sound == whole.sound)
        #expect(divided.thumbnails == whole.thumbnails)
        #expect(divided.guesses == whole.guesses)
        #expect(divided.verdicts?.count == whole.verdicts?.count)
        let (a, b) = (divided.measures?.outside, whole.measures?.outside)
        #expect((a == nil) == (b == nil))
    }

    @Test("Likewise where the mouth never moves and is painted, and where nothing is divided")
    func painted() throws {
        let folder = try TemporaryFolder()
        var plan = try plan(folder, seconds: 6, [RenderPart(audioPath: "", syncMode: .bounce)])
        plan.videoPath = folder.path("still.mp4")
        try TestClips.portrait(plan.videoPath, seconds: 5, sound: "sine=f=440:d=5")
        try compare(plan, folder)
        plan.parts[0].speaker = .automatic
        try compare(plan, folder, SplitRule())
    }
}

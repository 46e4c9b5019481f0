import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Spans of a clip")
struct SpanTests {
    private func plan(_ folder: TemporaryFolder, video: String = SplitClips.talking) throws -> RenderPlan {
        try SplitClips.voice(folder.path("voice.wav"), seconds: 12)
        return RenderPlan(
            videoPath: video, audioPath: folder.path("voice.wav"), outputPath: folder.path("out.mp4"),
            syncMode: .cutOff, constantRateFactor: 0, preset: "ultrafast")
    }

    private func run(_ step: SplitStep, _ plan: RenderPlan, _ folder: TemporaryFolder) throws -> [SplitStep] {
        let task = SplitTask(
            plan: plan, step: step, rule: SplitClips.rule(workers: 4), inputFolder: folder.path(),
            outputFolder: folder.path())
        guard case .step(let outcome) = try TestClips.engine.run(.step(task)) else { throw Program.Failed("\(step)") }
        return outcome.next
    }

    /// Surveys and hears; gives the spans.
    private func spans(_ plan: RenderPlan, _ folder: TemporaryFolder) throws -> [SplitStep] {
        var steps = try run(.survey, plan, folder)
        _ = try run(steps.removeFirst(), plan, folder)
        return steps
    }

    @Test("Four spans, followed by themselves, are one; so is one that goes on from another")
    func together() throws {
        let folder = try TemporaryFolder()
        let plan = try plan(folder)
        let spans = try spans(plan, folder)
        #expect(spans.count == 4)
        for span in spans { #expect(try run(span, plan, folder) == [.planning(spanCount: 4)]) }
        let independent = try finish(spanCount: 4, plan, folder)
        for number in 1..<4 {
            let again = SplitStep.span(SpanStep(number: number, count: 4, continues: true))
            #expect(again.inputs.contains("span-\(number - 1)-of-4.step"))
            _ = try run(again, plan, folder)
        }
        #expect(try finish(spanCount: 4, plan, folder) == independent)
        // One span over everything.
        _ = try run(.span(SpanStep(number: 0, count: 1)), plan, folder)
        #expect(try finish(spanCount: 1, plan, folder) == independent)
    }

    /// Plans, draws and joins; gives the output's pixels.
    private func finish(spanCount: Int, _ plan: RenderPlan, _ folder: TemporaryFolder) throws -> [[UInt8]] {
        let sections = try run(.planning(spanCount: spanCount), plan, folder)
        guard sections.contains(where: { if case .section = $0 { true } else { false } }) else {
            throw Program.Failed("the spans do not agree: \(sections)")
        }
        for section in sections { _ = try run(section, plan, folder) }
        let task = SplitTask(
            plan: plan, step: .joining(sectionCount: sections.count - 1), inputFolder: folder.path(),
            outputFolder: folder.path())
        _ = try TestClips.engine.run(.step(task))
        return try SplitClips.pixels(plan.outputPath)
    }

    @Test("A span that does not begin as the one before has ended is asked for again, to go on from there")
    func disagreeing() throws {
        let folder = try TemporaryFolder()
        let plan = try plan(folder)
        let spans = try spans(plan, folder)
        for span in spans { _ = try run(span, plan, folder) }
        // The same clip a little larger in the picture, as damage before the span might have it followed otherwise.
        var other = plan
        other.videoPath = folder.path("other.mp4")
        try Program.ffmpeg(["-i", plan.videoPath, "-vf", "crop=iw-8:ih-8,scale=256:-2", "-g", "25", other.videoPath])
        _ = try run(spans[2], other, folder)
        let continued = SplitStep.span(SpanStep(number: 2, count: 4, continues: true))
        #expect(try run(.planning(spanCount: 4), plan, folder) == [continued])
        #expect(try run(continued, plan, folder) == [.planning(spanCount: 4)])
        #expect(try run(.planning(spanCount: 4), plan, folder).count > 2)
    }

    @Test("A clip without a face is refused as it is in one piece, after a closer look")
    func faceless() throws {
        let folder = try TemporaryFolder()
        let video = folder.path("empty.mp4")
        try Program.ffmpeg(["-f", "lavfi", "-i", "testsrc=s=640x480:r=25:d=12", "-pix_fmt", "yuv420p", video])
        let plan = try plan(folder, video: video)
        let failure = #expect(throws: RenderFailure.self) {
            try SplitClips.render(plan, SplitClips.rule(), folder)
        }
        #expect(failure?.code == .noFaceFound)
        #expect(!folder.names.contains("out.mp4"))
    }
}

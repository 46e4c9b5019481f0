import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("Steps of a divided job")
struct SplitStepTests {
    /// A job of which all steps but the last are done.
    private struct Prepared {
        let folder: TemporaryFolder
        let plan: RenderPlan
        let rule: SplitRule
        var joining: SplitStep
        var done: [SplitStep]

        init(seconds: Double = 5) throws {
            folder = try TemporaryFolder()
            try SplitClips.voice(folder.path("voice.wav"), seconds: seconds)
            plan = RenderPlan(
                videoPath: SplitClips.talking, audioPath: folder.path("voice.wav"), outputPath: folder.path("out.mp4"),
                syncMode: .cutOff, preset: "ultrafast")
            rule = SplitClips.rule()
            joining = .survey
            done = []
            var steps = [SplitStep.survey]
            while true {
                if case .joining = steps[0] { break }
                var next: [SplitStep] = []
                for step in steps {
                    done.append(step)
                    for following in try outcome(step).next where !next.contains(following) { next.append(following) }
                }
                steps = next
            }
            joining = steps[0]
        }

        func run(_ step: SplitStep) throws -> EngineResult { try watched(step).result }

        func watched(_ step: SplitStep) throws -> (result: EngineResult, fingerprint: VideoFingerprint) {
            let task = SplitTask(
                plan: plan, step: step, rule: rule, inputFolder: folder.path(), outputFolder: folder.path())
            let recorder = FingerprintRecorder()
            let result = try TestClips.engine.run(.step(task), observer: RenderObserver(fingerprint: recorder))
            return (result, recorder.fingerprint)
        }

        func outcome(_ step: SplitStep) throws -> StepOutcome {
            guard case .step(let outcome) = try run(step) else { throw Program.Failed("no outcome of \(step)") }
            for name in outcome.files where !folder.names.contains(name) { throw Program.Failed("no \(name)") }
            return outcome
        }

        func code(_ step: SplitStep) -> EngineCode? {
            do {
                _ = try run(step)
                return nil
            } catch { return (error as? RenderFailure)?.code }
        }

        func rewrite(_ name: String, _ change: (inout Data) throws -> Void) throws {
            let url = URL(fileURLWithPath: folder.path(name))
            var data = try Data(contentsOf: url)
            try change(&data)
            try data.write(to: url)
        }
    }

    @Test("Name what comes next and what they read, as JSON too")
    func named() throws {
        let prepared = try Prepared()
        #expect(prepared.joining == .joining(sectionCount: 2))
        #expect(prepared.done.contains(.span(SpanStep(number: 1, count: 2))))
        #expect(prepared.done.contains(.section(number: 1, count: 2)))
        #expect(prepared.done.contains(.sound(sectionCount: 2)))
        for step in prepared.done + [prepared.joining] {
            #expect(try JSONDecoder().decode(SplitStep.self, from: JSONEncoder().encode(step)) == step)
            #expect(Set(step.inputs).isSubset(of: prepared.folder.names), "\(step)")
        }
        #expect(SplitStep.joining(sectionCount: 2).readsClip == false)
    }

    @Test("The joined file has every frame once, in order, as long as the whole, and one sound")
    func joined() throws {
        let prepared = try Prepared()
        guard case .render(let report) = try prepared.run(prepared.joining) else { throw Program.Failed("no report") }
        #expect(report.output.frames == 125)
        let path = prepared.plan.outputPath
        let probe = try Program.succeed(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts,dts,flags", "-of", "csv=p=0", path,
            ])
        let packets = probe.split(separator: "\n").map { $0.split(separator: ",") }
        let shown = try packets.map { try #require(Int($0[0])) }
        let decoded = try packets.map { try #require(Int($0[1])) }
        let tick = 512
        #expect(shown.sorted() == (0..<125).map { $0 * tick })
        #expect(zip(decoded, decoded.dropFirst()).allSatisfy { $1 - $0 == tick })
        #expect(packets.count { $0[2].hasPrefix("K") } >= 2)
        let info = try MediaProbe.inspect(path)
        #expect(info.video?.estimatedFrameCount == 125)
        #expect(abs((info.video?.durationSeconds ?? 0) - 5) < 1e-6)
        #expect(info.audio != nil)
        // The same file as one encoder writes, but for what it makes of the frames.
        var whole = prepared.plan
        whole.outputPath = prepared.folder.path("whole.mp4")
        _ = try TestClips.engine.render(whole)
        let reference = try MediaProbe.inspect(whole.outputPath)
        #expect(info.video?.durationSeconds == reference.video?.durationSeconds)
        #expect(info.video?.codec == reference.video?.codec)
        #expect(try TestClips.samples(path) == TestClips.samples(whole.outputPath))
        for (a, b) in zip(try SplitClips.pixels(path), try SplitClips.pixels(whole.outputPath)) {
            #expect(TestClips.likeness(a, b) > 40)
        }
    }

    @Test("The fingerprint that is taken meanwhile is that of the file, in parts and as a whole")
    func fingerprint() throws {
        let prepared = try Prepared()
        let joined = try prepared.watched(prepared.joining).fingerprint
        let file = try VideoFingerprint(of: prepared.plan.outputPath)
        #expect(joined.numbers.count == 5)
        #expect(file.numbers.count == 5)
        // A few of 320 bits change by the encoder.
        #expect(joined.likeness(to: file) > 0.95)

        let recorder = FingerprintRecorder()
        _ = try TestClips.engine.run(.sync(prepared.plan), observer: RenderObserver(fingerprint: recorder))
        #expect(recorder.fingerprint == joined)
    }

    @Test("Nothing is made of records that are missing, damaged, of another form or of another job")
    func records() throws {
        let prepared = try Prepared()
        let unusable = EngineCode.stepUnusable
        let names = ["joint.step", "section-1.step", "sound.step"]
        for name in names {
            let whole = try Data(contentsOf: URL(fileURLWithPath: prepared.folder.path(name)))
            try prepared.rewrite(name) { $0 = $0.prefix($0.count / 2) }
            #expect(prepared.code(prepared.joining) == unusable, "\(name) cut short")
            for (key, value) in [("version", 999 as Any), ("job", "another"), ("kind", "survey")] {
                try prepared.rewrite(name) { data in
                    var format = PropertyListSerialization.PropertyListFormat.binary
                    var members = try #require(
                        try PropertyListSerialization.propertyList(from: whole, format: &format) as? [String: Any])
                    members[key] = value
                    data = try PropertyListSerialization.data(fromPropertyList: members, format: .binary, options: 0)
                }
                #expect(prepared.code(prepared.joining) == unusable, "\(name) with \(key) \(value)")
            }
            try FileManager.default.removeItem(atPath: prepared.folder.path(name))
            #expect(prepared.code(prepared.joining) == unusable, "without \(name)")
            try whole.write(to: URL(fileURLWithPath: prepared.folder.path(name)))
        }
        #expect(prepared.folder.names.contains("out.mp4") == false)
        #expect(prepared.code(prepared.joining) == nil)
    }

    @Test("Nothing is made of sections that are missing, cut short, swapped, or encoded otherwise")
    func sections() throws {
        let prepared = try Prepared()
        let unusable = EngineCode.stepUnusable
        let (first, second) = (prepared.folder.path("section-0.mp4"), prepared.folder.path("section-1.mp4"))
        let whole = try Data(contentsOf: URL(fileURLWithPath: second))
        func refuses(_ comment: Comment, _ location: SourceLocation = #_sourceLocation) {
            #expect(prepared.code(prepared.joining) == unusable, comment, sourceLocation: location)
            #expect(!prepared.folder.names.contains("out.mp4"), comment, sourceLocation: location)
        }
        try whole.prefix(whole.count * 2 / 3).write(to: URL(fileURLWithPath: second))
        refuses("cut short")
        try FileManager.default.removeItem(atPath: second)
        refuses("missing")
        try FileManager.default.copyItem(atPath: prepared.plan.videoPath, toPath: second)
        refuses("another video")
        try FileManager.default.removeItem(atPath: second)
        try FileManager.default.copyItem(atPath: first, toPath: second)
        // Sections differ in their lengths here, else this would be a matter of the records.
        refuses("the first in place of the second")
        for options in [["-preset", "slow"], ["-vf", "scale=128:128"], ["-frames:v", "3"]] {
            try whole.write(to: URL(fileURLWithPath: prepared.folder.path("kept.mp4")))
            try Program.ffmpeg(["-i", prepared.folder.path("kept.mp4"), "-an", "-c:v", "libx264"] + options + [second])
            refuses("\(options)")
        }
        try whole.write(to: URL(fileURLWithPath: second))
        #expect(prepared.code(prepared.joining) == nil)
    }

    @Test("A section is not drawn into another clip")
    func foreignClip() throws {
        let prepared = try Prepared()
        var plan = prepared.plan
        plan.videoPath = prepared.folder.path("small.mp4")
        try TestClips.portrait(plan.videoPath, seconds: 6, filters: "scale=128:128")
        let task = SplitTask(
            plan: plan, step: .section(number: 1, count: 2), rule: prepared.rule, inputFolder: prepared.folder.path(),
            outputFolder: prepared.folder.path())
        let failure = #expect(throws: RenderFailure.self) { try TestClips.engine.run(.step(task)) }
        #expect(failure?.code == .stepUnusable)
    }
}

@Suite("What steps can say")
struct StepOutcomeTests {
    private func spans(_ count: Int, of whole: Int? = nil) -> [SplitStep] {
        (0..<count).map { .span(SpanStep(number: $0, count: whole ?? count)) }
    }

    private func sections(_ count: Int) -> [SplitStep] {
        [.sound(sectionCount: count)] + (0..<count).map { .section(number: $0, count: count) }
    }

    @Test("is believed where it is possible")
    func possible() {
        for (step, next, files) in [
            (SplitStep.survey, [.hearing(spanCount: 3)] + spans(3), ["survey.step"]),
            (.hearing(spanCount: 3), [.planning(spanCount: 3)], ["hearing.step"]),
            (.span(SpanStep(number: 1, count: 3)), [.planning(spanCount: 3)], ["span-1-of-3.step"]),
            (.planning(spanCount: 3), sections(2), ["joint.step", "script-0.step", "script-1.step"]),
            (.planning(spanCount: 3), [.span(SpanStep(number: 2, count: 3, continues: true))], []),
            (.planning(spanCount: 3), spans(3).map { $0 }, []),
            (.planning(spanCount: 3), [.span(SpanStep(number: 0, count: 1))], []),
            (.section(number: 1, count: 2), [.joining(sectionCount: 2)], ["section-1.mp4", "section-1.step"]),
            (.sound(sectionCount: 2), [.joining(sectionCount: 2)], ["sound.mp4", "sound.step", "segment-sound.mp4"]),
        ] { #expect(StepOutcome(next: next, files: files).isPossible(after: step), "\(step)") }
    }

    @Test("is not believed otherwise, however large or small its numbers are")
    func impossible() {
        let first = [SplitStep.hearing(spanCount: 1)] + spans(1)
        #expect(StepOutcome(next: first, files: ["survey.step"]).isPossible(after: .survey))
        for (step, next, files) in [
            (SplitStep.survey, [], ["survey.step"]), (.survey, [.survey], []), (.survey, spans(2) + spans(2), []),
            (.survey, spans(2, of: 3), []), (.survey, spans(2), []),
            (.survey, [.hearing(spanCount: 3)] + spans(2), []), (.hearing(spanCount: 3), [.planning(spanCount: 2)], []),
            (.survey, [.joining(sectionCount: -1)], []),
            (.survey, [.span(SpanStep(number: 0, count: 0))], []),
            (.survey, [.span(SpanStep(number: .min, count: 1, continues: true))], []),
            (.survey, first, ["../survey.step"]), (.survey, first, ["survey.step", "survey.step"]),
            (.survey, first, ["joint.step"]),
            (.span(SpanStep(number: 1, count: 3)), [.planning(spanCount: .max)], []),
            (.span(SpanStep(number: 1, count: 3)), [.planning(spanCount: 2)], []),
            (.span(SpanStep(number: 1, count: 3)), [.planning(spanCount: 3)], ["span-0-of-3.step"]),
            (.planning(spanCount: 3), Array(sections(2).dropLast()), []), (.planning(spanCount: 3), [.survey], []),
            (.planning(spanCount: 3), sections(2), ["script-00.step"]),
            (.planning(spanCount: 3), sections(2), ["script--1.step"]),
            (.planning(spanCount: 3), sections(2), ["script-99999999999999999999.step"]),
            (.section(number: 1, count: 2), [.joining(sectionCount: 3)], []),
            (.section(number: 2, count: 2), [.joining(sectionCount: 2)], ["section-0.mp4"]),
            (.sound(sectionCount: 2), [.sound(sectionCount: 2)], []),
        ] { #expect(!StepOutcome(next: next, files: files).isPossible(after: step), "\(step) \(next) \(files)") }
    }
}

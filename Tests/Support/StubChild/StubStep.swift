import Foundation
import LipSync

/// Stands in for a step of a divided job: two spans and three sections, whose files are texts.
struct StubStep {
    private static let (spanCount, sectionCount) = (2, 3)

    private let task: SplitTask

    init(_ task: SplitTask) { self.task = task }

    private var name: String {
        switch task.step {
        case .survey: "survey"
        case .hearing: "hearing"
        case .span(let span): "span-\(span.number)"
        case .planning: "planning"
        case .section(let number, _): "section-\(number)"
        case .sound: "sound"
        case .joining: "joining"
        }
    }

    func run(_ input: Data) throws {
        var missing = task.step.inputs.map { "\(task.inputFolder)/\($0)" }
        if task.step.readsClip { missing.append(task.plan.videoPath) }
        if task.step.readsSounds { missing += task.plan.parts.map(\.audioPath) }
        missing.removeAll { access($0, R_OK) == 0 }
        guard missing.isEmpty else {
            StubChild.say(
                #"{"kind":"failure","failure":{"code":"engine.unusable-step","message":"Nothing to go on with.","#
                    + #""suggestion":"","detail":"\#(missing)"}}"#)
            exit(1)
        }
        for word in StubChild.words(of: task.plan.videoPath).dropFirst(2) {
            let parts = word.split(separator: "!", maxSplits: 1).map(String.init)
            if parts.count == 2, parts[0] != name { continue }
            if let link = parts.last, link.hasPrefix("leavelink:") {
                let words = link.dropFirst("leavelink:".count).split(separator: "=", maxSplits: 1).map(String.init)
                symlink(words[1], "\(task.outputFolder)/\(words[0])")
                StubChild.say(
                    #"{"kind":"result","step":{"files":["\#(words[0])"],"#
                        + #""next":[{"hearing":{"spanCount":1}},{"span":{"_0":{"number":0,"count":1,"continues":false,"#
                        + #""searchesTiles":false}}}]}}"#)
                exit(0)
            }
            try Behaviour.run(parts.last ?? word, plan: input, outputPath: task.plan.outputPath)
        }
        StubChild.sayProgress(1)
        switch task.step {
        case .survey:
            try done(
                ["survey.step"],
                [.hearing(spanCount: Self.spanCount)]
                    + (0..<Self.spanCount).map { .span(SpanStep(number: $0, count: Self.spanCount)) })
        case .hearing(let count): try done(["hearing.step"], [.planning(spanCount: count)])
        case .span(let span):
            try done(["span-\(span.number)-of-\(span.count).step"], [.planning(spanCount: span.count)])
        case .planning:
            let sections = 0..<Self.sectionCount
            try done(
                ["joint.step"] + sections.map { "script-\($0).step" },
                [.sound(sectionCount: Self.sectionCount)]
                    + sections.map { .section(number: $0, count: Self.sectionCount) })
        case .section(let number, let count):
            try done(["section-\(number).mp4", "section-\(number).step"], [.joining(sectionCount: count)])
        case .sound(let count): try done(["sound.mp4", "sound.step"], [.joining(sectionCount: count)])
        case .joining(let count): try join(count)
        }
    }

    private func done(_ files: [String], _ next: [SplitStep]) throws {
        for file in files { try Data("\(name) ".utf8).write(to: URL(fileURLWithPath: "\(task.outputFolder)/\(file)")) }
        let outcome = StepOutcome(next: next, files: files)
        StubChild.say(
            #"{"kind":"result","step":\#(String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))}"#)
    }

    private func join(_ count: Int) throws {
        var whole = Data()
        for number in 0..<count {
            whole += try Data(contentsOf: URL(fileURLWithPath: "\(task.inputFolder)/section-\(number).mp4"))
        }
        try whole.write(to: URL(fileURLWithPath: task.plan.outputPath))
        StubChild.sayResult(hasSegment: false)
    }
}

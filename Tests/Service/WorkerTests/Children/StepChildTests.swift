import ChildProtocol
import Foundation
import LipSync
import Processes
import Synchronization
import TestSupport
import Testing

@Suite("Steps of a divided job in confined children")
struct StepChildTests {
    /// Where the files of all steps are kept, as a blob store keeps them.
    private let kept: TemporaryFolder
    private let plan: RenderPlan
    private let rule = SplitRule(workerCount: 2, leastSeconds: 0.5, mostSeconds: 0.75)

    init() throws {
        kept = try TemporaryFolder()
        var plan = RenderPlan(
            videoPath: "clip.mp4", audioPath: "voice.wav", outputPath: "out.mp4", syncMode: .silence,
            preset: "ultrafast")
        plan.isMeasured = true
        self.plan = plan
    }

    /// Does a step in a folder of its own, which has nothing but what the step asks for, as on another machine.
    private func message(_ step: SplitStep) async throws -> ChildMessage {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("output"), withIntermediateDirectories: true)
        if step.readsClip {
            try FileManager.default.copyItem(atPath: RealMediaFiles.clip, toPath: folder.path("clip.mp4"))
        }
        if step.readsSounds {
            try FileManager.default.copyItem(atPath: RealMediaFiles.voice, toPath: folder.path("voice.wav"))
        }
        for name in step.inputs where FileManager.default.fileExists(atPath: kept.path(name)) {
            try FileManager.default.copyItem(atPath: kept.path(name), toPath: folder.path(name))
        }
        let task = SplitTask(
            plan: plan.moved(inputs: { folder.path($0) }, outputFolder: folder.path("output")), step: step, rule: rule,
            inputFolder: folder.path(), outputFolder: folder.path("output"))
        let launch = ConfinedLaunch(
            .render, folder: folder.path(), memoryBytes: 4 << 30, fileBytes: 1 << 30, timeLimit: .seconds(120)
        ).launch(
            TestPrograms.lipsmith, environment: ProcessInfo.processInfo.environment,
            input: Array(try JSONEncoder().encode(EngineTask.step(task))))
        let last = Mutex<ChildMessage?>(nil)
        _ = try await ChildProcess.run(launch) { line in
            if let message = ChildMessage(line: line), message.kind != .progress { last.withLock { $0 = message } }
        }
        let message = try #require(last.withLock { $0 })
        let output = folder.path("output/out.mp4")
        let made = [output, Thumbnail.path(beside: output), ReportFile.path(beside: output)]
            .filter { FileManager.default.fileExists(atPath: $0) }.compactMap { $0.split(separator: "/").last }
        for name in (message.step?.files ?? []) + made.map(String.init) {
            try FileManager.default.moveItem(atPath: folder.path("output/\(name)"), toPath: kept.path(name))
        }
        return message
    }

    @Test(
        "Each reads nothing but what it asks for, on whatever machine, and names what comes next; the last one brings the output"
    )
    func whole() async throws {
        var steps = [SplitStep.survey]
        var kinds = 0
        var output: RenderReport.Output?
        while !steps.isEmpty {
            var next: [SplitStep] = []
            for step in steps {
                let message = try await message(step)
                #expect(message.kind == .result, "\(step): \(message.failure?.detail ?? "")")
                output = message.output
                for following in message.step?.next ?? [] where !next.contains(following) { next.append(following) }
            }
            kinds += 1
            steps = next
        }
        #expect(kinds == 5)
        #expect(output?.frames == 40)
        #expect(output?.width == 320)
        let path = kept.path("out.mp4")
        for path in [path, Thumbnail.path(beside: path), ReportFile.path(beside: path)] {
            #expect(FileManager.default.fileExists(atPath: path), "\(path)")
        }
    }

    @Test("One that finds nothing to go on with says so")
    func nothing() async throws {
        let failure = try await message(.section(number: 0, count: 2)).failure
        #expect(failure?.engineCode == .stepUnusable)
    }
}

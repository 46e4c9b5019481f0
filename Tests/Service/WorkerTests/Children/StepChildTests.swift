import ChildProtocol
import Foundation
import LipSync
import Processes
import Synchronization
import TestSupport
import Testing

@Suite("Steps of a divided job in confined children")
struct StepChildTests {
    private let folder: TemporaryFolder
    private let plan: RenderPlan
    private let rule = SplitRule(workerCount: 2, leastSeconds: 0.5, mostSeconds: 0.75)

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("output"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: RealMediaFiles.clip, toPath: folder.path("clip.mp4"))
        try FileManager.default.copyItem(atPath: RealMediaFiles.voice, toPath: folder.path("voice.wav"))
        var plan = RenderPlan(
            videoPath: folder.path("clip.mp4"), audioPath: folder.path("voice.wav"),
            outputPath: folder.path("output/out.mp4"), syncMode: .silence, preset: "ultrafast")
        plan.isMeasured = true
        self.plan = plan
    }

    private func message(_ step: SplitStep) async throws -> ChildMessage {
        let task = SplitTask(
            plan: plan, step: step, rule: rule, inputFolder: folder.path("output"), outputFolder: folder.path("output"))
        let launch = ConfinedLaunch(
            .render, folder: folder.path(), memoryBytes: 4 << 30, fileBytes: 1 << 30, timeLimit: .seconds(120)
        ).launch(
            TestPrograms.lipsmith, environment: ProcessInfo.processInfo.environment,
            input: Array(try JSONEncoder().encode(EngineTask.step(task))))
        let last = Mutex<ChildMessage?>(nil)
        _ = try await ChildProcess.run(launch) { line in
            if let message = ChildMessage(line: line), message.kind != .progress { last.withLock { $0 = message } }
        }
        return try #require(last.withLock { $0 })
    }

    @Test(
        "They read and write nothing but their folder, name what comes next, and the last one brings the output and its report"
    )
    func whole() async throws {
        var steps = [SplitStep.survey]
        var kinds = 0
        var output: RenderReport.Output?
        while !steps.isEmpty {
            var next: [SplitStep] = []
            for step in steps {
                let message = try await message(step)
                #expect(message.kind == .result, "\(step): \(message.failure?.message ?? "")")
                output = message.output
                for following in message.step?.next ?? [] where !next.contains(following) { next.append(following) }
                for name in message.step?.files ?? [] {
                    #expect(FileManager.default.fileExists(atPath: folder.path("output/" + name)), "\(name)")
                }
            }
            kinds += 1
            steps = next
        }
        #expect(kinds == 5)
        #expect(output?.frames == 40)
        #expect(output?.width == 320)
        for path in [
            plan.outputPath, Thumbnail.path(beside: plan.outputPath), ReportFile.path(beside: plan.outputPath),
        ] {
            #expect(FileManager.default.fileExists(atPath: path), "\(path)")
        }
    }

    @Test("One that finds nothing to go on with says so")
    func nothing() async throws {
        let failure = try await message(.section(number: 0, count: 2)).failure
        #expect(failure?.engineCode == .stepUnusable)
    }
}

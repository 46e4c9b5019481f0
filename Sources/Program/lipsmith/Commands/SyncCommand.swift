import EngineProfiles
import Foundation
import Generations
import LipSync
import Provenance

/// `lipsmith sync`: one clip, one sound, one lip-synced video.
enum SyncCommand {
    /// The models that this command offers; the first is the default. What `react-1` adds to a video are options here.
    private static let models = [Model.standard, .warp, .fine, .fineWithOccluders]

    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let isQuiet = arguments.takeFlag("--quiet")
        let reportPath = try arguments.takeValue("--report")
        let videoPath = try arguments.takeRequired("--video")
        let sound = try SpokenText.takeSound(&arguments)
        var part = RenderPart(audioPath: "")
        var plan = RenderPlan(
            videoPath: videoPath, outputPath: try arguments.takeRequired("--out", "-o"), parts: [])
        let model = try arguments.takeChoice("--model", models.map { ($0.name, $0) }) ?? models[0]
        let settings = model.profile.engine
        plan.profile = settings.profile ?? plan.profile
        part.syncMode =
            try arguments.takeChoice("--sync-mode", LengthRule.allCases.map { ($0.rawValue, $0) })
            ?? part.syncMode
        part.temperature = try arguments.takeNumber("--temperature", in: 0...1) ?? part.temperature
        let threadCount = try RenderRun.threadCount(&arguments)
        let workerCount = try arguments.takeNumber("--workers", in: EngineThreads.range) ?? 1
        plan.seed = try arguments.takeNumber("--seed", in: 0...UInt64.max) ?? plan.seed
        plan.constantRateFactor = try arguments.takeNumber("--crf", in: 0...51) ?? plan.constantRateFactor
        plan.preset = try arguments.takeChoice("--preset", RenderRun.presets.map { ($0, $0) }) ?? plan.preset
        part.speaker = try SpeakerOption.take(&arguments) ?? part.speaker
        part.keepsOccluders = arguments.takeFlag("--keep-occluders") || settings.keepsOccluders
        part.expression = try expression(&arguments)
        plan.parts = try SegmentOption.parts(try arguments.takeValues("--segment"), part)
        plan.segmentOutputPath = try arguments.takeValue("--segment-out")
        if plan.segmentOutputPath != nil, plan.parts.count != 1 || plan.parts[0].range == nil {
            throw UsageError(message: "--segment-out needs exactly one --segment.")
        }
        let credentials = try CommandCredentials.take(&arguments)
        try arguments.finish()
        plan.marks = credentials.marks(of: .sync(plan), inputPaths: plan.inputPaths + sound.paths)
        plan.isMeasured = reportPath != nil
        let ready = plan
        let outputs =
            [OutputPlaces.Place(plan.outputPath, name: "--out")]
            + (plan.segmentOutputPath.map { [OutputPlaces.Place($0, name: "--segment-out")] } ?? [])
        return RenderRun(
            inputPaths: plan.inputPaths + sound.paths, outputs: outputs, reportPath: reportPath,
            credentials: credentials, isJSON: isJSON, isQuiet: isQuiet
        )
        .run { cancellation, staging, onProgress in
            try sound.with(isNoted: ready.isMeasured) { sound in
                var plan = ready
                plan.texts = sound.texts
                plan.outputPath = staging.path(of: plan.outputPath)
                plan.segmentOutputPath = plan.segmentOutputPath.map(staging.path)
                for index in plan.parts.indices { plan.parts[index].audioPath = sound.path }
                let engine = EngineRegistry.standard(threadCount: max(1, threadCount / workerCount))
                let report =
                    workerCount > 1
                    ? try render(plan, by: engine, workerCount: workerCount, cancellation, onProgress)
                    : try engine.render(plan, cancellation: cancellation, onProgress: onProgress)
                try staging.publish { place in
                    var facts = OutputFactsToState(of: place, report)
                    facts.model = model.name
                    facts.voice = sound.voice
                    return ManifestDraft(.sync(plan), contentType: "video/mp4", facts)
                }
                return report
            }
        }
    }

    /// Renders in pieces, several at the same time.
    private static func render(
        _ plan: RenderPlan, by engine: EngineRegistry, workerCount: Int, _ cancellation: Cancellation,
        _ onProgress: @escaping @Sendable (RenderProgress) -> Void
    ) throws -> RenderReport {
        let steps = FileManager.default.temporaryDirectory.appendingPathComponent("lipsmith-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: steps, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: steps) }
        return try SplitRender(plan, rule: SplitRule(workerCount: workerCount), folder: steps).run(
            cancellation: cancellation, onProgress: onProgress
        ) { task, observer in
            try engine.run(.step(task), cancellation: cancellation, observer: observer)
        }
    }

    private static func expression(_ arguments: inout ArgumentReader) throws -> FacialExpression? {
        let emotion = try arguments.takeChoice("--emotion", FacialEmotion.allCases.map { ($0.rawValue, $0) })
        let region = try arguments.takeChoice("--region", ExpressionRegion.allCases.map { ($0.rawValue, $0) })
        guard emotion != nil || region != nil else { return nil }
        return FacialExpression(emotion: emotion ?? .neutral, region: region ?? .face)
    }
}

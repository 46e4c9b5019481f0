import Foundation
import LipSync

/// `lipsmith sync`: one clip, one sound, one lip-synced video.
enum SyncCommand {
    private static let models: [(String, EngineProfile)] = [
        ("lipsync-2", .mouthBank), ("lipsync-1.9.0-beta", .warp),
    ]
    private static let presets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
    ]

    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let isQuiet = arguments.takeFlag("--quiet")
        let reportPath = try arguments.takeValue("--report")
        let videoPath = try arguments.takeRequired("--video")
        let sound = try SpokenText.takeSound(&arguments)
        var part = RenderPart(audioPath: "")
        var plan = RenderPlan(
            videoPath: videoPath, outputPath: try arguments.takeRequired("--out", "-o"), parts: [])
        plan.profile = try arguments.takeChoice("--model", models) ?? plan.profile
        part.syncMode =
            try arguments.takeChoice("--sync-mode", SyncMode.allCases.map { ($0.rawValue, $0) }) ?? part.syncMode
        part.temperature = try arguments.takeNumber("--temperature", in: 0...1) ?? part.temperature
        plan.seed = try arguments.takeNumber("--seed", in: 0...UInt64.max) ?? plan.seed
        plan.constantRateFactor = try arguments.takeNumber("--crf", in: 0...51) ?? plan.constantRateFactor
        plan.preset = try arguments.takeChoice("--preset", presets.map { ($0, $0) }) ?? plan.preset
        part.speaker = try speaker(&arguments) ?? part.speaker
        part.keepsOccluders = arguments.takeFlag("--keep-occluders")
        plan.parts = try SegmentOption.parts(try arguments.takeValues("--segment"), part)
        plan.segmentOutputPath = try arguments.takeValue("--segment-out")
        if plan.segmentOutputPath != nil, plan.parts.count != 1 || plan.parts[0].range == nil {
            throw UsageError(message: "--segment-out needs exactly one --segment.")
        }
        try arguments.finish()
        let events = EventWriter(isJSON: isJSON)
        do {
            return try sound.with { path in
                for index in plan.parts.indices { plan.parts[index].audioPath = path }
                return render(plan, reportPath: reportPath, events: events, isQuiet: isQuiet || isJSON)
            }
        } catch let failure as RenderFailure {
            events.event("failure", Failure(failure))
            Terminal.error(Failure.text(failure))
            return Failure.exitCode(failure)
        }
    }

    /// `auto`, `most-present`, or `FRAME:X,Y`: a pixel of a frame.
    private static func speaker(_ arguments: inout ArgumentReader) throws -> SpeakerChoice? {
        guard let text = try arguments.takeValue("--speaker") else { return nil }
        if text == "auto" { return .automatic }
        if text == "most-present" { return .mostPresent }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = (parts.last ?? "").split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
        if parts.count == 2, let frame = Int(parts[0]), frame >= 0, numbers.count == 2, let x = numbers[0],
            let y = numbers[1], x.isFinite, y.isFinite
        {
            return .point(frame: frame, x: x, y: y)
        }
        throw UsageError(message: "--speaker takes auto, most-present or FRAME:X,Y (pixels of a frame of the clip).")
    }

    private static func render(
        _ plan: RenderPlan, reportPath: String?, events: EventWriter, isQuiet: Bool
    ) -> ExitCode {
        let cancellation = Cancellation()
        let interruption = Interruption(cancellation)
        defer { withExtendedLifetime(interruption) {} }
        let showsBar = !isQuiet && Terminal.isInteractive
        do {
            let report = try EmbeddedEngine().render(plan, cancellation: cancellation) { progress in
                events.event("progress", progress)
                if showsBar { Terminal.status(ProgressBar.line(progress)) }
            }
            if showsBar { Terminal.status("") }
            if let reportPath { try write(report, to: reportPath) }
            events.event("result", Outcome(output: plan.outputPath, report: report))
            if !isQuiet { describe(report, plan) }
            return .success
        } catch {
            if showsBar { Terminal.status("") }
            let failure = RenderFailure(error)
            events.event("failure", Failure(failure))
            Terminal.error(Failure.text(failure))
            return Failure.exitCode(failure)
        }
    }

    private static func write(_ report: RenderReport, to path: String) throws {
        do {
            try (JSONText.pretty(report) + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw RenderFailure(
                .init(rawValue: "output_unwritable"),
                message: "The video was written, but the report could not be.",
                suggestion: "Choose another place for --report.", detail: "\(error)")
        }
    }

    private static func describe(_ report: RenderReport, _ plan: RenderPlan) {
        for warning in report.warnings { Terminal.error("warning: \(warning.message)") }
        let seconds = String(format: "%.2f", report.output.durationSeconds)
        let speed = String(format: "%.1f", report.timings.timesRealTime)
        Terminal.error(
            "\(plan.outputPath): \(report.output.frames) frames, \(seconds) s, "
                + "\(report.output.width)×\(report.output.height), \(speed)× real time")
    }

    private struct Outcome: Encodable {
        var output: String
        var report: RenderReport
    }
}

/// How a failure is shown.
struct Failure: Encodable {
    var code: String
    var message: String
    var suggestion: String

    init(_ failure: RenderFailure) {
        code = failure.code.rawValue
        message = failure.message
        suggestion = failure.suggestion
    }

    static func text(_ failure: RenderFailure) -> String {
        var text = "\(failure.code.rawValue): \(failure.message) \(failure.suggestion)"
        if ProcessInfo.processInfo.environment["LIPSMITH_DEBUG"] != nil, !failure.detail.isEmpty {
            text += "\n  \(failure.detail)"
        }
        return text
    }

    static func exitCode(_ failure: RenderFailure) -> ExitCode {
        switch failure.code {
        case .cancelled: .cancelled
        case .installationIncomplete: .installation
        default: .failure
        }
    }
}

/// One line that shows how far the work has come.
enum ProgressBar {
    private static let width = 30

    static func line(_ progress: RenderProgress) -> String {
        let filled = Int((progress.fraction * Double(width)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        var line = String(format: "%3.0f %%", progress.fraction * 100)
        line = "\(bar) \(line)  \(progress.stage.rawValue), \(Int(progress.framesPerSecond)) frames/s"
        if let left = progress.secondsLeft { line += ", \(Int(left.rounded(.up))) s left" }
        return line
    }
}

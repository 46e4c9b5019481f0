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
        var plan = RenderPlan(
            videoPath: try arguments.takeRequired("--video"), audioPath: try arguments.takeRequired("--audio"),
            outputPath: try arguments.takeRequired("--out", "-o"))
        plan.profile = try arguments.takeChoice("--model", models) ?? plan.profile
        plan.syncMode =
            try arguments.takeChoice("--sync-mode", SyncMode.allCases.map { ($0.rawValue, $0) }) ?? plan.syncMode
        plan.temperature = try arguments.takeNumber("--temperature", in: 0...1) ?? plan.temperature
        plan.seed = try arguments.takeNumber("--seed", in: 0...UInt64.max) ?? plan.seed
        plan.constantRateFactor = try arguments.takeNumber("--crf", in: 0...51) ?? plan.constantRateFactor
        plan.preset = try arguments.takeChoice("--preset", presets.map { ($0, $0) }) ?? plan.preset
        plan.speaker = try speaker(&arguments) ?? plan.speaker
        try arguments.finish()
        return render(plan, reportPath: reportPath, events: EventWriter(isJSON: isJSON), isQuiet: isQuiet || isJSON)
    }

    /// `X,Y` or `LEFT,TOP,RIGHT,BOTTOM`, in pixels, with `@FRAME` behind it where it is not the first frame.
    private static func speaker(_ arguments: inout ArgumentReader) throws -> SpeakerChoice? {
        guard let text = try arguments.takeValue("--speaker") else { return nil }
        let parts = text.split(separator: "@", maxSplits: 1)
        let numbers = (parts.first ?? "").split(separator: ",").map { Float($0) }
        let frame = parts.count == 2 ? Int(parts[1]) : 0
        if let frame, frame >= 0, numbers.allSatisfy({ $0?.isFinite == true }) {
            let values = numbers.compactMap { $0 }
            if values.count == 2 { return .point(frame: frame, x: values[0], y: values[1]) }
            if values.count == 4 {
                return .box(frame: frame, left: values[0], top: values[1], right: values[2], bottom: values[3])
            }
        }
        throw UsageError(message: "--speaker takes X,Y or LEFT,TOP,RIGHT,BOTTOM in pixels, then @FRAME if not 0.")
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

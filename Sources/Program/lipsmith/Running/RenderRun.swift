import Foundation
import LipSync
import Reports

/// One render on the command line: shows progress, writes the report, tells how it ended.
struct RenderRun {
    /// x264's presets.
    static let presets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
    ]

    /// What the work reads.
    let inputPaths: [String]
    /// What it writes, the video first.
    let outputs: [OutputPlaces.Place]
    let reportPath: String?
    let credentials: CommandCredentials
    let isJSON: Bool
    let isQuiet: Bool

    /// The threads that draw: the option's, the variable's, or as many as the machine has processors.
    static func threadCount(_ arguments: inout ArgumentReader) throws -> Int {
        try arguments.takeNumber("--threads", in: EngineThreads.range) ?? EngineThreads.standardCount
    }

    /// Runs `work` until it ends or the user interrupts it.
    ///
    /// - Parameter work: Writes the outputs where the staging says, and publishes them.
    func run(
        _ work: (Cancellation, OutputStaging, @escaping @Sendable (RenderProgress) -> Void) throws -> RenderReport
    ) -> ExitCode {
        let events = EventWriter(isJSON: isJSON)
        let isQuiet = isQuiet || isJSON
        let cancellation = Cancellation()
        let interruption = Interruption(cancellation)
        defer { withExtendedLifetime(interruption) {} }
        let showsBar = !isQuiet && Terminal.isInteractive
        do {
            try OutputPlaces.check(outputs + (report.map { [$0] } ?? []), inputs: inputPaths)
            let report = try work(cancellation, try credentials.stage(outputs)) { progress in
                events.event("progress", progress)
                if showsBar { Terminal.status(ProgressBar.line(progress)) }
            }
            if showsBar { Terminal.status("") }
            if let place = self.report { try write(report, to: place) }
            events.event("result", Outcome(output: outputPath, report: report))
            if !isQuiet { describe(report) }
            return .success
        } catch {
            if showsBar { Terminal.status("") }
            return CommandFailure(error).show(events)
        }
    }

    private var outputPath: String { outputs[0].path }

    private var report: OutputPlaces.Place? {
        reportPath.map { OutputPlaces.Place($0, name: "--report", isStream: true) }
    }

    private func write(_ report: RenderReport, to place: OutputPlaces.Place) throws {
        do {
            let data = try Self.isPage(place.path) ? page(report) : Data((JSONText.pretty(report) + "\n").utf8)
            if let descriptor = OutputPlaces.openFile(place.path) {
                try FileHandle(fileDescriptor: descriptor).write(contentsOf: data)
            } else if OutputPlaces.isStream(place) {
                try FileHandle(forWritingTo: URL(fileURLWithPath: place.path)).write(contentsOf: data)
            } else {
                try data.write(to: URL(fileURLWithPath: place.path), options: .atomic)
            }
        } catch {
            throw RenderFailure(
                .outputUnwritable, message: "The video was written, but the report could not be.",
                suggestion: "Choose another place for --report.", detail: "\(error)")
        }
    }

    /// Whether a report of this name is written as a page instead of as JSON.
    private static func isPage(_ path: String) -> Bool {
        [".html", ".htm"].contains { path.lowercased().hasSuffix($0) }
    }

    private func page(_ report: RenderReport) throws -> Data {
        let name = URL(fileURLWithPath: outputPath).lastPathComponent
        return Data(ReportPage.html(report: try ReportFile.json(report), title: name))
    }

    private func describe(_ report: RenderReport) {
        for warning in report.warnings { Terminal.error("warning: \(warning.message)") }
        let seconds = String(format: "%.2f", report.output.durationSeconds)
        let speed = String(format: "%.1f", report.timings.timesRealTime)
        Terminal.error(
            "\(outputPath): \(report.output.frames) frames, \(seconds) s, "
                + "\(report.output.width)×\(report.output.height), \(speed)× real time")
    }

    private struct Outcome: Encodable {
        var output: String
        var report: RenderReport
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

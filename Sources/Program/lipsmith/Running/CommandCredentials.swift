import ChildProtocol
import Foundation
import Generations
import LipSync
import Provenance
import Server
import Text
import Time

/// How a command signs what it writes: as the settings say, by the user's own identity unless another is set.
struct CommandCredentials: Sendable {
    /// `nil` where credentials are off.
    private let sealer: Sealer?
    private let settings: ProvenanceSettings

    /// Takes `--credentials`, and the options of marks where faces are drawn, and opens what signs, so that nothing is rendered in vain.
    ///
    /// - Throws: `UsageError` about a setting; `CommandFailure` where outputs cannot be signed.
    static func take(_ arguments: inout ArgumentReader, drawsFaces: Bool = true) throws -> CommandCredentials {
        let environment = ProcessInfo.processInfo.environment
        var flags: [String: String] = [:]
        for name in drawsFaces ? ["credentials", "watermark", "visible-mark", "mark-language"] : ["credentials"] {
            flags[name] = try arguments.takeValue("--\(name)")
        }
        let settings: ProvenanceSettings
        do {
            settings = try ProvenanceSettings(
                flags: flags, environment: environment)
        } catch {
            throw UsageError(message: error.description)
        }
        guard settings.signsOutputs else { return CommandCredentials(sealer: nil, settings: settings) }
        do {
            // Loading it here tells at once whether outputs can be signed. Where more is missing, the render says so.
            let installation = try Installation.required()
            if installation.missingFiles.isEmpty { _ = try CredentialLibrary(folder: installation.folder) }
            let now = SystemClock().now
            let identity = try AsyncCommand.run {
                try await settings.openIdentity(now: now) {
                    try IdentityFile.text(in: settingsFolder(environment), now: now)
                }
            }
            let isTalkative = environment["LIPSMITH_DEBUG"] != nil
            let sealer = settings.sealer(identity) { event, detail in
                if isTalkative { Terminal.error("\(event): \(detail)") }
            }
            if settings.identity.key != nil { try AsyncCommand.run { try await sealer.rehearse() } }
            return CommandCredentials(sealer: sealer, settings: settings)
        } catch {
            throw CommandFailure(error)
        }
    }

    private init(sealer: Sealer?, settings: ProvenanceSettings) {
        self.sealer = sealer
        self.settings = settings
    }

    /// What the output of a task says of itself. The number of its watermark follows from the plan and the inputs' paths, so
    /// that the same command draws the same frames.
    func marks(of task: EngineTask, inputPaths: [String]) -> OutputMarks {
        let words = [ManifestDraft.planDigest(of: task)] + inputPaths
        return settings.marks(number: WatermarkNumber.of(words.joined(separator: "\n")))
    }

    /// The user's folder for settings, by the XDG base directory specification.
    static func settingsFolder(_ environment: [String: String]) -> String {
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/lipsmith" }
        return NSHomeDirectory() + "/.config/lipsmith"
    }

    /// Places for outputs that are signed before they appear.
    ///
    /// - Parameter outputs: Where they shall appear; their folders must exist.
    func stage(_ outputs: [OutputPlaces.Place]) throws -> OutputStaging {
        try OutputStaging(outputs.map(\.path), sealer: sealer)
    }
}

extension OutputFactsToState {
    /// What is said of an output of a command.
    init(of place: String, _ report: RenderReport) {
        self.init(version: VersionCommand.version, title: URL(fileURLWithPath: place).lastPathComponent)
        guard report.measures != nil, let json = try? ReportFile.json(report) else { return }
        reportDigest = Hexadecimal.encode(Digest.sha256(json))
    }
}

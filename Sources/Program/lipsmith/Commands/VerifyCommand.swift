import Foundation
import Generations
import LipSync
import Provenance
import Server
import Text
import Time

/// `lipsmith verify`: where files come from, by their credentials, their watermark and an installation's registry.
enum VerifyCommand {
    private static let timeLimit = Duration.seconds(600)
    private static let memoryBytes: Int64 = 4 << 30

    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let looksForOtherSpeeds = arguments.takeFlag("--wide")
        let folder = try arguments.takeValue("--data")
        var paths: [String] = []
        while let path = arguments.takePositional() { paths.append(path) }
        try arguments.finish()
        guard !paths.isEmpty else { throw UsageError(message: "Name at least one file.") }
        let administration = try folder.map { try OperatorArguments.open(folder: $0) }
        let settings: ProvenanceSettings
        do { settings = try ProvenanceSettings(environment: ProcessInfo.processInfo.environment) } catch {
            throw UsageError(message: error.description)
        }
        let anchors = knownSigners(folder: folder, settings)
        let tracer = settings.tracer(memoryBytes: memoryBytes)
        var codes: [ExitCode] = []
        for path in paths {
            do {
                let absolute = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
                let report = try AsyncCommand.run {
                    let (trace, digest) = try await tracer.trace(
                        absolute, anchors: anchors, looksForOtherSpeeds: looksForOtherSpeeds, timeLimit: timeLimit)
                    return try await VerificationReport(trace, digest: digest, registry: administration?.registry)
                }
                show(report, of: path, isJSON: isJSON)
                codes.append(code(report.outcome))
            } catch let failure as FileTracer.Failure {
                let known = CommandFailure(
                    code: "input_file_unreadable", message: "\(path): \(failure.message)",
                    suggestion: failure.suggestion, detail: failure.detail)
                if isJSON {
                    let members: JSONValue = [
                        "file": .string(path),
                        "error": [
                            "code": .string(known.code), "message": .string(known.message),
                            "suggestion": .string(known.suggestion),
                        ],
                    ]
                    Terminal.out(members.serialized)
                    codes.append(known.exitCode)
                } else {
                    codes.append(known.show(EventWriter(isJSON: false)))
                }
            }
        }
        // The worst that was found: an error, an altered file, one of which nothing is known.
        return [.failure, .altered, .nothingFound].first(where: codes.contains) ?? .success
    }

    private static func show(_ report: VerificationReport, of path: String, isJSON: Bool) {
        if isJSON {
            var members = report.json.object ?? [:]
            members["file"] = .string(path)
            Terminal.out(JSONValue.object(members).serialized)
        } else {
            Terminal.out(([path + ":"] + report.sentences.map { "  " + $0 }).joined(separator: "\n"))
        }
    }

    private static func code(_ outcome: VerificationReport.Outcome) -> ExitCode {
        switch outcome {
        case .credentialsValid, .recognised: .success
        case .credentialsAltered: .altered
        case .nothingFound: .nothingFound
        }
    }

    /// The certificates of the user's own identity, of an installation's, and of the settings, where there are any.
    private static func knownSigners(folder: String?, _ settings: ProvenanceSettings) -> String {
        let environment = ProcessInfo.processInfo.environment
        let folders = [folder, CommandCredentials.settingsFolder(environment)].compactMap { $0 }
        let anchors = folders.map { IdentityFile.anchors(in: $0) } + [settings.chainAnchors]
        return anchors.compactMap { $0 }.joined()
    }
}

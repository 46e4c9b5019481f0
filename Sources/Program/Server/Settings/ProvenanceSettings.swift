import Foundation
public import LipSync
public import Provenance
public import Time
import Worker

/// What an operator has set about where outputs say they come from.
public struct ProvenanceSettings: Sendable {
    /// Whether outputs get signed manifests.
    public let signsOutputs: Bool
    /// Whether redrawn faces are marked.
    public let marksFaces: Bool
    /// What people are shown; nil for nothing.
    public let label: VisibleLabel?
    /// Whether orders must say something about consent.
    public let requiresConsent: Bool
    /// How long outputs are remembered; nil for ever.
    public let registryTime: Duration?
    /// Who signs.
    public let identity: SigningIdentity.Settings

    /// Reads what was set.
    ///
    /// - Throws: `ConfigurationError` about the first setting that cannot be used.
    public init(flags: [String: String] = [:], environment: [String: String] = [:]) throws(ConfigurationError) {
        try self.init(SettingReader(flags: flags, environment: environment))
    }

    init(_ reader: SettingReader) throws(ConfigurationError) {
        signsOutputs = try reader.choice("credentials") == "on"
        marksFaces = try reader.choice("watermark") == "on"
        let language = try reader.choice("mark-language")
        label = VisibleLabel.Time(rawValue: try reader.choice("visible-mark")).map {
            VisibleLabel($0, language: language)
        }
        requiresConsent = try reader.flag("require-consent")
        registryTime = try reader.days("registry-retention")
        identity = SigningIdentity.Settings(
            key: try reader.optionalText("credentials-key"), chainPath: try reader.optionalText("credentials-chain"),
            modulePath: try reader.optionalText("credentials-module"))
        if identity.key == nil, identity.chainPath != nil || identity.modulePath != nil {
            throw ConfigurationError(
                setting: "credentials-key",
                description: "--credentials-chain and --credentials-module need --credentials-key.")
        }
    }

    /// What a video with a drawn face says of itself.
    ///
    /// - Parameter number: That of its watermark, where faces are marked.
    public func marks(number: UInt32) -> OutputMarks {
        OutputMarks(
            watermark: marksFaces ? number : nil, label: label,
            comment: signsOutputs ? OutputMarks.standardComment : nil,
            digitalSource: signsOutputs ? .compositeWithTrainedAlgorithmicMedia : nil)
    }

    /// The highest certificate of the operator's chain, in PEM; `nil` where none is set or it cannot be read.
    public var chainAnchors: String? {
        identity.chainPath.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }.flatMap {
            SigningIdentity.anchors(ofChain: $0)
        }
    }

    /// Opens the identity that signs.
    ///
    /// - Parameter installationText: Gives the installation's own, where the operator has set none.
    /// - Throws: `CredentialError`, and what `installationText` throws.
    public func openIdentity(
        now: Timestamp, installationText: () async throws -> String
    ) async throws -> SigningIdentity {
        guard let key = identity.key else {
            return try SigningIdentity(
                installationText: try await installationText(), now: now)
        }
        return try SigningIdentity(key: key, settings: identity, now: now) {
            try? String(contentsOfFile: $0, encoding: .utf8)
        }
    }

    /// What looks at files.
    public func tracer(
        executable: String = Installation.currentExecutable, memoryBytes: Int64
    ) -> FileTracer {
        FileTracer(
            executable: executable,
            environment: WorkerConfiguration(executable: executable, workingFolder: "").childEnvironment,
            memoryBytes: memoryBytes)
    }

    /// What signs files by an identity.
    ///
    /// - Parameters:
    ///   - executable: The path of the `lipsmith` program.
    ///   - environment: The environment of its children; nil takes what they need of this process's.
    public func sealer(
        _ identity: SigningIdentity, executable: String = Installation.currentExecutable,
        environment: [String: String]? = nil, log: @escaping @Sendable (_ event: String, _ detail: String) -> Void
    ) -> Sealer {
        Sealer(
            identity, executable: executable,
            environment: environment ?? WorkerConfiguration(executable: executable, workingFolder: "").childEnvironment,
            log: log)
    }
}

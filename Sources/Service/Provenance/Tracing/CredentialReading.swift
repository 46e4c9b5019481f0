public import ChildProtocol
import Foundation
import Text

/// Reads the signed manifest of a file. For a confined child: files are strangers'.
public struct CredentialReading {
    private let library: CredentialLibrary
    private let anchors: String

    /// - Parameters:
    ///   - folder: Of the runtime and the models.
    ///   - anchors: Certificates in PEM whose holders, and those below them, are known; may be empty.
    /// - Throws: `CredentialError` of kind `libraryMissing`.
    public init(folder: String, anchors: String) throws {
        library = try CredentialLibrary(folder: folder)
        self.anchors = anchors
    }

    /// What the manifest of a file says.
    ///
    /// - Returns: `nil` for a file without one, or of a kind that can have none.
    /// - Throws: `CredentialError` of kind `signingFailed` for a manifest that cannot be read, of kind `fileUnreadable` for a
    ///   file of which the library cannot tell whether it has one.
    public func finding(in path: String) throws -> CredentialFinding? {
        guard let type = ContentTypes.sniffed(path), let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let json = try library.read(file, contentType: type, anchors: anchors) else { return nil }
        guard let store = try? JSONValue(parsing: json, maximumDepth: 256), let finding = Self.finding(store) else {
            throw CredentialError(
                .signingFailed, message: "The file's credentials cannot be read.",
                suggestion: "Take them for damaged.", detail: "no active manifest")
        }
        return finding
    }

    private static func finding(_ store: JSONValue) -> CredentialFinding? {
        guard let label = store["active_manifest"]?.text, let manifest = store["manifests"]?[label] else { return nil }
        let state = store["validation_state"]?.text
        let assertions = manifest["assertions"]?.array ?? []
        func data(_ label: String) -> JSONValue? {
            assertions.first { $0["label"]?.text?.hasPrefix(label) == true }?["data"]
        }
        let generator = manifest["claim_generator_info"]?.array?.first
        let actions = data("c2pa.actions")?["actions"]?.array ?? []
        let signature = manifest["signature_info"]
        // The state of the whole is no better than that of its sources, which strangers may have signed.
        let successes = store["validation_results"]?["activeManifest"]?["success"]?.array ?? []
        let isTrusted = state == "Trusted" || successes.contains { $0["code"]?.text == "signingCredential.trusted" }
        return CredentialFinding(
            isValid: state == "Valid" || state == "Trusted", isByKnownSigner: isTrusted,
            problems: codes(store["validation_status"]?.array),
            signer: signature?["common_name"]?.text, organisation: signature?["issuer"]?.text,
            signedAt: signature?["time"]?.text,
            generator: generator.flatMap { info in
                info["name"]?.text.map { name in
                    ([name] + [info["version"]?.text].compactMap { $0 }).joined(separator: " ")
                }
            }, title: manifest["title"]?.text, digitalSources: actions.compactMap { $0["digitalSourceType"]?.text },
            statement: (data(ManifestDraft.statementLabel)?.object ?? [:]).mapValues { $0.text ?? $0.serialized },
            watermark: watermark(data("c2pa.soft-binding")),
            sources: (manifest["ingredients"]?.array ?? []).map(source))
    }

    private static func source(_ ingredient: JSONValue) -> CredentialFinding.Source {
        CredentialFinding.Source(
            title: ingredient["title"]?.text ?? "", relationship: ingredient["relationship"]?.text ?? "",
            hasCredentials: ingredient["active_manifest"] != nil,
            problems: codes(ingredient["validation_results"]?["activeManifest"]?["failure"]?.array))
    }

    private static func watermark(_ binding: JSONValue?) -> String? {
        guard binding?["alg"]?.text == ManifestDraft.watermarkName else { return nil }
        return binding?["blocks"]?.array?.first?["value"]?.text
    }

    /// The codes of problems. That a certificate leads to nobody known is told by itself.
    private static func codes(_ entries: [JSONValue]?) -> [String] {
        let codes = (entries ?? []).compactMap { $0["code"]?.text }
        return Set(codes.filter { $0 != "signingCredential.untrusted" }).sorted()
    }
}

import CC2PA
import Foundation
import Text

/// The C2PA library of an installation, loaded at run time.
public final class CredentialLibrary: @unchecked Sendable {
    private let handle: OpaquePointer
    /// What the library calls itself.
    public let version: String

    /// Where the library lies below the folder of the runtime and the models.
    public static func path(in folder: String) -> String { folder + "/c2pa/libc2pa_c.so" }

    /// Loads the library from the folder of the runtime and the models.
    ///
    /// - Throws: `CredentialError` of kind `libraryMissing`.
    public init(folder: String) throws(CredentialError) {
        var message = [CChar](repeating: 0, count: 1024)
        guard let handle = lipsmith_c2pa_open(Self.path(in: folder), &message, message.count) else {
            throw CredentialError(
                .libraryMissing, message: "The library for Content Credentials cannot be loaded.",
                suggestion: "Run `make setup`, or turn credentials off (--credentials off).",
                detail: String(message: message)
            )
        }
        self.handle = handle
        lipsmith_c2pa_version(handle, &message, message.count)
        version = String(message: message)
    }

    deinit { lipsmith_c2pa_close(handle) }

    /// What the library shall do and leave alone.
    ///
    /// No network: manifests elsewhere and revocations are not fetched. No thumbnails: the media are there. Up to 16 MiB of
    /// a file are kept in memory, more goes through temporary files, so that the size of a file costs no memory.
    ///
    /// - Parameter anchors: Certificates in PEM that are known. Public lists of trust are not looked at: an installation would
    ///   have to be sent their updates.
    private static func settings(anchors: String = "") -> String {
        let members: JSONValue = [
            "core": ["backing_store_memory_threshold_in_mb": 16, "max_decompressed_manifest_size_in_mb": 16],
            "builder": ["thumbnail": ["enabled": false]],
            "trust": anchors.isEmpty ? [:] : ["user_anchors": .string(anchors)],
            "verify": [
                "verify_after_sign": false, "verify_trust": .bool(!anchors.isEmpty), "remote_manifest_fetch": false,
                "ocsp_fetch": false,
            ],
        ]
        return members.serialized
    }

    /// A file that something was made of, opened.
    struct Ingredient {
        var definition: String
        var contentType: String
        var file: FileHandle
    }

    /// What signs.
    struct Signer {
        var certificates: String
        var algorithm: SigningAlgorithm
        /// Gives the signature of bytes, as COSE has it; `nil` where that is refused.
        var sign: ([UInt8]) -> [UInt8]?
    }

    /// Why a file was not signed.
    struct SigningFailure: Error {
        /// The position of an ingredient that cannot be read.
        var ingredient: Int?
        var detail: String
    }

    /// Writes a file with a signed manifest.
    ///
    /// - Parameter target: Must be open for reading, too.
    func sign(
        _ source: FileHandle, into target: FileHandle, contentType: String, definition: String,
        ingredients: [Ingredient], by signer: Signer
    ) throws(SigningFailure) {
        var message = [CChar](repeating: 0, count: 4096)
        var failed = -1
        let result = Self.withCopies(ingredients.flatMap { [$0.definition, $0.contentType] }) { texts in
            let listed = ingredients.indices.map { index in
                lipsmith_c2pa_ingredient(
                    definition: texts[2 * index], format: texts[2 * index + 1],
                    descriptor: ingredients[index].file.fileDescriptor)
            }
            return withUnsafePointer(to: signer) { context in
                listed.withUnsafeBufferPointer { listed in
                    Self.withCopies(
                        [Self.settings(), definition, contentType, signer.certificates]
                    ) { texts in
                        var order = lipsmith_c2pa_order(
                            settings: texts[0], definition: texts[1], format: texts[2],
                            source: source.fileDescriptor, target: target.fileDescriptor,
                            ingredients: listed.baseAddress, ingredient_count: listed.count,
                            certificates: texts[3], algorithm: signer.algorithm.number,
                            context: UnsafeMutableRawPointer(mutating: context), sign: Self.signCallback)
                        return lipsmith_c2pa_sign(handle, &order, &failed, &message, message.count)
                    }
                }
            }
        }
        guard result == 0 else {
            throw SigningFailure(ingredient: failed >= 0 ? failed : nil, detail: String(message: message))
        }
    }

    /// What is known of a file's manifest, as the library's JSON.
    ///
    /// - Returns: `nil` for a file without one.
    /// - Throws: `CredentialError` of kind `signingFailed` for a manifest that cannot be read, of kind `fileUnreadable` for a
    ///   file of another form than its beginning says.
    func read(_ file: FileHandle, contentType: String, anchors: String) throws(CredentialError) -> String? {
        var message = [CChar](repeating: 0, count: 4096)
        guard
            let json = lipsmith_c2pa_read(
                handle, Self.settings(anchors: anchors), contentType, file.fileDescriptor, &message, message.count)
        else {
            let detail = String(message: message)
            if detail.hasPrefix("ManifestNotFound") { return nil }
            // The library's words for errors of what holds the manifest, not of the manifest.
            if detail.hasPrefix("Other: asset could not be parsed") || detail.hasPrefix("Io:") {
                throw CredentialError(
                    .fileUnreadable, message: "The file's form is damaged.", suggestion: "Get it anew.", detail: detail)
            }
            throw CredentialError(
                .signingFailed, message: "The file's credentials cannot be read.",
                suggestion: "Take them for damaged.", detail: detail)
        }
        defer { free(json) }
        return String(cString: json)
    }

    private static let signCallback:
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int
        ) -> Int = { context, bytes, count, signature, capacity in
            guard let context, let bytes, let signature else { return -1 }
            let signer = context.assumingMemoryBound(to: Signer.self).pointee
            guard let made = signer.sign(Array(UnsafeBufferPointer(start: bytes, count: count))),
                made.count <= capacity
            else { return -1 }
            signature.update(from: made, count: made.count)
            return made.count
        }

    /// Gives C copies of texts to `body`.
    private static func withCopies<Result>(
        _ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { $0.map { UnsafePointer($0) } })
    }
}

public import Text
public import Time

/// The key by which a client makes a repeated request harmless.
public struct IdempotencyKey: Hashable, Sendable {
    /// The key's text.
    public let text: String

    /// Reads the values of all `Idempotency-Key` headers of a request; there must be exactly one, of 1 to 128 letters,
    /// digits, dots, underscores, tildes and hyphens.
    public init(headerValues: [String]) throws(GenerationError) {
        guard headerValues.count == 1, let text = headerValues.first, (1...128).contains(text.utf8.count),
            text.utf8.allSatisfy(Self.isAllowed)
        else { throw GenerationError(.idempotencyKeyInvalid, field: .idempotencyKey) }
        self.text = text
    }

    /// A key of an interface that takes other letters, kept apart from those of others.
    ///
    /// - Parameters:
    ///   - text: 1 to 255 printable characters of ASCII.
    ///   - interface: The interface's name.
    public init(_ text: String, of interface: String) throws(GenerationError) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw GenerationError(.idempotencyKeyInvalid, field: .idempotencyKey)
        }
        self.text = "\(interface):\(text)"
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}

/// A key, and what it stands for: stored together with what the request made.
public struct IdempotencyClaim: Hashable, Sendable {
    /// How long a key is remembered.
    public static let retention = Duration.seconds(7 * 86_400)

    public let key: IdempotencyKey
    /// SHA-256 of the request's canonical form; another one under the same key is a conflict.
    public let payloadDigest: [UInt8]

    /// Makes a claim of the parsed fields and, for uploads, the files' digests; boundaries and order do not matter.
    public init(key: IdempotencyKey, fields: JSONValue, fileDigests: [String: [UInt8]] = [:]) {
        self.key = key
        let files = fileDigests.mapValues { JSONValue.string(Hexadecimal.encode($0)) }
        payloadDigest = Digest.sha256(JSONValue.object(["fields": fields, "files": .object(files)]).utf8)
    }
}

/// What a store remembers about a key.
public struct IdempotencyRecord: Hashable, Sendable {
    /// The key's owner.
    public let organisation: OrganisationID
    /// The key's text.
    public let key: String
    /// SHA-256 of the request that used it first.
    public let payloadDigest: [UInt8]
    /// What that request made.
    public let generation: GenerationID
    /// When it may be forgotten.
    public let expiresAt: Timestamp

    public init(
        organisation: OrganisationID, key: String, payloadDigest: [UInt8], generation: GenerationID,
        expiresAt: Timestamp
    ) {
        self.organisation = organisation
        self.key = key
        self.payloadDigest = payloadDigest
        self.generation = generation
        self.expiresAt = expiresAt
    }
}

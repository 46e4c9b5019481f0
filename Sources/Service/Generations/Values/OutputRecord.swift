public import Time

/// What an installation remembers of a file that it has made, so that it can be told later where it comes from. It stays
/// when the file and its generation are deleted.
public struct OutputRecord: Hashable, Sendable {
    /// SHA-256 of the file as it was published, in hexadecimal digits.
    public var digest: String
    /// The generation that has made it.
    public var generation: GenerationID
    public var organisation: OrganisationID
    /// When it was made.
    public var createdAt: Timestamp
    /// The media type.
    public var contentType: String
    /// The number of the watermark in its pictures; `nil` for none.
    public var watermark: UInt32?
    /// What a video looks like (`VideoFingerprint`): a number for each of its seconds.
    public var fingerprint: [UInt64]

    public init(
        digest: String, generation: GenerationID, organisation: OrganisationID, createdAt: Timestamp,
        contentType: String, watermark: UInt32? = nil, fingerprint: [UInt64] = []
    ) {
        self.digest = digest
        self.generation = generation
        self.organisation = organisation
        self.createdAt = createdAt
        self.contentType = contentType
        self.watermark = watermark
        self.fingerprint = fingerprint
    }
}

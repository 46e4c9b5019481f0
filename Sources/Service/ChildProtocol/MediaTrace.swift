public import Watermark

/// What a child has found in a file that says where it comes from.
public struct MediaTrace: Codable, Sendable {
    /// What the file's signed manifest says; `nil` without one.
    public var credentials: CredentialFinding?
    /// Why a manifest that is there cannot be read.
    public var credentialsProblem: String?
    /// Why it cannot be told whether there is one: the file's own form is damaged.
    public var fileProblem: String?
    /// What a search for the mark in the pictures has found; `nil` where there are none, or they cannot be read.
    public var watermark: WatermarkFinding?
    /// What a video looks like (`VideoFingerprint`); empty for other files.
    public var fingerprint: [UInt64]

    public init(
        credentials: CredentialFinding? = nil, credentialsProblem: String? = nil, watermark: WatermarkFinding? = nil,
        fingerprint: [UInt64] = []
    ) {
        self.credentials = credentials
        self.credentialsProblem = credentialsProblem
        self.watermark = watermark
        self.fingerprint = fingerprint
    }
}

/// What a signed manifest says, and whether it holds.
public struct CredentialFinding: Codable, Hashable, Sendable {
    /// A file that the signed one was made of.
    public struct Source: Codable, Hashable, Sendable {
        public var title: String
        /// `parentOf`, `componentOf` or `inputTo`.
        public var relationship: String
        /// Whether it had a manifest of its own, which is kept in this one.
        public var hasCredentials: Bool
        /// C2PA's codes for what was wrong with that.
        public var problems: [String]

        public init(title: String, relationship: String, hasCredentials: Bool, problems: [String]) {
            self.title = title
            self.relationship = relationship
            self.hasCredentials = hasCredentials
            self.problems = problems
        }
    }

    /// Whether the signature and every hash hold: the file is as it was signed.
    public var isValid: Bool
    /// Whether the signer's certificate leads to one of those that were given as known.
    public var isByKnownSigner: Bool
    /// C2PA's codes for what is wrong; that a signer is unknown is none of them.
    public var problems: [String]
    /// Who signed, in the words of the certificate.
    public var signer: String?
    /// Whose the certificate is, likewise.
    public var organisation: String?
    /// When an authority saw the signature, in ISO 8601; `nil` where none did.
    public var signedAt: String?
    /// The program that made the manifest, with its version.
    public var generator: String?
    public var title: String?
    /// Addresses in IPTC's list of digital sources.
    public var digitalSources: [String]
    /// What this program's own statement says, as texts.
    public var statement: [String: String]
    /// The number of the watermark that the manifest names.
    public var watermark: String?
    public var sources: [Source]

    public init(
        isValid: Bool, isByKnownSigner: Bool, problems: [String], signer: String? = nil, organisation: String? = nil,
        signedAt: String? = nil, generator: String? = nil, title: String? = nil, digitalSources: [String] = [],
        statement: [String: String] = [:], watermark: String? = nil, sources: [Source] = []
    ) {
        self.isValid = isValid
        self.isByKnownSigner = isByKnownSigner
        self.problems = problems
        self.signer = signer
        self.organisation = organisation
        self.signedAt = signedAt
        self.generator = generator
        self.title = title
        self.digitalSources = digitalSources
        self.statement = statement
        self.watermark = watermark
        self.sources = sources
    }
}

/// What a child is asked that says where a file comes from.
public struct TraceOrder: Codable, Sendable {
    public var path: String
    /// Certificates in PEM whose holders are known; may be empty.
    public var anchors: String
    /// Whether the mark is looked for in clips that were sped up or slowed down, which takes longer.
    public var looksForOtherSpeeds: Bool

    public init(path: String, anchors: String, looksForOtherSpeeds: Bool) {
        self.path = path
        self.anchors = anchors
        self.looksForOtherSpeeds = looksForOtherSpeeds
    }
}

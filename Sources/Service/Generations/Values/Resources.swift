public import Time

/// Who may see an asset or a project.
public enum Visibility: String, Sendable, CaseIterable {
    /// Who made it.
    case user
    /// The whole organisation.
    case organisation = "organization"
}

/// How an asset came to be.
public enum AssetOrigin: String, Sendable, CaseIterable {
    /// Sent here.
    case upload
    /// Fetched from an address.
    case url
    /// Recorded in a page.
    case record
    /// Spoken from text.
    case speech = "tts"
    /// Taken out of another medium.
    case extract
    /// Taken over from a platform.
    case platformImport = "platform_import"
}

/// A stored medium with its probed facts.
public struct Asset: Hashable, Sendable {
    /// Its name.
    public let id: AssetID
    /// Its owner.
    public let organisation: OrganisationID
    /// When it was made.
    public let createdAt: Timestamp
    /// When it last changed.
    public var updatedAt: Timestamp
    /// What people call it.
    public var name: String
    /// Video, image or audio.
    public var kind: MediaKind
    /// How it came to be.
    public var origin: AssetOrigin
    /// Who may see it.
    public var visibility: Visibility
    /// Its content; nil until the file has arrived or while it lies elsewhere.
    public var blob: BlobKey?
    /// Where it lies, if elsewhere.
    public var remoteURL: String?
    /// A picture of it.
    public var thumbnailBlob: BlobKey?
    /// The container's name, for example `mp4`.
    public var format: String?
    /// Size.
    public var byteCount: Int64?
    /// Length in seconds.
    public var durationSeconds: Double?
    /// Picture width in pixels.
    public var width: Int?
    /// Picture height in pixels.
    public var height: Int?
    /// The generation that made it.
    public var generation: GenerationID?

    /// Makes an asset of which nothing is probed.
    public init(
        id: AssetID = AssetID(), organisation: OrganisationID, createdAt: Timestamp, name: String, kind: MediaKind,
        origin: AssetOrigin, visibility: Visibility = .user, blob: BlobKey? = nil, remoteURL: String? = nil,
        thumbnailBlob: BlobKey? = nil, format: String? = nil, byteCount: Int64? = nil, durationSeconds: Double? = nil,
        width: Int? = nil, height: Int? = nil, generation: GenerationID? = nil
    ) {
        self.id = id
        self.organisation = organisation
        self.createdAt = createdAt
        updatedAt = createdAt
        self.name = name
        self.kind = kind
        self.origin = origin
        self.visibility = visibility
        self.blob = blob
        self.remoteURL = remoteURL
        self.thumbnailBlob = thumbnailBlob
        self.format = format
        self.byteCount = byteCount
        self.durationSeconds = durationSeconds
        self.width = width
        self.height = height
        self.generation = generation
    }
}

/// A folder for generations and assets.
public struct Project: Hashable, Sendable {
    /// Its name.
    public let id: ProjectID
    /// Its owner.
    public let organisation: OrganisationID
    /// When it was made.
    public let createdAt: Timestamp
    /// When it last changed.
    public var updatedAt: Timestamp
    /// What people call it.
    public var name: String
    /// What it is for.
    public var summary: String?
    /// Who may see it.
    public var visibility: Visibility
    /// How it is shown; the interface's own word.
    public var mode: String
    /// What is made in it; the interface's own word.
    public var defaultWorkflow: String?

    public init(
        id: ProjectID = ProjectID(), organisation: OrganisationID, createdAt: Timestamp, name: String,
        summary: String? = nil, visibility: Visibility = .user, mode: String = "", defaultWorkflow: String? = nil
    ) {
        self.id = id
        self.organisation = organisation
        self.createdAt = createdAt
        updatedAt = createdAt
        self.name = name
        self.summary = summary
        self.visibility = visibility
        self.mode = mode
        self.defaultWorkflow = defaultWorkflow
    }
}

/// A key to the interfaces. Only the digest of its secret is kept.
public struct APIKey: Hashable, Sendable {
    /// Its name, not its secret.
    public let id: APIKeyID
    /// What it opens.
    public let organisation: OrganisationID
    /// What people call it.
    public var name: String
    /// SHA-256 of the secret, in hexadecimal digits.
    public let digest: String
    /// The beginning of the secret, so that people can tell keys apart.
    public let hint: String
    /// When it was made.
    public let createdAt: Timestamp
    /// When it stopped to open anything.
    public var revokedAt: Timestamp?
    /// What it may do.
    public let role: Role
    /// The parts of Hedra's API v3 that it opens, and nothing else; nil for everything that its role may do.
    public var scopes: Set<String>?
    /// When it stops to open anything by itself; nil for never.
    public var expiresAt: Timestamp?
    /// The key that it stands for, for a short time: it ends with that one. Nil for a key of its own.
    public var parent: APIKeyID?

    /// Makes a key of what a store keeps.
    public init(
        id: APIKeyID, organisation: OrganisationID, name: String, digest: String, hint: String, createdAt: Timestamp,
        revokedAt: Timestamp? = nil, role: Role = .member, scopes: Set<String>? = nil, expiresAt: Timestamp? = nil,
        parent: APIKeyID? = nil
    ) {
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.parent = parent
        self.role = role
        self.id = id
        self.organisation = organisation
        self.name = name
        self.digest = digest
        self.hint = hint
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }

    /// Makes a new key and its secret, which is shown once and not kept.
    public static func issue(
        name: String, organisation: OrganisationID, role: Role = .member, now: Timestamp
    ) -> (key: APIKey, secret: String) {
        let secret = "sk-" + Secret.make()
        let key = APIKey(
            id: APIKeyID(), organisation: organisation, name: name, digest: digest(of: secret),
            hint: String(secret.prefix(8)), createdAt: now, role: role)
        return (key, secret)
    }

    /// Makes a new key whose secret begins with its name, and the secret.
    public static func issueNamed(
        name: String, organisation: OrganisationID, role: Role, scopes: Set<String>?, expiresAt: Timestamp?,
        parent: APIKeyID? = nil, now: Timestamp
    ) -> (key: APIKey, secret: String) {
        let id = APIKeyID()
        let secret = namedSecret(of: id)
        let key = APIKey(
            id: id, organisation: organisation, name: name, digest: digest(of: secret), hint: String(secret.prefix(8)),
            createdAt: now, role: role, scopes: scopes, expiresAt: expiresAt, parent: parent)
        return (key, secret)
    }

    /// A new secret for a key, with the key's name before a colon.
    public static func namedSecret(of id: APIKeyID) -> String { "\(id.rawValue):\(Secret.make())" }

    /// What a store looks a sent secret up by.
    public static func digest(of secret: String) -> String { Secret.digest(of: secret) }
}

/// The owner of everything else.
public struct Organisation: Hashable, Sendable {
    /// Its name.
    public let id: OrganisationID
    /// What people call it.
    public var name: String
    /// What its webhooks are signed with.
    public var webhookSecret: String
    /// When it was made.
    public let createdAt: Timestamp

    /// Makes an organisation with a new webhook secret unless one is given.
    public init(
        id: OrganisationID = OrganisationID(), name: String, webhookSecret: String = WebhookSigning.makeSecret(),
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.webhookSecret = webhookSecret
        self.createdAt = createdAt
    }
}

public import Time

/// What a key or a session may do besides using its organisation.
public enum Role: String, Sendable, CaseIterable {
    /// Uses its organisation.
    case member
    /// Also sees and changes the installation: all organisations' jobs, webhooks, keys and sessions, and the settings.
    case `operator`
}

/// Names a session, not its secret.
public typealias SessionID = Identifier<Session>

/// A browser that has signed in. Only the digest of its secret is kept.
public struct Session: Hashable, Sendable {
    /// How long a session goes on without use.
    public static let validity = Duration.seconds(30 * 86_400)
    /// How long a use need not be stored after one that was: a busy page must not make a write of every read.
    public static let useInterval = Duration.seconds(300)
    /// How long an ended session or link is kept before it is purged.
    public static let purgeAge = Duration.seconds(7 * 86_400)
    /// The most Unicode scalars of `client` that are kept.
    public static let clientLength = 200

    /// Its name.
    public let id: SessionID
    /// What it opens.
    public let organisation: OrganisationID
    /// What it may do.
    public let role: Role
    /// SHA-256 of the secret, in hexadecimal digits.
    public let digest: String
    /// When it was signed in.
    public let createdAt: Timestamp
    /// When it was last used; up to `useInterval` late.
    public var lastUsedAt: Timestamp
    /// When it ends unless it is used before.
    public var expiresAt: Timestamp
    /// What the browser calls itself.
    public let client: String
    /// When it was ended by somebody.
    public var revokedAt: Timestamp?

    /// Makes a session of what a store keeps.
    public init(
        id: SessionID, organisation: OrganisationID, role: Role, digest: String, createdAt: Timestamp,
        lastUsedAt: Timestamp, expiresAt: Timestamp, client: String, revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.organisation = organisation
        self.role = role
        self.digest = digest
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.client = client
        self.revokedAt = revokedAt
    }

    /// The session that a link opens.
    ///
    /// - Parameters:
    ///   - digest: Of the new session's secret, which has nothing to do with the link's.
    ///   - client: What the browser calls itself; cut off where it is too long.
    public init(opening token: SignInToken, digest: String, client: String, now: Timestamp) {
        self.init(
            id: SessionID(), organisation: token.organisation, role: token.role, digest: digest, createdAt: now,
            lastUsedAt: now, expiresAt: now.advanced(by: Self.validity),
            client: client.prefix(scalars: Self.clientLength))
    }

    /// Whether a use at the moment `now` is to be stored.
    public func mustNoteUse(at now: Timestamp) -> Bool { now >= lastUsedAt.advanced(by: Self.useInterval) }
}

/// A link that signs in whoever opens it first. Only the digest of its secret is kept.
public struct SignInToken: Hashable, Sendable {
    /// How long a link may be opened.
    public static let validity = Duration.seconds(86_400)

    /// SHA-256 of the secret, in hexadecimal digits.
    public let digest: String
    /// What its session opens.
    public let organisation: OrganisationID
    /// What its session may do.
    public let role: Role
    /// Until when it can be opened.
    public let expiresAt: Timestamp
    /// When it was opened.
    public var usedAt: Timestamp?

    /// Makes a token of what a store keeps.
    public init(
        digest: String, organisation: OrganisationID, role: Role, expiresAt: Timestamp, usedAt: Timestamp? = nil
    ) {
        self.digest = digest
        self.organisation = organisation
        self.role = role
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }

    /// Makes a new token and its secret, which is shown once and not kept.
    public static func issue(organisation: OrganisationID, role: Role, now: Timestamp) -> (
        token: SignInToken, secret: String
    ) {
        let secret = Secret.make()
        let token = SignInToken(
            digest: Secret.digest(of: secret), organisation: organisation, role: role,
            expiresAt: now.advanced(by: validity))
        return (token, secret)
    }

    /// The address that signs its opener in.
    ///
    /// The secret stands behind `#`: browsers do not send that part, so that it is in no log and no `Referer`.
    ///
    /// - Parameter base: The beginning of the server's addresses, without a slash at the end.
    public static func url(secret: String, base: String) -> String { "\(base)/studio#enter=\(secret)" }
}

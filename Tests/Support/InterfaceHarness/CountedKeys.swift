public import Generations
import Synchronization
public import Time

/// A store of one key and one session that counts how often it is asked for one.
public final class CountedKeys: KeyStore, SessionStore {
    /// The key.
    public let key: APIKey
    /// What a client sends.
    public let secret: String
    /// The session, of the same organisation and role.
    public let session: Session
    /// What a browser sends.
    public let sessionSecret: String
    private let state = Mutex((lookUps: 0, notedUses: 0, isRevoked: false))

    /// Makes a key and a session of a new organisation.
    ///
    /// - Parameter signedInAt: When the session began.
    public init(role: Role = .member, signedInAt: Timestamp = SystemClock().now) {
        (key, secret) = APIKey.issue(
            name: "test", organisation: OrganisationID(), role: role, now: SystemClock().now)
        sessionSecret = Secret.make()
        let (token, _) = SignInToken.issue(organisation: key.organisation, role: role, now: signedInAt)
        session = Session(
            opening: token, digest: Secret.digest(of: sessionSecret), client: "test", now: signedInAt)
    }

    /// How often a key or a session was looked up.
    public var lookUps: Int { state.withLock { $0.lookUps } }

    /// How often a use of the session was to be stored.
    public var notedUses: Int { state.withLock { $0.notedUses } }

    /// Revokes the key and the session.
    public func revoke() { state.withLock { $0.isRevoked = true } }

    /// The session, if the digest is its own and it is open.
    public func activeSession(digest: String, now: Timestamp) async throws -> Session? {
        state.withLock { state in
            state.lookUps += 1
            return digest == session.digest && !state.isRevoked && now < session.expiresAt ? session : nil
        }
    }

    /// Counts it.
    public func noteSessionUse(_ id: SessionID, now: Timestamp) async throws {
        state.withLock { $0.notedUses += 1 }
    }

    /// Keeps nothing.
    public func createSignInToken(_ token: SignInToken) async throws {}
    /// None.
    public func redeemSignInToken(
        digest: String, now: Timestamp, _ makeSession: @escaping @Sendable (SignInToken) -> Session
    ) async throws -> Session? { nil }
    /// The session, whichever is named.
    public func session(_ id: SessionID, now: Timestamp) async throws -> Session? { session }
    /// The session.
    public func sessions(
        organisation: OrganisationID?, now: Timestamp, after cursor: SessionID?, limit: Int
    ) async throws -> Page<Session> { Page(items: [session], hasMore: false) }
    /// Revokes the session, whichever is named.
    public func revokeSession(_ id: SessionID, now: Timestamp) async throws -> Bool {
        revoke()
        return true
    }
    /// Forgets nothing.
    public func purgeSessions(endedBefore moment: Timestamp) async throws -> Int { 0 }

    /// The key, if the digest is its own and it was not revoked.
    public func activeKey(digest: String, now: Timestamp) async throws -> APIKey? {
        state.withLock { state in
            state.lookUps += 1
            return digest == key.digest && !state.isRevoked ? key : nil
        }
    }

    /// None.
    public func replaceSecret(
        of id: APIKeyID, organisation: OrganisationID, digest: String, hint: String, oldUntil: Timestamp
    ) async throws -> Bool { false }

    /// Keeps nothing.
    public func createOrganisation(_ organisation: Organisation) async throws {}
    /// None.
    public func organisation(_ id: OrganisationID) async throws -> Organisation? { nil }
    /// None.
    public func organisations() async throws -> [Organisation] { [] }
    /// Keeps nothing.
    public func createKey(_ key: APIKey) async throws {}

    public func createFirstKey(_ key: APIKey) async throws -> Bool { false }

    public func organisation(named name: String?, orMake organisation: Organisation) async throws -> Organisation {
        organisation
    }
    /// The key.
    public func keys() async throws -> [APIKey] { [key] }
    /// Revokes the key, whichever is named.
    public func revokeKey(_ id: APIKeyID, now: Timestamp) async throws -> Bool {
        revoke()
        return true
    }
}

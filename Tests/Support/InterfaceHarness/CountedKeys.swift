public import Generations
import Synchronization
public import Time

/// A store of one key that counts how often it is asked for one.
public final class CountedKeys: KeyStore {
    /// The key.
    public let key: APIKey
    /// What a client sends.
    public let secret: String
    private let state = Mutex((lookUps: 0, isRevoked: false))

    /// Makes a key of a new organisation.
    public init() {
        (key, secret) = APIKey.issue(name: "test", organisation: OrganisationID(), now: SystemClock().now)
    }

    /// How often a key was looked up.
    public var lookUps: Int { state.withLock { $0.lookUps } }

    /// Revokes the key.
    public func revoke() { state.withLock { $0.isRevoked = true } }

    /// The key, if the digest is its own and it was not revoked.
    public func activeKey(digest: String) async throws -> APIKey? {
        state.withLock { state in
            state.lookUps += 1
            return digest == key.digest && !state.isRevoked ? key : nil
        }
    }

    /// Keeps nothing.
    public func createOrganisation(_ organisation: Organisation) async throws {}
    /// None.
    public func organisation(_ id: OrganisationID) async throws -> Organisation? { nil }
    /// None.
    public func organisations() async throws -> [Organisation] { [] }
    /// Keeps nothing.
    public func createKey(_ key: APIKey) async throws {}
    /// The key.
    public func keys() async throws -> [APIKey] { [key] }
    /// Revokes the key, whichever is named.
    public func revokeKey(_ id: APIKeyID, now: Timestamp) async throws -> Bool {
        revoke()
        return true
    }
}

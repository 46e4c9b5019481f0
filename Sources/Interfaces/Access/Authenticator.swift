public import Generations
public import HTTP
import Synchronization

/// Who sends a request, as far as it matters: everything belongs to organisations.
public struct Caller: Hashable, Sendable {
    /// What the key opens.
    public let organisation: OrganisationID
    /// Which key it was.
    public let key: APIKeyID
}

/// Why a request was not let in.
public enum AuthenticationFailure: Error, Hashable, Sendable {
    /// It carries no key.
    case missing
    /// Its key opens nothing.
    case wrong
}

/// Finds out who sends a request, by the secret in `x-api-key` or `Authorization: Bearer`.
///
/// Known keys are remembered for a few seconds, so that a busy client does not cost a look into the store per request;
/// a key that another process revokes goes on to work that long.
public final class Authenticator: Sendable {
    private struct Entry {
        var caller: Caller
        var readAt: ContinuousClock.Instant
    }

    private static let memory = Duration.seconds(5)
    private static let entryLimit = 4096

    private let store: any KeyStore
    /// By the digest of the secret: how long looking one up takes tells nothing about the secrets of others.
    private let known = Mutex<[String: Entry]>([:])

    /// Makes an authenticator over the stored keys.
    public init(store: any KeyStore) { self.store = store }

    /// Who sends `request`.
    ///
    /// - Parameter now: The moment by which remembered keys are old.
    /// - Throws: `AuthenticationFailure`, and what the store throws.
    public func caller(
        of request: HTTPRequest, now: ContinuousClock.Instant = .now
    ) async throws -> Caller {
        guard let secret = Self.secret(in: request.headers) else { throw AuthenticationFailure.missing }
        let digest = APIKey.digest(of: secret)
        if let entry = known.withLock({ $0[digest] }), now - entry.readAt < Self.memory { return entry.caller }
        guard let key = try await store.activeKey(digest: digest) else {
            known.withLock { $0[digest] = nil }
            throw AuthenticationFailure.wrong
        }
        let caller = Caller(organisation: key.organisation, key: key.id)
        known.withLock { known in
            if known.count >= Self.entryLimit { known.removeAll() }
            known[digest] = Entry(caller: caller, readAt: now)
        }
        return caller
    }

    private static func secret(in headers: HTTPHeaders) -> String? {
        if let key = headers["x-api-key"], !key.isEmpty { return key }
        guard let field = headers["Authorization"] else { return nil }
        let words = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1])
    }
}

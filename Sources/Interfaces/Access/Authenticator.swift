public import Generations
public import HTTP
import Synchronization
public import Time

/// Who sends a request, as far as it matters: everything belongs to organisations.
public struct Caller: Hashable, Sendable {
    /// What a caller came in with.
    public enum Credential: Hashable, Sendable {
        /// A key in a header.
        case key(APIKeyID)
        /// A browser's session.
        case session(SessionID)
        /// None: a program on this machine, where the operator lets such in.
        case none
    }

    /// What the credential opens.
    public let organisation: OrganisationID
    /// What the caller may do.
    public let role: Role
    /// Which credential it was.
    public let credential: Credential
    /// The parts of an interface that the credential opens, and nothing else; nil for all that the role may do.
    public let scopes: Set<String>?

    /// Names a caller.
    public init(organisation: OrganisationID, role: Role, credential: Credential, scopes: Set<String>? = nil) {
        self.scopes = scopes
        self.organisation = organisation
        self.role = role
        self.credential = credential
    }

    /// The session that the caller came in with; nil with a key.
    public var session: SessionID? {
        if case .session(let id) = credential { id } else { nil }
    }
}

/// Why a request was not let in.
public enum AuthenticationFailure: Error, Hashable, Sendable {
    /// It carries no credential.
    case missing
    /// Its key or session opens nothing.
    case wrong
    /// It carries a session's cookie, and another site's page may have made the browser send it.
    case crossSite
    /// It asks for what operators alone may do.
    case operatorOnly
    /// Its key opens other parts alone; with the name of the missing one, nil for a part that no such key opens.
    case outOfScope(String?)
}

/// Finds out who sends a request: by the secret in `x-api-key` or `Authorization` (`Bearer`, `Key` or `Token`), or by a session's cookie where
/// cookies are taken.
///
/// Known keys and sessions are remembered for a few seconds, so that a busy client does not cost a look into the store per
/// request; one that another process revokes goes on to work that long.
public final class Authenticator: Sendable {
    private struct Entry {
        var caller: Caller
        var expiresAt: Timestamp?
        var readAt: ContinuousClock.Instant
    }

    private struct Known {
        var entries: [Name: Entry] = [:]
        /// How often something was forgotten: what was read before is not remembered afterwards.
        var forgottenCount = 0
    }

    /// The digest of a secret: how long looking one up takes tells nothing about the secrets of others. What opens as a
    /// cookie does not open as a key.
    private enum Name: Hashable {
        case key(String)
        case session(String)
    }

    private static let memory = Duration.seconds(5)
    private static let entryLimit = 4096

    private let store: any KeyStore & SessionStore
    private let clock: any WallClock
    private let known = Mutex(Known())

    /// Makes an authenticator over the stored keys and sessions.
    public init(store: any KeyStore & SessionStore, clock: any WallClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// Who sends `request`. A key in a header counts before a cookie.
    ///
    /// - Parameters:
    ///   - pages: Which pages' requests are taken by cookie; nil takes no cookies.
    ///   - now: The moment by which remembered credentials are old.
    /// - Throws: `AuthenticationFailure`, and what the store throws.
    public func caller(
        of request: HTTPRequest, pages: SameOrigin? = nil, now: ContinuousClock.Instant = .now
    ) async throws -> Caller {
        if let secret = Self.secret(in: request.headers) {
            let digest = Secret.digest(of: secret)
            return try await caller(.key(digest), now: now) {
                try await store.activeKey(digest: digest, now: clock.now).map { key in
                    (
                        Caller(
                            organisation: key.organisation, role: key.role, credential: .key(key.id), scopes: key.scopes
                        ),
                        key.expiresAt
                    )
                }
            }
        }
        guard let pages, let secret = SessionCookie.secret(in: request.headers) else {
            throw AuthenticationFailure.missing
        }
        guard request.method == .get || request.method == .head || pages.admits(request) else {
            throw AuthenticationFailure.crossSite
        }
        let digest = Secret.digest(of: secret)
        return try await caller(.session(digest), now: now) { try await callerOfSession(digest).map { ($0, nil) } }
    }

    /// Whether a request has a key in a header, of whatever worth.
    public static func carriesKey(_ request: HTTPRequest) -> Bool { secret(in: request.headers) != nil }

    /// Forgets a credential that was revoked here, so that it opens nothing from now on.
    public func forget(_ credential: Caller.Credential) {
        known.withLock { known in
            known.entries = known.entries.filter { $0.value.caller.credential != credential }
            known.forgottenCount += 1
        }
    }

    private func caller(
        _ name: Name, now: ContinuousClock.Instant, read: () async throws -> (Caller, expiresAt: Timestamp?)?
    ) async throws -> Caller {
        let (entry, forgottenCount) = known.withLock { ($0.entries[name], $0.forgottenCount) }
        if let entry, now - entry.readAt < Self.memory, entry.expiresAt.map({ clock.now < $0 }) ?? true {
            return entry.caller
        }
        guard let (caller, expiresAt) = try await read() else {
            known.withLock { $0.entries[name] = nil }
            throw AuthenticationFailure.wrong
        }
        known.withLock { known in
            guard known.forgottenCount == forgottenCount else { return }
            if known.entries.count >= Self.entryLimit { known.entries.removeAll() }
            known.entries[name] = Entry(caller: caller, expiresAt: expiresAt, readAt: now)
        }
        return caller
    }

    private func callerOfSession(_ digest: String) async throws -> Caller? {
        let time = clock.now
        guard let session = try await store.activeSession(digest: digest, now: time) else { return nil }
        // A disk that is full must not keep anybody from looking.
        if session.mustNoteUse(at: time) { try? await store.noteSessionUse(session.id, now: time) }
        return Caller(organisation: session.organisation, role: session.role, credential: .session(session.id))
    }

    /// The words before a key in `Authorization`: the usual one, and those of Hedra's and fal's and of Replicate's clients.
    private static let schemes: Set<String> = ["bearer", "key", "token"]

    private static func secret(in headers: HTTPHeaders) -> String? {
        if let key = headers["x-api-key"], !key.isEmpty { return key }
        guard let field = headers["Authorization"] else { return nil }
        let words = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, schemes.contains(words[0].lowercased()) else { return nil }
        return String(words[1])
    }
}

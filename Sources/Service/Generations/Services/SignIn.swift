public import Time

/// Makes links that sign browsers in, and opens them.
public struct SignIn: Sendable {
    private let store: any SessionStore
    private let clock: any WallClock

    public init(store: any SessionStore, clock: any WallClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// Makes a link that opens once, within a day; gives its secret, which is not kept.
    public func makeLink(
        organisation: OrganisationID, role: Role
    ) async throws -> (secret: String, expiresAt: Timestamp) {
        let (token, secret) = SignInToken.issue(organisation: organisation, role: role, now: clock.now)
        try await store.createSignInToken(token)
        return (secret, token.expiresAt)
    }

    /// Opens a link: a new session with a new secret, whatever the browser had before.
    ///
    /// - Parameters:
    ///   - secret: The link's.
    ///   - client: What the browser calls itself.
    /// - Returns: The session and its secret; nil where the link opens nothing.
    public func open(_ secret: String, client: String) async throws -> (session: Session, secret: String)? {
        let now = clock.now
        let sessionSecret = Secret.make()
        let session = try await store.redeemSignInToken(digest: Secret.digest(of: secret), now: now) { token in
            Session(opening: token, digest: Secret.digest(of: sessionSecret), client: client, now: now)
        }
        return session.map { ($0, sessionSecret) }
    }
}

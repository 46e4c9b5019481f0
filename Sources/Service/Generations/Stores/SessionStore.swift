public import Time

/// Sessions of browsers, and the links that begin them.
public protocol SessionStore: Sendable {
    /// Stores a new link's token.
    func createSignInToken(_ token: SignInToken) async throws
    /// Opens a link and stores the session that it begins, in one transaction: of any number that open it at the same
    /// moment, one gets a session.
    ///
    /// - Parameters:
    ///   - digest: Of the link's secret.
    ///   - makeSession: Makes the session of the token.
    /// - Returns: The session; nil where the link is unknown, was opened before, or its time is over.
    func redeemSignInToken(
        digest: String, now: Timestamp, _ makeSession: @escaping @Sendable (SignInToken) -> Session
    ) async throws -> Session?
    /// The session of a secret's digest; nil where it is unknown, revoked or over. A read.
    func activeSession(digest: String, now: Timestamp) async throws -> Session?
    /// A session that opens something still, by its name.
    func session(_ id: SessionID, now: Timestamp) async throws -> Session?
    /// Keeps that a session was used, which puts off its end. Does nothing to one that opens nothing any more, or of which
    /// a use within `Session.useInterval` is kept.
    func noteSessionUse(_ id: SessionID, now: Timestamp) async throws
    /// A page of the sessions that open something, the newest first, from the one after `cursor` on.
    ///
    /// - Parameter organisation: Whose; nil for all.
    /// - Throws: `GenerationError` of field `cursor` where that one is gone.
    func sessions(
        organisation: OrganisationID?, now: Timestamp, after cursor: SessionID?, limit: Int
    ) async throws -> Page<Session>
    /// Revokes a session; false where there is no such session that opens anything.
    func revokeSession(_ id: SessionID, now: Timestamp) async throws -> Bool
    /// Forgets sessions that were revoked or over, and links whose time was over, before `moment`; gives their number.
    func purgeSessions(endedBefore moment: Timestamp) async throws -> Int
}

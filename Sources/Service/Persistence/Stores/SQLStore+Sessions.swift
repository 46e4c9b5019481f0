public import Generations
public import Time

extension SQLStore: SessionStore {
    /// Stores a new link's token.
    public func createSignInToken(_ token: SignInToken) async throws {
        try await write { connection in
            try connection.execute(
                "INSERT INTO sign_in_tokens (digest, organisation, role, expires_ms, used_ms) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(token.digest), .id(token.organisation), .text(token.role.rawValue), .time(token.expiresAt),
                    .time(token.usedAt),
                ])
        }
    }

    /// Opens a link, once.
    public func redeemSignInToken(
        digest: String, now: Timestamp, _ makeSession: @escaping @Sendable (SignInToken) -> Session
    ) async throws -> Session? {
        // Whoever sends wrong tokens must not hold up what is to be stored.
        let opens = try await readRow { connection in
            try connection.first(
                "SELECT 1 FROM sign_in_tokens WHERE digest = ? AND used_ms IS NULL AND expires_ms > ?",
                [.text(digest), .time(now)]
            ) { _ in true } ?? false
        }
        guard opens else { return nil }
        return try await write { connection in
            let isFirst = try connection.change(
                "UPDATE sign_in_tokens SET used_ms = ? WHERE digest = ? AND used_ms IS NULL AND expires_ms > ?",
                [.time(now), .text(digest), .time(now)])
            guard isFirst == 1 else { return nil }
            let token = try connection.first(
                "SELECT digest, organisation, role, expires_ms, used_ms FROM sign_in_tokens WHERE digest = ?",
                [.text(digest)]
            ) { row in
                SignInToken(
                    digest: row.text(0), organisation: row.id(1), role: try row.word(2), expiresAt: row.time(3),
                    usedAt: row.optionalTime(4))
            }
            guard let token else { return nil }
            let session = makeSession(token)
            try Self.insert(session, connection)
            return session
        }
    }

    /// The session of a secret's digest.
    public func activeSession(digest: String, now: Timestamp) async throws -> Session? {
        try await readRow { connection in
            try connection.first(
                "SELECT \(Self.sessionColumns) FROM sessions WHERE digest = ? AND \(Self.isOpen)",
                [.text(digest), .time(now)], Self.readSession)
        }
    }

    /// A session by its name.
    public func session(_ id: SessionID, now: Timestamp) async throws -> Session? {
        try await readRow { connection in
            try connection.first(
                "SELECT \(Self.sessionColumns) FROM sessions WHERE id = ? AND \(Self.isOpen)", [.id(id), .time(now)],
                Self.readSession)
        }
    }

    /// Keeps that a session was used.
    public func noteSessionUse(_ id: SessionID, now: Timestamp) async throws {
        try await write { connection in
            try connection.execute(
                """
                UPDATE sessions SET last_used_ms = ?, expires_ms = ?
                WHERE id = ? AND last_used_ms <= ? AND \(Self.isOpen)
                """,
                [
                    .time(now), .time(now.advanced(by: Session.validity)), .id(id),
                    .time(now.advanced(by: .zero - Session.useInterval)), .time(now),
                ])
        }
    }

    /// A page of sessions, the newest first.
    public func sessions(
        organisation: OrganisationID?, now: Timestamp, after cursor: SessionID?, limit: Int
    ) async throws -> Page<Session> {
        try await read { [damaged] connection in
            try ListCursor.check(cursor, of: "session", in: "sessions", organisation: organisation, connection)
            let found = try DamagedRows.filled(limit + 1, after: cursor?.rawValue) { last, count in
                let position =
                    last == nil
                    ? ""
                    : """
                    AND (created_ms, id) < (SELECT created_ms, id FROM sessions WHERE id = ?4)
                    """
                return try connection.all(
                    """
                    SELECT \(Self.sessionColumns) FROM sessions
                    WHERE revoked_ms IS NULL AND expires_ms > ?1 AND organisation = coalesce(?2, organisation) \(position)
                    ORDER BY created_ms DESC, id DESC LIMIT ?3
                    """,
                    [.time(now), .id(organisation), .integer(Int64(count))] + (last.map { [.text($0)] } ?? [])
                ) { row in (row.text(0), try damaged.readable("session", row, Self.readSession)) }
            }
            return Page(items: Array(found.prefix(limit)), hasMore: found.count > limit)
        }
    }

    /// Revokes a session.
    public func revokeSession(_ id: SessionID, now: Timestamp) async throws -> Bool {
        try await write { connection in
            try connection.change(
                "UPDATE sessions SET revoked_ms = ? WHERE id = ? AND \(Self.isOpen)",
                [.time(now), .id(id), .time(now)]) == 1
        }
    }

    /// Forgets what has long ended.
    public func purgeSessions(endedBefore moment: Timestamp) async throws -> Int {
        try await write { connection in
            let least = connection.dialect.least
            let sessions = try connection.change(
                "DELETE FROM sessions WHERE \(least)(expires_ms, coalesce(revoked_ms, expires_ms)) < ?", [.time(moment)]
            )
            return try connection.change("DELETE FROM sign_in_tokens WHERE expires_ms < ?", [.time(moment)]) + sessions
        }
    }

    /// That a session opens something; takes the present moment.
    private static let isOpen = "revoked_ms IS NULL AND expires_ms > ?"

    private static let sessionColumns = """
        id, organisation, role, digest, created_ms, last_used_ms, expires_ms, client, revoked_ms
        """

    private static func insert(_ session: Session, _ connection: any Connection) throws {
        try connection.execute(
            "INSERT INTO sessions (\(sessionColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .id(session.id), .id(session.organisation), .text(session.role.rawValue), .text(session.digest),
                .time(session.createdAt), .time(session.lastUsedAt), .time(session.expiresAt), .text(session.client),
                .time(session.revokedAt),
            ])
    }

    @Sendable private static func readSession(_ row: Row) throws -> Session {
        Session(
            id: row.id(0), organisation: row.id(1), role: try row.word(2), digest: row.text(3), createdAt: row.time(4),
            lastUsedAt: row.time(5), expiresAt: row.time(6), client: row.text(7), revokedAt: row.optionalTime(8))
    }
}

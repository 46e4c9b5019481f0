public import Generations
public import Time

extension SQLStore: KeyStore {
    /// Stores a new organisation.
    public func createOrganisation(_ organisation: Organisation) async throws {
        try await write { try Self.insert(organisation, $0) }
    }

    public func organisation(_ id: OrganisationID) async throws -> Organisation? {
        try await read { connection in
            try connection.first(
                "SELECT id, name, webhook_secret, created_ms FROM organisations WHERE id = ?", [.id(id)],
                Self.readOrganisation)
        }
    }

    /// An organisation by what operators call it, made where there is none.
    public func organisation(named name: String?, orMake organisation: Organisation) async throws -> Organisation {
        try await write(inTurn: Self.beginnings) { connection in
            let known = try connection.first(
                """
                SELECT id, name, webhook_secret, created_ms FROM organisations
                WHERE coalesce(?1, name) = name OR ?1 = id ORDER BY created_ms, id LIMIT 1
                """, [.optional(name)], Self.readOrganisation)
            if let known { return known }
            try Self.insert(organisation, connection)
            return organisation
        }
    }

    /// The turn in which an installation's first things are made.
    private static let beginnings = "beginnings"

    /// All organisations, the oldest first.
    public func organisations() async throws -> [Organisation] {
        try await read { connection in
            try connection.all(
                "SELECT id, name, webhook_secret, created_ms FROM organisations ORDER BY created_ms, id", [],
                Self.readOrganisation)
        }
    }

    /// Stores a new key.
    public func createKey(_ key: APIKey) async throws {
        try await write { try Self.insert(key, $0) }
    }

    /// Stores the first key.
    public func createFirstKey(_ key: APIKey) async throws -> Bool {
        try await write(inTurn: Self.beginnings) { connection in
            let isAny = try connection.first("SELECT 1 FROM api_keys LIMIT 1") { _ in true }
            guard isAny == nil else { return false }
            try Self.insert(key, connection)
            return true
        }
    }

    private static func insert(_ organisation: Organisation, _ connection: any Connection) throws {
        try connection.execute(
            "INSERT INTO organisations (id, name, webhook_secret, created_ms) VALUES (?, ?, ?, ?)",
            [
                .id(organisation.id), .text(organisation.name), .text(organisation.webhookSecret),
                .time(organisation.createdAt),
            ])
    }

    private static func insert(_ key: APIKey, _ connection: any Connection) throws {
        if key.parent != nil {
            // Nobody needs to remember short-lived ones whose time is over.
            try connection.execute(
                "DELETE FROM api_keys WHERE parent IS NOT NULL AND expires_ms < ?", [.time(key.createdAt)])
        }
        try connection.execute(
            "INSERT INTO api_keys (\(keyColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .id(key.id), .id(key.organisation), .text(key.name), .text(key.digest), .text(key.hint),
                .time(key.createdAt), .time(key.revokedAt), .text(key.role.rawValue),
                .optional(key.scopes.map { $0.sorted().joined(separator: " ") }), .time(key.expiresAt),
                .id(key.parent),
            ])
    }

    public func activeKey(digest: String, now: Timestamp) async throws -> APIKey? {
        try await read { connection in
            let key = try connection.first(
                "SELECT \(Self.keyColumns) FROM api_keys WHERE digest = ? AND revoked_ms IS NULL", [.text(digest)],
                Self.readKey)
            let older = try key == nil ? Self.replacedKey(digest: digest, connection) : nil
            guard let found = key ?? older, found.expiresAt.map({ now < $0 }) ?? true else { return nil }
            guard let parent = found.parent else { return found }
            let isOpen = try connection.first(
                """
                SELECT 1 FROM api_keys
                WHERE id = ? AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > ?)
                """, [.id(parent), .time(now)]
            ) { _ in true }
            return isOpen == true ? found : nil
        }
    }

    /// The key that a digest opened before its secret was replaced, with the end of its grace.
    private static func replacedKey(digest: String, _ connection: any Connection) throws -> APIKey? {
        try connection.first(
            "SELECT \(keyColumns), last_expires_ms FROM api_keys WHERE last_digest = ? AND revoked_ms IS NULL",
            [.text(digest)]
        ) { row in
            var key = try readKey(row)
            let end = row.time(11)
            key.expiresAt = key.expiresAt.map { min($0, end) } ?? end
            return key
        }
    }

    public func replaceSecret(
        of id: APIKeyID, organisation: OrganisationID, digest: String, hint: String, oldUntil: Timestamp
    ) async throws -> Bool {
        try await write { connection in
            try connection.change(
                """
                UPDATE api_keys SET last_digest = digest, last_expires_ms = ?, digest = ?, hint = ?
                WHERE id = ? AND organisation = ? AND revoked_ms IS NULL AND parent IS NULL
                """, [.time(oldUntil), .text(digest), .text(hint), .id(id), .id(organisation)]) == 1
        }
    }

    /// All keys that stand for themselves, the oldest first.
    public func keys() async throws -> [APIKey] {
        try await read { [damaged] connection in
            try connection.all(
                "SELECT \(Self.keyColumns) FROM api_keys WHERE parent IS NULL ORDER BY created_ms, id"
            ) {
                try damaged.readable("key", $0, Self.readKey)
            }.compactMap { $0 }
        }
    }

    public func revokeKey(_ id: APIKeyID, now: Timestamp) async throws -> Bool {
        try await write { connection in
            try connection.change(
                "UPDATE api_keys SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL", [.time(now), .id(id)]) == 1
        }
    }

    @Sendable private static func readOrganisation(_ row: Row) -> Organisation {
        Organisation(id: row.id(0), name: row.text(1), webhookSecret: row.text(2), createdAt: row.time(3))
    }

    private static let keyColumns =
        "id, organisation, name, digest, hint, created_ms, revoked_ms, role, scopes, expires_ms, parent"

    @Sendable private static func readKey(_ row: Row) throws -> APIKey {
        APIKey(
            id: row.id(0), organisation: row.id(1), name: row.text(2), digest: row.text(3), hint: row.text(4),
            createdAt: row.time(5), revokedAt: row.optionalTime(6), role: try row.word(7),
            scopes: row.optionalText(8).map { Set($0.split(separator: " ").map(String.init)) },
            expiresAt: row.optionalTime(9), parent: row.optionalID(10))
    }
}

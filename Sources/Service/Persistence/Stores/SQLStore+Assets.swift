public import Generations

extension SQLStore: AssetStore {
    static let assetColumns = """
        id, organisation, kind, origin, visibility, name, created_ms, updated_ms, blob, remote_url, thumbnail_blob,
        format, byte_count, duration, width, height, generation
        """

    /// Stores a new asset.
    public func createAsset(_ asset: Asset, project: ProjectID?) async throws {
        try await write { connection in
            try Self.checkUnused(asset.id, connection)
            try Self.insert(asset, connection)
            guard let project else { return }
            try connection.execute(
                "INSERT INTO project_assets VALUES (?, ?)", [.id(project), .id(asset.id)])
        }
    }

    /// One asset of an organisation.
    public func asset(_ id: AssetID, organisation: OrganisationID) async throws -> Asset? {
        let asset = try await anyAsset(id)
        return asset?.organisation == organisation ? asset : nil
    }

    /// One asset, whoever owns it.
    public func anyAsset(_ id: AssetID) async throws -> Asset? { try await readRow { try Self.asset(id, $0) } }

    /// How many assets a filter meets.
    public func assetCount(_ filter: AssetFilter) async throws -> Int {
        try await read { connection in
            let clause = Self.clause(filter, connection.dialect)
            return try connection.first(
                "SELECT count(*) FROM assets WHERE \(clause.text)", clause.values
            ) { $0.int(0) } ?? 0
        }
    }

    /// A page of assets.
    public func assets(
        _ filter: AssetFilter, sort: AssetSort, after cursor: AssetID?, limit: Int
    ) async throws -> Page<Asset> {
        try await read { [damaged] connection in
            if let cursor {
                let isKnown = try connection.first(
                    "SELECT 1 FROM assets WHERE id = ? AND organisation = ?", [.id(cursor), .id(filter.organisation)]
                ) { _ in true }
                guard isKnown != nil else {
                    throw GenerationError.cursorGone("asset of this organisation")
                }
            }
            let (column, isDescending) = Self.order(of: sort)
            let direction = isDescending ? "DESC" : "ASC"
            let found = try DamagedRows.filled(limit + 1, after: cursor?.rawValue) { last, count in
                var clause = Self.clause(filter, connection.dialect)
                if let last {
                    clause.add(
                        "(\(column), id) \(isDescending ? "<" : ">") (SELECT \(column), id FROM assets WHERE id = ?)",
                        .text(last))
                }
                return try connection.all(
                    """
                    SELECT \(Self.assetColumns) FROM assets WHERE \(clause.text)
                    ORDER BY \(column) \(direction), id \(direction) LIMIT ?
                    """, clause.values + [.integer(Int64(count))]
                ) { row in (row.text(0), try damaged.readable("asset", row, Self.readAsset)) }
            }
            return Page(items: Array(found.prefix(limit)), hasMore: found.count > limit)
        }
    }

    /// Refuses a name that an asset has, or that is promised to what a generation makes.
    static func checkUnused(_ id: AssetID, _ connection: any Connection) throws {
        try connection.lock("asset \(id)")
        let isKnown = try connection.first(
            "SELECT 1 FROM assets WHERE id = ? UNION ALL SELECT 1 FROM generations WHERE output_asset = ?",
            [.id(id), .id(id)]
        ) { _ in true }
        if isKnown != nil { throw GenerationError.assetExists(id) }
    }

    /// Whether an asset is there; it stays as it is until the transaction ends.
    static func isAsset(_ id: AssetID, _ connection: any Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM assets WHERE id = ?\(connection.dialect.sharing)", [.id(id)]) { _ in
            true
        } ?? false
    }

    /// Gives an asset another content, unless it is used.
    public func replaceContent(of asset: Asset, known: BlobKey?) async throws -> Bool {
        try await write { connection in
            guard let stored = try Self.asset(asset.id, locking: connection.dialect.locking, connection) else {
                return false
            }
            let isUsed = try connection.first(
                "SELECT 1 FROM generation_inputs WHERE asset = ? LIMIT 1", [.id(asset.id)]
            ) { _ in true }
            guard stored.mayBeReplaced(by: asset.organisation, known: known, isUsed: isUsed == true) else {
                return false
            }
            try Self.discard(stored.blobsGivenUp(for: nil), connection)
            return try Self.update(asset, connection)
        }
    }

    /// Stores a changed asset.
    public func updateAsset(_ asset: Asset) async throws -> Bool {
        try await write { connection in
            let stored = try Self.asset(asset.id, locking: connection.dialect.locking, connection)
            if let stored, stored.organisation == asset.organisation {
                try Self.discard(stored.blobsGivenUp(for: asset), connection)
            }
            return try Self.update(asset, connection)
        }
    }

    private static func update(_ asset: Asset, _ connection: any Connection) throws -> Bool {
        try connection.change(
            """
            UPDATE assets SET visibility = ?, name = ?, updated_ms = ?, blob = ?, remote_url = ?,
                thumbnail_blob = ?, format = ?, byte_count = ?, duration = ?, width = ?, height = ?
            WHERE id = ? AND organisation = ?
            """,
            [
                .text(asset.visibility.rawValue), .text(asset.name), .time(asset.updatedAt), .blobKey(asset.blob),
                .optional(asset.remoteURL), .blobKey(asset.thumbnailBlob), .optional(asset.format),
                .optional(asset.byteCount), .optional(asset.durationSeconds),
                .optional(asset.width.map(Int64.init)), .optional(asset.height.map(Int64.init)), .id(asset.id),
                .id(asset.organisation),
            ]) == 1
    }

    /// Removes an asset.
    public func deleteAsset(_ id: AssetID, organisation: OrganisationID) async throws -> Asset? {
        try await write { connection in
            let stored = try Self.asset(id, locking: connection.dialect.locking, connection)
            guard let asset = stored, asset.organisation == organisation else { return nil }
            try Self.delete(asset, connection)
            return asset
        }
    }

    static func delete(_ asset: Asset, _ connection: any Connection) throws {
        try discard(asset.blobsGivenUp(for: nil), connection)
        try connection.execute("DELETE FROM assets WHERE id = ?", [.id(asset.id)])
    }

    /// - Parameter locking: How the row is kept from others, a fragment of `SQLDialect`.
    static func asset(_ id: AssetID, locking: String = "", _ connection: any Connection) throws -> Asset? {
        try connection.first("SELECT \(assetColumns) FROM assets WHERE id = ?\(locking)", [.id(id)]) {
            try readAsset($0)
        }
    }

    /// - Parameter keepsKnown: Whether an asset of that name that is there already stays, without an error.
    static func insert(_ asset: Asset, keepsKnown: Bool = false, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO assets (\(assetColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            \(keepsKnown ? "ON CONFLICT DO NOTHING" : "")
            """,
            [
                .id(asset.id), .id(asset.organisation), .text(asset.kind.rawValue), .text(asset.origin.rawValue),
                .text(asset.visibility.rawValue), .text(asset.name), .time(asset.createdAt), .time(asset.updatedAt),
                .blobKey(asset.blob), .optional(asset.remoteURL), .blobKey(asset.thumbnailBlob),
                .optional(asset.format), .optional(asset.byteCount), .optional(asset.durationSeconds),
                .optional(asset.width.map(Int64.init)), .optional(asset.height.map(Int64.init)), .id(asset.generation),
            ])
    }

    private static func clause(_ filter: AssetFilter, _ dialect: SQLDialect) -> GenerationQuery.Clause {
        var clause = GenerationQuery.Clause(text: "organisation = ?", values: [.id(filter.organisation)])
        if !filter.ids.isEmpty {
            clause.add("id IN \(dialect.list)", jsonList(filter.ids.map(\.rawValue).sorted()))
        }
        if filter.hasContent { clause.add("(blob IS NOT NULL OR remote_url IS NOT NULL)") }
        if !filter.kinds.isEmpty {
            clause.add("kind IN \(dialect.list)", jsonList(filter.kinds.map(\.rawValue).sorted()))
        }
        if let search = filter.search, !search.isEmpty {
            clause.add("name \(dialect.like) ? ESCAPE '!'", .text(containsPattern(search)))
        }
        if let project = filter.project {
            clause.add("id IN (SELECT asset FROM project_assets WHERE project = ?)", .id(project))
        }
        return clause
    }

    private static func order(of sort: AssetSort) -> (column: String, isDescending: Bool) {
        switch sort {
        case .nameAsc: ("name", false)
        case .nameDesc: ("name", true)
        case .dateAsc: ("created_ms", false)
        case .dateDesc: ("created_ms", true)
        // A comparison with an unknown value would end the list, so unknown counts as nothing.
        case .durationAsc: ("coalesce(duration, 0)", false)
        case .durationDesc: ("coalesce(duration, 0)", true)
        case .sizeAsc: ("coalesce(byte_count, 0)", false)
        case .sizeDesc: ("coalesce(byte_count, 0)", true)
        case .kindAsc: ("kind", false)
        case .kindDesc: ("kind", true)
        }
    }

    static func readAsset(_ row: Row) throws -> Asset {
        var asset = Asset(
            id: row.id(0), organisation: row.id(1), createdAt: row.time(6), name: row.text(5), kind: try row.word(2),
            origin: try row.word(3), visibility: try row.word(4), blob: row.blobKey(8), remoteURL: row.optionalText(9),
            thumbnailBlob: row.blobKey(10), format: row.optionalText(11), byteCount: row.optionalInteger(12),
            durationSeconds: row.optionalReal(13), width: row.optionalInteger(14).map(Int.init),
            height: row.optionalInteger(15).map(Int.init), generation: row.optionalID(16))
        asset.updatedAt = row.time(7)
        return asset
    }
}

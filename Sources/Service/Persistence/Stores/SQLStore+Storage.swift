public import Generations
public import Time

extension SQLStore: StorageStore {
    /// How many things of a kind are given up in one transaction.
    private static let retiredCount: Int64 = 100

    /// What an organisation keeps.
    public func storageUse(_ organisation: OrganisationID) async throws -> StorageUse {
        try await read { connection in
            let kept = try connection.first(
                "SELECT inputs, outputs FROM storage_use WHERE organisation = ?", [.id(organisation)]
            ) { (inputs: $0.integer(0), outputs: $0.integer(1)) }
            let uploads = try connection.first(
                """
                SELECT coalesce(sum(byte_limit), 0) FROM uploads
                WHERE status NOT IN ('registered', 'expired') AND blob IS NOT NULL AND organisation = ?
                """, [.id(organisation)]
            ) { $0.integer(0) }
            return StorageUse(
                organisation: organisation, inputByteCount: (kept?.inputs ?? 0) + (uploads ?? 0),
                outputByteCount: kept?.outputs ?? 0)
        }
    }

    /// What every organisation keeps, the most first.
    public func storageUses() async throws -> [StorageUse] {
        try await read { connection in
            try connection.all(
                """
                SELECT organisation, inputs, outputs FROM storage_use WHERE inputs + outputs > 0
                ORDER BY inputs + outputs DESC, organisation
                """
            ) { StorageUse(organisation: $0.id(0), inputByteCount: $0.integer(1), outputByteCount: $0.integer(2)) }
        }
    }

    /// Gives up what is older than the policy allows.
    public func retire(_ policy: RetentionPolicy, now: Timestamp) async throws -> Int {
        try await write { [damaged] connection in
            var count = try Self.expireUploads(retention: policy.uploads, now: now, damaged, connection)
            if let age = policy.outputs {
                count += try Self.retireOutputs(before: now.advanced(by: .zero - age), damaged, connection)
            }
            if let age = policy.unusedInputs {
                count += try Self.retireInputs(before: now.advanced(by: .zero - age), damaged, connection)
            }
            if let age = policy.deliveries {
                count += try connection.change(
                    """
                    DELETE FROM deliveries WHERE status <> 'waiting' AND id IN (SELECT id FROM deliveries
                        WHERE status <> 'waiting' AND created_ms <= ? LIMIT ?)
                    """, [.time(now.advanced(by: .zero - age)), .integer(Self.retiredCount)])
            }
            try Self.removeDivisionsWithoutJobs(connection)
            if let script = connection.dialect.addingUpStorage { try connection.execute(script) }
            return count
        }
    }

    /// The generation, the assets that were made of its output and their facts stay; the files go, unless a job that has
    /// not ended, or a voice, is made of one of them.
    private static func retireOutputs(
        before moment: Timestamp, _ damaged: DamagedRows, _ connection: any Connection
    ) throws -> Int {
        func due(_ among: [GenerationID]?) throws -> [Generation] {
            try connection.all(
                """
                SELECT \(GenerationRow.columns) FROM generations WHERE output_bytes > 0 AND finished_ms <= ?
                    AND NOT EXISTS (SELECT 1 FROM assets
                        JOIN generation_inputs ON generation_inputs.asset = assets.id
                        JOIN jobs ON jobs.generation = generation_inputs.generation
                        WHERE assets.generation = generations.id)
                    AND NOT EXISTS (SELECT 1 FROM assets
                        JOIN voices ON voices.asset = assets.id OR voices.sample = assets.id
                        WHERE assets.generation = generations.id)
                    \(among == nil ? "" : "AND id IN \(connection.dialect.list)")
                ORDER BY finished_ms LIMIT ?
                """,
                [.time(moment)] + (among.map { [jsonList($0.map(\.rawValue))] } ?? []) + [.integer(retiredCount)]
            ) { try damaged.readable("generation", $0, GenerationRow.read) }.compactMap { $0 }
        }
        let due = try checkedAgain(due, \.id, locking: "assets WHERE generation", connection)
        for generation in due {
            try discard(generation.output?.blobs ?? [], connection)
            try connection.execute("DELETE FROM generation_blobs WHERE generation = ?", [.id(generation.id)])
            try connection.execute(
                "UPDATE assets SET blob = NULL, thumbnail_blob = NULL WHERE generation = ?", [.id(generation.id)])
            try connection.execute("UPDATE generations SET output_bytes = 0 WHERE id = ?", [.id(generation.id)])
        }
        return due.count
    }

    private static func retireInputs(
        before moment: Timestamp, _ damaged: DamagedRows, _ connection: any Connection
    ) throws -> Int {
        func due(_ among: [AssetID]?) throws -> [Asset] {
            try connection.all(
                """
                SELECT \(assetColumns) FROM assets WHERE generation IS NULL AND origin IN (?, ?) AND created_ms <= ?
                    AND updated_ms <= ?
                    AND NOT EXISTS (SELECT 1 FROM generation_inputs WHERE asset = assets.id)
                    AND NOT EXISTS (SELECT 1 FROM project_assets WHERE asset = assets.id)
                    AND NOT EXISTS (SELECT 1 FROM voices WHERE voices.asset = assets.id OR voices.sample = assets.id)
                    \(among == nil ? "" : "AND id IN \(connection.dialect.list)")
                ORDER BY created_ms LIMIT ?
                """,
                [
                    .text(AssetOrigin.upload.rawValue), .text(AssetOrigin.url.rawValue), .time(moment), .time(moment),
                ] + (among.map { [jsonList($0.map(\.rawValue))] } ?? []) + [.integer(retiredCount)]
            ) { try damaged.readable("asset", $0, readAsset) }.compactMap { $0 }
        }
        let due = try checkedAgain(due, \.id, locking: "assets WHERE id", connection)
        for asset in due { try delete(asset, connection) }
        return due.count
    }

    /// What is due, asked again once nobody can begin to use it: an order keeps the rows of its assets while it is accepted.
    ///
    /// - Parameters:
    ///   - due: Gives what is due; of the named ones alone where names are given.
    ///   - rows: The rows that orders keep, up to the column that has the names.
    private static func checkedAgain<Item, Entity>(
        _ due: ([Identifier<Entity>]?) throws -> [Item], _ name: (Item) -> Identifier<Entity>, locking rows: String,
        _ connection: any Connection
    ) throws -> [Item] {
        let found = try due(nil)
        guard connection.dialect.writersAreConcurrent, !found.isEmpty else { return found }
        let names = found.map(name)
        try connection.execute(
            "SELECT id FROM \(rows) IN \(connection.dialect.list) ORDER BY id\(connection.dialect.locking)",
            [jsonList(names.map(\.rawValue))])
        return try due(names)
    }

    // MARK: Blobs that were referred to

    /// Blobs to be looked at, the longest known first.
    public func discardedBlobs(before moment: Timestamp, limit: Int) async throws -> [DiscardedBlob] {
        try await read { connection in
            try connection.all(
                "SELECT sequence, blob FROM discarded_blobs WHERE at_ms < ? ORDER BY sequence LIMIT ?",
                [.time(moment), .integer(Int64(limit))]
            ) { DiscardedBlob(sequence: $0.integer(0), key: BlobKey(rawValue: $0.text(1))) }
        }
    }

    /// Notes blobs that nothing will refer to.
    public func discard(_ keys: [BlobKey]) async throws {
        if !keys.isEmpty { try await write { try Self.discard(keys, $0) } }
    }

    /// Forgets blobs that were looked at.
    public func forget(_ discarded: [DiscardedBlob]) async throws {
        guard !discarded.isEmpty else { return }
        try await write { connection in
            for blob in discarded {
                try connection.execute("DELETE FROM discarded_blobs WHERE sequence = ?", [.integer(blob.sequence)])
            }
        }
    }

    /// Notes blobs of something that is being deleted, in its transaction.
    static func discard(_ keys: [BlobKey], _ connection: any Connection) throws {
        let now = SystemClock().now
        for key in keys {
            // Given up again, it is looked at again.
            try connection.execute("DELETE FROM discarded_blobs WHERE blob = ?", [.blobKey(key)])
            try connection.execute(
                "INSERT INTO discarded_blobs (blob, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [.blobKey(key), .time(now)])
        }
    }
}

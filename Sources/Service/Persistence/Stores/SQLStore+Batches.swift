public import Generations
public import Time

extension SQLStore: BatchStore {
    private static let batchColumns = "id, organisation, created_ms, status, webhook_url, result_blob, finished_ms"

    /// One batch, whoever owns it.
    public func anyBatch(_ id: BatchID) async throws -> Batch? {
        try await read { connection in
            try connection.first("SELECT \(Self.batchColumns) FROM batches WHERE id = ?", [.id(id)]) {
                try Self.readBatch($0)
            }
        }
    }

    /// One batch and how far it is.
    public func batch(_ id: BatchID, organisation: OrganisationID) async throws -> (Batch, BatchMetrics)? {
        try await read { connection in
            let batch = try connection.first(
                "SELECT \(Self.batchColumns) FROM batches WHERE id = ? AND organisation = ?",
                [.id(id), .id(organisation)]
            ) { try Self.readBatch($0) }
            return try batch.map { try Self.withMetrics($0, connection) }
        }
    }

    /// Batches, newest first. The status of an open batch follows from its generations, so it is looked at afterwards.
    public func batches(
        organisation: OrganisationID, status: BatchStatus?, createdAfter: Timestamp?, createdBefore: Timestamp?,
        limit: Int
    ) async throws -> [(Batch, BatchMetrics)] {
        try await read { [damaged] connection in
            let candidates = try connection.all(
                """
                SELECT \(Self.batchColumns) FROM batches WHERE organisation = ? AND created_ms > ? AND created_ms < ?
                ORDER BY created_ms DESC, id DESC
                """,
                [
                    .id(organisation), .integer(createdAfter?.milliseconds ?? .min),
                    .integer(createdBefore?.milliseconds ?? .max),
                ]
            ) { try damaged.readable("batch", $0, Self.readBatch) }
            var found: [(Batch, BatchMetrics)] = []
            for case let candidate? in candidates where found.count < limit {
                let entry = try Self.withMetrics(candidate, connection)
                if status == nil || entry.0.status == status { found.append(entry) }
            }
            return found
        }
    }

    /// Batches of which every generation has ended.
    public func finishableBatches(limit: Int) async throws -> [Batch] {
        try await read { [damaged] connection in
            try connection.all(
                """
                SELECT \(Self.batchColumns) FROM batches WHERE finished_ms IS NULL AND NOT EXISTS (
                    SELECT 1 FROM generations WHERE batch = batches.id
                    AND status IN ('pending', 'processing', 'finalizing'))
                ORDER BY created_ms LIMIT ?
                """, [.integer(Int64(limit))]
            ) { try damaged.readable("batch", $0, Self.readBatch) }.compactMap { $0 }
        }
    }

    /// Ends a batch, and orders its webhook with it.
    public func finishBatch(
        _ id: BatchID, status: BatchStatus, result: BlobKey?, now: Timestamp
    ) async throws -> Bool {
        try await write { connection in
            let open = try connection.first(
                "SELECT \(Self.batchColumns) FROM batches WHERE id = ? AND finished_ms IS NULL\(connection.dialect.locking)",
                [.id(id)]
            ) { try Self.readBatch($0) }
            guard let batch = open else { return false }
            try connection.execute(
                "UPDATE batches SET status = ?, result_blob = ?, finished_ms = ? WHERE id = ?",
                [.text(status.rawValue), .blobKey(result), .time(now), .id(id)])
            if let url = batch.webhookURL {
                try Self.insert(
                    WebhookDelivery(organisation: batch.organisation, batch: id, url: url, createdAt: now), connection)
            }
            return true
        }
    }

    static func insert(_ batch: Batch, _ connection: any Connection) throws {
        try connection.execute(
            "INSERT INTO batches (\(batchColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .id(batch.id), .id(batch.organisation), .time(batch.createdAt), .text(batch.status.rawValue),
                .optional(batch.webhookURL), .blobKey(batch.resultBlob), .time(batch.finishedAt),
            ])
    }

    private static func readBatch(_ row: Row) throws -> Batch {
        var batch = Batch(
            id: row.id(0), organisation: row.id(1), createdAt: row.time(2), webhookURL: row.optionalText(4))
        batch.status = try row.word(3)
        batch.resultBlob = row.blobKey(5)
        batch.finishedAt = row.optionalTime(6)
        return batch
    }

    private static func withMetrics(_ batch: Batch, _ connection: any Connection) throws -> (Batch, BatchMetrics) {
        let counts = try connection.all(
            "SELECT status, count(*) FROM generations WHERE batch = ? GROUP BY status", [.id(batch.id)]
        ) { (status: GenerationStatus(rawValue: $0.text(0)), count: $0.int(1)) }
        return batch.progressed(counts)
    }
}

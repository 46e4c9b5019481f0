public import Generations

/// Carries everything that one store keeps into another one, of either database. Nobody may work on either of them meanwhile.
///
/// It may be ended at any moment and be begun again: what is there already is left as it is.
public struct StoreCopy: Sendable {
    /// What became of a table.
    public struct Count: Hashable, Sendable {
        /// Its name.
        public let table: String
        /// Its rows in the store that was copied.
        public let rowCount: Int
        /// Whether the other store has the same rows, all columns compared.
        public let isEqual: Bool
    }

    private let source: SQLStore
    private let target: SQLStore

    public init(from source: SQLStore, to target: SQLStore) {
        self.source = source
        self.target = target
    }

    /// A table, by what its rows are told apart, and what of it is not carried over as it is.
    private struct Table: Sendable {
        let name: String
        let key: [String]
        /// Columns with other values in the copy, as SQL expressions: moments of a time that only the old store knows.
        var changes: [String: String] = [:]
        /// A column that numbers the rows, which the other store has to go on from.
        var number: String?
    }

    /// In an order in which rows come after those that they refer to. `turns` and `storage_use` follow from the others;
    /// who works, and when chores were done, is of no use elsewhere, and names and secrets are carried before. A job that was
    /// divided is begun anew.
    private static let tables = [
        Table(name: "organisations", key: ["id"]), Table(name: "api_keys", key: ["id"]),
        Table(name: "sessions", key: ["id"]), Table(name: "sign_in_tokens", key: ["digest"]),
        Table(name: "webhook_defaults", key: ["organisation"]), Table(name: "projects", key: ["id"]),
        Table(name: "assets", key: ["id"]),
        Table(name: "project_assets", key: ["project", "asset"]), Table(name: "uploads", key: ["id"]),
        Table(name: "voices", key: ["id"]), Table(name: "generations", key: ["id"], number: "sequence"),
        Table(name: "job_events", key: ["generation", "number"]),
        Table(name: "generation_blobs", key: ["blob"]), Table(name: "generation_inputs", key: ["asset", "generation"]),
        Table(name: "generation_labels", key: ["generation", "name"]),
        Table(name: "idempotency_keys", key: ["organisation", "key"]),
        Table(name: "spent_credits", key: ["organisation"]),
        // A lease that is over is ended as after a start of the machine; what waits for its pause is due.
        Table(
            name: "jobs", key: ["generation"],
            changes: [
                "due_ms": "0", "lease_ms": "CASE WHEN lease_ms IS NULL THEN NULL ELSE 0 END",
                "first_loss_ms": "CASE WHEN first_loss_ms IS NULL THEN NULL ELSE 0 END",
            ]),
        Table(name: "batches", key: ["id"]),
        Table(
            name: "deliveries", key: ["id"],
            changes: ["due_ms": "0", "lease_ms": "NULL", "worker": "NULL"]),
        Table(name: "delivery_tries", key: ["delivery", "number"]),
        Table(name: "output_records", key: ["digest", "generation"]),
        Table(name: "discarded_blobs", key: ["blob"], number: "sequence"),
    ]

    /// How many rows are carried in one transaction.
    private static let pageLength = 1000

    /// Whether the other store has anything in it that this one has not: another installation's.
    public func targetIsForeign() async throws -> Bool {
        let known = Set(try await source.organisations().map(\.id))
        return try await target.organisations().contains { !known.contains($0.id) }
    }

    /// Carries every table.
    ///
    /// - Parameter progress: Called with a table's name and the rows that were looked at so far.
    public func run(progress: @Sendable (_ table: String, _ rowCount: Int) -> Void) async throws {
        for table in Self.tables {
            let columns = try await columns(of: table)
            var last: [SQLValue]?
            var count = 0
            repeat {
                let page = try await page(of: table, columns, after: last, in: source)
                count += page.count
                if !page.isEmpty { try await insert(page, table, columns) }
                last = page.last.map { row in table.key.map { row[columns.firstIndex(of: $0) ?? 0] } }
                progress(table.name, count)
                if page.count < Self.pageLength { break }
            } while true
        }
        try await target.write { connection in
            for table in Self.tables {
                if let number = table.number, let script = connection.dialect.goingOn(table.name, number) {
                    try connection.execute(script)
                }
            }
            for script in connection.dialect.countingStorageAnew { try connection.execute(script) }
        }
    }

    /// Compares the two stores, row by row and column by column.
    public func verify() async throws -> [Count] {
        var counts: [Count] = []
        for table in Self.tables {
            let columns = try await columns(of: table)
            var last: [SQLValue]?
            var count = 0
            var isEqual = true
            repeat {
                let here = try await page(of: table, columns, after: last, in: source)
                let there = try await page(of: table, columns, after: last, in: target, isCopy: true)
                isEqual = isEqual && here == there
                count += here.count
                last = here.last.map { row in table.key.map { row[columns.firstIndex(of: $0) ?? 0] } }
                if here.count < Self.pageLength { break }
            } while true
            counts.append(Count(table: table.name, rowCount: count, isEqual: isEqual))
        }
        return counts
    }

    /// The names of all files that anything refers to.
    ///
    /// - Parameter body: Called with some hundred at a time.
    public func forEachBlob(_ body: (BlobKey) async throws -> Void) async throws {
        let columns = [
            ("generation_blobs", "blob"), ("assets", "blob"), ("assets", "thumbnail_blob"), ("uploads", "blob"),
            ("batches", "result_blob"),
        ]
        for (table, column) in columns {
            var last = ""
            while true {
                let keys = try await source.read { [last] connection in
                    try connection.all(
                        "SELECT DISTINCT \(column) FROM \(table) WHERE \(column) > ? ORDER BY \(column) LIMIT 500",
                        [.text(last)]
                    ) { $0.text(0) }
                }
                for key in keys { try await body(BlobKey(rawValue: key)) }
                guard let end = keys.last else { break }
                last = end
            }
        }
    }

    // MARK: Rows

    private func columns(of table: Table) async throws -> [String] {
        try await source.read { try $0.dialect.columns(of: table.name, $0) }
    }

    private func page(
        of table: Table, _ columns: [String], after last: [SQLValue]?, in store: SQLStore, isCopy: Bool = false
    ) async throws -> [[SQLValue]] {
        let read = columns.map { isCopy ? $0 : table.changes[$0] ?? $0 }.joined(separator: ", ")
        let key = table.key.joined(separator: ", ")
        let places = table.key.map { _ in "?" }.joined(separator: ", ")
        return try await store.read { connection in
            try connection.all(
                """
                SELECT \(read) FROM \(table.name) \(last == nil ? "" : "WHERE (\(key)) > (\(places))")
                ORDER BY \(key) LIMIT \(Self.pageLength)
                """, last ?? []
            ) { row in columns.indices.map { row.value(Int32($0)).withoutZeros } }
        }
    }

    private func insert(_ rows: [[SQLValue]], _ table: Table, _ columns: [String]) async throws {
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        try await target.write { connection in
            for row in rows {
                try connection.execute(
                    """
                    INSERT INTO \(table.name) (\(columns.joined(separator: ", "))) \(connection.dialect.keepingNumbers)
                    VALUES (\(places)) ON CONFLICT DO NOTHING
                    """, row)
            }
        }
    }
}

public import Generations
import Text
public import Time

extension SQLStore: GenerationStore {
    /// Accepts an order in one transaction.
    public func create(_ order: CreateOrder) async throws -> CreateOutcome {
        let admission = try OrderAdmission(order)
        // Keys, limits and credits of one organisation are looked at by one order at a time.
        return try await write(inTurn: "orders of \(admission.organisation)") { connection in
            if let key = order.idempotency?.key {
                let record = try Self.record(key, organisation: admission.organisation, connection)
                let replay = try admission.replay(record) {
                    try Self.generation($0, organisation: admission.organisation, connection)
                }
                if let replay { return replay }
            }
            try Self.admit(admission, connection)
            if let batch = order.batch { try Self.insert(batch, connection) }
            for asset in order.assets { try Self.insert(asset, connection) }
            try admission.checkInputs { try Self.isAsset($0, connection) }
            for generation in order.generations {
                if let promised = generation.outputAsset { try Self.checkUnused(promised, connection) }
                try Self.insert(generation, connection)
            }
            if let record = admission.record { try Self.insert(record, connection) }
            return CreateOutcome(generations: order.generations, isReplay: false)
        }
    }

    /// One generation of an organisation.
    public func generation(_ id: GenerationID, organisation: OrganisationID) async throws -> Generation? {
        try await readRow { try Self.generation(id, organisation: organisation, $0) }
    }

    /// Which revision of a generation is stored.
    public func revision(of id: GenerationID, organisation: OrganisationID) async throws -> GenerationRevision? {
        if let found = try await revisions?.value(for: id) {
            return found.organisation == organisation ? found.revision : nil
        }
        // There is none, or it cannot be read.
        return try await readRow { connection in
            try connection.first(
                "SELECT status, progress, finished_ms, project FROM generations WHERE id = ? AND organisation = ?",
                [.id(id), .id(organisation)]
            ) {
                GenerationRevision(
                    status: try $0.word(0), progress: $0.real(1), finishedAt: $0.optionalTime(2),
                    project: $0.optionalID(3))
            }
        }
    }

    /// One generation, whoever owns it.
    public func anyGeneration(_ id: GenerationID) async throws -> Generation? {
        try await readRow { connection in
            try connection.first("SELECT \(GenerationRow.columns) FROM generations WHERE id = ?", [.id(id)]) {
                try GenerationRow.read($0)
            }
        }
    }

    /// How many generations a filter meets.
    public func generationCount(_ filter: GenerationFilter) async throws -> Int {
        try await read { connection in
            let clause = GenerationQuery.counted(filter, connection.dialect)
            return try connection.first(
                "SELECT count(*) FROM \(clause.tables) WHERE \(clause.text)", clause.values
            ) { $0.int(0) } ?? 0
        }
    }

    /// What an organisation has spent.
    public func spentCredits(_ organisation: OrganisationID) async throws -> Int {
        try await readRow { try Self.spentCredits(organisation, $0) }
    }

    /// A page of generations, newest first.
    public func generations(
        _ filter: GenerationFilter, after cursor: GenerationID?, limit: Int?
    ) async throws -> [Generation] {
        try await read { [damaged] connection in
            guard let filter = try Self.namingSources(filter, connection) else { return [] }
            func rows(_ last: String?, _ count: Int?) throws -> [(name: String, item: Generation?)] {
                var filter = filter
                // What is left out stands before the first row.
                if last != cursor?.rawValue { filter.skippedCount = 0 }
                let position = try last.map { try Self.position($0, organisation: filter.organisation, connection) }
                let query = GenerationQuery.page(
                    filter, after: position, limit: count, connection.dialect)
                return try connection.all(query.text, query.values) { row in
                    (row.text(0), try damaged.readable("generation", row, GenerationRow.read))
                }
            }
            guard let limit else { return try rows(cursor?.rawValue, nil).compactMap(\.item) }
            return try DamagedRows.filled(limit, after: cursor?.rawValue, rows)
        }
    }

    /// How generations stand, newest first.
    public func standings(_ filter: GenerationFilter, limit: Int) async throws -> [GenerationStanding] {
        try await read { [damaged] connection in
            guard let filter = try Self.namingSources(filter, connection) else { return [] }
            let query = GenerationQuery.page(
                filter, after: nil, limit: limit, columns: GenerationRow.standingColumns, connection.dialect)
            return try connection.all(query.text, query.values) { row in
                try damaged.readable("generation", row, GenerationRow.readStanding)
            }.compactMap { $0 }
        }
    }

    /// More sources than programs there are: somebody invents names.
    private static let namedSourceLimit = 32

    /// The same filter by the names of the sources that are meant, in place of those that are left out: a walk along the
    /// index for each passes no other. Nil where there are none; unchanged where they are too many.
    private static func namingSources(
        _ filter: GenerationFilter, _ connection: any Connection
    ) throws -> GenerationFilter? {
        guard !filter.excludedSources.isEmpty, filter.sources.isEmpty, filter.statuses.isEmpty else { return filter }
        // Each step finds the next name in the index, however many rows have the last one.
        let found = try connection.all(
            """
            WITH RECURSIVE names(name) AS (
                SELECT (SELECT min(source) FROM generations WHERE organisation = ?1)
                UNION ALL
                SELECT (SELECT min(source) FROM generations WHERE organisation = ?1 AND source > names.name)
                    FROM names WHERE name IS NOT NULL
            ) SELECT name FROM names WHERE name IS NOT NULL LIMIT ?2
            """, [.id(filter.organisation), .integer(Int64(namedSourceLimit) + 1)]
        ) { $0.text(0) }
        guard found.count <= namedSourceLimit else { return filter }
        var named = filter
        named.sources = Set(found).subtracting(filter.excludedSources)
        named.excludedSources = []
        return named.sources.isEmpty ? nil : named
    }

    /// Where a generation stands among those of its organisation.
    private static func position(
        _ id: String, organisation: OrganisationID, _ connection: any Connection
    ) throws -> (Int64, String) {
        let found = try connection.first(
            "SELECT created_ms, id FROM generations WHERE id = ? AND organisation = ?", [.text(id), .id(organisation)]
        ) { ($0.integer(0), $0.text(1)) }
        guard let found else {
            throw GenerationError.cursorGone("generation of this organisation")
        }
        return found
    }

    /// Removes an ended generation.
    public func deleteGeneration(_ id: GenerationID, organisation: OrganisationID) async throws -> Generation {
        try await write { connection in
            let known = try Self.generation(
                id, organisation: organisation, locking: connection.dialect.locking, connection)
            guard let generation = known else {
                throw GenerationError(.generationNotFound)
            }
            try generation.checkDeletable()
            try Self.discard(generation.output?.blobs ?? [], connection)
            try connection.execute("DELETE FROM generations WHERE id = ?", [.id(id)])
            return generation
        }
    }

    /// What a key stands for.
    public func idempotencyRecord(
        _ key: IdempotencyKey, organisation: OrganisationID
    ) async throws -> IdempotencyRecord? {
        try await readRow { try Self.record(key, organisation: organisation, $0) }
    }

    /// Forgets keys whose time is over.
    public func purgeIdempotencyRecords(now: Timestamp) async throws -> Int {
        try await write { connection in
            try connection.change("DELETE FROM idempotency_keys WHERE expires_ms <= ?", [.time(now)])
        }
    }

    /// Those of `keys` that something stored refers to.
    public func referencedBlobs(among keys: [BlobKey]) async throws -> Set<BlobKey> {
        try await read { connection in
            let list = jsonList(keys.map(\.rawValue))
            let found = try connection.all(
                """
                WITH asked(key) AS \(connection.dialect.list)
                SELECT key FROM asked WHERE EXISTS (SELECT 1 FROM generation_blobs WHERE blob = key)
                    OR EXISTS (SELECT 1 FROM assets WHERE blob = key)
                    OR EXISTS (SELECT 1 FROM assets WHERE thumbnail_blob = key)
                    OR EXISTS (SELECT 1 FROM uploads WHERE blob = key AND status <> 'registered')
                    OR EXISTS (SELECT 1 FROM batches WHERE result_blob = key)
                    OR EXISTS (SELECT 1 FROM division_blobs WHERE blob = key)
                """, [list]
            ) { BlobKey(rawValue: $0.text(0)) }
            return Set(found)
        }
    }
}

extension SQLStore {
    /// A revision and whose it is.
    struct OwnedRevision {
        let organisation: OrganisationID
        let revision: GenerationRevision
    }

    /// The revisions of some generations, but for those that cannot be read.
    static func revisions(
        of ids: Set<GenerationID>, _ connection: any Connection
    ) throws -> [GenerationID: OwnedRevision] {
        var found: [GenerationID: OwnedRevision] = [:]
        _ = try connection.all(
            """
            SELECT id, organisation, status, progress, finished_ms, project FROM generations
            WHERE id IN \(connection.dialect.list)
            """, [jsonList(ids.map(\.rawValue))]
        ) { row in
            guard let status: GenerationStatus = try? row.word(2) else { return }
            found[row.id(0)] = OwnedRevision(
                organisation: row.id(1),
                revision: GenerationRevision(
                    status: status, progress: row.real(3), finishedAt: row.optionalTime(4), project: row.optionalID(5)))
        }
        return found
    }

    /// - Parameter locking: How the row is kept from others, a fragment of `SQLDialect`.
    static func generation(
        _ id: GenerationID, organisation: OrganisationID, locking: String = "", _ connection: any Connection
    ) throws -> Generation? {
        try connection.first(
            "SELECT \(GenerationRow.columns) FROM generations WHERE id = ? AND organisation = ?\(locking)",
            [.id(id), .id(organisation)]
        ) { try GenerationRow.read($0) }
    }

    static func record(
        _ key: IdempotencyKey, organisation: OrganisationID, _ connection: any Connection
    ) throws -> IdempotencyRecord? {
        try connection.first(
            "SELECT digest, generation, expires_ms FROM idempotency_keys WHERE organisation = ? AND key = ?",
            [.id(organisation), .text(key.text)]
        ) {
            IdempotencyRecord(
                organisation: organisation, key: key.text, payloadDigest: $0.bytes(0), generation: $0.id(1),
                expiresAt: $0.time(2))
        }
    }

    private static func insert(_ record: IdempotencyRecord, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?) ON CONFLICT (organisation, key) DO UPDATE SET
                digest = excluded.digest, generation = excluded.generation, expires_ms = excluded.expires_ms
            """,
            [
                .id(record.organisation), .text(record.key), .blob(record.payloadDigest), .id(record.generation),
                .time(record.expiresAt),
            ])
    }

    /// Counts what the order adds, and takes what it costs.
    private static func admit(_ admission: OrderAdmission, _ connection: any Connection) throws {
        let organisation = admission.organisation
        if let limit = admission.order.activeLimit {
            let active = try connection.first(
                """
                SELECT count(*) FROM (SELECT 1 FROM generations
                    WHERE organisation = ? AND status IN ('pending', 'processing', 'finalizing') LIMIT ?) AS active
                """, [.id(organisation), .integer(Int64(limit) + 1)]
            ) { $0.int(0) }
            try admission.checkActive(active ?? 0)
        }
        let spent = admission.order.creditLimit == nil ? 0 : try spentCredits(organisation, connection)
        let cost = try admission.cost(afterSpending: spent)
        if cost > 0 { try add(credits: cost, organisation: organisation, connection) }
    }

    private static func spentCredits(_ organisation: OrganisationID, _ connection: any Connection) throws -> Int {
        try connection.first("SELECT credits FROM spent_credits WHERE organisation = ?", [.id(organisation)]) {
            $0.int(0)
        } ?? 0
    }

    /// Counts credits as spent, or a negative number of them as given back.
    static func add(credits: Int, organisation: OrganisationID, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO spent_credits VALUES (?, ?)
            ON CONFLICT (organisation) DO UPDATE SET
                credits = \(connection.dialect.greatest)(0, spent_credits.credits + excluded.credits)
            """, [.id(organisation), .integer(Int64(credits))])
    }

    private static func insert(_ generation: Generation, _ connection: any Connection) throws {
        let request = generation.request.json.serialized
        let sequence = try connection.first(
            """
            INSERT INTO generations (id, organisation, project, batch, batch_request, output_asset, source, status,
                created_ms, progress, request, kind)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            RETURNING sequence
            """,
            [
                .id(generation.id), .id(generation.organisation), .id(generation.project), .id(generation.batch),
                .optional(generation.batchRequestName), .id(generation.outputAsset), .text(generation.source),
                .text(generation.status.rawValue), .time(generation.createdAt), .real(generation.progress),
                .text(request), .text(generation.request.kind.rawValue),
            ]
        ) { $0.integer(0) }
        guard let sequence else { throw GenerationError(.nameTaken) }
        for (name, value) in generation.request.labels where GenerationQuery.isIndexed(value) {
            try connection.execute(
                "INSERT INTO generation_labels VALUES (?, ?, ?, ?, ?)",
                [
                    .id(generation.id), .text(name), .text(value), .id(generation.organisation),
                    .time(generation.createdAt),
                ])
        }
        try note(
            .queued, of: generation.id, progress: generation.progress, at: generation.createdAt, connection)
        guard !generation.status.isTerminal else {
            let end: JobEvent.Kind = generation.status == .completed ? .completed : .failed
            return try note(
                end, of: generation.id, progress: generation.progress, at: generation.finishedAt, connection)
        }
        // Due at once, whatever the clock says; the oldest goes first.
        try connection.execute(
            """
            INSERT INTO jobs (generation, due_ms, sequence, fence, failures, losses, organisation, priority, created_ms)
            VALUES (?, 0, ?, 0, 0, 0, ?, ?, ?)
            """,
            [
                .id(generation.id), .integer(sequence), .id(generation.organisation),
                .integer(Int64(generation.request.kind.priority.rawValue)), .time(generation.createdAt),
            ])
        for case .asset(let asset) in generation.request.inputs.map(\.source) {
            try connection.execute(
                "INSERT INTO generation_inputs VALUES (?, ?) ON CONFLICT DO NOTHING", [.id(asset), .id(generation.id)])
        }
    }
}

public import Generations
public import Time

extension SQLiteStore: OutboxStore {
    /// Orders a delivery.
    public func enqueue(_ delivery: WebhookDelivery) async throws {
        try await write { try Self.insert(delivery, $0) }
    }

    /// Claims the delivery that has been due for the longest time.
    public func claimDelivery(
        worker: String, now: Moment, policy: DeliveryPolicy, avoiding hosts: Set<String>
    ) async throws -> WebhookDelivery? {
        try await write { connection in
            guard let next = try Self.nextDelivery(connection, avoiding: hosts), next.due <= now.steady else {
                return nil
            }
            let due = try connection.first(
                "SELECT \(Self.deliveryColumns) FROM deliveries WHERE id = ?", [.id(next.id)]
            ) { try Self.readDelivery($0) }
            guard var delivery = due,
                case .send = delivery.lifecycle.claim(worker: worker, now: now.steady, policy: policy)
            else { return nil }
            try Self.update(delivery, connection)
            return delivery
        }
    }

    /// Ends one try.
    public func finishDelivery(
        _ id: DeliveryID, fence: Int64, response: DeliveryResponse, retryAfter: Duration?, now: Moment,
        policy: DeliveryPolicy
    ) async throws -> DeliveryLifecycle.Action {
        try await write { connection in
            let found = try connection.first(
                "SELECT \(Self.deliveryColumns) FROM deliveries WHERE id = ?", [.id(id)]
            ) { try Self.readDelivery($0) }
            guard var delivery = found else { return .ignore }
            let action = delivery.lifecycle.finish(
                fence: fence, response: response, retryAfter: retryAfter, now: now.steady, policy: policy)
            if action != .ignore { try Self.update(delivery, connection) }
            return action
        }
    }

    /// The newest deliveries.
    public func deliveries(organisation: OrganisationID?, limit: Int) async throws -> [WebhookDelivery] {
        try await read { [damaged] connection in
            try connection.all(
                """
                SELECT \(Self.deliveryColumns) FROM deliveries WHERE organisation = coalesce(?, organisation)
                ORDER BY created_ms DESC, id DESC LIMIT ?
                """, [.id(organisation), .integer(Int64(limit))]
            ) { try damaged.readable("delivery", $0, Self.readDelivery) }.compactMap { $0 }
        }
    }

    /// When the next delivery is due.
    public func nextDeliveryDue(avoiding hosts: Set<String>) async throws -> Timestamp? {
        try await read { connection in try Self.nextDelivery(connection, avoiding: hosts)?.due }
    }

    /// The delivery that waits, or is sent, the longest; looked for page by page, since mostly it is the first.
    private static func nextDelivery(
        _ connection: Connection, avoiding hosts: Set<String>
    ) throws -> (id: DeliveryID, due: Timestamp)? {
        let pageLength: Int64 = hosts.isEmpty ? 1 : 64
        for page in Int64(0)... {
            let rows = try connection.all(
                """
                SELECT id, due_ms, url FROM deliveries WHERE status = 'waiting' ORDER BY due_ms, rowid LIMIT ? OFFSET ?
                """, [.integer(pageLength), .integer(page * pageLength)]
            ) { row -> (id: DeliveryID, due: Timestamp, url: String) in (row.id(0), row.time(1), row.text(2)) }
            if let next = rows.first(where: { hosts.isEmpty || !hosts.contains(WebAddress.host(of: $0.url)) }) {
                return (next.id, next.due)
            }
            if rows.count < pageLength { return nil }
        }
        return nil
    }

    static func insert(_ delivery: WebhookDelivery, _ connection: Connection) throws {
        let life = delivery.lifecycle
        try connection.execute(
            """
            INSERT INTO deliveries (id, organisation, generation, batch, url, body, created_ms, status, attempts, due_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .id(delivery.id), .id(delivery.organisation), .id(delivery.generation), .id(delivery.batch),
                .text(delivery.url), delivery.body.map(SQLValue.blob) ?? .null, .time(delivery.createdAt),
                .text(life.status.rawValue), .integer(Int64(life.attemptCount)), .time(life.dueAt),
            ])
    }

    private static let deliveryColumns = """
        id, organisation, generation, batch, url, body, created_ms, status, attempts, due_ms, worker, lease_ms, response
        """

    // A try without an answer is kept as the number 0, which no status has.
    private static func readDelivery(_ row: Row) throws -> WebhookDelivery {
        let attempts = row.int(8)
        let lease = row.optionalTime(11).map { Lease(worker: row.text(10), fence: Int64(attempts), expiresAt: $0) }
        let response = row.optionalInteger(12).map { $0 == 0 ? DeliveryResponse.unreachable : .status(Int($0)) }
        return WebhookDelivery(
            id: row.id(0), organisation: row.id(1), generation: row.optionalID(2), batch: row.optionalID(3),
            url: row.text(4), body: row.isNull(5) ? nil : row.bytes(5), createdAt: row.time(6),
            lifecycle: DeliveryLifecycle(
                status: try row.word(7), attemptCount: attempts, dueAt: row.time(9), lease: lease,
                lastResponse: response))
    }

    private static func update(_ delivery: WebhookDelivery, _ connection: Connection) throws {
        let life = delivery.lifecycle
        let response: Int64? =
            switch life.lastResponse {
            case .status(let number): Int64(number)
            case .unreachable: 0
            case nil: nil
            }
        try connection.execute(
            """
            UPDATE deliveries SET status = ?, attempts = ?, due_ms = ?, worker = ?, lease_ms = ?, response = ?
            WHERE id = ?
            """,
            [
                .text(life.status.rawValue), .integer(Int64(life.attemptCount)), .time(life.dueAt),
                .optional(life.lease?.worker), .time(life.lease?.expiresAt), .optional(response), .id(delivery.id),
            ])
    }
}

public import Generations
public import Time

extension SQLStore: OutboxStore {
    /// Orders a delivery.
    public func enqueue(_ delivery: WebhookDelivery) async throws {
        try await write { try Self.insert(delivery, $0) }
    }

    /// Claims the delivery that has been due for the longest time.
    public func claimDelivery(
        worker: String, now: Moment, policy: DeliveryPolicy, avoiding hosts: Set<String>
    ) async throws -> WebhookDelivery? {
        try await write { connection in
            var claimed: WebhookDelivery?
            try Self.walkDeliveries(connection, avoiding: hosts) { id, due in
                guard due <= now.steady else { return false }
                // One that another worker claims at this moment is left to it.
                let free = try Self.delivery(id, locking: connection.dialect.lockingIfFree, connection)
                guard var delivery = free,
                    case .send = delivery.lifecycle.claim(worker: worker, now: now.steady, policy: policy)
                else { return true }
                try Self.update(delivery, connection)
                claimed = delivery
                return false
            }
            return claimed
        }
    }

    /// Ends one try.
    public func finishDelivery(
        _ id: DeliveryID, fence: Int64, response: DeliveryResponse, retryAfter: Duration?, now: Moment,
        policy: DeliveryPolicy
    ) async throws -> DeliveryLifecycle.Action {
        try await write { connection in
            guard var delivery = try Self.delivery(id, locking: connection.dialect.locking, connection) else {
                return .ignore
            }
            let action = delivery.lifecycle.finish(
                fence: fence, response: response, retryAfter: retryAfter, now: now.steady, policy: policy)
            if action != .ignore {
                try Self.update(delivery, connection)
                try Self.insert(
                    DeliveryTry(number: Int(fence), at: now.wall, response: response), of: id, connection)
            }
            return action
        }
    }

    /// The newest deliveries, from the one after `cursor` on.
    public func deliveries(
        organisation: OrganisationID?, after cursor: DeliveryID?, limit: Int
    ) async throws -> [WebhookDelivery] {
        try await read { [damaged] connection in
            try ListCursor.check(cursor, of: "webhook", in: "deliveries", organisation: organisation, connection)
            return try DamagedRows.filled(limit, after: cursor?.rawValue) { last, count in
                let position =
                    last == nil ? "" : "AND (created_ms, id) < (SELECT created_ms, id FROM deliveries WHERE id = ?3)"
                return try connection.all(
                    """
                    SELECT \(Self.deliveryColumns) FROM deliveries WHERE organisation = coalesce(?1, organisation)
                    \(position) ORDER BY created_ms DESC, id DESC LIMIT ?2
                    """, [.id(organisation), .integer(Int64(count))] + (last.map { [.text($0)] } ?? [])
                ) { row in (row.text(0), try damaged.readable("delivery", row, Self.readDelivery)) }
            }
        }
    }

    /// Every try of some deliveries.
    public func deliveryTries(of ids: [DeliveryID]) async throws -> [DeliveryID: [DeliveryTry]] {
        try await read { connection in
            let rows = try connection.all(
                """
                SELECT delivery, number, at_ms, response FROM delivery_tries
                WHERE delivery IN \(connection.dialect.list) ORDER BY delivery, number
                """, [jsonList(ids.map(\.rawValue))]
            ) { row -> (id: DeliveryID, DeliveryTry) in
                (row.id(0), DeliveryTry(number: row.int(1), at: row.time(2), response: Self.response(row.integer(3))))
            }
            return Dictionary(grouping: rows, by: \.id).mapValues { $0.map(\.1) }
        }
    }

    /// Makes a delivery that has ended wait again.
    public func redeliver(_ id: DeliveryID, now: Moment) async throws -> (delivery: WebhookDelivery, isDue: Bool)? {
        try await write { connection in
            guard var delivery = try Self.delivery(id, locking: connection.dialect.locking, connection) else {
                return nil
            }
            let isDue = delivery.lifecycle.redeliver(now: now.steady) != .ignore
            if isDue { try Self.update(delivery, connection) }
            return (delivery, isDue)
        }
    }

    /// When the next delivery is due.
    public func nextDeliveryDue(avoiding hosts: Set<String>) async throws -> Timestamp? {
        try await read { connection in
            var next: Timestamp?
            try Self.walkDeliveries(connection, avoiding: hosts) { _, due in
                next = due
                return false
            }
            return next
        }
    }

    /// Looks at deliveries that wait or are sent, those that are due first, until `body` gives false. Page by page, since
    /// mostly the first one is it.
    private static func walkDeliveries(
        _ connection: any Connection, avoiding hosts: Set<String>, _ body: (DeliveryID, Timestamp) throws -> Bool
    ) throws {
        let pageLength: Int64 = hosts.isEmpty && !connection.dialect.writersAreConcurrent ? 1 : 64
        for page in Int64(0)... {
            let rows = try connection.all(
                """
                SELECT id, due_ms, url FROM deliveries WHERE status = 'waiting' ORDER BY due_ms, rowid LIMIT ? OFFSET ?
                """, [.integer(pageLength), .integer(page * pageLength)]
            ) { row -> (id: DeliveryID, due: Timestamp, url: String) in (row.id(0), row.time(1), row.text(2)) }
            for row in rows where hosts.isEmpty || !hosts.contains(WebAddress.host(of: row.url)) {
                guard try body(row.id, row.due) else { return }
            }
            if rows.count < pageLength { return }
        }
    }

    static func insert(_ delivery: WebhookDelivery, _ connection: any Connection) throws {
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

    private static func insert(_ attempt: DeliveryTry, of id: DeliveryID, _ connection: any Connection) throws {
        try connection.execute(
            "INSERT INTO delivery_tries (delivery, number, at_ms, response) VALUES (?, ?, ?, ?)",
            [
                .id(id), .integer(Int64(attempt.number)), .time(attempt.at), .integer(number(of: attempt.response)),
            ])
    }

    private static func delivery(
        _ id: DeliveryID, locking: String, _ connection: any Connection
    ) throws -> WebhookDelivery? {
        try connection.first(
            "SELECT \(deliveryColumns) FROM deliveries WHERE id = ?\(locking)", [.id(id)], readDelivery)
    }

    static let deliveryColumns = """
        id, organisation, generation, batch, url, body, created_ms, status, attempts, due_ms, worker, lease_ms, response,
        earlier_attempts
        """

    /// A try without an answer is kept as the number 0, which no status has.
    private static func response(_ number: Int64) -> DeliveryResponse {
        number == 0 ? .unreachable : .status(Int(number))
    }

    private static func number(of response: DeliveryResponse) -> Int64 {
        switch response {
        case .status(let number): Int64(number)
        case .unreachable: 0
        }
    }

    static func readDelivery(_ row: Row) throws -> WebhookDelivery {
        let attempts = row.int(8)
        let lease = row.optionalTime(11).map { Lease(worker: row.text(10), fence: Int64(attempts), expiresAt: $0) }
        return WebhookDelivery(
            id: row.id(0), organisation: row.id(1), generation: row.optionalID(2), batch: row.optionalID(3),
            url: row.text(4), body: row.isNull(5) ? nil : row.bytes(5), createdAt: row.time(6),
            lifecycle: DeliveryLifecycle(
                status: try row.word(7), attemptCount: attempts, earlierAttemptCount: row.int(13), dueAt: row.time(9),
                lease: lease, lastResponse: row.optionalInteger(12).map(response)))
    }

    private static func update(_ delivery: WebhookDelivery, _ connection: any Connection) throws {
        let life = delivery.lifecycle
        try connection.execute(
            """
            UPDATE deliveries SET status = ?, attempts = ?, due_ms = ?, worker = ?, lease_ms = ?, response = ?,
                earlier_attempts = ?
            WHERE id = ?
            """,
            [
                .text(life.status.rawValue), .integer(Int64(life.attemptCount)), .time(life.dueAt),
                .optional(life.lease?.worker), .time(life.lease?.expiresAt),
                .optional(life.lastResponse.map(number)), .integer(Int64(life.earlierAttemptCount)), .id(delivery.id),
            ])
    }
}

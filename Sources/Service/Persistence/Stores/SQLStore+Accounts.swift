public import Generations
import Text
public import Time

extension SQLStore: AccountStore {
    public func webhookDefault(of organisation: OrganisationID) async throws -> WebhookDefault? {
        try await readRow { connection in
            try connection.first(
                "SELECT url, enabled, updated_ms, updated_by FROM webhook_defaults WHERE organisation = ?",
                [.id(organisation)]
            ) {
                WebhookDefault(
                    url: $0.text(0), isEnabled: $0.int(1) != 0, updatedAt: $0.time(2), updatedBy: $0.optionalID(3))
            }
        }
    }

    public func setWebhookDefault(_ value: WebhookDefault?, of organisation: OrganisationID) async throws {
        try await write { connection in
            guard let value else {
                return try connection.execute(
                    "DELETE FROM webhook_defaults WHERE organisation = ?", [.id(organisation)])
            }
            try connection.execute(
                """
                INSERT INTO webhook_defaults (organisation, url, enabled, updated_ms, updated_by) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (organisation) DO UPDATE SET url = excluded.url, enabled = excluded.enabled,
                    updated_ms = excluded.updated_ms, updated_by = excluded.updated_by
                """,
                [
                    .id(organisation), .text(value.url), .integer(value.isEnabled ? 1 : 0), .time(value.updatedAt),
                    .id(value.updatedBy),
                ])
        }
    }

    public func deliveries(of generation: GenerationID) async throws -> [WebhookDelivery] {
        try await read { connection in
            try connection.all(
                """
                SELECT \(Self.deliveryColumns) FROM deliveries WHERE generation = ? ORDER BY created_ms DESC, id DESC
                """, [.id(generation)], Self.readDelivery)
        }
    }

    public func usage(
        of organisation: OrganisationID, label: String, from start: Timestamp, to end: Timestamp,
        by grouping: UsageGrouping
    ) async throws -> [UsageCount] {
        try await read { connection in
            let key =
                switch grouping {
                case .total: "''"
                case .day: "CAST(accepted_ms / 86400000 AS TEXT)"
                case .model: "value"
                }
            let credits = connection.dialect.requestMember("credits")
            return try connection.all(
                """
                SELECT \(key) AS key, count(*),
                    sum(CASE WHEN status IN ('failed', 'rejected') THEN 0
                        ELSE coalesce(CAST(\(credits) AS INTEGER), 0) END)
                FROM generation_labels JOIN generations ON generations.id = generation_labels.generation
                WHERE owner = ? AND name = ? AND accepted_ms >= ? AND accepted_ms < ? GROUP BY 1 ORDER BY 1
                """, [.id(organisation), .text(label), .time(start), .time(end)]
            ) { row in
                var key = row.text(0)
                if grouping == .day, let day = Int64(key) {
                    key = String(Timestamp(milliseconds: day * 86_400_000).iso8601.prefix(10))
                }
                return UsageCount(key: key, jobCount: row.int(1), credits: row.int(2))
            }
        }
    }
}

public import Generations
import Text
public import Time

extension SQLStore: OutputRegistry {
    public func outputRecords(digest: String) async throws -> [OutputRecord] {
        try await records("WHERE digest = ?", [.text(digest)])
    }

    public func outputRecords(watermark: UInt32) async throws -> [OutputRecord] {
        try await records("WHERE watermark = ?", [.integer(Int64(watermark))])
    }

    public func newestFingerprints(limit: Int) async throws -> [OutputRecord] {
        try await records("WHERE fingerprint <> ''", [], limit: limit)
    }

    public func removeOutputRecords(before moment: Timestamp) async throws -> Int {
        try await write { connection in
            try connection.change(
                """
                DELETE FROM output_records WHERE (digest, generation) IN (
                    SELECT digest, generation FROM output_records WHERE created_ms < ? LIMIT 1000)
                """, [.time(moment)])
        }
    }

    /// Adds a record; one that is there already stays.
    static func insert(_ record: OutputRecord, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO output_records
                (digest, generation, organisation, content_type, watermark, fingerprint, created_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                .text(record.digest), .id(record.generation), .id(record.organisation), .text(record.contentType),
                .optional(record.watermark.map(Int64.init)), .text(text(of: record.fingerprint)),
                .time(record.createdAt),
            ])
    }

    private func records(_ condition: String, _ values: [SQLValue], limit: Int = 100) async throws -> [OutputRecord] {
        try await read { connection in
            try connection.all(
                """
                SELECT digest, generation, organisation, content_type, watermark, fingerprint, created_ms
                FROM output_records \(condition) ORDER BY created_ms DESC, digest LIMIT \(limit)
                """, values
            ) { row in
                OutputRecord(
                    digest: row.text(0), generation: GenerationID(rawValue: row.text(1)),
                    organisation: OrganisationID(rawValue: row.text(2)), createdAt: row.time(6),
                    contentType: row.text(3), watermark: row.optionalInteger(4).flatMap { UInt32(exactly: $0) },
                    fingerprint: Self.fingerprint(row.text(5)))
            }
        }
    }

    /// 16 digits for each number.
    private static func text(of fingerprint: [UInt64]) -> String {
        Hexadecimal.encode(
            fingerprint.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } })
    }

    private static func fingerprint(_ text: String) -> [UInt64] {
        let bytes = Hexadecimal.decode(text) ?? []
        return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
            bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

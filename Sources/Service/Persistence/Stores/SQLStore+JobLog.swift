public import Generations
import Time

extension SQLStore: JobLogStore {
    public func jobEvents(of id: GenerationID, after number: Int, limit: Int) async throws -> [JobEvent] {
        try await readRow { connection in
            try connection.all(
                """
                SELECT number, kind, at_ms, progress FROM job_events WHERE generation = ? AND number > ?
                ORDER BY number LIMIT ?
                """, [.id(id), .integer(Int64(number)), .integer(Int64(limit))], Self.event)
        }
    }

    public func newestJobEvents(of id: GenerationID, limit: Int) async throws -> [JobEvent] {
        try await readRow { connection in
            try connection.all(
                """
                SELECT number, kind, at_ms, progress FROM job_events WHERE generation = ?
                ORDER BY number DESC LIMIT ?
                """, [.id(id), .integer(Int64(limit))], Self.event
            ).reversed()
        }
    }

    private static func event(_ row: Row) throws -> JobEvent {
        JobEvent(number: row.int(0), kind: try row.word(1), at: row.time(2), progress: row.real(3))
    }

    /// Adds a line to a job's log. The job's row is locked by who writes, so that numbers are not taken twice.
    static func note(
        _ kind: JobEvent.Kind, of id: GenerationID, progress: Double, at moment: Timestamp?,
        _ connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO job_events (generation, number, kind, at_ms, progress)
            VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM job_events WHERE generation = ?), ?, ?, ?)
            """,
            [.id(id), .id(id), .text(kind.rawValue), .time(moment ?? SystemClock().now), .real(progress)])
    }
}

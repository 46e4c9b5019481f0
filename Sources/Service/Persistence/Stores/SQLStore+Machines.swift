public import Generations
public import Time

extension SQLStore: MachineStore {
    /// A text that every process of the installation gets.
    public func keptText(_ name: String, orKeep text: String) async throws -> String {
        try await write { connection in
            try connection.execute(
                "INSERT INTO kept_texts (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", [.text(name), .text(text)])
            return try connection.first("SELECT value FROM kept_texts WHERE name = ?", [.text(name)]) { $0.text(0) }
                ?? text
        }
    }

    /// Begins a chore, unless it was begun a short time ago.
    public func beginChore(_ name: String, now: Timestamp, every interval: Duration) async throws -> Bool {
        // A machine that was started anew may count from an earlier moment than the last one.
        let (earliest, latest) = (now.advanced(by: .zero - interval), now)
        return try await write { connection in
            try connection.change(
                """
                INSERT INTO chores (name, begun_ms) VALUES (?1, ?2)
                ON CONFLICT (name) DO UPDATE SET begun_ms = excluded.begun_ms
                WHERE chores.begun_ms <= ?3 OR chores.begun_ms > ?2
                """, [.text(name), .time(latest), .time(earliest)]) == 1
        }
    }

    /// Keeps that a process works.
    public func noteNode(_ node: WorkNode) async throws {
        let dead = node.seenAt.advanced(by: .zero - WorkNode.silence)
        try await write { connection in
            try connection.execute("DELETE FROM nodes WHERE seen_ms < ?", [.time(dead)])
            try connection.execute(
                """
                INSERT INTO nodes (\(Self.nodeColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET running = excluded.running, seen_ms = excluded.seen_ms
                """,
                [
                    .text(node.name), .text(node.host), .text(node.version),
                    .text(node.roles.map(\.rawValue).sorted().joined(separator: ",")),
                    .integer(Int64(node.renderSlots)), .integer(Int64(node.runningCount)), .time(node.startedAt),
                    .time(node.seenAt),
                ])
        }
    }

    /// Forgets a process.
    public func forgetNode(_ name: String) async throws {
        try await write { try $0.execute("DELETE FROM nodes WHERE name = ?", [.text(name)]) }
    }

    /// The processes that work.
    public func nodes(now: Timestamp) async throws -> [WorkNode] {
        try await read { connection in
            try connection.all(
                "SELECT \(Self.nodeColumns) FROM nodes WHERE seen_ms >= ? ORDER BY host, name",
                [.time(now.advanced(by: .zero - WorkNode.silence))]
            ) { row in
                WorkNode(
                    name: row.text(0), host: row.text(1), version: row.text(2),
                    roles: Set(row.text(3).split(separator: ",").compactMap { WorkRole(rawValue: String($0)) }),
                    renderSlots: row.int(4), runningCount: row.int(5), startedAt: row.time(6), seenAt: row.time(7))
            }
        }
    }

    private static let nodeColumns = "name, host, version, roles, slots, running, started_ms, seen_ms"
}

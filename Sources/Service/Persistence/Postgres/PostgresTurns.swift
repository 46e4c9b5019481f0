import Generations
import Synchronization

/// Writes that would wait for each other in the database: those of one turn wait here, where they keep no connection, and
/// share a transaction, so that the disk is waited for once for all of them. Each still has a savepoint of its own; one that
/// fails takes nothing else with it. A lock of the turn's name keeps those of other processes away meanwhile.
final class PostgresTurns: Sendable {
    /// A write that waits. Both of its ends answer the caller.
    struct PendingWrite: Sendable {
        /// Runs the statements; gives what is to be called when they are stored.
        let run: @Sendable (PostgresConnection) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    /// Runs its body in a transaction of its own.
    typealias Transaction =
        @Sendable (
            @escaping @Sendable (PostgresConnection) throws -> [@Sendable () -> Void]
        ) async throws -> [@Sendable () -> Void]

    /// The most writes in one transaction: bounds how long the first one waits for the last one.
    private static let groupLimit = 64
    /// How often a write is tried that met another transaction.
    private static let attemptLimit = 4

    /// What waits, by the turn's name. A name that is there is being worked through.
    private let waiting = Mutex<[String: [PendingWrite]]>([:])

    /// Runs `body` in its turn; returns when its changes are stored.
    func write<Value: Sendable>(
        inTurn turn: String, _ body: @escaping @Sendable (any Connection) throws -> Value,
        _ transaction: @escaping Transaction
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = PendingWrite { connection in
                let value = try body(connection)
                return { continuation.resume(returning: value) }
            } fail: {
                continuation.resume(throwing: $0)
            }
            let isFirst = waiting.withLock { waiting in
                defer { waiting[turn, default: []].append(write) }
                return waiting[turn] == nil
            }
            if isFirst { Task { await self.workThrough(turn, transaction) } }
        }
    }

    private func workThrough(_ turn: String, _ transaction: Transaction) async {
        while true {
            let group = waiting.withLock { waiting -> [PendingWrite] in
                guard let all = waiting[turn], !all.isEmpty else {
                    waiting[turn] = nil
                    return []
                }
                waiting[turn] = Array(all.dropFirst(Self.groupLimit))
                return Array(all.prefix(Self.groupLimit))
            }
            if group.isEmpty { return }
            do {
                let answers = try await transaction { connection in
                    try connection.execute(
                        "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [.text(turn)])
                    // Without the lock there is nothing to be done, and no savepoint to go back to.
                    try connection.finish()
                    return try group.map { try Self.run($0, connection) }
                }
                for answer in answers { answer() }
            } catch {
                for write in group { write.fail(error) }
            }
        }
    }

    /// Runs one write; gives what is to be called when the transaction is stored.
    ///
    /// - Throws: `PostgresError` where the connection is lost, and with it the whole transaction.
    private static func run(
        _ write: PendingWrite, _ connection: PostgresConnection
    ) throws -> @Sendable () -> Void {
        var attempt = 1
        while true {
            try connection.execute("SAVEPOINT one", [])
            do {
                let answer = try write.run(connection)
                try connection.finish()
                try connection.execute("RELEASE SAVEPOINT one", [])
                return answer
            } catch let error as PostgresError where error.isConnectionLost {
                throw error
            } catch {
                try connection.undo(to: "one")
                let known = error as? PostgresError
                guard known?.isConflict == true, attempt < attemptLimit else {
                    return { write.fail(known?.storeError ?? error) }
                }
                attempt += 1
            }
        }
    }
}

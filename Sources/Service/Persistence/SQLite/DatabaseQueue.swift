import Dispatch
import Generations
import Queues
import Synchronization

/// Owns one connection and the thread on which it is used, so that no caller's thread ever waits for a disk.
///
/// Writes that arrive while another is being made durable wait together and share one transaction: the disk is waited
/// for once for all of them. Each still has a savepoint of its own, so that one that fails takes nothing else with it,
/// and is answered only after the common commit.
final class DatabaseQueue: Sendable {
    /// Ends a write: nil after a commit, otherwise why there was none.
    private typealias Completion = @Sendable (any Error) -> Void
    private struct PendingWrite: Sendable {
        /// Runs the statements. The first function of the result answers after the commit; the second one otherwise.
        let perform: @Sendable (SQLiteConnection) -> (committed: @Sendable () -> Void, failed: Completion, isDone: Bool)
        let failed: Completion
    }

    private struct State {
        var pending: [PendingWrite] = []
        var isScheduled = false
    }

    // Touched on `queue` alone, which the compiler cannot see.
    private struct ConnectionBox: @unchecked Sendable {
        let connection: SQLiteConnection
    }

    /// The most writes in one transaction: bounds how long the first one waits for the last one.
    private static let groupLimit = 256

    private let queue: DispatchQueue
    private let box: ConnectionBox
    private let state = Mutex(State())

    init(label: String, connection: sending SQLiteConnection) {
        queue = DispatchQueue(label: label)
        box = ConnectionBox(connection: connection)
    }

    /// Runs `body` in a read transaction.
    func read<Value: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Value) async throws -> Value {
        try await queue.value { [box] in
            try box.connection.run("BEGIN")
            defer { try? box.connection.run("COMMIT") }
            return try body(box.connection)
        }
    }

    /// Runs `body` outside of any transaction, for what SQLite does in none.
    func runAlone<Value: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Value) async throws -> Value
    {
        try await queue.value { [box] in try body(box.connection) }
    }

    /// Runs `body` in a write transaction; returns when its changes are durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = PendingWrite(
                perform: { connection in
                    do {
                        try connection.run("SAVEPOINT one")
                        let value = try body(connection)
                        try connection.run("RELEASE one")
                        return ({ continuation.resume(returning: value) }, { continuation.resume(throwing: $0) }, true)
                    } catch {
                        // Where SQLite has ended the transaction by itself, there is no savepoint to go back to.
                        if connection.isInTransaction { Self.undoSavepoint(connection) }
                        return (
                            { continuation.resume(throwing: error) }, { _ in continuation.resume(throwing: error) },
                            false
                        )
                    }
                }, failed: { continuation.resume(throwing: $0) })
            let mustSchedule = state.withLock { state in
                state.pending.append(write)
                defer { state.isScheduled = true }
                return !state.isScheduled
            }
            if mustSchedule { queue.async { self.drain() } }
        }
    }

    private func drain() {
        let group = state.withLock { state in
            let group = Array(state.pending.prefix(Self.groupLimit))
            state.pending.removeFirst(group.count)
            if group.isEmpty { state.isScheduled = false }
            return group
        }
        guard !group.isEmpty else { return }
        commit(group[...])
        queue.async { self.drain() }
    }

    private func commit(_ group: ArraySlice<PendingWrite>) {
        let connection = box.connection
        do { try connection.run("BEGIN IMMEDIATE") } catch {
            for write in group { write.failed(error) }
            return
        }
        var done: [(committed: @Sendable () -> Void, failed: Completion, isDone: Bool)] = []
        for (index, write) in zip(group.indices, group) {
            done.append(write.perform(connection))
            guard connection.isInTransaction else {
                // A failure such as a full disk has undone the whole group: nobody's changes are there.
                let lost = StoreError(code: .unavailable, detail: "the common transaction was rolled back")
                for write in done { write.failed(lost) }
                commitRest(group[(index + 1)...])
                return
            }
        }
        do {
            try connection.run("COMMIT")
            for write in done { write.committed() }
        } catch {
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            for write in done { write.failed(error) }
        }
    }

    // What cannot be undone alone is undone with its whole group: half of a write must never be committed.
    private static func undoSavepoint(_ connection: SQLiteConnection) {
        do { try connection.run("ROLLBACK TO one; RELEASE one") } catch { try? connection.run("ROLLBACK") }
    }

    private func commitRest(_ rest: ArraySlice<PendingWrite>) {
        if !rest.isEmpty { commit(rest) }
    }
}

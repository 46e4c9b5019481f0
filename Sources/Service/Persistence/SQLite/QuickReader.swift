import Synchronization

/// A connection for reads that take microseconds: one row by its key. They run on the caller's own thread, since a
/// change of threads costs more than the read. Longer reads belong on a `DatabaseQueue`.
final class QuickReader: Sendable {
    // The lock keeps all but one thread away, which the compiler cannot see.
    private struct ConnectionBox: @unchecked Sendable {
        let connection: SQLiteConnection
    }

    private let box: Mutex<ConnectionBox>

    init(connection: sending SQLiteConnection) { box = Mutex(ConnectionBox(connection: connection)) }

    /// Runs `body`, which may have one statement only: there is no transaction around it. Gives `nil` where another
    /// thread reads at this moment.
    func read<Value: Sendable>(_ body: (SQLiteConnection) throws -> Value) throws -> Value? {
        let result = box.withLockIfAvailable { box in Result { try body(box.connection) } }
        return try result?.get()
    }
}

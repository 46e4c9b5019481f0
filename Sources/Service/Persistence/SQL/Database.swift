package import Time

/// What runs the statements of a store: a driver of SQLite or PostgreSQL.
///
/// Every write that returns is stored durably; every one that throws has stored nothing.
package protocol Database: Sendable {
    /// Whether a question goes to another process, so that questions that come together should be asked together.
    var isElsewhere: Bool { get }
    /// The time of leases and pauses, the same for all who work on the database.
    var steadyTime: Timestamp { get }
    /// Runs `body` in a transaction that sees one state of the database.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value
    /// As `read`, for a body of one short statement.
    func readRow<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value
    /// Runs `body` in a transaction that is stored when it returns. It may be run more than once, each time on what is
    /// stored then, so that it may change nothing else.
    ///
    /// - Parameter turn: The name of a turn: of all writes with one name, on every machine, one is run at a time.
    func write<Value: Sendable>(
        inTurn turn: String?, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value
    /// Looks through all of it; gives what is wrong in the database's words. Nothing where it has no words for it.
    func problems() async throws -> [String]
    /// See `StorageStore.checkpoint`.
    func checkpoint(ifLargerThan byteCount: Int64) async throws
}

import Generations
public import Time

/// Everything that is kept, in a database that speaks SQL. The statements are the same for SQLite and PostgreSQL but for the
/// fragments of `SQLDialect`.
///
/// Every call that returns has stored durably, every call that throws has stored nothing.
public final class SQLStore: Sendable {
    package let database: any Database
    let damaged: DamagedRows
    /// Clients that poll ask for revisions all the time; nil where each is read by itself.
    let revisions: GroupedReads<GenerationID, OwnedRevision>?

    /// - Parameter onDamagedRow: Told, once for each, of rows that cannot be read and are left out of lists; called from
    ///   any thread.
    package init(_ database: any Database, onDamagedRow: (@Sendable (String) -> Void)? = nil) {
        self.database = database
        damaged = DamagedRows(report: onDamagedRow)
        revisions =
            database.isElsewhere
            ? GroupedReads { ids in try await database.readRow { try Self.revisions(of: ids, $0) } } : nil
    }

    /// Opens an SQLite file, makes it where there is none, and brings an older one up to date.
    public convenience init(
        path: String, options: SQLiteDatabase.Options = SQLiteDatabase.Options(),
        onDamagedRow: (@Sendable (String) -> Void)? = nil
    ) throws {
        self.init(try SQLiteDatabase(path: path, options: options), onDamagedRow: onDamagedRow)
    }

    /// The time of leases and pauses.
    public var steadyTime: Timestamp { database.steadyTime }

    /// Keeps the database small and its steady time known; see `StorageStore`.
    public func checkpoint(ifLargerThan byteCount: Int64) async throws {
        try await database.checkpoint(ifLargerThan: byteCount)
    }

    /// Looks through the whole database; gives what is wrong with it.
    public func problems() async throws -> [String] { try await database.problems() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await database.read(body)
    }

    func readRow<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await database.readRow(body)
    }

    /// - Parameter turn: See `Database.write`.
    func write<Value: Sendable>(
        inTurn turn: String? = nil, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await database.write(inTurn: turn, body)
    }
}

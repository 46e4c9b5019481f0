/// One connection to a database with its prepared statements. It belongs to one thread at a time and never leaves the
/// closure that it is given to.
package protocol Connection: AnyObject {
    /// How the database's SQL differs.
    var dialect: SQLDialect { get }
    /// Runs statements that give nothing and take no values.
    func run(_ script: String) throws
    /// Runs one statement that gives no rows. A driver may send it together with the next ones; its failure is thrown by one
    /// of them then, or by the end of the transaction.
    func execute(_ sql: String, _ values: [SQLValue]) throws
    /// Runs one statement, each row through `body`; gives the number of rows that it changed.
    func step(_ sql: String, _ values: [SQLValue], _ body: (Row) throws -> Void) throws -> Int
}

extension Connection {
    func execute(_ sql: String) throws { try execute(sql, []) }

    /// Lets no other transaction have the lock of this name until this one ends.
    func lock(_ name: String) throws {
        guard dialect.writersAreConcurrent else { return }
        try execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [.text(name)])
    }

    /// Runs one statement; gives the number of rows that it changed.
    func change(_ sql: String, _ values: [SQLValue] = []) throws -> Int { try step(sql, values) { _ in } }

    /// All rows, each through `read`.
    package func all<Value>(_ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws -> Value) throws -> [Value] {
        var result: [Value] = []
        _ = try step(sql, values) { result.append(try read($0)) }
        return result
    }

    /// The first row through `read`; nil where there is none.
    package func first<Value>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws -> Value
    ) throws -> Value? {
        var result: Value?
        _ = try step(sql, values) { if result == nil { result = try read($0) } }
        return result
    }
}

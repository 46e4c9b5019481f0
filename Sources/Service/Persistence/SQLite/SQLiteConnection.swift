import CSQLite
import Generations
import Text
import Time

/// A connection to an SQLite file. Belongs to one `DatabaseQueue` and never leaves its thread.
package final class SQLiteConnection: Connection {
    package let dialect = SQLDialect.sqlite
    private let database: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// Opens a file, and makes it unless `isReadOnly`.
    init(path: String, isReadOnly: Bool, busyMilliseconds: Int32) throws {
        var handle: OpaquePointer?
        let flags =
            (isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX
            | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let error = SQLiteError(code, database: handle, statement: "open")
            sqlite3_close_v2(handle)
            throw error.storeError
        }
        database = handle
        sqlite3_busy_timeout(handle, busyMilliseconds)
        try run("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(database)
    }

    /// Whether a transaction is open; SQLite ends one by itself after some failures.
    var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

    /// Runs statements that give nothing and take no values.
    package func run(_ script: String) throws {
        let code = sqlite3_exec(database, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, database: database, statement: script).storeError }
    }

    package func execute(_ sql: String, _ values: [SQLValue]) throws { _ = try step(sql, values) { _ in } }

    package func step(_ sql: String, _ values: [SQLValue], _ body: (Row) throws -> Void) throws -> Int {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, at: Int32(index + 1), of: statement)
            guard code == SQLITE_OK else { throw SQLiteError(code, database: database, statement: sql).storeError }
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try body(Row(.sqlite(statement)))
            case SQLITE_DONE: return Int(sqlite3_changes64(database))
            case let code: throw SQLiteError(code, database: database, statement: sql).storeError
            }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32, of statement: OpaquePointer) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .real(let number): return sqlite3_bind_double(statement, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // An empty string may have no address, which would bind NULL.
                    lipsmith_sqlite_bind_text(
                        statement, index, characters.baseAddress ?? emptyText, sqlite3_uint64(characters.count))
                }
            }
        case .blob(let bytes):
            return lipsmith_sqlite_bind_blob(statement, index, bytes, sqlite3_uint64(bytes.count))
        }
    }

    private func prepared(_ sql: String) throws -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        if statements.count >= 200 {
            for statement in statements.values { sqlite3_finalize(statement) }
            statements.removeAll()
        }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw SQLiteError(code, database: database, statement: sql).storeError
        }
        statements[sql] = statement
        return statement
    }
}

private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    pointer.pointee = 0
    return UnsafePointer(pointer)
}()

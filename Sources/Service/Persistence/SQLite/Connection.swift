import CSQLite
import Generations
import Text
import Time

/// A value for a placeholder of a statement.
package enum SQLValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
    static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
    static func optional(_ value: Double?) -> SQLValue { value.map(SQLValue.real) ?? .null }
    static func id<Entity>(_ value: Identifier<Entity>) -> SQLValue { .text(value.rawValue) }
    static func id<Entity>(_ value: Identifier<Entity>?) -> SQLValue { optional(value?.rawValue) }
    static func time(_ value: Timestamp) -> SQLValue { .integer(value.milliseconds) }
    static func time(_ value: Timestamp?) -> SQLValue { optional(value?.milliseconds) }
    static func blobKey(_ value: BlobKey?) -> SQLValue { optional(value?.rawValue) }
}

/// One connection with its prepared statements. Belongs to one `DatabaseQueue` and never leaves its thread.
package final class Connection {
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

    /// Runs one statement; gives the number of rows that it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
        try step(sql, values) { _ in }
        return Int(sqlite3_changes64(database))
    }

    /// All rows, each through `read`.
    package func all<Value>(_ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws -> Value) throws -> [Value] {
        var result: [Value] = []
        try step(sql, values) { result.append(try read($0)) }
        return result
    }

    /// The first row through `read`; nil where there is none.
    package func first<Value>(_ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws -> Value) throws -> Value?
    {
        var result: Value?
        try step(sql, values) { if result == nil { result = try read($0) } }
        return result
    }

    private func step(_ sql: String, _ values: [SQLValue], _ body: (Row) throws -> Void) throws {
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
            case SQLITE_ROW: try body(Row(statement: statement))
            case SQLITE_DONE: return
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

/// The present row of a running statement; valid until the next one.
package struct Row {
    fileprivate let statement: OpaquePointer

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func int(_ column: Int32) -> Int { Int(integer(column)) }
    func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let address = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(statement, column))))
    }

    package func text(_ column: Int32) -> String {
        guard let address = sqlite3_column_text(statement, column) else { return "" }
        let bytes = UnsafeBufferPointer(start: address, count: Int(sqlite3_column_bytes(statement, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalReal(_ column: Int32) -> Double? { isNull(column) ? nil : real(column) }
    func id<Entity>(_ column: Int32) -> Identifier<Entity> { Identifier(rawValue: text(column)) }
    func optionalID<Entity>(_ column: Int32) -> Identifier<Entity>? { optionalText(column).map(Identifier.init) }
    func time(_ column: Int32) -> Timestamp { Timestamp(milliseconds: integer(column)) }
    func optionalTime(_ column: Int32) -> Timestamp? { optionalInteger(column).map(Timestamp.init(milliseconds:)) }
    func blobKey(_ column: Int32) -> BlobKey? { optionalText(column).map(BlobKey.init(rawValue:)) }
    func json(_ column: Int32) throws -> JSONValue { try JSONValue(parsing: bytes(column)) }

    /// A word of a closed list; a word that this program does not know means damage or a newer program.
    func word<Word: RawRepresentable<String>>(_ column: Int32) throws -> Word {
        guard let word = Word(rawValue: text(column)) else {
            throw StoreError(code: .damaged, detail: "unknown word \(text(column)) for \(Word.self)")
        }
        return word
    }
}

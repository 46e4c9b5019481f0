import CSQLite
import Generations

/// What SQLite answered: its codes as they came, so that unknown ones survive.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The code with its particular part.
    public let extendedCode: Int
    /// The library's words.
    public let message: String
    /// The statement, without its values.
    public let statement: String

    /// The code without its particular part.
    public var primaryCode: Int { extendedCode & 0xFF }

    /// Code, words and statement, for logs.
    public var description: String { "SQLite \(extendedCode): \(message) [\(statement)]" }

    init(_ code: Int32, database: OpaquePointer?, statement: String) {
        extendedCode = Int(code)
        message = database.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        self.statement = statement
    }

    /// The same in the words that every driver shares.
    var storeError: StoreError {
        let code: StoreError.Code =
            switch Int32(primaryCode) {
            case SQLITE_FULL: .full
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_READONLY, SQLITE_PERM, SQLITE_PROTOCOL:
                .unavailable
            case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
            default: .refused
            }
        return StoreError(code: code, driverCode: extendedCode, detail: description)
    }
}

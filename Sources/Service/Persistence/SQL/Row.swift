import CPostgres
import CSQLite
import Generations
import Glibc
import Text
import Time

/// The present row of a running statement; valid until the next one.
package struct Row {
    /// What holds the row: a statement of SQLite at it, or a result of PostgreSQL and the row's number.
    enum Source {
        case sqlite(OpaquePointer)
        case postgres(OpaquePointer, Int32)
    }

    private let source: Source

    init(_ source: Source) { self.source = source }

    func isNull(_ column: Int32) -> Bool {
        switch source {
        case .sqlite(let statement): sqlite3_column_type(statement, column) == SQLITE_NULL
        case .postgres(let result, let row): PQgetisnull(result, row, column) != 0
        }
    }

    func integer(_ column: Int32) -> Int64 {
        switch source {
        case .sqlite(let statement): sqlite3_column_int64(statement, column)
        case .postgres(let result, let row): strtoll(PQgetvalue(result, row, column), nil, 10)
        }
    }

    func int(_ column: Int32) -> Int { Int(integer(column)) }

    func real(_ column: Int32) -> Double {
        switch source {
        case .sqlite(let statement): sqlite3_column_double(statement, column)
        case .postgres(let result, let row): strtod(PQgetvalue(result, row, column), nil)
        }
    }

    /// The bytes of a text or a blob; none for NULL.
    func bytes(_ column: Int32) -> [UInt8] {
        switch source {
        case .sqlite(let statement):
            guard let address = sqlite3_column_blob(statement, column) else { return [] }
            return Array(UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(statement, column))))
        case .postgres(let result, let row):
            let bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
            return PQftype(result, column) == PostgresType.bytes ? PostgresType.decodeBytes(bytes) : Array(bytes)
        }
    }

    package func text(_ column: Int32) -> String {
        switch source {
        case .sqlite(let statement):
            guard let address = sqlite3_column_text(statement, column) else { return "" }
            let bytes = UnsafeBufferPointer(start: address, count: Int(sqlite3_column_bytes(statement, column)))
            return String(decoding: bytes, as: UTF8.self)
        case .postgres(let result, let row):
            return String(cString: PQgetvalue(result, row, column))
        }
    }

    /// The column as it is stored.
    func value(_ column: Int32) -> SQLValue {
        if isNull(column) { return .null }
        switch source {
        case .sqlite(let statement):
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: return .integer(integer(column))
            case SQLITE_FLOAT: return .real(real(column))
            case SQLITE_BLOB: return .blob(bytes(column))
            default: return .text(text(column))
            }
        case .postgres(let result, _):
            switch PQftype(result, column) {
            case PostgresType.integer, PostgresType.shortInteger: return .integer(integer(column))
            case PostgresType.real: return .real(real(column))
            case PostgresType.bytes: return .blob(bytes(column))
            default: return .text(text(column))
            }
        }
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

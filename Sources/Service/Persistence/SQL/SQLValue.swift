import Generations
import Time

/// A value for a placeholder of a statement.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The value as every database can keep it: PostgreSQL's texts have no NUL in them.
    var withoutZeros: SQLValue {
        guard case .text(let text) = self, text.utf8.contains(0) else { return self }
        return .text(text.replacing("\0", with: "\u{FFFD}"))
    }

    static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
    static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
    static func optional(_ value: Double?) -> SQLValue { value.map(SQLValue.real) ?? .null }
    static func id<Entity>(_ value: Identifier<Entity>) -> SQLValue { .text(value.rawValue) }
    static func id<Entity>(_ value: Identifier<Entity>?) -> SQLValue { optional(value?.rawValue) }
    static func time(_ value: Timestamp) -> SQLValue { .integer(value.milliseconds) }
    static func time(_ value: Timestamp?) -> SQLValue { optional(value?.milliseconds) }
    static func blobKey(_ value: BlobKey?) -> SQLValue { optional(value?.rawValue) }
}

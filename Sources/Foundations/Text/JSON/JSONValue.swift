/// A JSON value: what a client sent and gets echoed, and the form in which requests are stored.
public indirect enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without fraction or exponent that fits.
    case integer(Int64)
    /// Any other number; always finite.
    case number(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Names and values; the order in which a client wrote them is not kept.
    case object([String: JSONValue])
}

extension JSONValue {
    /// The text, or nil for another kind of value.
    public var text: String? { if case .string(let value) = self { value } else { nil } }

    /// The number, or nil for another kind of value.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The whole number, also where it was written as `2.0`; nil for another kind of value.
    public var int: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The truth value, or nil for another kind of value.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The list, or nil for another kind of value.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members, or nil for another kind of value.
    public var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }

    /// Whether this is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The member named `key`; nil where there is none, or where it is `null`, or where this is no object.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[key], !value.isNull else { return nil }
        return value
    }

    /// An object of the members that are not nil.
    public static func compact(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        var object: [String: JSONValue] = [:]
        for (key, value) in members { if let value { object[key] = value } }
        return .object(object)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of equal keys the last one counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}

/// A value with a JSON form of its own, written by hand: stored requests are read by the hundred for one list, and the
/// stock decoder takes several times as long.
public protocol JSONRepresentable {
    /// Reads the form that `json` writes.
    init(json: JSONValue) throws
    /// The JSON form.
    var json: JSONValue { get }
}

/// Why stored JSON could not be read.
public struct JSONFormError: Error, Sendable, CustomStringConvertible {
    /// What was expected where.
    public let description: String
    /// Says what was expected where.
    public init(_ description: String) { self.description = description }
}

extension JSONValue {
    /// The text member `key`, which must be there.
    package func requiredText(_ key: String) throws -> String {
        guard let text = self[key]?.text else { throw JSONFormError("text expected at \(key)") }
        return text
    }

    /// The number member `key`, which must be there.
    package func requiredDouble(_ key: String) throws -> Double {
        guard let number = self[key]?.double else { throw JSONFormError("number expected at \(key)") }
        return number
    }

    /// The members of the list `key`, each read as `Element`; empty where there is none.
    package func list<Element: JSONRepresentable>(_ key: String, of: Element.Type) throws -> [Element] {
        try (self[key]?.array ?? []).map { try Element(json: $0) }
    }
}

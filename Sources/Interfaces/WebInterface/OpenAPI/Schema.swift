import Generations
public import Text

/// A JSON schema as OpenAPI 3.0 writes it.
///
///     let voice = Schema.object(["id": .string, "language": .string.nullable], required: ["id"])
public struct Schema: Sendable {
    /// The schema itself.
    public let json: JSONValue

    private init(_ json: JSONValue) { self.json = json }

    private init(_ type: String, _ members: [String: JSONValue] = [:]) {
        json = .object(members.merging(["type": .string(type)]) { $1 })
    }

    /// Any text.
    public static let string = Schema("string")
    /// A truth value.
    public static let boolean = Schema("boolean")
    /// Any number.
    public static let number = Schema("number")
    /// Any whole number.
    public static let integer = Schema("integer")
    /// Any object.
    public static let object = Schema("object", ["additionalProperties": true])
    /// A UUID in text.
    public static let uuid = Schema("string", ["format": "uuid"])
    /// A time in ISO 8601.
    public static let time = Schema("string", ["format": "date-time"])
    /// A URI.
    public static let address = Schema("string", ["format": "uri"])
    /// The bytes of a file.
    public static let file = Schema("string", ["format": "binary"])

    /// A text of a length in characters.
    public static func string(_ length: ClosedRange<Int>) -> Schema {
        Schema("string", limits("minLength", "maxLength", length))
    }

    /// A number within a range.
    public static func number(_ range: ClosedRange<Double>) -> Schema {
        Schema("number", ["minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)])
    }

    /// A whole number within a range.
    public static func integer(_ range: ClosedRange<Int>) -> Schema {
        Schema("integer", limits("minimum", "maximum", range))
    }

    /// One of some words.
    public static func oneWord(of words: some Sequence<String>) -> Schema {
        Schema("string", ["enum": .array(words.map(JSONValue.string))])
    }

    /// One of an enumeration's words.
    public static func oneWord<Word: CaseIterable & RawRepresentable<String>>(of type: Word.Type) -> Schema {
        oneWord(of: type.allCases.map(\.rawValue))
    }

    /// A list, of a length where `count` says one.
    public static func list(of item: Schema, _ count: ClosedRange<Int>? = nil) -> Schema {
        var members = count.map { limits("minItems", "maxItems", $0) } ?? [:]
        members["items"] = item.json
        return Schema("array", members)
    }

    /// An object by its members.
    ///
    /// - Parameter isOpen: Whether the document says that there may be others.
    public static func object(
        _ properties: [String: Schema], required: [String] = [], isOpen: Bool = false
    ) -> Schema {
        var members: [String: JSONValue] = ["properties": .object(properties.mapValues(\.json))]
        if isOpen { members["additionalProperties"] = true }
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        return Schema("object", members)
    }

    /// One of several forms.
    public static func either(_ forms: [Schema]) -> Schema { Schema(["anyOf": .array(forms.map(\.json))]) }

    /// A schema of the document's components.
    public static func named(_ name: String) -> Schema { Schema(["$ref": .string("#/components/schemas/\(name)")]) }

    /// The same, or `null`.
    public var nullable: Schema { with("nullable", true) }

    /// The same with a sentence about it.
    public func described(_ text: String) -> Schema { with("description", .string(text)) }

    /// The same with a default.
    public func defaulting(to value: JSONValue) -> Schema { with("default", value) }

    private func with(_ key: String, _ value: JSONValue) -> Schema {
        // OpenAPI 3.0 ignores what stands beside a reference.
        var members = json["$ref"] == nil ? json.object ?? [:] : ["allOf": [json]]
        members[key] = value
        return Schema(.object(members))
    }

    private static func limits(
        _ lowest: String, _ highest: String, _ range: ClosedRange<Int>
    ) -> [String: JSONValue] {
        [lowest: .integer(Int64(range.lowerBound)), highest: .integer(Int64(range.upperBound))]
    }
}

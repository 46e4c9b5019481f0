import Generations

/// A JSON schema as OpenAPI 3.0 writes it.
struct Schema: Sendable {
    let json: JSONValue

    private init(_ json: JSONValue) { self.json = json }

    private init(_ type: String, _ members: [String: JSONValue] = [:]) {
        json = .object(members.merging(["type": .string(type)]) { $1 })
    }

    static let string = Schema("string")
    static let boolean = Schema("boolean")
    static let number = Schema("number")
    static let integer = Schema("integer")
    /// Any object.
    static let object = Schema("object", ["additionalProperties": true])
    static let uuid = Schema("string", ["format": "uuid"])
    static let time = Schema("string", ["format": "date-time"])
    static let address = Schema("string", ["format": "uri"])
    static let file = Schema("string", ["format": "binary"])

    static func string(_ length: ClosedRange<Int>) -> Schema {
        Schema(
            "string",
            ["minLength": .integer(Int64(length.lowerBound)), "maxLength": .integer(Int64(length.upperBound))])
    }

    static func number(_ range: ClosedRange<Double>) -> Schema {
        Schema("number", ["minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)])
    }

    static func integer(_ range: ClosedRange<Int>) -> Schema {
        Schema("integer", ["minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound))])
    }

    static func oneWord(of words: some Sequence<String>) -> Schema {
        Schema("string", ["enum": .array(words.map(JSONValue.string))])
    }

    static func list(of item: Schema, _ count: ClosedRange<Int>? = nil) -> Schema {
        var members: [String: JSONValue] = ["items": item.json]
        if let count {
            members["minItems"] = .integer(Int64(count.lowerBound))
            members["maxItems"] = .integer(Int64(count.upperBound))
        }
        return Schema("array", members)
    }

    static func object(_ properties: KeyValuePairs<String, Schema>, required: [String] = []) -> Schema {
        var members: [String: JSONValue] = [
            "properties": .object(
                Dictionary(properties.map { ($0.key, $0.value.json) }, uniquingKeysWith: { $1 }))
        ]
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        return Schema("object", members)
    }

    /// One of several forms.
    static func either(_ forms: Schema...) -> Schema { Schema(["anyOf": .array(forms.map(\.json))]) }

    /// A schema of the document's components.
    static func named(_ name: String) -> Schema { Schema(["$ref": .string("#/components/schemas/\(name)")]) }

    /// The same, or `null`.
    var nullable: Schema {
        // OpenAPI 3.0 ignores what stands beside a reference.
        if json["$ref"] != nil { return Schema(["allOf": [json], "nullable": true]) }
        return with("nullable", true)
    }

    /// The same with a sentence about it.
    func described(_ text: String) -> Schema {
        json["$ref"] != nil
            ? Schema(["allOf": [json], "description": .string(text)]) : with("description", .string(text))
    }

    /// The same with a default.
    func defaulting(to value: JSONValue) -> Schema { with("default", value) }

    private func with(_ key: String, _ value: JSONValue) -> Schema {
        var members = json.object ?? [:]
        members[key] = value
        return Schema(.object(members))
    }
}

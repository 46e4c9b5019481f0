import Generations

/// A JSON schema as OpenAPI 3.0 writes it.
struct Shape: Sendable {
    let json: JSONValue

    private init(_ members: [String: JSONValue]) { json = .object(members) }

    static let text = Shape(["type": "string"])
    static let uuid = Shape(["type": "string", "format": "uuid"])
    static let time = Shape(["type": "string", "format": "date-time"])
    static let address = Shape(["type": "string", "format": "uri"])
    static let file = Shape(["type": "string", "format": "binary"])
    static let flag = Shape(["type": "boolean"])
    static let integer = Shape(["type": "integer"])
    /// Any object.
    static let object = Shape(["type": "object", "additionalProperties": true])

    static func integer(_ range: ClosedRange<Int>) -> Shape {
        Shape([
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)),
        ])
    }

    static func number(_ range: ClosedRange<Double>) -> Shape {
        Shape(["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)])
    }

    static func word(_ words: [String]) -> Shape {
        Shape(["type": "string", "enum": .array(words.map(JSONValue.string))])
    }

    static func list(_ item: Shape) -> Shape { Shape(["type": "array", "items": item.json]) }

    static func named(_ name: String) -> Shape { Shape(["$ref": .string("#/components/schemas/\(name)")]) }

    static func either(_ shapes: Shape...) -> Shape { either(shapes) }

    static func either(_ shapes: [Shape]) -> Shape { Shape(["anyOf": .array(shapes.map(\.json))]) }

    static func object(_ properties: [String: Shape], required: [String] = []) -> Shape {
        var members: [String: JSONValue] = [
            "type": "object", "properties": .object(properties.mapValues(\.json)), "additionalProperties": true,
        ]
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        return Shape(members)
    }

    /// The same, or `null`.
    var orNull: Shape {
        guard case .object(var members) = json else { return self }
        if members["$ref"] != nil { return Shape(["allOf": [json], "nullable": true]) }
        members["nullable"] = true
        return Shape(members)
    }
}

import Generations

/// One wrong field, in the form in which the hosted service's framework tells of it.
struct InvalidField: Hashable, Sendable {
    /// A stable name, such as `missing` or `uuid_parsing`.
    let type: String
    /// Where, from `body`, `query` or `path` on.
    let location: [JSONValue]
    /// One clause for people.
    let message: String
    /// What stood there.
    var input: JSONValue?
    /// The numbers and names that the sentence mentions.
    var context: JSONValue?

    /// Longer inputs are not repeated in an answer.
    private static let inputByteLimit = 1024

    /// An entry of `detail`.
    var json: JSONValue {
        let shown = input.flatMap { $0.utf8.count <= Self.inputByteLimit ? $0 : nil }
        return .compact([
            "type": .string(type), "loc": .array(location), "msg": .string(message), "input": shown, "ctx": context,
        ])
    }

    /// An entry of `messages`.
    var sentence: String {
        let place = location.map { $0.text ?? $0.int.map(String.init) ?? "" }.joined(separator: ".")
        return "\(message) (type=\(type) at \(place))"
    }

    static func missing(_ location: [JSONValue], input: JSONValue? = nil) -> InvalidField {
        InvalidField(type: "missing", location: location, message: "Field required", input: input)
    }

    /// A rule that the framework has no word for.
    static func value(_ location: [JSONValue], _ message: String, input: JSONValue? = nil) -> InvalidField {
        InvalidField(
            type: "value_error", location: location, message: "Value error, \(message)", input: input,
            context: ["error": .string(message)])
    }

    /// A word outside of a list.
    static func word(
        _ type: String, _ location: [JSONValue], among words: [String], input: JSONValue?
    ) -> InvalidField {
        let quoted = words.map { "'\($0)'" }
        let list =
            quoted.count > 1 ? quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1] : quoted[0]
        return InvalidField(
            type: type, location: location, message: "Input should be \(list)", input: input,
            context: ["expected": .string(list)])
    }
}

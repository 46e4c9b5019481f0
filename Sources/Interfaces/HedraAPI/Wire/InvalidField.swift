import Generations
import WebInterface

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

    /// A body that is no object.
    static func noObject(_ location: [JSONValue], input: JSONValue? = nil) -> InvalidField {
        InvalidField(
            type: "model_attributes_type", location: location,
            message: "Input should be a valid dictionary or object to extract fields from", input: input)
    }
}

extension InvalidField {
    private typealias Words = (type: String, message: String, context: JSONValue?)

    /// A wrong field in the framework's words.
    init(_ error: FieldError) {
        let words = Self.words(error.cause)
        self.init(
            type: words.type, location: error.place, message: words.message, input: error.input,
            context: words.context)
    }

    private static func words(_ cause: FieldError.Cause) -> Words {
        switch cause {
        case .missing: ("missing", "Field required", nil)
        case .type(let kind): typeWords(kind)
        case .unreadable(let kind, let reason): unreadableWords(kind, reason)
        case .fraction:
            ("int_from_float", "Input should be a valid integer, got a number with a fractional part", nil)
        case .tooLong(let kind, let most):
            (
                kind == .url ? "url_too_long" : "string_too_long",
                "\(kind == .url ? "URL" : "String") should have at most \(most) characters",
                ["max_length": .integer(Int64(most))]
            )
        case .tooShort(let least):
            (
                "string_too_short", "String should have at least \(least) character\(least == 1 ? "" : "s")",
                ["min_length": .integer(Int64(least))]
            )
        case .tooManyItems(let kind, let count, let most): lengthWords(kind == .pair ? "Tuple" : "List", count, most)
        case .below(let least):
            (
                "greater_than_equal", "Input should be greater than or equal to \(least.serialized)",
                ["ge": least]
            )
        case .above(let most):
            ("less_than_equal", "Input should be less than or equal to \(most.serialized)", ["le": most])
        case .word(let words, let isEnumeration): wordWords(words, isEnumeration)
        case .scheme:
            (
                "url_scheme", "URL scheme should be 'http' or 'https'",
                ["expected_schemes": "'http' or 'https'"]
            )
        case .rule(let message): ("value_error", "Value error, \(message)", ["error": .string(message)])
        }
    }

    private static func typeWords(_ kind: FieldError.Kind) -> Words {
        switch kind {
        case .string: ("string_type", "Input should be a valid string", nil)
        case .integer: ("int_type", "Input should be a valid integer", nil)
        case .number: ("float_type", "Input should be a valid number", nil)
        case .flag: ("bool_type", "Input should be a valid boolean", nil)
        case .list: ("list_type", "Input should be a valid list", nil)
        case .object:
            ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from", nil)
        case .uuid: ("uuid_type", "UUID input should be a string, bytes or UUID object", nil)
        case .url: ("url_type", "URL input should be a string or URL", nil)
        case .time: ("datetime_type", "Input should be a valid datetime", nil)
        case .pair: ("tuple_type", "Input should be a valid tuple", nil)
        }
    }

    private static func unreadableWords(_ kind: FieldError.Kind, _ reason: String) -> Words {
        let context: JSONValue? = reason.isEmpty ? nil : ["error": .string(reason)]
        switch kind {
        case .integer:
            return (
                "int_parsing", "Input should be a valid integer, unable to parse string as an integer", context
            )
        case .number:
            return (
                "float_parsing", "Input should be a valid number, unable to parse string as a number", context
            )
        case .flag:
            return ("bool_parsing", "Input should be a valid boolean, unable to interpret input", context)
        case .uuid: return ("uuid_parsing", "Input should be a valid UUID, \(reason)", context)
        case .url: return ("url_parsing", "Input should be a valid URL, \(reason)", context)
        case .time: return ("datetime_from_date_parsing", "Input should be a valid datetime or date", context)
        case .string, .list, .object, .pair: return typeWords(kind)
        }
    }

    private static func lengthWords(_ noun: String, _ count: Int, _ most: Int) -> Words {
        (
            "too_long", "\(noun) should have at most \(most) items after validation, not \(count)",
            [
                "field_type": .string(noun), "max_length": .integer(Int64(most)),
                "actual_length": .integer(Int64(count)),
            ]
        )
    }

    private static func wordWords(_ words: [String], _ isEnumeration: Bool) -> Words {
        let quoted = words.map { "'\($0)'" }
        let list =
            quoted.count > 1 ? quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1] : quoted[0]
        return (isEnumeration ? "enum" : "literal_error", "Input should be \(list)", ["expected": .string(list)])
    }
}

import Generations
import Text
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

    /// What is wrong with a value that is no object.
    fileprivate static let objectMessage = "Input should be a valid dictionary or object to extract fields from"

    /// A body that is no object.
    static let bodyIsNoObject = InvalidField(type: "model_attributes_type", location: ["body"], message: objectMessage)
}

extension InvalidField {
    private init(_ error: FieldError, _ type: String, _ message: String, context: JSONValue? = nil) {
        self.init(type: type, location: error.place, message: message, input: error.input, context: context)
    }

    /// A wrong field in the framework's words.
    init(_ error: FieldError) {
        switch error.cause {
        case .missing: self.init(error, "missing", "Field required")
        case .type(let kind): self.init(error, type: kind)
        case .unreadable(let kind, let reason): self.init(error, unreadable: kind, reason)
        case .fraction:
            self.init(error, "int_from_float", "Input should be a valid integer, got a number with a fractional part")
        case .tooLong(let kind, let most):
            let (type, noun) = kind == .url ? ("url", "URL") : ("string", "String")
            self.init(
                error, "\(type)_too_long", "\(noun) should have at most \(most) characters",
                context: ["max_length": .whole(most)])
        case .tooShort(let least):
            let plural = least == 1 ? "" : "s"
            self.init(
                error, "string_too_short", "String should have at least \(least) character\(plural)",
                context: ["min_length": .whole(least)])
        case .tooManyItems(let kind, let count, let most):
            let noun = kind == .pair ? "Tuple" : "List"
            self.init(
                error, "too_long", "\(noun) should have at most \(most) items after validation, not \(count)",
                context: ["field_type": .string(noun), "max_length": .whole(most), "actual_length": .whole(count)])
        case .below(let least):
            self.init(
                error, "greater_than_equal", "Input should be greater than or equal to \(least.serialized)",
                context: ["ge": least])
        case .above(let most):
            self.init(
                error, "less_than_equal", "Input should be less than or equal to \(most.serialized)",
                context: ["le": most])
        case .word(let words, let isEnumeration):
            let quoted = words.map { "'\($0)'" }
            let list =
                (quoted.count > 1 ? quoted.dropLast().joined(separator: ", ") + " or " : "") + quoted[words.count - 1]
            self.init(
                error, isEnumeration ? "enum" : "literal_error", "Input should be \(list)",
                context: ["expected": .string(list)])
        case .scheme:
            let schemes = "'http' or 'https'"
            self.init(
                error, "url_scheme", "URL scheme should be \(schemes)", context: ["expected_schemes": .string(schemes)])
        case .rule(let message):
            self.init(error, "value_error", "Value error, \(message)", context: ["error": .string(message)])
        }
    }

    private init(_ error: FieldError, type kind: FieldError.Kind) {
        switch kind {
        case .string: self.init(error, "string_type", "Input should be a valid string")
        case .integer: self.init(error, "int_type", "Input should be a valid integer")
        case .number: self.init(error, "float_type", "Input should be a valid number")
        case .flag: self.init(error, "bool_type", "Input should be a valid boolean")
        case .list: self.init(error, "list_type", "Input should be a valid list")
        case .object: self.init(error, "model_attributes_type", InvalidField.objectMessage)
        case .uuid: self.init(error, "uuid_type", "UUID input should be a string, bytes or UUID object")
        case .url: self.init(error, "url_type", "URL input should be a string or URL")
        case .time: self.init(error, "datetime_type", "Input should be a valid datetime")
        case .pair: self.init(error, "tuple_type", "Input should be a valid tuple")
        }
    }

    private init(_ error: FieldError, unreadable kind: FieldError.Kind, _ reason: String) {
        let context: JSONValue = ["error": .string(reason)]
        switch kind {
        case .integer:
            self.init(error, "int_parsing", "Input should be a valid integer, unable to parse string as an integer")
        case .number:
            self.init(error, "float_parsing", "Input should be a valid number, unable to parse string as a number")
        case .flag: self.init(error, "bool_parsing", "Input should be a valid boolean, unable to interpret input")
        case .uuid: self.init(error, "uuid_parsing", "Input should be a valid UUID, \(reason)", context: context)
        case .url: self.init(error, "url_parsing", "Input should be a valid URL, \(reason)", context: context)
        case .time: self.init(error, "datetime_from_date_parsing", "Input should be a valid datetime or date")
        case .string, .list, .object, .pair: self.init(error, type: kind)
        }
    }
}

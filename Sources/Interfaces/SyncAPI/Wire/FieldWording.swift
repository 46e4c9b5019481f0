import Generations
import Text
import WebInterface

extension FieldRules {
    /// The forms that this interface takes; a second value for one field is not looked for.
    static let sync = FieldRules(
        errorLimit: 20, trueWords: ["true", "1"], falseWords: ["false", "0"], takesNumbersAsFlags: false,
        trimsNumbers: false)
}

extension FieldProblem {
    /// A wrong field in this interface's words.
    init(_ error: FieldError) {
        let field = error.place.reduce(into: "") { path, part in
            path += part.text.map { path.isEmpty ? $0 : ".\($0)" } ?? "[\(part.serialized)]"
        }
        self.init(field: field, Self.predicate(error.cause))
    }

    private static func predicate(_ cause: FieldError.Cause) -> String {
        switch cause {
        case .missing: "must be given."
        case .type(let kind), .unreadable(let kind, _): "must be \(noun(kind))."
        case .fraction: "must be a whole number."
        case .tooLong(_, let most): "must have at most \(most) characters."
        case .tooShort(let least): "must have at least \(least) characters."
        case .tooManyItems(_, _, let most): "must have at most \(most) items."
        case .below(let least): "must be at least \(least.serialized)."
        case .above(let most): "must be at most \(most.serialized)."
        case .word(let words, _): "must be one of \(words.joined(separator: ", "))."
        case .scheme: "must begin with http or https."
        case .rule(let predicate): predicate
        }
    }

    private static func noun(_ kind: FieldError.Kind) -> String {
        switch kind {
        case .string: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .flag: "true or false"
        case .list: "a list"
        case .object: "an object"
        case .uuid: "a UUID"
        case .url: "an address"
        case .time: "a time in ISO 8601"
        case .pair: "a list of two numbers"
        }
    }
}

/// Values under the names by which clients know them: `input[0].url`.
extension FieldReader {
    mutating func text(_ value: JSONValue?, _ field: String) -> String? {
        Self.given(value).flatMap { text($0, at: place(field)) }
    }

    mutating func number(_ value: JSONValue?, _ field: String) -> Double? {
        Self.given(value).flatMap { number($0, at: place(field)) }
    }

    mutating func flag(_ value: JSONValue?, _ field: String) -> Bool? {
        Self.given(value).flatMap { flag($0, at: place(field)) }
    }

    mutating func object(_ value: JSONValue?, _ field: String) -> [String: JSONValue]? {
        Self.given(value).flatMap { object($0, at: place(field)) }
    }

    mutating func list(_ value: JSONValue?, _ field: String) -> [JSONValue]? {
        Self.given(value).flatMap { list($0, at: place(field)) }
    }

    /// A list of numbers.
    mutating func numbers(_ value: JSONValue?, _ field: String) -> [Double]? {
        guard let list = list(value, field) else { return nil }
        let numbers = list.compactMap { $0.double ?? $0.text.flatMap(Double.init) }
        guard numbers.count == list.count else {
            report(field, "must have numbers only.")
            return nil
        }
        return numbers
    }

    /// A list of lists of numbers, in which `null` may stand for a missing one.
    mutating func numberLists(_ value: JSONValue?, _ field: String) -> [[Double]?]? {
        guard let list = list(value, field) else { return nil }
        var result: [[Double]?] = []
        result.reserveCapacity(list.count)
        for (index, item) in list.enumerated() {
            result.append(item.isNull ? nil : numbers(item, "\(field)[\(index)]") ?? [])
        }
        return result
    }

    private static func given(_ value: JSONValue?) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        return value
    }
}

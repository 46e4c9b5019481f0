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
        self.init(field: field, error.cause.predicate)
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

import Generations

/// Reads values of the expected types out of JSON and collects what has another type. Numbers and truth values may be
/// written as text, since several clients send forms.
struct WireReader {
    private(set) var problems: [FieldProblem] = []

    mutating func report(_ field: String, _ predicate: String) {
        // A page of problems is enough of an answer.
        if problems.count < 20 { problems.append(FieldProblem(field: field, predicate)) }
    }

    mutating func text(_ value: JSONValue?, _ field: String) -> String? {
        guard let value, !value.isNull else { return nil }
        if let text = value.text { return text }
        report(field, "must be a string.")
        return nil
    }

    mutating func number(_ value: JSONValue?, _ field: String) -> Double? {
        guard let value, !value.isNull else { return nil }
        if let number = value.double { return number }
        if let text = value.text, let number = Double(text), number.isFinite { return number }
        report(field, "must be a number.")
        return nil
    }

    mutating func flag(_ value: JSONValue?, _ field: String) -> Bool? {
        guard let value, !value.isNull else { return nil }
        if let flag = value.bool { return flag }
        switch value.text?.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default:
            report(field, "must be true or false.")
            return nil
        }
    }

    mutating func object(_ value: JSONValue?, _ field: String) -> [String: JSONValue]? {
        guard let value, !value.isNull else { return nil }
        if let object = value.object { return object }
        report(field, "must be an object.")
        return nil
    }

    mutating func list(_ value: JSONValue?, _ field: String) -> [JSONValue]? {
        guard let value, !value.isNull else { return nil }
        if let list = value.array { return list }
        report(field, "must be a list.")
        return nil
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
}

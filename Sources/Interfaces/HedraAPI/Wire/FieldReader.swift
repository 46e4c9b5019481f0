import Generations

/// Reads the members of an object with the coercions of the hosted service's framework, and collects what is wrong.
///
/// `null` counts as absent for whatever may be left out; numbers may be written as text.
struct FieldReader {
    let members: [String: JSONValue]
    let location: [JSONValue]
    private(set) var problems: [InvalidField] = []

    /// A page of problems is enough of an answer.
    private static let problemLimit = 50

    init(_ members: [String: JSONValue], at location: [JSONValue]) {
        self.members = members
        self.location = location
    }

    func place(_ name: String) -> [JSONValue] { location + [.string(name)] }

    mutating func report(_ problem: InvalidField) {
        if problems.count < Self.problemLimit { problems.append(problem) }
    }

    mutating func report(_ reader: FieldReader) { for problem in reader.problems { report(problem) } }

    private mutating func report(
        _ type: String, _ name: [JSONValue], _ message: String, _ input: JSONValue, _ context: JSONValue? = nil
    ) {
        report(InvalidField(type: type, location: name, message: message, input: input, context: context))
    }

    /// The value of a field; nil where it is absent, which is reported if it must be there.
    private mutating func value(_ name: String, isRequired: Bool) -> JSONValue? {
        guard let value = members[name] else {
            if isRequired { report(.missing(place(name), input: .object(members))) }
            return nil
        }
        if value.isNull, !isRequired { return nil }
        return value
    }

    // MARK: Texts

    mutating func text(_ name: String, isRequired: Bool = false, most: Int? = nil, least: Int = 0) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard let text = value.text else {
            report("string_type", place(name), "Input should be a valid string", value)
            return nil
        }
        if let most, text.unicodeScalars.count > most {
            report(
                "string_too_long", place(name), "String should have at most \(most) characters", value,
                ["max_length": .integer(Int64(most))])
            return nil
        }
        if text.unicodeScalars.count < least {
            report(
                "string_too_short", place(name),
                "String should have at least \(least) character\(least == 1 ? "" : "s")",
                value, ["min_length": .integer(Int64(least))])
            return nil
        }
        return text
    }

    /// One of some words.
    mutating func word(
        _ name: String, among words: [String], type: String = "literal_error", isRequired: Bool = false
    ) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard let text = value.text, words.contains(text) else {
            report(.word(type, place(name), among: words, input: value))
            return nil
        }
        return text
    }

    mutating func uuid(_ name: String, isRequired: Bool = false) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        return uuid(value, at: place(name))
    }

    /// A list of identifiers that says nothing where it is empty.
    mutating func someUUIDs(_ name: String) -> [String]? {
        uuids(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A list of identifiers; a single one counts as a list of one where `takesSingle`.
    mutating func uuids(_ name: String, takesSingle: Bool = false) -> [String]? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard let list = value.array else {
            if takesSingle { return uuid(value, at: place(name)).map { [$0] } }
            report("list_type", place(name), "Input should be a valid list", value)
            return nil
        }
        guard isShort(list, name, most: 1000) else { return nil }
        let ids = list.enumerated().map {
            uuid($0.element, at: place(name) + [.integer(Int64($0.offset))])
        }
        return ids.contains(nil) ? nil : ids.compactMap { $0 }
    }

    private mutating func uuid(_ value: JSONValue, at place: [JSONValue]) -> String? {
        guard let text = value.text else {
            report("uuid_type", place, "UUID input should be a string, bytes or UUID object", value)
            return nil
        }
        guard let id = Self.uuid(text) else {
            let error = "invalid UUID"
            report("uuid_parsing", place, "Input should be a valid UUID, \(error)", value, ["error": .string(error)])
            return nil
        }
        return id
    }

    /// An identifier in canonical form; also of 32 digits without hyphens.
    static func uuid(_ text: String) -> String? {
        if text.utf8.count == 32, text.utf8.allSatisfy({ $0 != 0x2D }) {
            let digits = Array(text.utf8)
            let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
            return AssetID(parsing: parts.joined(separator: "-"))?.rawValue
        }
        return AssetID(parsing: text)?.rawValue
    }

    mutating func address(_ name: String) -> String? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard let text = value.text else {
            report("url_type", place(name), "URL input should be a string or URL", value)
            return nil
        }
        if text.unicodeScalars.count > 2083 {
            report(
                "url_too_long", place(name), "URL should have at most 2083 characters", value, ["max_length": 2083])
            return nil
        }
        func unparsable(_ error: String) -> String? {
            report(
                "url_parsing", place(name), "Input should be a valid URL, \(error)", value, ["error": .string(error)])
            return nil
        }
        if text.isEmpty { return unparsable("input is empty") }
        guard let mark = text.firstIndex(of: ":"),
            text[..<mark].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }),
            mark > text.startIndex
        else { return unparsable("relative URL without a base") }
        guard ["http", "https"].contains(text[..<mark].lowercased()) else {
            report(
                "url_scheme", place(name), "URL scheme should be 'http' or 'https'", value,
                ["expected_schemes": "'http' or 'https'"])
            return nil
        }
        return WebAddress.problem(in: text).map { unparsable("it \($0)") } ?? text
    }

    // MARK: Numbers

    mutating func integer(_ name: String, in range: ClosedRange<Int>? = nil, isRequired: Bool = false) -> Int? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        let number: Int
        switch value {
        case .integer(let whole): number = Int(whole)
        case .number(let double):
            guard let whole = Int(exactly: double) else {
                report(
                    "int_from_float", place(name),
                    "Input should be a valid integer, got a number with a fractional part", value)
                return nil
            }
            number = whole
        case .string(let text):
            let plain = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
            guard let whole = Int(plain.trimmingSpaces) else {
                report(
                    "int_parsing", place(name),
                    "Input should be a valid integer, unable to parse string as an integer", value)
                return nil
            }
            number = whole
        default:
            report("int_type", place(name), "Input should be a valid integer", value)
            return nil
        }
        return isWithin(Double(number), range.map { Double($0.lowerBound)...Double($0.upperBound) }, place(name), value)
            ? number : nil
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>? = nil) -> Double? {
        guard let value = value(name, isRequired: false) else { return nil }
        return number(value, in: range, at: place(name))
    }

    private mutating func number(_ value: JSONValue, in range: ClosedRange<Double>?, at place: [JSONValue]) -> Double? {
        let number: Double
        if let double = value.double {
            number = double
        } else if let text = value.text {
            guard let double = Double(text.trimmingSpaces), double.isFinite else {
                report(
                    "float_parsing", place, "Input should be a valid number, unable to parse string as a number", value)
                return nil
            }
            number = double
        } else {
            report("float_type", place, "Input should be a valid number", value)
            return nil
        }
        return isWithin(number, range, place, value) ? number : nil
    }

    private mutating func isWithin(
        _ number: Double, _ range: ClosedRange<Double>?, _ place: [JSONValue], _ input: JSONValue
    ) -> Bool {
        guard let range, !range.contains(number) else { return true }
        let isBelow = number < range.lowerBound
        let bound = isBelow ? range.lowerBound : range.upperBound
        let shown: JSONValue = Int64(exactly: bound).map(JSONValue.integer) ?? .number(bound)
        report(
            isBelow ? "greater_than_equal" : "less_than_equal", place,
            "Input should be \(isBelow ? "greater" : "less") than or equal to \(shown.serialized)", input,
            isBelow ? ["ge": shown] : ["le": shown])
        return false
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let value = value(name, isRequired: false) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .integer(0): return false
        case .integer(1): return true
        case .string(let text):
            if ["true", "1", "yes", "on", "t", "y"].contains(text.lowercased()) { return true }
            if ["false", "0", "no", "off", "f", "n"].contains(text.lowercased()) { return false }
        default: break
        }
        report(
            "bool_parsing", place(name), "Input should be a valid boolean, unable to interpret input", value)
        return nil
    }

    // MARK: Parts

    /// A nested object's reader, whose problems the caller hands back with `report`.
    mutating func object(_ name: String, isRequired: Bool = false) -> FieldReader? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard let members = value.object else {
            report(
                "model_attributes_type", place(name),
                "Input should be a valid dictionary or object to extract fields from", value)
            return nil
        }
        return FieldReader(members, at: place(name))
    }

    /// A list of objects' readers.
    mutating func objects(_ name: String) -> [FieldReader]? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard let list = value.array else {
            report("list_type", place(name), "Input should be a valid list", value)
            return nil
        }
        guard isShort(list, name, most: 100) else { return nil }
        var readers: [FieldReader] = []
        for (index, item) in list.enumerated() {
            let place = place(name) + [.integer(Int64(index))]
            guard let members = item.object else {
                report(
                    "model_attributes_type", place,
                    "Input should be a valid dictionary or object to extract fields from", item)
                continue
            }
            readers.append(FieldReader(members, at: place))
        }
        return readers
    }

    /// Refuses a list of more items than anybody needs; what is beyond must not be dropped without a word.
    private mutating func isShort(_ list: [JSONValue], _ name: String, most: Int) -> Bool {
        guard list.count > most else { return true }
        // The list itself is not told again: it may be megabytes.
        report(
            "too_long", place(name), "List should have at most \(most) items after validation, not \(list.count)",
            .null,
            [
                "field_type": "List", "max_length": .integer(Int64(most)),
                "actual_length": .integer(Int64(list.count)),
            ])
        return false
    }

    /// Points with coordinates from 0 to 1: one, or a list of them.
    mutating func points(_ name: String) -> [[Double]]? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard let list = value.array else {
            report("tuple_type", place(name), "Input should be a valid tuple", value)
            return nil
        }
        if list.isEmpty { return nil }
        if list.allSatisfy({ $0.array != nil }) {
            guard isShort(list, name, most: 100) else { return nil }
            let points = list.enumerated().map {
                point($0.element.array ?? [], $0.element, at: place(name) + [.integer(Int64($0.offset))])
            }
            return points.contains(nil) ? nil : points.compactMap { $0 }
        }
        return point(list, value, at: place(name)).map { [$0] }
    }

    private mutating func point(_ list: [JSONValue], _ value: JSONValue, at place: [JSONValue]) -> [Double]? {
        guard list.count <= 2 else {
            report(
                "too_long", place, "Tuple should have at most 2 items after validation, not \(list.count)", value,
                ["field_type": "Tuple", "max_length": 2, "actual_length": .integer(Int64(list.count))])
            return nil
        }
        for index in list.count..<2 { report(.missing(place + [.integer(Int64(index))], input: value)) }
        let numbers = list.enumerated().map {
            number($0.element, in: 0...1, at: place + [.integer(Int64($0.offset))])
        }
        return numbers.count == 2 && !numbers.contains(nil) ? numbers.compactMap { $0 } : nil
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmingSpaces: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

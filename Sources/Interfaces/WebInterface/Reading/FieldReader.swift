import Generations
public import Text
public import Time

/// Which forms of a value an interface takes.
public struct FieldRules: Sendable {
    /// After how many wrong fields the rest is not told: a page of them is enough of an answer.
    public var errorLimit: Int
    /// Texts that mean `true`, in lower case.
    public var trueWords: Set<String>
    /// Texts that mean `false`, in lower case.
    public var falseWords: Set<String>
    /// Whether the numbers 0 and 1 are truth values.
    public var takesNumbersAsFlags: Bool
    /// Whether numbers in texts may have white space around them.
    public var trimsNumbers: Bool

    public init(
        errorLimit: Int, trueWords: Set<String>, falseWords: Set<String>, takesNumbersAsFlags: Bool,
        trimsNumbers: Bool
    ) {
        self.errorLimit = errorLimit
        self.trueWords = trueWords
        self.falseWords = falseWords
        self.takesNumbersAsFlags = takesNumbersAsFlags
        self.trimsNumbers = trimsNumbers
    }
}

/// Reads the members of a JSON object and collects what is wrong, so that a client hears of all of it at once.
///
/// `null` counts as absent for whatever may be left out; numbers may be written as text, since clients send forms.
///
///     var reader = FieldReader(members, rules: rules)
///     let name = reader.text("name", isRequired: true, most: 255)
///     try reader.check()
public struct FieldReader: Sendable {
    /// What is read.
    public let members: [String: JSONValue]
    /// Where the object is in the request.
    public let location: [JSONValue]
    /// What was wrong so far.
    public private(set) var problems: [FieldError] = []
    private let rules: FieldRules

    /// Begins to read an object that is at `location`.
    public init(_ members: [String: JSONValue], at location: [JSONValue] = [], rules: FieldRules) {
        self.members = members
        self.location = location
        self.rules = rules
    }

    /// Where a member is.
    public func place(_ name: String) -> [JSONValue] { location + [.string(name)] }

    /// Adds something wrong.
    public mutating func report(_ problem: FieldError) {
        if problems.count < rules.errorLimit { problems.append(problem) }
    }

    /// Adds a member that breaks a rule of the interface's own.
    public mutating func report(_ name: String, _ message: String) { report(.value(place(name), message)) }

    /// Reports every member that is not among `known`: a misspelt name must not be without effect.
    public mutating func checkNames(_ known: Set<String>) {
        for name in members.keys.sorted() where !known.contains(name) { report(name, "is not known here.") }
    }

    /// Adds what was wrong in a part.
    public mutating func report(_ reader: FieldReader) { for problem in reader.problems { report(problem) } }

    /// Refuses the request if anything was wrong.
    ///
    /// - Throws: `RequestError.fields`.
    public func check() throws(RequestError) {
        if !problems.isEmpty { throw .fields(problems) }
    }

    /// Adds something wrong, and gives nil for the value.
    private mutating func refuse<Value>(
        _ cause: FieldError.Cause, _ place: [JSONValue], _ input: JSONValue
    ) -> Value? {
        report(FieldError(cause, at: place, input: input))
        return nil
    }

    /// The value of a member; nil where it is absent, which is reported if it must be there.
    private mutating func value(_ name: String, isRequired: Bool) -> JSONValue? {
        guard let value = members[name] else {
            if isRequired { report(.missing(place(name), input: .object(members))) }
            return nil
        }
        if value.isNull, !isRequired { return nil }
        return value
    }

    // MARK: Texts

    /// A text, of a length in Unicode scalars.
    public mutating func text(
        _ name: String, isRequired: Bool = false, most: Int? = nil, least: Int = 0
    ) -> String? {
        guard let value = value(name, isRequired: isRequired), let text = text(value, at: place(name)) else {
            return nil
        }
        if let most, text.unicodeScalars.count > most {
            return refuse(.tooLong(.string, most: most), place(name), value)
        }
        return text.unicodeScalars.count < least ? refuse(.tooShort(least: least), place(name), value) : text
    }

    /// A value as a text.
    public mutating func text(_ value: JSONValue, at place: [JSONValue]) -> String? {
        value.text ?? refuse(.type(.string), place, value)
    }

    /// One of some words.
    ///
    /// - Parameter isEnumeration: Whether they are an enumeration of the interface's, rather than this field's own.
    public mutating func word(
        _ name: String, among words: [String], isEnumeration: Bool = false, isRequired: Bool = false
    ) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard let text = value.text, words.contains(text) else {
            return refuse(.word(among: words, isEnumeration: isEnumeration), place(name), value)
        }
        return text
    }

    /// A UUID in canonical form.
    public mutating func uuid(_ name: String, isRequired: Bool = false) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        return uuid(value, at: place(name))
    }

    /// A list of UUIDs that says nothing where it is empty.
    public mutating func someUUIDs(_ name: String) -> [String]? {
        uuids(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A list of UUIDs; a single one counts as a list of one where `takesSingle`.
    public mutating func uuids(_ name: String, takesSingle: Bool = false) -> [String]? {
        guard let value = value(name, isRequired: false) else { return nil }
        if takesSingle, value.array == nil { return uuid(value, at: place(name)).map { [$0] } }
        guard let list = list(value, at: place(name), most: 1000) else { return nil }
        let ids = list.enumerated().map { uuid($0.element, at: place(name) + [.integer(Int64($0.offset))]) }
        return ids.contains(nil) ? nil : ids.compactMap { $0 }
    }

    private mutating func uuid(_ value: JSONValue, at place: [JSONValue]) -> String? {
        guard let text = value.text else { return refuse(.type(.uuid), place, value) }
        return Self.uuid(text) ?? refuse(.unreadable(.uuid, "invalid UUID"), place, value)
    }

    /// A UUID in canonical form; also of 32 digits without hyphens.
    public static func uuid(_ text: String) -> String? {
        if text.utf8.count == 32, text.utf8.allSatisfy({ $0 != 0x2D }) {
            let digits = Array(text.utf8)
            let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
            return AssetID(parsing: parts.joined(separator: "-"))?.rawValue
        }
        return AssetID(parsing: text)?.rawValue
    }

    /// A time in ISO 8601.
    public mutating func time(_ name: String) -> Timestamp? {
        guard let text = text(name) else { return nil }
        // A plus that stood bare in a query has become a blank.
        return Timestamp(iso8601: text) ?? Timestamp(iso8601: text.replacing(" ", with: "+"))
            ?? refuse(.unreadable(.time), place(name), .string(text))
    }

    /// An address that begins with `http` or `https`.
    public mutating func address(_ name: String) -> String? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard let text = value.text else { return refuse(.type(.url), place(name), value) }
        // What browsers and proxies carry.
        let longest = 2083
        if text.unicodeScalars.count > longest { return refuse(.tooLong(.url, most: longest), place(name), value) }
        if text.isEmpty { return refuse(.unreadable(.url, "input is empty"), place(name), value) }
        guard let mark = text.firstIndex(of: ":"), mark > text.startIndex,
            text[..<mark].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { return refuse(.unreadable(.url, "relative URL without a base"), place(name), value) }
        guard ["http", "https"].contains(text[..<mark].lowercased()) else {
            return refuse(.scheme, place(name), value)
        }
        guard let problem = WebAddress.problem(in: text) else { return text }
        return refuse(.unreadable(.url, "it \(problem)"), place(name), value)
    }

    // MARK: Numbers

    /// A whole number.
    public mutating func integer(
        _ name: String, in range: ClosedRange<Int>? = nil, isRequired: Bool = false
    ) -> Int? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        let number: Int
        switch value {
        case .integer(let whole): number = Int(whole)
        case .number(let double):
            guard let whole = Int(exactly: double) else { return refuse(.fraction, place(name), value) }
            number = whole
        case .string(let text):
            let plain = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
            guard let whole = Int(plain.trimmingSpaces) else {
                return refuse(.unreadable(.integer), place(name), value)
            }
            number = whole
        default: return refuse(.type(.integer), place(name), value)
        }
        let bounds = range.map { Double($0.lowerBound)...Double($0.upperBound) }
        return isWithin(Double(number), bounds, at: place(name), value) ? number : nil
    }

    public mutating func number(_ name: String, in range: ClosedRange<Double>? = nil) -> Double? {
        guard let value = value(name, isRequired: false) else { return nil }
        return number(value, in: range, at: place(name))
    }

    /// A value as a number.
    public mutating func number(
        _ value: JSONValue, in range: ClosedRange<Double>? = nil, at place: [JSONValue]
    ) -> Double? {
        let number: Double
        if let double = value.double {
            number = double
        } else if let text = value.text {
            guard let double = Double(rules.trimsNumbers ? text.trimmingSpaces : text), double.isFinite else {
                return refuse(.unreadable(.number), place, value)
            }
            number = double
        } else {
            return refuse(.type(.number), place, value)
        }
        return isWithin(number, range, at: place, value) ? number : nil
    }

    private mutating func isWithin(
        _ number: Double, _ range: ClosedRange<Double>?, at place: [JSONValue], _ input: JSONValue
    ) -> Bool {
        guard let range, !range.contains(number) else { return true }
        func shown(_ bound: Double) -> JSONValue { Int64(exactly: bound).map(JSONValue.integer) ?? .number(bound) }
        report(
            FieldError(
                number < range.lowerBound
                    ? .below(least: shown(range.lowerBound)) : .above(most: shown(range.upperBound)), at: place,
                input: input))
        return false
    }

    /// A truth value.
    public mutating func flag(_ name: String) -> Bool? {
        guard let value = value(name, isRequired: false) else { return nil }
        return flag(value, at: place(name))
    }

    /// A value as a truth value.
    public mutating func flag(_ value: JSONValue, at place: [JSONValue]) -> Bool? {
        if let flag = value.bool { return flag }
        if rules.takesNumbersAsFlags, value == 0 || value == 1 { return value == 1 }
        if let word = value.text?.lowercased() {
            if rules.trueWords.contains(word) { return true }
            if rules.falseWords.contains(word) { return false }
        }
        return refuse(.unreadable(.flag), place, value)
    }

    // MARK: Parts

    /// A nested object's reader, whose problems the caller hands back with `report`.
    public mutating func object(_ name: String, isRequired: Bool = false) -> FieldReader? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        return object(value, at: place(name)).map { FieldReader($0, at: place(name), rules: rules) }
    }

    /// A value as an object.
    public mutating func object(_ value: JSONValue, at place: [JSONValue]) -> [String: JSONValue]? {
        value.object ?? refuse(.type(.object), place, value)
    }

    /// A list of objects' readers.
    public mutating func objects(_ name: String) -> [FieldReader]? {
        guard let value = value(name, isRequired: false), let list = list(value, at: place(name), most: 100) else {
            return nil
        }
        return list.enumerated().compactMap { index, item in
            let place = place(name) + [.integer(Int64(index))]
            return object(item, at: place).map { FieldReader($0, at: place, rules: rules) }
        }
    }

    /// A value as a list.
    ///
    /// - Parameter most: How many items it may have; a longer one is refused, since what is beyond must not be dropped
    ///   without a word.
    public mutating func list(_ value: JSONValue, at place: [JSONValue], most: Int = .max) -> [JSONValue]? {
        guard let list = value.array else { return refuse(.type(.list), place, value) }
        // The list itself is not told again: it may be megabytes.
        return list.count > most ? refuse(.tooManyItems(.list, count: list.count, most: most), place, .null) : list
    }
}

extension String {
    /// Without white space at both ends.
    public var trimmingSpaces: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

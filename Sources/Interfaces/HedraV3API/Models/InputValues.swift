import Text
import WebInterface

/// The input of a request, checked against a model's fields.
struct InputValues: Sendable {
    private(set) var texts: [String: String] = [:]
    private(set) var wholes: [String: Int] = [:]
    private(set) var numbers: [String: Double] = [:]
    private(set) var points: [String: [Double]] = [:]
    /// The media in the order of the fields, with what each must be.
    private(set) var media: [(name: String, reference: MediaReference, rule: InputField.Medium)] = []

    /// Reads an input.
    ///
    /// - Throws: `V3Refusal` that names every wrong field.
    init(_ members: [String: JSONValue], _ fields: [InputField]) throws(V3Refusal) {
        var problems: [InvalidInput] = []
        for field in fields {
            let place = "input.\(field.name)"
            guard let value = members[field.name], !value.isNull else {
                if field.isRequired { problems.append(.missing(place)) }
                continue
            }
            do throws(InvalidInput) { try read(value, field, at: place) } catch { problems.append(error) }
        }
        let known = Set(fields.map(\.name))
        for name in members.keys.sorted() where !known.contains(name) {
            problems.append(
                InvalidInput("input.\(name)", "additionalProperties", "input.\(name) is no field of this model."))
        }
        if !problems.isEmpty { throw V3Refusal(fields: problems) }
    }

    /// The medium of a field, if it was given.
    func medium(_ name: String) -> MediaReference? { media.first { $0.name == name }?.reference }

    private mutating func read(_ value: JSONValue, _ field: InputField, at place: String) throws(InvalidInput) {
        switch field.form {
        case .text(let most, let needsWords):
            guard let text = value.text else { throw Self.type(place, "a string") }
            if needsWords, text.trimmingSpaces.isEmpty {
                throw InvalidInput(place, "pattern", "\(place) must have words.")
            }
            if let most, text.unicodeScalars.count > most {
                throw InvalidInput(place, "maxLength", "\(place) must have at most \(most) characters.")
            }
            texts[field.name] = text
        case .word(let words):
            guard let text = value.text, words.contains(text) else {
                throw InvalidInput(
                    place, "enum", "\(place) must be one of \(words.joined(separator: ", ")).", allowed: words)
            }
            texts[field.name] = text
        case .integer(let range, let step):
            let number = try Self.whole(value, in: range, at: place)
            guard number % step == 0 else {
                throw InvalidInput(place, "multipleOf", "\(place) must be a multiple of \(step).")
            }
            wholes[field.name] = number
        case .number(let range):
            guard let number = value.double, number.isFinite else { throw Self.type(place, "a number") }
            try Self.check(number, range, at: place)
            numbers[field.name] = number
        case .medium(let rule):
            // One sound alone may come as a list.
            let single = value.array.flatMap { $0.count == 1 ? $0[0] : nil } ?? value
            if let count = value.array?.count, count != 1 {
                throw InvalidInput(
                    place, "type", "\(place) takes one medium; several speakers in one picture are not offered here.")
            }
            media.append((field.name, try MediaReference(single, at: place), rule))
        case .point:
            var list = value.array ?? []
            if list.count == 1, let inner = list[0].array { list = inner }
            let numbers = list.compactMap(\.double)
            guard numbers.count == list.count, numbers.count == 2 else { throw Self.type(place, "a point [x, y]") }
            for number in numbers { try Self.check(number, 0...1, at: place) }
            points[field.name] = numbers
        case .one: _ = try Self.whole(value, in: 1...1, at: place)
        }
    }

    private static func type(_ place: String, _ noun: String) -> InvalidInput {
        InvalidInput(place, "type", "\(place) must be \(noun).")
    }

    private static func whole(
        _ value: JSONValue, in range: ClosedRange<Int>, at place: String
    ) throws(InvalidInput) -> Int {
        guard let double = value.double, let number = Int(exactly: double) else { throw type(place, "a whole number") }
        try check(double, Double(range.lowerBound)...Double(range.upperBound), at: place)
        return number
    }

    private static func check(
        _ number: Double, _ range: ClosedRange<Double>, at place: String
    ) throws(InvalidInput) {
        func shown(_ bound: Double) -> String { Int(exactly: bound).map(String.init) ?? "\(bound)" }
        if number < range.lowerBound {
            throw InvalidInput(place, "minimum", "\(place) must be at least \(shown(range.lowerBound)).")
        }
        if number > range.upperBound {
            throw InvalidInput(place, "maximum", "\(place) must be at most \(shown(range.upperBound)).")
        }
    }
}

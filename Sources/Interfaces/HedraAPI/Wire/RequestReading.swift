import Generations
import HTTP
import Text
import WebInterface

extension FieldRules {
    /// The coercions of the hosted service's framework.
    static let hedra = FieldRules(
        errorLimit: 50, trueWords: ["true", "1", "yes", "on", "t", "y"],
        falseWords: ["false", "0", "no", "off", "f", "n"], takesNumbersAsFlags: true, trimsNumbers: true)
}

extension Call {
    /// A part of the path as a name of `Entity`.
    ///
    /// - Throws: `RequestError.fields` for another form.
    func id<Entity>(_ name: String = "id") throws(RequestError) -> Identifier<Entity> {
        var reader = FieldReader([name: .string(parameter(name))], at: ["path"], rules: .hedra)
        let id = reader.uuid(name, isRequired: true)
        try reader.check()
        return Identifier(rawValue: id ?? "")
    }
}

extension HTTPQuery {
    /// A list of words of an enumeration.
    ///
    /// - Throws: `RequestError.fields` that names each other word.
    func words(_ name: String, among words: [String]) throws(RequestError) -> [String] {
        let found = list(name, takesJSON: true)
        let wrong = found.enumerated().filter { !words.contains($0.element) }.map { index, word in
            FieldError(
                .word(among: words, isEnumeration: true), at: ["query", .string(name), .integer(Int64(index))],
                input: .string(word))
        }
        guard wrong.isEmpty else { throw .fields(wrong) }
        return found
    }

    /// One word of an enumeration; an empty one counts as absent where it may be left out.
    func word(_ name: String, among words: [String], isRequired: Bool) throws(RequestError) -> String? {
        let place: [JSONValue] = ["query", .string(name)]
        guard let text = self[name] else {
            if isRequired { throw .fields([.missing(place, input: .null)]) }
            return nil
        }
        if words.contains(text) { return text }
        if text.isEmpty, !isRequired { return nil }
        throw .fields([FieldError(.word(among: words, isEnumeration: true), at: place, input: .string(text))])
    }

    /// Identifiers to restrict a list to: nil for all. Texts that are no identifiers meet nothing.
    func ids<Entity>(_ name: String) -> Set<Identifier<Entity>>? {
        let texts = list(name, takesJSON: true)
        return texts.isEmpty ? nil : Set(texts.compactMap { FieldReader.uuid($0).map(Identifier.init(rawValue:)) })
    }
}

extension FieldReader {
    /// Points with coordinates from 0 to 1: one, or a list of them.
    mutating func points(_ name: String) -> [[Double]]? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let list = value.array else {
            report(FieldError(.type(.pair), at: place(name), input: value))
            return nil
        }
        if list.isEmpty { return nil }
        guard list.allSatisfy({ $0.array != nil }) else { return point(value, at: place(name)).map { [$0] } }
        guard let items = self.list(value, at: place(name), most: 100) else { return nil }
        let points = items.enumerated().map { point($0.element, at: place(name) + [.integer(Int64($0.offset))]) }
        return points.contains(nil) ? nil : points.compactMap { $0 }
    }

    private mutating func point(_ value: JSONValue, at place: [JSONValue]) -> [Double]? {
        let list = value.array ?? []
        guard list.count <= 2 else {
            report(FieldError(.tooManyItems(.pair, count: list.count, most: 2), at: place, input: value))
            return nil
        }
        for index in list.count..<2 { report(.missing(place + [.integer(Int64(index))], input: value)) }
        let numbers = list.enumerated().map {
            number($0.element, in: 0...1, at: place + [.integer(Int64($0.offset))])
        }
        return numbers.count == 2 && !numbers.contains(nil) ? numbers.compactMap { $0 } : nil
    }
}

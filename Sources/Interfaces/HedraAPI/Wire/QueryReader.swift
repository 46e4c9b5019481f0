import Generations
import HTTP

/// Reads the query in every form that real clients send.
struct QueryReader {
    private let query: HTTPQuery

    init(_ query: HTTPQuery) { self.query = query }

    /// A list: repeated names, words joined by commas, or a JSON array.
    func list(_ name: String) -> [String] {
        query.values(name).flatMap { text -> [String] in
            if text.hasPrefix("["), let values = try? JSONValue(parsing: text).array {
                return values.map { $0.text ?? $0.serialized }
            }
            return text.split(separator: ",").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
        }
    }

    /// A list of words of an enumeration.
    ///
    /// - Throws: `Refusal` that names each other word.
    func words(_ name: String, among words: [String]) throws(Refusal) -> [String] {
        let found = list(name)
        let wrong = found.enumerated().filter { !words.contains($0.element) }.map { index, word in
            InvalidField.word(
                "enum", ["query", .string(name), .integer(Int64(index))], among: words, input: .string(word))
        }
        if let refusal = Refusal(wrong) { throw refusal }
        return found
    }

    /// One word of an enumeration.
    func word(_ name: String, among words: [String], isRequired: Bool) throws(Refusal) -> String? {
        guard let text = query[name], !text.isEmpty || isRequired else {
            if isRequired { throw Refusal(.missing(["query", .string(name)], input: .null)) }
            return nil
        }
        guard words.contains(text) else {
            throw Refusal(.word("enum", ["query", .string(name)], among: words, input: .string(text)))
        }
        return text
    }

    /// Identifiers to restrict a list to: nil for all. Texts that are no identifiers meet nothing.
    func ids<Entity>(_ name: String) -> Set<Identifier<Entity>>? {
        let texts = list(name)
        return texts.isEmpty ? nil : Set(texts.compactMap { FieldReader.uuid($0).map(Identifier.init(rawValue:)) })
    }

    /// A reader of single values.
    func fields(_ names: [String]) -> FieldReader {
        var members: [String: JSONValue] = [:]
        for name in names {
            if let text = query[name], !text.isEmpty { members[name] = .string(text) }
        }
        return FieldReader(members, at: ["query"])
    }
}

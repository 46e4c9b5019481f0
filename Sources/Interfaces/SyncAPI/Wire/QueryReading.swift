import Foundation
import Generations
import HTTP

/// What queries of several routes have in common.
extension SyncAPI {
    /// The values of a list in a query, whether it was repeated or joined by commas, with or without blanks.
    static func words(_ query: HTTPQuery, _ name: String) -> [String] {
        query.values(name).flatMap { text in
            text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
    }

    static func invalid(_ field: String, _ predicate: String) -> GenerationError {
        GenerationError(.generationInputValidationFailed, "\(field) \(predicate)", field: field)
    }

    /// How many items a page has.
    static func pageLimit(_ query: HTTPQuery) throws(GenerationError) -> Int {
        guard let text = query["limit"] else { return 10 }
        guard let limit = Int(text), (1...100).contains(limit) else {
            throw invalid("limit", "must be a whole number from 1 to 100.")
        }
        return limit
    }

    /// After which item a page begins.
    static func cursor<Entity>(_ query: HTTPQuery) throws(GenerationError) -> Identifier<Entity>? {
        guard let text = query["cursor"] else { return nil }
        guard let id = Identifier<Entity>(parsing: text) else { throw invalid("cursor", "must be a nextCursor.") }
        return id
    }
}

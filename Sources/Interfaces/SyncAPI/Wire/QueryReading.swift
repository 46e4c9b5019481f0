import Generations
import HTTP
import WebInterface

extension SyncError {
    /// The refusal of one field: its name and what it must be.
    static func invalid(_ field: String, _ predicate: String) -> SyncError {
        SyncError(.generationInputValidationFailed, "\(field) \(predicate)", field: field)
    }
}

/// What queries of several endpoints have in common.
extension HTTPQuery {
    /// One of an enumeration's words.
    ///
    /// - Parameter predicate: What the refusal of another word says.
    func choice<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, predicate: String? = nil
    ) throws(SyncError) -> Word? {
        guard let text = self[name] else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(name, predicate ?? "must be one of \(words).")
        }
        return word
    }

    /// How many items a page has.
    func pageLimit() throws(SyncError) -> Int {
        guard let text = self["limit"] else { return 10 }
        guard let limit = Int(text), (1...100).contains(limit) else {
            throw .invalid("limit", "must be a whole number from 1 to 100.")
        }
        return limit
    }

    /// After which item a page begins.
    func cursor<Entity>(
        predicate: String = "must be a nextCursor."
    ) throws(SyncError) -> Identifier<Entity>? {
        guard let text = self["cursor"] else { return nil }
        guard let id = Identifier<Entity>(parsing: text) else { throw .invalid("cursor", predicate) }
        return id
    }
}

extension Call {
    /// The `{id}` of the path as a name of `Entity`, or the error for another form.
    func id<Entity>(_ code: SyncCode) throws(SyncError) -> Identifier<Entity> {
        guard let id = Identifier<Entity>(parsing: parameter()) else {
            throw SyncError(code, status: code.entry.status == 404 ? 404 : 400)
        }
        return id
    }

    /// A reader of the members of a JSON body, whatever its type claims to be.
    func fields() async throws -> FieldReader { FieldReader(try await members(takesAnyType: true), rules: .sync) }
}

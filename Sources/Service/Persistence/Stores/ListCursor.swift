import Generations

/// The item after which a page of a list begins.
enum ListCursor {
    /// Refuses a cursor whose item is gone: the page would be empty, as if the list ended there.
    ///
    /// - Parameters:
    ///   - noun: What it names, for people.
    ///   - organisation: Whose it must be; nil for anybody's.
    /// - Throws: `GenerationError` of field `cursor`.
    static func check<Entity>(
        _ cursor: Identifier<Entity>?, of noun: String, in table: String, organisation: OrganisationID?,
        _ connection: any Connection
    ) throws {
        guard let cursor else { return }
        let isKnown = try connection.first(
            "SELECT 1 FROM \(table) WHERE id = ? AND organisation = coalesce(?, organisation)",
            [.id(cursor), .id(organisation)]
        ) { _ in true }
        guard isKnown != nil else { throw GenerationError.cursorGone(noun) }
    }
}

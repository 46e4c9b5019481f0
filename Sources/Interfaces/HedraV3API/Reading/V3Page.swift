import Generations
import HTTP
import Text
import WebInterface

/// A page of a list, as a query asks for it: behind which item it begins, and how long it is.
struct V3Page<Entity>: Sendable {
    private static var usualLimit: Int { 20 }

    let limit: Int
    let cursor: Identifier<Entity>?

    /// - Throws: `RequestError.fields`, `V3Refusal`.
    init(_ call: Call) throws {
        let (limit, text) = try Self.read(call)
        self.limit = limit
        guard let text else {
            cursor = nil
            return
        }
        guard let id = Identifier<Entity>(parsing: text) else { throw Self.wrongCursor }
        cursor = id
    }

    /// The two parameters as they were sent.
    static func read(_ call: Call) throws -> (limit: Int, cursor: String?) {
        var reader = FieldReader(call.request.query.members(["limit", "cursor"]), rules: .hedraV3)
        let limit = reader.integer("limit", in: 1...100) ?? usualLimit
        let cursor = reader.text("cursor", most: 100)
        try reader.check()
        return (limit, cursor)
    }

    static var wrongCursor: V3Refusal {
        V3Refusal(fields: [InvalidInput("cursor", "pattern", "cursor must be the next_cursor of a page before.")])
    }

    /// One item more than the page has, by which it is known whether another page follows.
    ///
    /// - Throws: `V3Refusal` where the cursor names nothing.
    func items<Item>(_ read: (_ after: Identifier<Entity>?, _ limit: Int) async throws -> [Item]) async throws -> [Item]
    {
        do { return try await read(cursor, limit + 1) } catch is GenerationError { throw Self.wrongCursor }
    }

    /// The answer that shows what `items` has given.
    func answer<Item>(
        _ items: [Item], cursor: (Item) -> String, _ json: (Item) -> JSONValue
    ) -> HTTPResponse {
        let shown = items.prefix(limit)
        return .json([
            "data": .array(shown.map(json)), "next_cursor": .text(items.count > limit ? shown.last.map(cursor) : nil),
        ])
    }
}

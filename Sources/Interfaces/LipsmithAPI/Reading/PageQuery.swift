import Generations
import HTTP
import Text
import WebInterface

/// Which page of a list is asked for.
struct PageQuery<Entity> {
    /// How many items it has at most.
    let limit: Int
    /// The item that stands before its first; nil for the first page.
    let cursor: Identifier<Entity>?

    /// The query's parameters of every list.
    static var parameters: [Endpoint.Parameter] {
        [
            .query("limit", Schema.integer(1...100).defaulting(to: 50), "How many items at most."),
            .query("cursor", .string, "The next of the page before."),
        ]
    }

    /// Reads it; what is wrong goes into the reader.
    ///
    /// - Parameter hasUUIDs: Whether the items are named by UUIDs.
    init(_ reader: inout FieldReader, hasUUIDs: Bool = true) {
        limit = reader.integer("limit", in: 1...100) ?? 50
        let name = hasUUIDs ? reader.uuid("cursor") : reader.text("cursor", most: 1000)
        cursor = name.map(Identifier.init(rawValue:))
    }

    /// Reads the page that a list without other parameters is asked for.
    ///
    /// - Throws: `RequestError.fields` where `limit` or `cursor` cannot be used, or there are other parameters.
    init(_ call: Call, hasUUIDs: Bool = true) throws(RequestError) {
        var reader = call.query("limit", "cursor")
        self.init(&reader, hasUUIDs: hasUUIDs)
        try reader.check()
    }

    /// The page of a list that is at hand as a whole.
    ///
    /// - Throws: `GenerationError` where the cursor's item is gone, as the store does for its lists.
    func page<Item>(of items: [Item], id: (Item) -> Identifier<Entity>) throws(GenerationError) -> Page<Item> {
        guard let cursor else { return page(reading: items) }
        guard let position = items.firstIndex(where: { id($0) == cursor }) else {
            throw .cursorGone("item of this list")
        }
        return page(reading: items[(position + 1)...])
    }

    /// The page of which one item more than wanted, or all, were read.
    func page<Item>(reading items: some Collection<Item>) -> Page<Item> {
        Page(items: Array(items.prefix(limit)), hasMore: items.count > limit)
    }
}

extension HTTPResponse {
    /// A page of a list.
    static func page(_ items: [JSONValue], next: String?) -> HTTPResponse {
        .json(["items": .array(items), "next": .text(next)])
    }
}

extension Schema {
    /// A page of a list.
    static func page(of item: Schema) -> Schema {
        .object(["items": .list(of: item), "next": Schema.string.nullable], required: ["items", "next"])
    }
}

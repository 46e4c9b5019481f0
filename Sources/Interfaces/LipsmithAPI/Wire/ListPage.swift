import Generations
import HTTP
import Text
import WebInterface

/// Which part of a list a request asks for.
struct ListPage<Entity> {
    /// The most items of a page.
    let limit: Int
    /// After which item the page begins; nil for the first page.
    let cursor: Identifier<Entity>?

    /// - Throws: `RequestError.fields` where `limit` or `cursor` cannot be used.
    init(_ query: HTTPQuery) throws(RequestError) {
        var reader = FieldReader(query.members(["limit", "cursor"]), rules: .lipsmith)
        limit = reader.integer("limit", in: 1...100) ?? 50
        cursor = reader.uuid("cursor").map(Identifier.init)
        try reader.check()
    }

    /// The page of a list that is at hand as a whole; empty where the cursor's item is gone.
    func page<Item>(of items: [Item], id: (Item) -> Identifier<Entity>) -> Page<Item> {
        var rest = items[...]
        if let cursor {
            let position = items.firstIndex { id($0) == cursor }
            rest = items[(position.map { $0 + 1 } ?? items.endIndex)...]
        }
        return Page(items: Array(rest.prefix(limit)), hasMore: rest.count > limit)
    }

    /// The page of which one item more than wanted was read.
    func page<Item>(reading items: [Item]) -> Page<Item> {
        Page(items: Array(items.prefix(limit)), hasMore: items.count > limit)
    }
}

extension Endpoint.Parameter {
    /// The parameters of every list.
    static let list: [Endpoint.Parameter] = [
        .query("limit", .integer(1...100), "Items on a page; 50 unless given."),
        .query("cursor", .uuid, "The next of the page before."),
    ]
}

extension HTTPResponse {
    /// A page of a list.
    static func list<Item, Entity>(
        _ page: Page<Item>, id: (Item) -> Identifier<Entity>, _ json: (Item) -> JSONValue
    ) -> HTTPResponse {
        .json(["items": .array(page.items.map(json)), "next": .text(page.nextCursor(id))])
    }
}

extension Schema {
    /// A page of a list.
    static func page(of item: Schema) -> Schema {
        .object(["items": .list(of: item), "next": Schema.string.nullable], required: ["items", "next"])
    }
}

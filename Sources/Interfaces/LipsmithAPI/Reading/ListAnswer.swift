import Generations
import HTTP
import Text
import WebInterface

extension PageQuery {
    /// Reads the page that a list without other parameters is asked for.
    ///
    /// - Throws: `RequestError.fields` where `limit` or `cursor` cannot be used.
    init(_ query: HTTPQuery) throws(RequestError) {
        var reader = query.reader()
        self.init(&reader)
        try reader.check()
    }

    /// The page of a list that is at hand as a whole; empty where the cursor's item is gone.
    func page<Item>(of items: [Item], id: (Item) -> Identifier<Entity>) -> Page<Item> {
        var rest = items[...]
        if let cursor {
            let position = items.firstIndex { id($0) == cursor }
            rest = items[(position.map { $0 + 1 } ?? items.endIndex)...]
        }
        return page(reading: rest)
    }

    /// The page of which one item more than wanted, or all, were read.
    func page<Item>(reading items: some Collection<Item>) -> Page<Item> {
        Page(items: Array(items.prefix(limit)), hasMore: items.count > limit)
    }
}

extension HTTPResponse {
    /// A page of a list.
    static func list<Item, Entity>(
        _ page: Page<Item>, id: (Item) -> Identifier<Entity>, _ json: (Item) -> JSONValue
    ) -> HTTPResponse {
        .page(page.items.map(json), next: page.nextCursor(id))
    }
}

extension Schema {
    /// A page of a list.
    static func page(of item: Schema) -> Schema {
        .object(["items": .list(of: item), "next": Schema.string.nullable], required: ["items", "next"])
    }
}

import Generations
import Synchronization

/// Tells an operator of rows that cannot be read, each once: clients ask for lists all day.
final class DamagedRows: Sendable {
    private static let rememberedLimit = 10_000

    private let told = Mutex<Set<String>>([])
    private let report: (@Sendable (String) -> Void)?

    init(report: (@Sendable (String) -> Void)?) { self.report = report }

    /// A row of a list through `read`; nil for one that is damaged, which must not hide the others.
    ///
    /// - Parameter table: Where the row stands; its first column names it.
    func readable<Value>(_ table: String, _ row: Row, _ read: (Row) throws -> Value) throws -> Value? {
        do { return try read(row) } catch let error as StoreError where error.code == .damaged {
            tell("\(table) \(row.text(0))", error)
            return nil
        }
    }

    /// Tells of a row that is damaged, unless it was told before.
    func tell(_ name: String, _ error: StoreError) {
        let isNew = told.withLock { told in
            if told.count >= Self.rememberedLimit { told.removeAll() }
            return told.insert(name).inserted
        }
        if isNew { report?(error.detail.hasPrefix(name) ? error.detail : "\(name): \(error.detail)") }
    }

    /// A page without its damaged rows, filled up with those that follow.
    ///
    /// - Parameter fetch: Gives a number of rows from the one behind the named row on, from the first one for nil.
    static func filled<Item>(
        _ limit: Int, after start: String?,
        _ fetch: (_ after: String?, _ count: Int) throws -> [(name: String, item: Item?)]
    ) throws -> [Item] {
        var items: [Item] = []
        var last = start
        while true {
            let count = limit - items.count
            let rows = try fetch(last, count)
            items += rows.compactMap(\.item)
            guard rows.count == count, items.count < limit, let end = rows.last else { return items }
            last = end.name
        }
    }
}

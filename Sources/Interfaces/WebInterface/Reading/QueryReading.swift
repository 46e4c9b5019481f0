public import Generations
public import HTTP
public import Text

extension HTTPQuery {
    /// The items of a list, whether its name was repeated or they are joined by commas, with or without blanks.
    ///
    /// - Parameter takesJSON: Whether the list may be a JSON array, too.
    public func list(_ name: String, takesJSON: Bool = false) -> [String] {
        values(name).flatMap { text -> [String] in
            if takesJSON, text.hasPrefix("["), let values = try? JSONValue(parsing: text).array {
                return values.map { $0.text ?? $0.serialized }
            }
            return text.split(separator: ",").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
        }
    }

    /// The parameters of some names as the members of an object, for a `FieldReader`; empty ones are left out.
    public func members(_ names: [String]) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for name in names {
            if let text = self[name], !text.isEmpty { members[name] = .string(text) }
        }
        return members
    }
}

/// A page of a list, as interfaces show it.
extension Page {
    /// What the next page begins after; nil on the last page.
    public func nextCursor<Entity>(_ id: (Item) -> Identifier<Entity>) -> String? {
        hasMore ? items.last.map { id($0).rawValue } : nil
    }
}

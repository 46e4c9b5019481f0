import Text

/// Where the SQL of the two databases differs: fragments for statements that are otherwise the same.
package struct SQLDialect: Sendable {
    /// Compares texts by a pattern, in any case of ASCII letters.
    let like: String
    /// The functions that give the smallest and the largest of several values.
    let least: String
    let greatest: String
    /// The texts of a JSON list, one placeholder, as the right side of `IN`; a statement's text does not depend on their
    /// number then.
    let list: String
    /// Joins two tables, the left one first, where the planner can be told.
    let orderedJoin: String
    /// A label of a generation's request, whose name is the one placeholder; NULL where the request is damaged.
    let requestLabel: String
    /// Keeps the rows of a query from others until the transaction ends, and waits for those who keep them.
    let locking: String
    /// The same without waiting: rows that others keep are left out.
    let lockingIfFree: String
    /// Keeps the rows from being changed, but not from being kept by others in this way.
    let sharing: String
    private let requestMemberStart: String
    private let isPostgres: Bool

    /// SQLite's. Only one transaction at a time writes, so that nothing needs to be locked.
    package static let sqlite = SQLDialect(
        like: "LIKE", least: "min", greatest: "max", list: "(SELECT value FROM json_each(?))",
        orderedJoin: "CROSS JOIN",
        requestLabel: "iif(json_valid(request), json_extract(request, '$.labels.\"' || ? || '\"'), NULL)",
        locking: "", lockingIfFree: "", sharing: "",
        requestMemberStart: "iif(json_valid(request), json_extract(request, '$.", isPostgres: false)

    /// PostgreSQL's.
    package static let postgres = SQLDialect(
        like: "ILIKE", least: "least", greatest: "greatest",
        list: "(SELECT json_array_elements_text(CAST(? AS json)))", orderedJoin: "JOIN",
        requestLabel: "request_text(request, 'labels', ?)", locking: " FOR UPDATE",
        lockingIfFree: " FOR UPDATE SKIP LOCKED", sharing: " FOR SHARE",
        requestMemberStart: "request_text(request, '", isPostgres: true)

    /// A member of a generation's request as text; NULL where the request is damaged.
    func requestMember(_ name: String) -> String {
        requestMemberStart + name + (isPostgres ? "')" : "'), NULL)")
    }

    /// Names the index by which a table is searched, where the planner can be told.
    func indexed(by name: String) -> String { isPostgres ? "" : " INDEXED BY \(name)" }

    /// Makes one row of the changes of what each organisation keeps, where there are many; nil where they are one row always.
    var addingUpStorage: String? {
        isPostgres
            ? """
            WITH parts AS (
                DELETE FROM storage_counts WHERE (SELECT count(*) FROM storage_counts) > 1000 RETURNING *)
            INSERT INTO storage_counts SELECT organisation, sum(inputs), sum(outputs) FROM parts GROUP BY organisation
            HAVING sum(inputs) <> 0 OR sum(outputs) <> 0
            """ : nil
    }

    /// Whether others may write while a transaction does.
    var writersAreConcurrent: Bool { isPostgres }
}

/// A list as one value for `SQLDialect.list`.
func jsonList(_ texts: some Sequence<String>) -> SQLValue {
    // PostgreSQL has no text with a NUL in it; the driver keeps one as U+FFFD.
    .text(JSONValue.array(texts.map { .string($0.replacing("\0", with: "\u{FFFD}")) }).serialized)
}

/// A pattern for LIKE that finds `text` anywhere, its own wild cards taken literally (with `ESCAPE '!'`).
func containsPattern(_ text: String) -> String {
    var pattern = "%"
    for character in text {
        if character == "%" || character == "_" || character == "!" { pattern.append("!") }
        pattern.append(character)
    }
    return pattern + "%"
}

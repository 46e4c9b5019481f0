/// What differs where rows are carried from one database to another.
extension SQLDialect {
    /// Stands before VALUES where a column that numbers rows by itself is given a number.
    var keepingNumbers: String { writersAreConcurrent ? "OVERRIDING SYSTEM VALUE" : "" }

    /// The columns of a table that both databases have, in one order.
    func columns(of table: String, _ connection: any Connection) throws -> [String] {
        let names =
            writersAreConcurrent
            ? try connection.all(
                "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = current_schema()",
                [.text(table)]
            ) { $0.text(0) }
            : try connection.all("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
        // What SQLite numbers its rows with by itself is a column of PostgreSQL alone.
        return names.filter { $0 != "rowid" }.sorted()
    }

    /// Lets numbers of new rows go on after those that were carried over; nil where they do by themselves.
    func goingOn(_ table: String, _ column: String) -> String? {
        guard writersAreConcurrent else { return nil }
        return """
            SELECT setval(pg_get_serial_sequence('\(table)', '\(column)'), coalesce(max(\(column)), 0) + 1, false)
            FROM \(table)
            """
    }

    /// Counts what organisations keep from the rows themselves.
    var countingStorageAnew: [String] {
        let table = writersAreConcurrent ? "storage_counts" : "storage_use"
        return [
            "DELETE FROM \(table)",
            """
            INSERT INTO \(table) (organisation, inputs, outputs) SELECT id,
                coalesce((SELECT sum(byte_count) FROM assets WHERE organisation = o.id AND generation IS NULL), 0),
                coalesce((SELECT sum(output_bytes) FROM generations WHERE organisation = o.id), 0)
            FROM organisations AS o
            """,
        ]
    }
}

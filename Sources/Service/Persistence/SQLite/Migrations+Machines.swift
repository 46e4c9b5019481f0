/// The steps of what several processes share.
extension Migrations {
    /// Texts that all of them get, chores that one of them does, and who they are.
    static let machines = """
        CREATE TABLE kept_texts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE chores (name TEXT PRIMARY KEY, begun_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE nodes (
            name TEXT PRIMARY KEY, host TEXT NOT NULL, version TEXT NOT NULL, roles TEXT NOT NULL,
            slots INTEGER NOT NULL, running INTEGER NOT NULL, started_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}

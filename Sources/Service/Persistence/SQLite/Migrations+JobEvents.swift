/// What happened to each job.
extension Migrations {
    static let jobEvents = """
        CREATE TABLE job_events (
            generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE, number INTEGER NOT NULL,
            kind TEXT NOT NULL, at_ms INTEGER NOT NULL, progress REAL NOT NULL,
            PRIMARY KEY (generation, number)
        ) STRICT, WITHOUT ROWID;
        """
}

/// The steps of jobs that are done in parts.
extension Migrations {
    /// Nothing here outlives the job: its end removes the rows and gives the files up.
    static let divisions = """
        CREATE TABLE divisions (
            generation TEXT PRIMARY KEY, build TEXT NOT NULL, task TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE job_parts (
            generation TEXT NOT NULL, number INTEGER NOT NULL, stage INTEGER NOT NULL, step TEXT NOT NULL,
            organisation TEXT NOT NULL, progress REAL NOT NULL DEFAULT 0, result TEXT, failure_code TEXT,
            failure_message TEXT, failure_is_final INTEGER NOT NULL DEFAULT 0, due_ms INTEGER NOT NULL,
            fence INTEGER NOT NULL, worker TEXT, lease_ms INTEGER, helps INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0, losses INTEGER NOT NULL DEFAULT 0, first_loss_ms INTEGER,
            PRIMARY KEY (generation, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX job_parts_waiting ON job_parts(due_ms)
            WHERE lease_ms IS NULL AND result IS NULL AND failure_code IS NULL;
        CREATE INDEX job_parts_running ON job_parts(lease_ms) WHERE lease_ms IS NOT NULL;
        CREATE TABLE division_blobs (
            blob TEXT NOT NULL, generation TEXT NOT NULL, PRIMARY KEY (blob, generation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX division_blobs_by_generation ON division_blobs(generation);
        """
}

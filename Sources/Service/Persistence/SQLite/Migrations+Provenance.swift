/// What is remembered of files that were made.
extension Migrations {
    static let outputRecords = """
        CREATE TABLE output_records (
            digest TEXT NOT NULL, generation TEXT NOT NULL, organisation TEXT NOT NULL, content_type TEXT NOT NULL,
            watermark INTEGER, fingerprint TEXT NOT NULL, created_ms INTEGER NOT NULL,
            PRIMARY KEY (digest, generation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX output_records_by_watermark ON output_records(watermark) WHERE watermark IS NOT NULL;
        CREATE INDEX output_records_by_age ON output_records(created_ms);
        """
}

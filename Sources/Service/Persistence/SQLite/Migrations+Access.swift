/// The steps of who may come in, and of what came of webhooks.
extension Migrations {
    /// Roles of keys; sessions of browsers and the links that begin them.
    static let sessions = """
        ALTER TABLE api_keys ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), role TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE, created_ms INTEGER NOT NULL, last_used_ms INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL, client TEXT NOT NULL, revoked_ms INTEGER
        ) STRICT;
        CREATE INDEX sessions_by_time ON sessions(created_ms DESC, id DESC) WHERE revoked_ms IS NULL;
        CREATE INDEX sessions_by_end ON sessions(min(expires_ms, coalesce(revoked_ms, expires_ms)));
        CREATE TABLE sign_in_tokens (
            digest TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), role TEXT NOT NULL,
            expires_ms INTEGER NOT NULL, used_ms INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sign_in_tokens_by_expiry ON sign_in_tokens(expires_ms);
        """

    /// Where organisations are told of jobs that name no webhook, and what tells of a job. Keys that open a part of what there
    /// is, for some time, or in the place of another.
    static let accounts = """
        CREATE TABLE webhook_defaults (
            organisation TEXT PRIMARY KEY REFERENCES organisations(id), url TEXT NOT NULL, enabled INTEGER NOT NULL,
            updated_ms INTEGER NOT NULL, updated_by TEXT
        ) STRICT;
        CREATE INDEX deliveries_by_generation ON deliveries(generation) WHERE generation IS NOT NULL;
        ALTER TABLE api_keys ADD COLUMN scopes TEXT;
        ALTER TABLE api_keys ADD COLUMN expires_ms INTEGER;
        ALTER TABLE api_keys ADD COLUMN parent TEXT;
        ALTER TABLE api_keys ADD COLUMN last_digest TEXT;
        ALTER TABLE api_keys ADD COLUMN last_expires_ms INTEGER;
        CREATE INDEX api_keys_by_last_digest ON api_keys(last_digest) WHERE last_digest IS NOT NULL;
        CREATE INDEX api_keys_by_parent ON api_keys(parent) WHERE parent IS NOT NULL;
        """

    /// Every try of a delivery, and how many of them were made before it was sent again.
    static let deliveryTries = """
        ALTER TABLE deliveries ADD COLUMN earlier_attempts INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX deliveries_newest ON deliveries(created_ms DESC, id DESC);
        CREATE TABLE delivery_tries (
            delivery TEXT NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE, number INTEGER NOT NULL,
            at_ms INTEGER NOT NULL, response INTEGER NOT NULL, PRIMARY KEY (delivery, number)
        ) STRICT, WITHOUT ROWID;
        """
}

/// The tables as SQLite has them after its steps, in PostgreSQL's words.
enum PostgresSchema {
    /// Texts are compared byte by byte, as in SQLite, so that lists have one order in every database.
    private static func collated(_ script: String) -> String {
        script.replacing(" TEXT", with: " TEXT COLLATE \"C\"")
    }

    static let access = collated(
        """
        CREATE TABLE organisations (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, webhook_secret TEXT NOT NULL, created_ms BIGINT NOT NULL
        );
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), name TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE, hint TEXT NOT NULL, created_ms BIGINT NOT NULL, revoked_ms BIGINT,
            role TEXT NOT NULL DEFAULT 'member'
        );
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), role TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE, created_ms BIGINT NOT NULL, last_used_ms BIGINT NOT NULL,
            expires_ms BIGINT NOT NULL, client TEXT NOT NULL, revoked_ms BIGINT
        );
        CREATE INDEX sessions_by_time ON sessions(created_ms DESC, id DESC) WHERE revoked_ms IS NULL;
        CREATE INDEX sessions_by_end ON sessions(least(expires_ms, coalesce(revoked_ms, expires_ms)));
        CREATE TABLE sign_in_tokens (
            digest TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), role TEXT NOT NULL,
            expires_ms BIGINT NOT NULL, used_ms BIGINT
        );
        CREATE INDEX sign_in_tokens_by_expiry ON sign_in_tokens(expires_ms);
        """)

    static let resources = collated(
        """
        CREATE TABLE projects (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), name TEXT NOT NULL,
            summary TEXT, visibility TEXT NOT NULL, mode TEXT NOT NULL, workflow TEXT, created_ms BIGINT NOT NULL,
            updated_ms BIGINT NOT NULL, deleted_ms BIGINT
        );
        CREATE INDEX projects_by_change ON projects(organisation, updated_ms DESC, id DESC) WHERE deleted_ms IS NULL;
        CREATE TABLE assets (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), kind TEXT NOT NULL,
            origin TEXT NOT NULL, visibility TEXT NOT NULL, name TEXT NOT NULL, created_ms BIGINT NOT NULL,
            updated_ms BIGINT NOT NULL, blob TEXT, remote_url TEXT, thumbnail_blob TEXT, format TEXT,
            byte_count BIGINT, duration DOUBLE PRECISION, width BIGINT, height BIGINT, generation TEXT
        );
        CREATE INDEX assets_by_time ON assets(organisation, created_ms DESC, id DESC);
        CREATE INDEX assets_by_blob ON assets(blob) WHERE blob IS NOT NULL;
        CREATE INDEX assets_by_thumbnail ON assets(thumbnail_blob) WHERE thumbnail_blob IS NOT NULL;
        CREATE INDEX assets_by_generation ON assets(generation) WHERE generation IS NOT NULL;
        CREATE INDEX assets_sent ON assets(created_ms) WHERE generation IS NULL;
        CREATE TABLE project_assets (
            project TEXT NOT NULL REFERENCES projects(id), asset TEXT NOT NULL REFERENCES assets(id) ON DELETE CASCADE,
            PRIMARY KEY (project, asset)
        );
        CREATE INDEX project_assets_by_asset ON project_assets(asset);
        CREATE TABLE uploads (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), file_name TEXT NOT NULL,
            content_type TEXT NOT NULL, created_ms BIGINT NOT NULL, status TEXT NOT NULL, expires_ms BIGINT NOT NULL,
            byte_limit BIGINT NOT NULL, blob TEXT
        );
        CREATE INDEX uploads_by_expiry ON uploads(expires_ms) WHERE status NOT IN ('registered', 'expired');
        CREATE INDEX uploads_by_blob ON uploads(blob) WHERE blob IS NOT NULL;
        CREATE TABLE voices (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), name TEXT NOT NULL,
            sample TEXT, created_ms BIGINT NOT NULL, asset TEXT
        );
        CREATE UNIQUE INDEX voices_by_name ON voices(organisation, name);
        """)

    /// `request_text` reads a member of a request; of one that is damaged it gives NULL, where a cast would end the whole
    /// statement.
    static let generations = collated(
        """
        CREATE TABLE generations (
            sequence BIGINT GENERATED ALWAYS AS IDENTITY, id TEXT PRIMARY KEY,
            organisation TEXT NOT NULL REFERENCES organisations(id), project TEXT, batch TEXT, batch_request TEXT,
            output_asset TEXT, source TEXT NOT NULL, status TEXT NOT NULL, created_ms BIGINT NOT NULL,
            started_ms BIGINT, finished_ms BIGINT, progress DOUBLE PRECISION NOT NULL, request TEXT NOT NULL,
            output TEXT, failure_code TEXT, failure_message TEXT, kind TEXT NOT NULL DEFAULT 'lip_sync',
            output_bytes BIGINT NOT NULL DEFAULT 0
        ) WITH (fillfactor = 85);
        CREATE INDEX generations_by_time ON generations(organisation, created_ms DESC, id DESC);
        CREATE INDEX generations_by_status ON generations(organisation, status, created_ms DESC, id DESC);
        CREATE INDEX generations_by_source ON generations(organisation, source, created_ms DESC, id DESC);
        CREATE INDEX generations_by_project ON generations(project, created_ms DESC, id DESC)
            WHERE project IS NOT NULL;
        CREATE INDEX generations_by_batch ON generations(batch, status) WHERE batch IS NOT NULL;
        CREATE UNIQUE INDEX generations_by_output_asset ON generations(output_asset) WHERE output_asset IS NOT NULL;
        CREATE INDEX generations_with_output ON generations(finished_ms) WHERE output_bytes > 0;
        CREATE TABLE generation_blobs (
            blob TEXT PRIMARY KEY, generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE
        );
        CREATE INDEX generation_blobs_by_generation ON generation_blobs(generation);
        CREATE TABLE generation_inputs (
            asset TEXT NOT NULL, generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE,
            PRIMARY KEY (asset, generation)
        );
        CREATE INDEX generation_inputs_by_generation ON generation_inputs(generation);
        CREATE TABLE generation_labels (
            generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE, name TEXT NOT NULL,
            value TEXT NOT NULL, owner TEXT NOT NULL, accepted_ms BIGINT NOT NULL, PRIMARY KEY (generation, name)
        );
        CREATE INDEX generations_by_label
            ON generation_labels(owner, name, value, accepted_ms DESC, generation DESC);
        CREATE TABLE idempotency_keys (
            organisation TEXT NOT NULL, key TEXT NOT NULL, digest BYTEA NOT NULL, generation TEXT NOT NULL,
            expires_ms BIGINT NOT NULL, PRIMARY KEY (organisation, key)
        );
        CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys(expires_ms);
        CREATE TABLE spent_credits (organisation TEXT PRIMARY KEY, credits BIGINT NOT NULL);
        CREATE FUNCTION request_text(request text, VARIADIC path text[]) RETURNS text
            LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
            BEGIN RETURN CAST(request AS json) #>> path; EXCEPTION WHEN OTHERS THEN RETURN NULL; END
            $$;
        """)

    /// `rowid` is what SQLite has by itself: the order in which rows came.
    static let outbox = collated(
        """
        CREATE TABLE batches (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), created_ms BIGINT NOT NULL,
            status TEXT NOT NULL, webhook_url TEXT, result_blob TEXT, finished_ms BIGINT
        );
        CREATE INDEX batches_by_time ON batches(organisation, created_ms DESC, id DESC);
        CREATE INDEX batches_open ON batches(created_ms) WHERE finished_ms IS NULL;
        CREATE INDEX batches_by_blob ON batches(result_blob) WHERE result_blob IS NOT NULL;
        CREATE TABLE deliveries (
            rowid BIGINT GENERATED ALWAYS AS IDENTITY,
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), generation TEXT, batch TEXT,
            url TEXT NOT NULL, body BYTEA, created_ms BIGINT NOT NULL, status TEXT NOT NULL,
            attempts BIGINT NOT NULL, due_ms BIGINT NOT NULL, worker TEXT, lease_ms BIGINT, response BIGINT,
            earlier_attempts BIGINT NOT NULL DEFAULT 0
        ) WITH (fillfactor = 80);
        CREATE INDEX deliveries_due ON deliveries(due_ms, rowid) WHERE status = 'waiting';
        CREATE INDEX deliveries_by_time ON deliveries(organisation, created_ms DESC);
        CREATE INDEX deliveries_ended ON deliveries(created_ms) WHERE status <> 'waiting';
        CREATE INDEX deliveries_newest ON deliveries(created_ms DESC, id DESC);
        CREATE TABLE delivery_tries (
            delivery TEXT NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE, number BIGINT NOT NULL,
            at_ms BIGINT NOT NULL, response BIGINT NOT NULL, PRIMARY KEY (delivery, number)
        );
        """)

    /// Tables whose rows change with every job are small and are cleaned often.
    static let jobs = collated(
        """
        CREATE TABLE jobs (
            generation TEXT PRIMARY KEY REFERENCES generations(id) ON DELETE CASCADE, due_ms BIGINT NOT NULL,
            sequence BIGINT NOT NULL, fence BIGINT NOT NULL, worker TEXT, lease_ms BIGINT,
            failures BIGINT NOT NULL, losses BIGINT NOT NULL, organisation TEXT NOT NULL, priority BIGINT NOT NULL,
            created_ms BIGINT NOT NULL, first_loss_ms BIGINT
        ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
        CREATE INDEX jobs_due ON jobs(priority, due_ms) WHERE lease_ms IS NULL;
        CREATE INDEX jobs_waiting ON jobs(priority, organisation, created_ms, sequence, due_ms) WHERE lease_ms IS NULL;
        CREATE INDEX jobs_running ON jobs(organisation, priority) WHERE lease_ms IS NOT NULL;
        CREATE INDEX jobs_newest ON jobs(created_ms DESC, generation DESC);
        CREATE INDEX jobs_leased ON jobs(lease_ms) WHERE lease_ms IS NOT NULL;
        CREATE TABLE turns (
            priority BIGINT NOT NULL, organisation TEXT NOT NULL, waiting BIGINT NOT NULL,
            pass DOUBLE PRECISION NOT NULL, PRIMARY KEY (priority, organisation)
        ) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
        CREATE TABLE turns_begun (priority BIGINT PRIMARY KEY, pass DOUBLE PRECISION NOT NULL)
            WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
        CREATE FUNCTION job_waits() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO turns VALUES (NEW.priority, NEW.organisation, 1,
                    coalesce((SELECT pass FROM turns_begun WHERE priority = NEW.priority), 0))
                ON CONFLICT (priority, organisation) DO UPDATE SET
                    pass = CASE turns.waiting WHEN 0 THEN greatest(turns.pass, excluded.pass) ELSE turns.pass END,
                    waiting = turns.waiting + 1;
                RETURN NULL;
            END
            $$;
        CREATE FUNCTION job_waits_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE turns SET waiting = waiting - 1
                    WHERE priority = OLD.priority AND organisation = OLD.organisation;
                RETURN NULL;
            END
            $$;
        CREATE TRIGGER jobs_added AFTER INSERT ON jobs FOR EACH ROW WHEN (NEW.lease_ms IS NULL)
            EXECUTE FUNCTION job_waits();
        CREATE TRIGGER jobs_returned AFTER UPDATE OF lease_ms ON jobs FOR EACH ROW
            WHEN (OLD.lease_ms IS NOT NULL AND NEW.lease_ms IS NULL) EXECUTE FUNCTION job_waits();
        CREATE TRIGGER jobs_begun AFTER UPDATE OF lease_ms ON jobs FOR EACH ROW
            WHEN (OLD.lease_ms IS NULL AND NEW.lease_ms IS NOT NULL) EXECUTE FUNCTION job_waits_no_more();
        CREATE TRIGGER jobs_removed AFTER DELETE ON jobs FOR EACH ROW WHEN (OLD.lease_ms IS NULL)
            EXECUTE FUNCTION job_waits_no_more();
        """)

    /// What several processes share.
    static let machines = collated(
        """
        CREATE TABLE kept_texts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE chores (name TEXT PRIMARY KEY, begun_ms BIGINT NOT NULL);
        CREATE TABLE nodes (
            name TEXT PRIMARY KEY, host TEXT NOT NULL, version TEXT NOT NULL, roles TEXT NOT NULL,
            slots BIGINT NOT NULL, running BIGINT NOT NULL, started_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL
        );
        """)

    /// What organisations keep, as numbers that are kept, and blobs that nothing refers to any more.
    ///
    /// Every change adds a row, since changes of one row would wait for each other; from time to time they are added up.
    static let storage = collated(
        """
        CREATE TABLE discarded_blobs (
            sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, blob TEXT NOT NULL UNIQUE, at_ms BIGINT NOT NULL
        );
        CREATE TABLE storage_counts (organisation TEXT NOT NULL, inputs BIGINT NOT NULL, outputs BIGINT NOT NULL);
        CREATE INDEX storage_counts_by_organisation ON storage_counts(organisation);
        CREATE VIEW storage_use AS
            SELECT organisation, CAST(sum(inputs) AS BIGINT) AS inputs, CAST(sum(outputs) AS BIGINT) AS outputs
            FROM storage_counts GROUP BY organisation;
        CREATE FUNCTION asset_counts() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    INSERT INTO storage_counts VALUES (NEW.organisation, NEW.byte_count, 0);
                ELSIF TG_OP = 'DELETE' THEN
                    INSERT INTO storage_counts VALUES (OLD.organisation, -OLD.byte_count, 0);
                ELSE
                    INSERT INTO storage_counts VALUES (
                        NEW.organisation, coalesce(NEW.byte_count, 0) - coalesce(OLD.byte_count, 0), 0);
                END IF;
                RETURN NULL;
            END
            $$;
        CREATE TRIGGER assets_added AFTER INSERT ON assets FOR EACH ROW
            WHEN (NEW.generation IS NULL AND NEW.byte_count > 0) EXECUTE FUNCTION asset_counts();
        CREATE TRIGGER assets_changed AFTER UPDATE OF byte_count ON assets FOR EACH ROW
            WHEN (NEW.generation IS NULL AND coalesce(OLD.byte_count, 0) <> coalesce(NEW.byte_count, 0))
            EXECUTE FUNCTION asset_counts();
        CREATE TRIGGER assets_removed AFTER DELETE ON assets FOR EACH ROW
            WHEN (OLD.generation IS NULL AND OLD.byte_count > 0) EXECUTE FUNCTION asset_counts();
        CREATE FUNCTION output_counts() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    INSERT INTO storage_counts VALUES (OLD.organisation, 0, -OLD.output_bytes);
                ELSE
                    INSERT INTO storage_counts VALUES (
                        NEW.organisation, 0, NEW.output_bytes - OLD.output_bytes);
                END IF;
                RETURN NULL;
            END
            $$;
        CREATE TRIGGER outputs_changed AFTER UPDATE OF output_bytes ON generations FOR EACH ROW
            WHEN (OLD.output_bytes <> NEW.output_bytes) EXECUTE FUNCTION output_counts();
        CREATE TRIGGER outputs_removed AFTER DELETE ON generations FOR EACH ROW WHEN (OLD.output_bytes > 0)
            EXECUTE FUNCTION output_counts();
        """)

    /// Jobs that are done in parts.
    static let divisions = collated(
        """
        CREATE TABLE divisions (
            generation TEXT PRIMARY KEY, build TEXT NOT NULL, task TEXT NOT NULL
        );
        CREATE TABLE job_parts (
            generation TEXT NOT NULL, number BIGINT NOT NULL, stage BIGINT NOT NULL, step TEXT NOT NULL,
            organisation TEXT NOT NULL, progress DOUBLE PRECISION NOT NULL DEFAULT 0, result TEXT, failure_code TEXT,
            failure_message TEXT, failure_is_final BIGINT NOT NULL DEFAULT 0, due_ms BIGINT NOT NULL,
            fence BIGINT NOT NULL, worker TEXT, lease_ms BIGINT, helps BIGINT NOT NULL DEFAULT 0,
            failures BIGINT NOT NULL DEFAULT 0, losses BIGINT NOT NULL DEFAULT 0, first_loss_ms BIGINT,
            PRIMARY KEY (generation, number)
        );
        CREATE INDEX job_parts_waiting ON job_parts(due_ms)
            WHERE lease_ms IS NULL AND result IS NULL AND failure_code IS NULL;
        CREATE INDEX job_parts_running ON job_parts(lease_ms) WHERE lease_ms IS NOT NULL;
        CREATE TABLE division_blobs (
            blob TEXT NOT NULL, generation TEXT NOT NULL, PRIMARY KEY (blob, generation)
        );
        CREATE INDEX division_blobs_by_generation ON division_blobs(generation);
        """)

    /// What is remembered of files that were made.
    static let outputRecords = collated(
        """
        CREATE TABLE output_records (
            digest TEXT NOT NULL, generation TEXT NOT NULL, organisation TEXT NOT NULL, content_type TEXT NOT NULL,
            watermark BIGINT, fingerprint TEXT NOT NULL, created_ms BIGINT NOT NULL,
            PRIMARY KEY (digest, generation)
        );
        CREATE INDEX output_records_by_watermark ON output_records(watermark) WHERE watermark IS NOT NULL;
        CREATE INDEX output_records_by_age ON output_records(created_ms);
        """)

    /// What happened to each job.
    static let jobEvents = collated(
        """
        CREATE TABLE job_events (
            generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE, number BIGINT NOT NULL,
            kind TEXT NOT NULL, at_ms BIGINT NOT NULL, progress DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (generation, number)
        );
        """)

    /// Where organisations are told of jobs that name no webhook, and what tells of a job. Keys that open a part of what there
    /// is, for some time, or in the place of another.
    static let accounts = collated(
        """
        CREATE TABLE webhook_defaults (
            organisation TEXT PRIMARY KEY REFERENCES organisations(id), url TEXT NOT NULL, enabled BIGINT NOT NULL,
            updated_ms BIGINT NOT NULL, updated_by TEXT
        );
        CREATE INDEX deliveries_by_generation ON deliveries(generation) WHERE generation IS NOT NULL;
        ALTER TABLE api_keys ADD COLUMN scopes TEXT;
        ALTER TABLE api_keys ADD COLUMN expires_ms BIGINT;
        ALTER TABLE api_keys ADD COLUMN parent TEXT;
        ALTER TABLE api_keys ADD COLUMN last_digest TEXT;
        ALTER TABLE api_keys ADD COLUMN last_expires_ms BIGINT;
        CREATE INDEX api_keys_by_last_digest ON api_keys(last_digest) WHERE last_digest IS NOT NULL;
        CREATE INDEX api_keys_by_parent ON api_keys(parent) WHERE parent IS NOT NULL;
        """)
}

import Generations

/// The numbered steps by which a file of any earlier form becomes one of the present form.
///
/// A step that was released is never changed. Each runs in a transaction together with the number that it leaves.
package enum Migrations {
    /// The number of the present form.
    package static var current: Int { steps.count }

    /// Brings a file up to date, or to `target` in tests.
    package static func migrate(_ connection: SQLiteConnection, to target: Int = Migrations.current) throws {
        let isNewer = try version(of: connection) > current
        guard !isNewer else {
            throw StoreError(code: .tooNew, detail: "the data was written by a newer version of this program")
        }
        while try version(of: connection) < target {
            try connection.run("BEGIN IMMEDIATE")
            do {
                // Another process may have made the step while this one waited for the lock.
                let next = try version(of: connection)
                if next < target {
                    try connection.run(steps[next])
                    try connection.run("PRAGMA user_version = \(next + 1)")
                }
                try connection.run("COMMIT")
            } catch {
                if connection.isInTransaction { try? connection.run("ROLLBACK") }
                throw error
            }
        }
    }

    package static func version(of connection: SQLiteConnection) throws -> Int {
        try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0
    }

    static let steps = [
        organisations, resources, generations, outbox, voices, promisedAssets, promisedVoices, turns, storage, labels,
        failureCodes, storedWords, sessions, deliveryTries, machines, divisions,
        outputRecords, jobEvents, accounts,
    ]

    private static let organisations = """
        CREATE TABLE organisations (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, webhook_secret TEXT NOT NULL, created_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), name TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE, hint TEXT NOT NULL, created_ms INTEGER NOT NULL, revoked_ms INTEGER
        ) STRICT;
        """

    private static let resources = """
        CREATE TABLE projects (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), name TEXT NOT NULL,
            summary TEXT, visibility TEXT NOT NULL, mode TEXT NOT NULL, workflow TEXT, created_ms INTEGER NOT NULL,
            updated_ms INTEGER NOT NULL, deleted_ms INTEGER
        ) STRICT;
        CREATE INDEX projects_by_change ON projects(organisation, updated_ms DESC, id DESC) WHERE deleted_ms IS NULL;
        CREATE TABLE assets (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), kind TEXT NOT NULL,
            origin TEXT NOT NULL, visibility TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
            updated_ms INTEGER NOT NULL, blob TEXT, remote_url TEXT, thumbnail_blob TEXT, format TEXT,
            byte_count INTEGER, duration REAL, width INTEGER, height INTEGER, generation TEXT
        ) STRICT;
        CREATE INDEX assets_by_time ON assets(organisation, created_ms DESC, id DESC);
        CREATE INDEX assets_by_blob ON assets(blob) WHERE blob IS NOT NULL;
        CREATE INDEX assets_by_thumbnail ON assets(thumbnail_blob) WHERE thumbnail_blob IS NOT NULL;
        CREATE TABLE project_assets (
            project TEXT NOT NULL REFERENCES projects(id), asset TEXT NOT NULL REFERENCES assets(id) ON DELETE CASCADE,
            PRIMARY KEY (project, asset)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX project_assets_by_asset ON project_assets(asset);
        CREATE TABLE uploads (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), file_name TEXT NOT NULL,
            content_type TEXT NOT NULL, created_ms INTEGER NOT NULL, status TEXT NOT NULL, expires_ms INTEGER NOT NULL,
            byte_limit INTEGER NOT NULL, blob TEXT
        ) STRICT;
        CREATE INDEX uploads_by_expiry ON uploads(expires_ms) WHERE status NOT IN ('registered', 'expired');
        CREATE INDEX uploads_by_blob ON uploads(blob) WHERE blob IS NOT NULL;
        """

    private static let generations = """
        CREATE TABLE generations (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            organisation TEXT NOT NULL REFERENCES organisations(id), project TEXT, batch TEXT, batch_request TEXT,
            output_asset TEXT, source TEXT NOT NULL, status TEXT NOT NULL, created_ms INTEGER NOT NULL,
            started_ms INTEGER, finished_ms INTEGER, progress REAL NOT NULL, request TEXT NOT NULL, output TEXT,
            failure_code TEXT, failure_message TEXT
        ) STRICT;
        CREATE INDEX generations_by_time ON generations(organisation, created_ms DESC, id DESC);
        CREATE INDEX generations_by_status ON generations(organisation, status, created_ms DESC, id DESC);
        CREATE INDEX generations_by_source ON generations(organisation, source, created_ms DESC, id DESC);
        CREATE INDEX generations_by_project ON generations(project, created_ms DESC, id DESC)
            WHERE project IS NOT NULL;
        CREATE INDEX generations_by_batch ON generations(batch, status) WHERE batch IS NOT NULL;
        CREATE TABLE generation_blobs (
            blob TEXT PRIMARY KEY, generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX generation_blobs_by_generation ON generation_blobs(generation);
        CREATE TABLE jobs (
            generation TEXT PRIMARY KEY REFERENCES generations(id) ON DELETE CASCADE, due_ms INTEGER NOT NULL,
            sequence INTEGER NOT NULL, fence INTEGER NOT NULL, worker TEXT, lease_ms INTEGER,
            failures INTEGER NOT NULL, losses INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX jobs_due ON jobs(due_ms, sequence) WHERE lease_ms IS NULL;
        CREATE INDEX jobs_leased ON jobs(lease_ms) WHERE lease_ms IS NOT NULL;
        CREATE TABLE idempotency_keys (
            organisation TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, generation TEXT NOT NULL,
            expires_ms INTEGER NOT NULL, PRIMARY KEY (organisation, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys(expires_ms);
        """

    private static let outbox = """
        CREATE TABLE batches (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), created_ms INTEGER NOT NULL,
            status TEXT NOT NULL, webhook_url TEXT, result_blob TEXT, finished_ms INTEGER
        ) STRICT;
        CREATE INDEX batches_by_time ON batches(organisation, created_ms DESC, id DESC);
        CREATE INDEX batches_open ON batches(created_ms) WHERE finished_ms IS NULL;
        CREATE INDEX batches_by_blob ON batches(result_blob) WHERE result_blob IS NOT NULL;
        CREATE TABLE deliveries (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), generation TEXT, batch TEXT,
            url TEXT NOT NULL, body BLOB, created_ms INTEGER NOT NULL, status TEXT NOT NULL,
            attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL, worker TEXT, lease_ms INTEGER, response INTEGER
        ) STRICT;
        CREATE INDEX deliveries_due ON deliveries(due_ms) WHERE status = 'waiting';
        CREATE INDEX deliveries_by_time ON deliveries(organisation, created_ms DESC);
        """

    private static let promisedAssets = """
        CREATE INDEX generations_by_output_asset ON generations(output_asset) WHERE output_asset IS NOT NULL;
        """

    /// What is spent is a number that is kept, not a sum over all generations.
    private static let promisedVoices = """
        ALTER TABLE voices ADD COLUMN asset TEXT;
        CREATE TABLE spent_credits (organisation TEXT PRIMARY KEY, credits INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO spent_credits
            SELECT organisation, CAST(total(json_extract(request, '$.labels."credits"')) AS INTEGER) FROM generations
            WHERE source = 'hedra' AND status NOT IN ('failed', 'rejected') GROUP BY organisation;
        DROP INDEX generations_by_output_asset;
        CREATE UNIQUE INDEX generations_by_output_asset ON generations(output_asset) WHERE output_asset IS NOT NULL;
        ALTER TABLE generations ADD COLUMN thread TEXT;
        UPDATE generations SET thread = json_extract(request, '$.labels."thread"') WHERE source = 'hedra';
        CREATE INDEX generations_by_thread ON generations(organisation, thread, created_ms DESC, id DESC)
            WHERE thread IS NOT NULL;
        """

    private static let voices = """
        ALTER TABLE generations ADD COLUMN kind TEXT NOT NULL DEFAULT 'lip_sync';
        CREATE TABLE voices (
            id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisations(id), name TEXT NOT NULL,
            sample TEXT, created_ms INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX voices_by_name ON voices(organisation, name);
        """

    /// Whose turn it is, and a time for leases that nobody can set.
    ///
    /// `turns` has a row for each organisation and priority with waiting jobs, now or earlier. Its `pass` grows by the
    /// inverse of the organisation's weight with each of its jobs, and the least one is next (stride scheduling). An
    /// organisation that comes back starts at the pass of the last job that was begun, so that it has saved up nothing.
    private static let turns = """
        CREATE TABLE steady_clock (epoch TEXT NOT NULL, offset_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL) STRICT;
        ALTER TABLE jobs ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE jobs ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN first_loss_ms INTEGER;
        UPDATE jobs SET
            organisation = (SELECT organisation FROM generations WHERE id = jobs.generation),
            created_ms = (SELECT created_ms FROM generations WHERE id = jobs.generation),
            priority = (SELECT kind NOT IN ('speech', 'voice_conversion', 'voice_cloning') FROM generations
                WHERE id = jobs.generation);
        DROP INDEX jobs_due;
        CREATE INDEX jobs_due ON jobs(priority, due_ms) WHERE lease_ms IS NULL;
        CREATE INDEX jobs_waiting ON jobs(priority, organisation, created_ms, sequence, due_ms) WHERE lease_ms IS NULL;
        CREATE INDEX jobs_running ON jobs(organisation, priority) WHERE lease_ms IS NOT NULL;
        CREATE TABLE turns (
            priority INTEGER NOT NULL, organisation TEXT NOT NULL, waiting INTEGER NOT NULL, pass REAL NOT NULL,
            PRIMARY KEY (priority, organisation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX turns_next ON turns(priority, pass, organisation) WHERE waiting > 0;
        CREATE TABLE turns_begun (priority INTEGER PRIMARY KEY, pass REAL NOT NULL) STRICT;
        INSERT INTO turns SELECT priority, organisation, count(*), 0 FROM jobs WHERE lease_ms IS NULL
            GROUP BY priority, organisation;
        CREATE TRIGGER jobs_added AFTER INSERT ON jobs WHEN new.lease_ms IS NULL BEGIN
            INSERT INTO turns VALUES (new.priority, new.organisation, 1,
                coalesce((SELECT pass FROM turns_begun WHERE priority = new.priority), 0))
            ON CONFLICT DO UPDATE SET pass = CASE waiting WHEN 0 THEN max(pass, excluded.pass) ELSE pass END,
                waiting = waiting + 1;
        END;
        CREATE TRIGGER jobs_returned AFTER UPDATE OF lease_ms ON jobs
            WHEN old.lease_ms IS NOT NULL AND new.lease_ms IS NULL BEGIN
            INSERT INTO turns VALUES (new.priority, new.organisation, 1,
                coalesce((SELECT pass FROM turns_begun WHERE priority = new.priority), 0))
            ON CONFLICT DO UPDATE SET pass = CASE waiting WHEN 0 THEN max(pass, excluded.pass) ELSE pass END,
                waiting = waiting + 1;
        END;
        CREATE TRIGGER jobs_begun AFTER UPDATE OF lease_ms ON jobs
            WHEN old.lease_ms IS NULL AND new.lease_ms IS NOT NULL BEGIN
            UPDATE turns SET waiting = waiting - 1
                WHERE priority = new.priority AND organisation = new.organisation;
        END;
        CREATE TRIGGER jobs_removed AFTER DELETE ON jobs WHEN old.lease_ms IS NULL BEGIN
            UPDATE turns SET waiting = waiting - 1
                WHERE priority = old.priority AND organisation = old.organisation;
        END;
        INSERT OR IGNORE INTO turns SELECT priority, organisation, 0, 0 FROM jobs WHERE lease_ms IS NOT NULL;
        """

    /// What refers to what, how much it is, and what nothing refers to any more.
    private static let storage = """
        CREATE TABLE discarded_blobs (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, blob TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX assets_by_generation ON assets(generation) WHERE generation IS NOT NULL;
        CREATE TABLE generation_inputs (
            asset TEXT NOT NULL, generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE,
            PRIMARY KEY (asset, generation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX generation_inputs_by_generation ON generation_inputs(generation);
        INSERT OR IGNORE INTO generation_inputs
            SELECT json_extract(input.value, '$.asset'), generations.id
            FROM generations, json_each(iif(json_valid(request), request, '{}'), '$.inputs') AS input
            WHERE input.type = 'object' AND json_extract(input.value, '$.asset') IS NOT NULL;
        ALTER TABLE generations ADD COLUMN output_bytes INTEGER NOT NULL DEFAULT 0;
        UPDATE generations SET output_bytes = coalesce(CAST(json_extract(output, '$.bytes') AS INTEGER), 0)
            WHERE output IS NOT NULL AND json_valid(output);
        CREATE INDEX generations_with_output ON generations(finished_ms) WHERE output_bytes > 0;
        CREATE INDEX assets_sent ON assets(created_ms) WHERE generation IS NULL;
        CREATE INDEX deliveries_ended ON deliveries(created_ms) WHERE status <> 'waiting';
        CREATE TABLE storage_use (
            organisation TEXT PRIMARY KEY, inputs INTEGER NOT NULL, outputs INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO storage_use SELECT id,
            coalesce((SELECT sum(byte_count) FROM assets WHERE organisation = o.id AND generation IS NULL), 0),
            coalesce((SELECT sum(output_bytes) FROM generations WHERE organisation = o.id), 0) FROM organisations AS o;
        CREATE TRIGGER assets_added AFTER INSERT ON assets WHEN new.generation IS NULL AND new.byte_count > 0 BEGIN
            INSERT INTO storage_use VALUES (new.organisation, new.byte_count, 0)
            ON CONFLICT DO UPDATE SET inputs = inputs + excluded.inputs;
        END;
        CREATE TRIGGER assets_changed AFTER UPDATE OF byte_count ON assets
            WHEN new.generation IS NULL AND coalesce(old.byte_count, 0) <> coalesce(new.byte_count, 0) BEGIN
            INSERT INTO storage_use
                VALUES (new.organisation, coalesce(new.byte_count, 0) - coalesce(old.byte_count, 0), 0)
            ON CONFLICT DO UPDATE SET inputs = inputs + excluded.inputs;
        END;
        CREATE TRIGGER assets_removed AFTER DELETE ON assets WHEN old.generation IS NULL AND old.byte_count > 0 BEGIN
            UPDATE storage_use SET inputs = inputs - old.byte_count WHERE organisation = old.organisation;
        END;
        CREATE TRIGGER outputs_changed AFTER UPDATE OF output_bytes ON generations
            WHEN old.output_bytes <> new.output_bytes BEGIN
            INSERT INTO storage_use VALUES (new.organisation, 0, new.output_bytes - old.output_bytes)
            ON CONFLICT DO UPDATE SET outputs = outputs + excluded.outputs;
        END;
        CREATE TRIGGER outputs_removed AFTER DELETE ON generations WHEN old.output_bytes > 0 BEGIN
            UPDATE storage_use SET outputs = outputs - old.output_bytes WHERE organisation = old.organisation;
        END;
        """

    /// The labels by which interfaces find generations again, in place of a column for one of them.
    private static let labels = """
        CREATE TABLE generation_labels (
            generation TEXT NOT NULL REFERENCES generations(id) ON DELETE CASCADE, name TEXT NOT NULL,
            value TEXT NOT NULL, owner TEXT NOT NULL, accepted_ms INTEGER NOT NULL, PRIMARY KEY (generation, name)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO generation_labels
            SELECT generations.id, label.key, label.atom, organisation, created_ms
            FROM generations, json_each(iif(json_valid(request), request, '{}'), '$.labels') AS label
            WHERE label.type = 'text' AND length(CAST(label.atom AS BLOB)) <= 200;
        CREATE INDEX generations_by_label
            ON generation_labels(owner, name, value, accepted_ms DESC, generation DESC);
        DROP INDEX generations_by_thread;
        ALTER TABLE generations DROP COLUMN thread;
        """

    /// The codes of failures in the words of the domain. Before, they were those of a public interface.
    private static let failureCodes = """
        UPDATE generations SET failure_code = CASE failure_code
            WHEN 'generation_input_validation_failed' THEN 'request-invalid'
            WHEN 'generation_unsupported_model' THEN 'model-unknown'
            WHEN 'plan_feature_unavailable' THEN 'not-offered'
            WHEN 'generation_input_segments_invalid' THEN 'segments-invalid'
            WHEN 'generation_input_trim_invalid' THEN 'trim-invalid'
            WHEN 'generation_input_face_selection_invalid' THEN 'speaker-invalid'
            WHEN 'generation_text_length_exceeded' THEN 'text-too-long'
            WHEN 'generation_video_missing' THEN 'visual-missing'
            WHEN 'generation_audio_missing' THEN 'voice-missing'
            WHEN 'INVALID_IDEMPOTENCY_KEY' THEN 'idempotency-key-invalid'
            WHEN 'IDEMPOTENCY_KEY_CONFLICT' THEN 'idempotency-key-reused'
            WHEN 'generation_input_video_inaccessible' THEN 'video-inaccessible'
            WHEN 'generation_input_audio_inaccessible' THEN 'audio-inaccessible'
            WHEN 'generation_input_image_inaccessible' THEN 'image-inaccessible'
            WHEN 'generation_input_video_invalid' THEN 'video-unusable'
            WHEN 'generation_input_audio_invalid' THEN 'audio-unusable'
            WHEN 'image_subject_not_detected' THEN 'subject-not-found'
            WHEN 'generation_input_resolution_unsupported' THEN 'picture-size-unsupported'
            WHEN 'generation_input_duration_greater_than_max_duration' THEN 'input-too-long'
            WHEN 'generation_model_duration_exceeded' THEN 'model-limit-exceeded'
            WHEN 'dubbing_duration_exceeded' THEN 'dub-too-long'
            WHEN 'file_size_exceeds_plan_limit' THEN 'file-too-large'
            WHEN 'generation_media_metadata_missing' THEN 'media-facts-missing'
            WHEN 'generation_media_probe_timeout' THEN 'inspection-timed-out'
            WHEN 'generation_media_probe_unavailable' THEN 'inspection-unavailable'
            WHEN 'generation_input_asset_type_mismatch' THEN 'asset-kind-mismatch'
            WHEN 'generation_not_found' THEN 'generation-not-found'
            WHEN 'invalid_generation_id' THEN 'generation-id-invalid'
            WHEN 'generation_conflict' THEN 'name-taken'
            WHEN 'generation_not_deletable_while_processing' THEN 'generation-not-ended'
            WHEN 'generation_not_cancellable' THEN 'generation-ended'
            WHEN 'generation_cancelled' THEN 'cancelled'
            WHEN 'project_not_found' THEN 'project-not-found'
            WHEN 'asset_not_found' THEN 'asset-not-found'
            WHEN 'asset_forbidden' THEN 'asset-foreign'
            WHEN 'invalid_asset_id_format' THEN 'asset-id-invalid'
            WHEN 'asset_not_uploaded' THEN 'asset-empty'
            WHEN 'uploaded_file_not_found' THEN 'upload-missing'
            WHEN 'voice_not_found' THEN 'voice-not-found'
            WHEN 'voice_name_conflict' THEN 'voice-name-taken'
            WHEN 'voice_sample_extraction_failed' THEN 'voice-sample-silent'
            WHEN 'voice_sample_source_too_large' THEN 'voice-sample-too-large'
            WHEN 'voice_sample_too_short' THEN 'voice-sample-too-short'
            WHEN 'voice_sample_invalid' THEN 'voice-sample-unusable'
            WHEN 'voice_clone_limit_reached' THEN 'voice-limit-reached'
            WHEN 'elevenlabs_api_key_invalid' THEN 'provider-key-refused'
            WHEN 'elevenlabs_service_unavailable' THEN 'provider-unavailable'
            WHEN 'elevenlabs_quota_exceeded' THEN 'provider-quota-exceeded'
            WHEN 'concurrency_limit_reached' THEN 'active-limit-reached'
            WHEN 'insufficient_balance' THEN 'credits-exhausted'
            WHEN 'rate_limit_exceeded' THEN 'rate-limited'
            WHEN 'storage_quota_exceeded' THEN 'storage-quota-reached'
            WHEN 'generation_pipeline_failed' THEN 'processing-failed'
            WHEN 'generation_unknown_error' THEN 'unknown-failure'
            WHEN 'generation_infra_storage_error' THEN 'storage-failed'
            WHEN 'generation_infra_resource_exhausted' THEN 'resources-exhausted'
            WHEN 'generation_infra_service_unavailable' THEN 'part-unavailable'
            WHEN 'generation_timeout' THEN 'timed-out'
            WHEN 'controller_timeout' THEN 'dependency-timed-out'
            WHEN 'controller_unavailable' THEN 'dependency-unavailable'
            WHEN 'controller_dependency_error' THEN 'dependency-faulty'
            WHEN 'storage_full' THEN 'disk-full'
            WHEN 'internal_error' THEN 'internal-error'
            ELSE failure_code END WHERE failure_code IS NOT NULL;
        """

    /// Words of assets, projects and batches as the domain stores them. Before, they were spelled as on a wire.
    private static let storedWords = """
        UPDATE assets SET origin = lower(origin), visibility = lower(visibility);
        UPDATE projects SET visibility = lower(visibility);
        UPDATE batches SET status = CASE status WHEN 'JOBS_CREATED' THEN 'accepted' ELSE lower(status) END;
        """
}

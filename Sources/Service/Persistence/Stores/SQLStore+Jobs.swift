public import Generations
import Text
public import Time

/// A job as it is loaded: the machine, and the generation's row.
private struct LoadedJob {
    var generation: Generation
    var lifecycle: JobLifecycle
    /// The attempts before what happens now.
    let attempts: AttemptLedger
    /// Whether it is done in parts.
    var isDivided: Bool
}

extension SQLStore: JobStore {
    /// The turn in which jobs are claimed, and leases end: whose job is next depends on those that were begun before.
    static let claims = "claims"

    /// Claims a job: of the organisation whose turn it is, the oldest that is due.
    public func claimJob(
        worker: String, now: Moment, policy: JobPolicy, atLeast priority: JobPriority
    ) async throws -> ClaimedJob? {
        try await write(inTurn: Self.claims) { [damaged] connection in
            for urgency in JobPriority.allCases where urgency <= priority {
                while let turn = try Turn.next(urgency, now: now.steady, policy: policy.turns, connection) {
                    guard var job = try Self.loadOrGiveUp(turn.job, now: now, damaged, connection) else { continue }
                    guard case .start(let lease) = job.lifecycle.claim(worker: worker, now: now.steady, policy: policy)
                    else { break }
                    try Self.save(&job, now: now, connection)
                    try turn.take(connection)
                    return ClaimedJob(
                        generation: job.generation, lease: lease, failureCount: job.lifecycle.attempts.failureCount)
                }
            }
            return nil
        }
    }

    /// Prolongs a lease.
    public func renewJob(
        _ id: GenerationID, fence: Int64, now: Moment, policy: JobPolicy
    ) async throws -> JobLifecycle.Action {
        try await apply(id, now: now) { $0.renew(fence: fence, now: now.steady, policy: policy) }
    }

    /// Keeps how far an attempt is.
    public func advanceJob(
        _ id: GenerationID, fence: Int64, progress: Double, isFinalizing: Bool
    ) async throws -> JobLifecycle.Action {
        try await apply(id, now: nil) { $0.advance(fence: fence, progress: progress, isFinalizing: isFinalizing) }
    }

    /// Ends an attempt, and orders the webhook with it.
    public func finishJob(
        _ report: AttemptReport, now: Moment, policy: JobPolicy
    ) async throws -> JobLifecycle.Action {
        // After a failure the next attempt does it whole, while one that was lost goes on with the parts.
        let isFailed = if case .failed = report.outcome { true } else { false }
        return try await apply(
            report.id, now: now, adding: report, keepsParts: !isFailed
        ) {
            $0.finish(fence: report.fence, outcome: report.outcome, now: now.steady, policy: policy)
        }
    }

    /// Whether an attempt has the right to its job.
    public func holdsJob(_ id: GenerationID, fence: Int64) async throws -> Bool {
        try await readRow { connection in
            let holds = try connection.first(
                "SELECT 1 FROM jobs WHERE generation = ? AND fence = ? AND lease_ms IS NOT NULL",
                [.id(id), .integer(fence)]
            ) { _ in true }
            return holds == true
        }
    }

    /// Ends a job that nobody wants any more.
    public func cancelJob(
        _ id: GenerationID, organisation: OrganisationID?, now: Moment
    ) async throws -> (action: JobLifecycle.Action, generation: Generation) {
        try await write { connection in
            var job = try Self.load(id, connection)
            // Without a job it has ended; how, is read after the job was looked for.
            let known = try connection.first(
                "SELECT \(GenerationRow.columns) FROM generations WHERE id = ? AND organisation = coalesce(?, organisation)",
                [.id(id), .id(organisation)]
            ) { try GenerationRow.read($0) }
            guard let known else { throw GenerationError(.generationNotFound) }
            guard var job = job.take() else { return (.ignore, known) }
            let action = job.lifecycle.cancel()
            if action != .ignore { try Self.save(&job, now: now, connection) }
            return (action, job.generation)
        }
    }

    /// Hands a job back.
    public func releaseJob(_ id: GenerationID, fence: Int64, now: Moment) async throws -> JobLifecycle.Action {
        try await apply(id, now: now) { $0.release(fence: fence, now: now.steady) }
    }

    /// Ends leases whose time is over.
    public func expireJobs(now: Moment, policy: JobPolicy) async throws -> [GenerationID] {
        try await write(inTurn: Self.claims) { [damaged] connection in
            let expired = try connection.all(
                """
                SELECT generation FROM jobs WHERE lease_ms IS NOT NULL AND lease_ms <= ?
                ORDER BY lease_ms LIMIT 100\(connection.dialect.lockingIfFree)
                """, [.time(now.steady)]
            ) { GenerationID(rawValue: $0.text(0)) }
            for id in expired {
                guard var job = try Self.loadOrGiveUp(id, now: now, damaged, connection) else { continue }
                if job.lifecycle.expire(now: now.steady, policy: policy) != .ignore {
                    try Self.save(&job, now: now, connection)
                }
            }
            return expired
        }
    }

    /// Generations of all organisations that have not ended, newest first.
    public func unfinishedGenerations(after cursor: GenerationID?, limit: Int) async throws -> [Generation] {
        try await read { [damaged] connection in
            try ListCursor.check(cursor, of: "generation", in: "generations", organisation: nil, connection)
            return try DamagedRows.filled(limit, after: cursor?.rawValue) { last, count in
                let position =
                    last == nil
                    ? "" : "WHERE (created_ms, generation) < (SELECT created_ms, id FROM generations WHERE id = ?2)"
                // The names first: a request may be long, and few of many are wanted.
                return try connection.all(
                    """
                    SELECT \(GenerationRow.qualifiedColumns) FROM (SELECT generation FROM jobs \(position)
                        ORDER BY created_ms DESC, generation DESC LIMIT ?1) AS newest
                    JOIN generations ON generations.id = newest.generation
                    ORDER BY generations.created_ms DESC, generations.id DESC
                    """, [.integer(Int64(count))] + (last.map { [.text($0)] } ?? [])
                ) { row in (row.text(0), try damaged.readable("generation", row, GenerationRow.read)) }
            }
        }
    }

    /// How many jobs wait and how many run.
    public func jobCounts() async throws -> (waiting: Int, running: Int) {
        try await read { connection in
            let running =
                try connection.first("SELECT count(*) FROM jobs WHERE lease_ms IS NOT NULL") { $0.int(0) } ?? 0
            let waiting = try connection.first("SELECT count(*) FROM jobs WHERE lease_ms IS NULL") { $0.int(0) } ?? 0
            return (waiting, running)
        }
    }

    /// When the next waiting job is due.
    public func nextJobDue(atLeast priority: JobPriority) async throws -> Timestamp? {
        try await read { connection in
            let dues = try JobPriority.allCases.filter { $0 <= priority }.compactMap { urgency in
                try connection.first(
                    "SELECT due_ms FROM jobs WHERE lease_ms IS NULL AND priority = ? ORDER BY due_ms LIMIT 1",
                    [.integer(Int64(urgency.rawValue))]
                ) { $0.time(0) }
            }
            return dues.min()
        }
    }

    /// - Parameters:
    ///   - assets: Kept where the event completes the job, as is `voice`.
    ///   - keepsParts: Whether the parts of a divided job stay where it goes on.
    private func apply(
        _ id: GenerationID, now: Moment?, adding report: AttemptReport? = nil, keepsParts: Bool = true,
        _ event: @escaping @Sendable (inout JobLifecycle) -> JobLifecycle.Action
    ) async throws -> JobLifecycle.Action {
        try await write { connection in
            // An ended generation has no job any more; whoever still works on it works for nothing.
            guard var job = try Self.load(id, connection) else { return .abandon }
            let action = event(&job.lifecycle)
            guard action != .abandon, action != .ignore else { return action }
            let conclusion = try Self.save(&job, now: now, connection)
            if let report, conclusion.keepsResults(after: action) {
                // What several jobs make together is there once; the first one's stays.
                for asset in report.assets { try Self.insert(asset, keepsKnown: true, connection) }
                for record in report.records { try Self.insert(record, connection) }
                if let voice = report.voice, try !Self.insert(voice, connection) {
                    _ = try Self.insert(voice.renamedApart, connection)
                }
            }
            if !keepsParts, job.isDivided { try Self.removeDivision(of: id, connection) }
            return action
        }
    }

    /// A job; nil for one that cannot be read, which ends here: it would be claimed again and again, before all others.
    private static func loadOrGiveUp(
        _ id: GenerationID, now: Moment, _ damaged: DamagedRows, _ connection: any Connection
    ) throws -> LoadedJob? {
        do { return try load(id, connection) } catch let error as StoreError where error.code == .damaged {
            damaged.tell("job \(id)", error)
            try connection.execute("DELETE FROM jobs WHERE generation = ?", [.id(id)])
            try removeDivision(of: id, connection)
            try connection.execute(
                "UPDATE generations SET status = ?, finished_ms = ?, failure_code = ?, failure_message = ? WHERE id = ?",
                [
                    .text(GenerationStatus.failed.rawValue), .time(now.wall),
                    .text(JobConclusion.damaged.code.rawValue), .text(JobConclusion.damaged.message), .id(id),
                ])
            try note(.failed, of: id, progress: 0, at: now.wall, connection)
            return nil
        }
    }

    private static func load(_ id: GenerationID, _ connection: any Connection) throws -> LoadedJob? {
        try connection.first(
            """
            SELECT \(GenerationRow.qualifiedColumns), \(AttemptLedger.columns),
                (SELECT count(*) FROM divisions WHERE divisions.generation = jobs.generation)
            FROM jobs JOIN generations ON generations.id = jobs.generation WHERE jobs.generation = ?
            \(connection.dialect.locking)
            """, [.id(id)]
        ) { row in
            let generation = try GenerationRow.read(row)
            let first = GenerationRow.columnCount
            let attempts = AttemptLedger.read(row, from: first)
            return LoadedJob(
                generation: generation,
                lifecycle: JobLifecycle(
                    status: generation.status, attempts: attempts, progress: generation.progress),
                attempts: attempts,
                isDivided: row.int(first + AttemptLedger.columnCount) > 0)
        }
    }

    /// Keeps what a job has become, and gives what its generation has become by it.
    @discardableResult
    private static func save(
        _ job: inout LoadedJob, now: Moment?, _ connection: any Connection
    ) throws -> JobConclusion {
        let lifecycle = job.lifecycle
        let conclusion = JobConclusion(job.generation, lifecycle, at: now?.wall)
        for kind in JobEvent.kinds(from: job.generation, job.attempts, to: lifecycle) {
            try note(kind, of: job.generation.id, progress: lifecycle.progress, at: now?.wall, connection)
        }
        job.generation = conclusion.generation
        guard !lifecycle.status.isTerminal else {
            try end(conclusion, connection)
            if job.isDivided { try removeDivision(of: job.generation.id, connection) }
            return conclusion
        }
        try connection.execute(
            """
            UPDATE jobs SET \(AttemptLedger.assignments) WHERE generation = ?
            """, lifecycle.attempts.values + [.id(job.generation.id)])
        guard conclusion.isVisible else { return conclusion }
        try connection.execute(
            "UPDATE generations SET status = ?, progress = ?, started_ms = ? WHERE id = ?",
            [
                .text(lifecycle.status.rawValue), .real(lifecycle.progress), .time(job.generation.startedAt),
                .id(job.generation.id),
            ])
        return conclusion
    }

    private static func end(_ conclusion: JobConclusion, _ connection: any Connection) throws {
        let generation = conclusion.generation
        try connection.execute("DELETE FROM jobs WHERE generation = ?", [.id(generation.id)])
        try connection.execute(
            """
            UPDATE generations SET status = ?, progress = ?, started_ms = ?, finished_ms = ?, output = ?,
                output_bytes = ?, failure_code = ?, failure_message = ? WHERE id = ?
            """,
            [
                .text(generation.status.rawValue), .real(generation.progress), .time(generation.startedAt),
                .time(generation.finishedAt), .optional(generation.output?.json.serialized),
                .integer(generation.output?.byteCount ?? 0), .optional(generation.failure?.code.rawValue),
                .optional(generation.failure?.message), .id(generation.id),
            ])
        for blob in generation.output?.blobs ?? [] {
            try connection.execute(
                """
                INSERT INTO generation_blobs VALUES (?, ?)
                ON CONFLICT (blob) DO UPDATE SET generation = excluded.generation
                """, [.blobKey(blob), .id(generation.id)])
        }
        if conclusion.refund > 0 {
            try add(credits: -conclusion.refund, organisation: generation.organisation, connection)
        }
        if let delivery = conclusion.delivery { try insert(delivery, connection) }
    }
}

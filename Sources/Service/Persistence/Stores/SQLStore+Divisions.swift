public import Generations
public import Time

extension SQLStore: DivisionStore {
    /// The turn in which parts are claimed: which is next depends on those that were begun before.
    private static let partClaims = "parts"
    /// Whether a part waits, in the words of the index `job_parts_waiting`.
    private static let waits =
        "job_parts.lease_ms IS NULL AND job_parts.result IS NULL AND job_parts.failure_code IS NULL"

    /// Divides a job, in place of how it was divided before.
    public func divide(
        _ division: Division, blobs: [BlobKey], steps: [String], fence: Int64, now: Moment
    ) async throws -> Bool {
        try await write { connection in
            guard let owner = try Self.owner(of: division.generation, fence: fence, connection) else { return false }
            try Self.removeDivision(of: division.generation, connection)
            try connection.execute(
                "INSERT INTO divisions (generation, build, task) VALUES (?, ?, ?)",
                [.id(division.generation), .text(division.build), .text(division.task)])
            try Self.keep(blobs, for: division.generation, connection)
            try Self.insert(steps, from: 0, stage: 0, of: division.generation, owner, fence: fence, now, connection)
            return true
        }
    }

    /// How a job was divided.
    public func division(of generation: GenerationID) async throws -> Division? {
        try await readRow { try Self.loadDivision(of: generation, $0) }
    }

    /// Takes a division back.
    public func undivide(_ generation: GenerationID, fence: Int64) async throws -> Bool {
        try await write { connection in
            guard try Self.owner(of: generation, fence: fence, connection) != nil else { return false }
            try Self.removeDivision(of: generation, connection)
            return true
        }
    }

    /// The parts of a job.
    public func parts(of generation: GenerationID) async throws -> [JobPart] {
        try await readRow { connection in
            try connection.all(
                "SELECT \(Self.partColumns) FROM job_parts WHERE generation = ? ORDER BY number", [.id(generation)]
            ) { Self.readPart($0) }
        }
    }

    /// Adds a stage.
    public func addParts(
        _ steps: [String], stage: Int, to generation: GenerationID, fence: Int64, now: Moment
    ) async throws -> Bool {
        try await write { connection in
            guard let owner = try Self.owner(of: generation, fence: fence, connection) else { return false }
            let next =
                try connection.first(
                    "SELECT coalesce(max(number), -1) + 1 FROM job_parts WHERE generation = ?", [.id(generation)]
                ) { $0.int(0) } ?? 0
            try Self.insert(steps, from: next, stage: stage, of: generation, owner, fence: fence, now, connection)
            return true
        }
    }

    /// Claims a part.
    public func claimPart(
        of generation: GenerationID?, build: String, worker: String, now: Moment, policy: JobPolicy
    ) async throws -> ClaimedPart? {
        // Where an organisation has a limit, jobs count as parts do, and are begun in the same turn.
        try await write(inTurn: policy.turns.runningLimit == nil ? Self.partClaims : Self.claims) { connection in
            // Few jobs are divided at a time, and their parts are counted in dozens.
            let waiting = try connection.all(
                """
                SELECT job_parts.generation, job_parts.number, job_parts.organisation FROM job_parts
                JOIN divisions ON divisions.generation = job_parts.generation
                JOIN jobs ON jobs.generation = job_parts.generation
                WHERE \(Self.waits) AND job_parts.due_ms <= ?1 AND divisions.build = ?2
                    AND job_parts.generation = coalesce(?3, job_parts.generation)
                ORDER BY (SELECT count(*) FROM job_parts AS busy WHERE busy.organisation = job_parts.organisation
                        AND busy.lease_ms IS NOT NULL),
                    jobs.created_ms, job_parts.generation, job_parts.number
                """, [.time(now.steady), .text(build), .id(generation)]
            ) { (name: PartName(generation: $0.id(0), number: $0.int(1)), organisation: $0.text(2)) }
            var full: Set<String> = []
            for (name, organisation) in waiting where !full.contains(organisation) {
                if generation == nil, let limit = policy.turns.runningLimit,
                    try Turn.runningCount(organisation, connection) >= limit
                {
                    full.insert(organisation)
                    continue
                }
                guard var part = try Self.loadPart(name, connection),
                    let lease = part.lifecycle.claim(worker: worker, now: now.steady, policy: policy),
                    let division = try Self.loadDivision(of: name.generation, connection)
                else { continue }
                try Self.save(part, helps: generation == nil, connection)
                return ClaimedPart(
                    part: part, division: division, organisation: OrganisationID(rawValue: organisation), lease: lease)
            }
            return nil
        }
    }

    /// Prolongs a lease.
    public func renewPart(
        _ name: PartName, fence: Int64, progress: Double, now: Moment, policy: JobPolicy
    ) async throws -> PartLifecycle.Action {
        try await apply(name) { $0.renew(fence: fence, progress: progress, now: now.steady, policy: policy) }
    }

    /// Whether an attempt has the right to its part.
    public func holdsPart(_ name: PartName, fence: Int64) async throws -> Bool {
        try await readRow { connection in
            let holds = try connection.first(
                "SELECT 1 FROM job_parts WHERE generation = ? AND number = ? AND fence = ? AND lease_ms IS NOT NULL",
                [.id(name.generation), .integer(Int64(name.number)), .integer(fence)]
            ) { _ in true }
            return holds == true
        }
    }

    /// Ends an attempt, and keeps what it has left.
    public func finishPart(
        _ report: PartReport, now: Moment, policy: JobPolicy
    ) async throws -> PartLifecycle.Action {
        try await apply(report.name, keeping: report.blobs) {
            $0.finish(fence: report.fence, outcome: report.outcome, now: now.steady, policy: policy)
        }
    }

    /// Hands a part back.
    public func releasePart(
        _ name: PartName, fence: Int64, now: Moment
    ) async throws -> PartLifecycle.Action {
        try await apply(name) { $0.release(fence: fence, now: now.steady) }
    }

    /// Ends leases whose time is over.
    public func expireParts(now: Moment, policy: JobPolicy) async throws -> [PartName] {
        let isAny = try await readRow { connection in
            try connection.first("SELECT 1 FROM job_parts WHERE lease_ms <= ? LIMIT 1", [.time(now.steady)]) { _ in true
            }
        }
        // Looking is a read; few installations have parts at all.
        guard isAny == true else { return [] }
        return try await write(inTurn: Self.partClaims) { connection in
            let expired = try connection.all(
                """
                SELECT generation, number FROM job_parts WHERE lease_ms IS NOT NULL AND lease_ms <= ?
                ORDER BY lease_ms LIMIT 100\(connection.dialect.lockingIfFree)
                """, [.time(now.steady)]
            ) { PartName(generation: $0.id(0), number: $0.int(1)) }
            for name in expired {
                guard var part = try Self.loadPart(name, connection) else { continue }
                if part.lifecycle.expire(now: now.steady, policy: policy) != .proceed {
                    try Self.save(part, connection)
                }
            }
            return expired
        }
    }

    /// When the next part that waits is due.
    public func nextPartDue(build: String) async throws -> Timestamp? {
        try await readRow { connection in
            try connection.first(
                """
                SELECT min(job_parts.due_ms) FROM job_parts
                JOIN divisions ON divisions.generation = job_parts.generation
                JOIN jobs ON jobs.generation = job_parts.generation
                WHERE \(Self.waits) AND divisions.build = ?
                """, [.text(build)]
            ) { $0.optionalTime(0) } ?? nil
        }
    }

    /// How many parts wait and how many run.
    public func partCounts() async throws -> (waiting: Int, running: Int) {
        try await read { connection in
            let running =
                try connection.first("SELECT count(*) FROM job_parts WHERE lease_ms IS NOT NULL") { $0.int(0) } ?? 0
            let waiting =
                try connection.first("SELECT count(*) FROM job_parts WHERE \(Self.waits)") { $0.int(0) } ?? 0
            return (waiting, running)
        }
    }

    // MARK: Rows

    /// Removes how a job was divided, and gives the files of its parts up; in the transaction in which the job ends.
    static func removeDivision(of generation: GenerationID, _ connection: any Connection) throws {
        // The parts first: an attempt at one that ends at this moment keeps its row, and its files are known afterwards.
        try connection.execute("DELETE FROM job_parts WHERE generation = ?", [.id(generation)])
        let blobs = try connection.all(
            "SELECT blob FROM division_blobs WHERE generation = ? ORDER BY blob", [.id(generation)]
        ) { BlobKey(rawValue: $0.text(0)) }
        try discard(blobs, connection)
        try connection.execute("DELETE FROM division_blobs WHERE generation = ?", [.id(generation)])
        try connection.execute("DELETE FROM divisions WHERE generation = ?", [.id(generation)])
    }

    /// Removes what is left of jobs that have ended: a program that does not know of parts ended them, or one that divided
    /// them at the same moment was not seen.
    static func removeDivisionsWithoutJobs(_ connection: any Connection) throws {
        let left = try connection.all(
            "SELECT generation FROM divisions WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.generation = divisions.generation)"
        ) { $0.id(0) as GenerationID }
        for generation in left { try removeDivision(of: generation, connection) }
    }

    /// Whose a job is; nil where an attempt has no right to it. The job's row is kept until the transaction ends.
    private static func owner(
        of generation: GenerationID, fence: Int64, _ connection: any Connection
    ) throws -> OrganisationID? {
        try connection.first(
            """
            SELECT organisation FROM jobs WHERE generation = ? AND fence = ? AND lease_ms IS NOT NULL\
            \(connection.dialect.locking)
            """, [.id(generation), .integer(fence)]
        ) { $0.id(0) }
    }

    /// - Parameter fence: Of the job's attempt. The fences of parts go on from it, so that a late attempt at a part of a division
    ///   that was replaced has none of them.
    private static func insert(
        _ steps: [String], from first: Int, stage: Int, of generation: GenerationID, _ owner: OrganisationID,
        fence: Int64,
        _ now: Moment, _ connection: any Connection
    ) throws {
        for (index, step) in steps.enumerated() {
            try connection.execute(
                """
                INSERT INTO job_parts (generation, number, stage, step, organisation, fence, due_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .id(generation), .integer(Int64(first + index)), .integer(Int64(stage)), .text(step), .id(owner),
                    .integer(fence << 20), .time(now.steady),
                ])
        }
    }

    private static func keep(_ blobs: [BlobKey], for generation: GenerationID, _ connection: any Connection) throws {
        for blob in blobs {
            try connection.execute(
                "INSERT INTO division_blobs (blob, generation) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [.blobKey(blob), .id(generation)])
        }
    }

    private func apply(
        _ name: PartName, keeping blobs: [BlobKey] = [],
        _ event: @escaping @Sendable (inout PartLifecycle) -> PartLifecycle.Action
    ) async throws -> PartLifecycle.Action {
        try await write { connection in
            // A job that has ended has no parts any more.
            guard var part = try Self.loadPart(name, connection) else { return .abandon }
            let action = event(&part.lifecycle)
            guard action != .abandon else { return action }
            try Self.save(part, connection)
            if action == .finish { try Self.keep(blobs, for: name.generation, connection) }
            return action
        }
    }

    private static func loadDivision(of generation: GenerationID, _ connection: any Connection) throws -> Division? {
        try connection.first("SELECT build, task FROM divisions WHERE generation = ?", [.id(generation)]) {
            Division(generation: generation, build: $0.text(0), task: $0.text(1))
        }
    }

    private static func loadPart(_ name: PartName, _ connection: any Connection) throws -> JobPart? {
        try connection.first(
            """
            SELECT \(partColumns) FROM job_parts WHERE generation = ? AND number = ?\(connection.dialect.locking)
            """, [.id(name.generation), .integer(Int64(name.number))]
        ) { readPart($0) }
    }

    private static let partColumns =
        """
        generation, number, stage, step, result, failure_code, failure_message, failure_is_final, progress,
        \(AttemptLedger.columns)
        """

    private static func readPart(_ row: Row) -> JobPart {
        var standing = PartLifecycle.Standing.unfinished
        if let result = row.optionalText(4) {
            standing = .done(result)
        } else if !row.isNull(5) {
            // One row that cannot be read must not keep the leases of all parts from ending.
            let code = FailureCode(rawValue: row.text(5)) ?? .unknownFailure
            standing = .failed(FailureFacts(code: code, message: row.text(6)), mayRetry: row.int(7) == 0)
        }
        return JobPart(
            name: PartName(generation: row.id(0), number: row.int(1)), stage: row.int(2), step: row.text(3),
            lifecycle: PartLifecycle(
                attempts: AttemptLedger.read(row, from: 9), standing: standing, progress: row.real(8)))
    }

    /// - Parameter helps: Whether it is now another worker's than that of the job's own attempt; nil leaves it as it was.
    private static func save(_ part: JobPart, helps: Bool? = nil, _ connection: any Connection) throws {
        var (result, failure, isFinal): (String?, FailureFacts?, Bool) = (nil, nil, false)
        switch part.lifecycle.standing {
        case .unfinished: break
        case .done(let text): result = text
        case .failed(let facts, let mayRetry): (failure, isFinal) = (facts, !mayRetry)
        }
        try connection.execute(
            """
            UPDATE job_parts SET result = ?, failure_code = ?, failure_message = ?, failure_is_final = ?, progress = ?,
                helps = coalesce(?, helps), \(AttemptLedger.assignments) WHERE generation = ? AND number = ?
            """,
            [
                .optional(result), .optional(failure?.code.rawValue), .optional(failure?.message),
                .integer(isFinal ? 1 : 0), .real(part.lifecycle.progress), .optional(helps.map { $0 ? 1 : 0 as Int64 }),
            ] + part.lifecycle.attempts.values + [.id(part.name.generation), .integer(Int64(part.name.number))])
    }
}

import Generations
import Time

/// Whose job is next: organisations take turns in proportion to their weights (stride scheduling).
struct Turn {
    /// The job that is begun.
    let job: GenerationID
    private let organisation: String
    private let priority: JobPriority
    private let pass: Double
    private let weight: Double

    /// How many organisations are looked at with one statement; only those whose jobs may not begin now are passed over.
    private static let pageSize = 16

    /// Finds the next job of a priority; nil where none may begin.
    static func next(
        _ priority: JobPriority, now: Timestamp, policy: TurnPolicy, _ connection: any Connection
    ) throws -> Turn? {
        var last: (pass: Double, organisation: String) = (-1, "")
        while true {
            let page = try connection.all(
                """
                SELECT pass, organisation FROM turns WHERE priority = ? AND waiting > 0 AND (pass, organisation) > (?, ?)
                ORDER BY pass, organisation LIMIT ?
                """,
                [
                    .integer(Int64(priority.rawValue)), .real(last.pass), .text(last.organisation),
                    .integer(Int64(pageSize)),
                ]
            ) { (pass: $0.real(0), organisation: $0.text(1)) }
            for (pass, organisation) in page {
                guard try mayBegin(organisation, priority, policy: policy, connection),
                    let job = try oldestDue(organisation, priority, now: now, connection)
                else { continue }
                return Turn(
                    job: job, organisation: organisation, priority: priority, pass: pass,
                    weight: try weight(of: organisation, policy, connection))
            }
            guard page.count == pageSize, let end = page.last else { return nil }
            last = end
        }
    }

    /// Counts the turn as taken. One that could not be taken earlier, since no job was due, is not made up for.
    func take(_ connection: any Connection) throws {
        let urgency = SQLValue.integer(Int64(priority.rawValue))
        let begun = try connection.first("SELECT pass FROM turns_begun WHERE priority = ?", [urgency]) { $0.real(0) }
        let present = max(pass, begun ?? 0)
        let greatest = connection.dialect.greatest
        try connection.execute(
            "UPDATE turns SET pass = \(greatest)(pass, ?) + ? WHERE priority = ? AND organisation = ?",
            [.real(present), .real(1 / weight), urgency, .text(organisation)])
        try connection.execute(
            """
            INSERT INTO turns_begun VALUES (?, ?)
            ON CONFLICT (priority) DO UPDATE SET pass = \(greatest)(turns_begun.pass, excluded.pass)
            """, [urgency, .real(present)])
    }

    private static func mayBegin(
        _ organisation: String, _ priority: JobPriority, policy: TurnPolicy, _ connection: any Connection
    ) throws -> Bool {
        guard priority == .render, let limit = policy.runningLimit else { return true }
        return try runningCount(organisation, connection) < limit
    }

    /// How many renders of an organisation run: jobs, and parts with which another worker helps the one that has the job.
    static func runningCount(_ organisation: String, _ connection: any Connection) throws -> Int {
        try connection.first(
            """
            SELECT (SELECT count(*) FROM jobs WHERE organisation = ?1 AND priority = ?2 AND lease_ms IS NOT NULL)
                + (SELECT count(*) FROM job_parts WHERE organisation = ?1 AND helps = 1 AND lease_ms IS NOT NULL)
            """, [.text(organisation), .integer(Int64(JobPriority.render.rawValue))]
        ) { $0.int(0) } ?? 0
    }

    /// The index has the order of the answer; left to itself, SQLite collects everything that is due and sorts it.
    private static func oldestDue(
        _ organisation: String, _ priority: JobPriority, now: Timestamp, _ connection: any Connection
    ) throws -> GenerationID? {
        try connection.first(
            """
            SELECT generation FROM jobs\(connection.dialect.indexed(by: "jobs_waiting"))
            WHERE lease_ms IS NULL AND priority = ? AND organisation = ? AND due_ms <= ?
            ORDER BY created_ms, sequence LIMIT 1\(connection.dialect.lockingIfFree)
            """, [.integer(Int64(priority.rawValue)), .text(organisation), .time(now)]
        ) { GenerationID(rawValue: $0.text(0)) }
    }

    private static func weight(
        of organisation: String, _ policy: TurnPolicy, _ connection: any Connection
    ) throws -> Double {
        guard !policy.weights.isEmpty else { return 1 }
        if let weight = policy.weights[organisation] { return weight }
        let name = try connection.first("SELECT name FROM organisations WHERE id = ?", [.text(organisation)]) {
            $0.text(0)
        }
        return name.flatMap { policy.weights[$0] } ?? 1
    }
}

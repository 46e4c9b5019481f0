import Generations
import Time

/// The numbered steps by which a database becomes one of the present form.
///
/// A step that was released is never changed. While machines are brought up to date one after the other, programs of the
/// release before work on the tables of this one: a step adds, and takes away only what the release before does not use.
enum PostgresMigrations {
    /// One step: what it does, and the oldest program that can work on what it leaves, named by its number of steps.
    struct Step {
        let script: String
        let oldestProgram: Int
    }

    static let steps = [
        Step(
            script: [
                PostgresSchema.access, PostgresSchema.resources, PostgresSchema.generations, PostgresSchema.outbox,
                PostgresSchema.jobs, PostgresSchema.storage, PostgresSchema.machines,
            ].joined(separator: "\n"), oldestProgram: 1),
        // A program of before leaves the rows of a job that it ends behind, and removes files of parts; no job is divided while
        // one works.
        Step(script: PostgresSchema.divisions, oldestProgram: 1),
        Step(script: PostgresSchema.outputRecords, oldestProgram: 1),
        Step(script: PostgresSchema.jobEvents, oldestProgram: 1),
        // A program of before lets a restricted key do everything; there is none while one works.
        Step(script: PostgresSchema.accounts, oldestProgram: 1),
    ]

    /// Any number that no other program is likely to lock.
    private static let lockNumber = 4_907_123_550

    /// Brings a database up to date, once, however many programs begin to at the same moment.
    static func migrate(_ connection: PostgresConnection, _ options: PostgresDatabase.Options) throws {
        let encoding = try connection.first("SELECT current_setting('server_encoding')") { $0.text(0) }
        guard encoding == "UTF8" else {
            throw StoreError(code: .refused, detail: "the database keeps texts as \(encoding ?? "nothing") [encoding]")
        }
        // A step takes as long as it takes.
        try connection.run("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(\(lockNumber))")
        defer {
            // A step that has failed has left its transaction open.
            connection.rollBack()
            try? connection.run(
                """
                SELECT pg_advisory_unlock(\(lockNumber)); SET lock_timeout = '2s';
                SET statement_timeout = \(options.statementLimit.inMilliseconds)
                """)
        }
        let known = try version(connection)
        if let known, known.oldestProgram > steps.count {
            throw StoreError(
                code: .tooNew, detail: "the database was made for a newer version of this program")
        }
        for number in (known?.number ?? 0)..<max(steps.count, known?.number ?? 0) {
            let step = steps[number]
            try connection.run(
                """
                BEGIN;
                CREATE TABLE IF NOT EXISTS lipsmith_schema (number BIGINT NOT NULL, oldest_program BIGINT NOT NULL);
                \(step.script)
                DELETE FROM lipsmith_schema;
                INSERT INTO lipsmith_schema VALUES (\(number + 1), \(step.oldestProgram));
                COMMIT
                """)
        }
    }

    private static func version(
        _ connection: PostgresConnection
    ) throws -> (number: Int, oldestProgram: Int)? {
        let isThere = try connection.first("SELECT to_regclass('lipsmith_schema') IS NOT NULL") { $0.text(0) == "t" }
        guard isThere == true else { return nil }
        return try connection.first("SELECT number, oldest_program FROM lipsmith_schema") { ($0.int(0), $0.int(1)) }
    }
}

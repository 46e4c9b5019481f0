public import Generations
import Glibc
import Synchronization
package import Time

/// A PostgreSQL server: for installations of several machines.
///
/// Transactions run side by side, at `READ COMMITTED`: what one looks at before it changes something, it locks.
public final class PostgresDatabase: Database {
    /// How a database is used.
    public struct Options: Sendable {
        /// Where it is: an address `postgres://…` or other words of libpq, with its password unless that is below.
        public var address: String
        /// The password, where the address has none.
        public var password: String?
        /// The most connections at once.
        public var connectionCount = 8
        /// How long a caller waits for a free connection.
        public var waitLimit = Duration.seconds(2)
        /// How long the server may take to answer.
        public var answerLimit = Duration.seconds(10)

        public init(address: String) { self.address = address }

        /// How long a statement may take.
        var statementLimit: Duration { answerLimit * 0.9 }

        /// What libpq is told; the address's own words win.
        var parameters: [(name: String, value: String)] {
            var parameters = [
                ("connect_timeout", "2"), ("application_name", "lipsmith"), ("keepalives_idle", "10"),
                ("keepalives_interval", "2"), ("keepalives_count", "3"), ("tcp_user_timeout", "10000"),
                // One that only reads, or that is about to be replaced, is not worked with.
                ("target_session_attrs", "read-write"),
            ]
            if let password { parameters.append(("password", password)) }
            parameters.append(("dbname", address))
            return parameters
        }
    }

    let pool: PostgresPool
    private let clock = PostgresClock()
    private let turns = PostgresTurns()
    let options: Options

    /// Connects, and brings the tables up to date, or makes them.
    ///
    /// - Throws: `StoreError` where there is no such database, it may not be used, or a newer program made its tables.
    public init(_ options: Options) async throws {
        guard PostgresConnection.isWellFormed(options.address) else {
            // The library's words may have a part of a password in them.
            throw StoreError(code: .refused, detail: "the address is not well formed [address]")
        }
        self.options = options
        pool = PostgresPool(size: options.connectionCount, waitLimit: options.waitLimit) {
            try Self.connect(options)
        }
        try await repeated { try PostgresMigrations.migrate($0, options) }
        // Tells the time.
        try await transaction { _ in }
    }

    /// Longer waits for others become an error; a process that stops amid a transaction holds nobody up; a statement ends
    /// before nobody waits for it any more. What a role or a database has set otherwise does not hold here.
    private static func session(_ options: Options) -> String {
        """
        SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '5s';
        SET statement_timeout = \(options.statementLimit.inMilliseconds);
        SET client_encoding = 'UTF8'; SET bytea_output = 'hex'; SET extra_float_digits = 1;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """
    }

    static func connect(_ options: Options) throws -> PostgresConnection {
        let connection = try PostgresConnection(options.parameters, answerLimit: options.answerLimit)
        try connection.run(session(options))
        return connection
    }

    package var isElsewhere: Bool { true }

    /// The time of leases and pauses.
    package var steadyTime: Timestamp { clock.now }

    /// PostgreSQL keeps its own house.
    package func checkpoint(ifLargerThan byteCount: Int64) async throws {}

    /// Carries what this process announces to the others, and what they announce to this one.
    public func carry(_ signal: ChangeSignal) -> PostgresSignals {
        PostgresSignals(signal) { [options] in try Self.connect(options) }
    }

    /// PostgreSQL has no such words; its own tools look through its files.
    package func problems() async throws -> [String] { [] }

    // MARK: Transactions

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await repeated { connection in
            do {
                try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", [])
                let value = try body(connection)
                // The answer is read with the next one's.
                try connection.execute("COMMIT", [])
                try connection.flush()
                return value
            } catch {
                connection.rollBack()
                throw error
            }
        }
    }

    package func readRow<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await repeated { try body($0) }
    }

    package func write<Value: Sendable>(
        inTurn turn: String?, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        guard let turn else { return try await transaction { try body($0) } }
        return try await turns.write(inTurn: turn, body) { [self] in try await transaction($0) }
    }

    private func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await repeated { [self] connection in
            var name: String?
            let value: Value
            do {
                let askedAt = MonotonicTime.now()
                try connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", [])
                try connection.executeLater(Self.nameAndTime) { row in
                    name = row.text(0)
                    self.clock.take(row.integer(1), askedAt: askedAt)
                }
                value = try body(connection)
                // Where the connection is lost during the end, the name tells what became of it.
                if name == nil { try connection.finish() }
            } catch {
                connection.rollBack()
                throw error
            }
            do { try connection.commit() } catch let error as PostgresError where error.isConnectionLost {
                guard try wasCommitted(name ?? "", error) else { throw error }
            } catch {
                connection.rollBack()
                throw error
            }
            return value
        }
    }

    private static let nameAndTime = """
        SELECT CAST(pg_current_xact_id() AS text), CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)
        """

    /// How long a server that went away during the end of a transaction is asked what became of it.
    private static let outcomeLimit = Duration.milliseconds(1500)

    /// Whether a transaction was stored whose end was asked for, and whose connection was lost before the answer.
    ///
    /// - Throws: `StoreError` where nobody can tell.
    private func wasCommitted(_ name: String, _ error: PostgresError) throws -> Bool {
        let limit = MonotonicTime.now() + Self.outcomeLimit
        while MonotonicTime.now() < limit {
            let status = try? Self.connect(options).first(
                "SELECT pg_xact_status(CAST(? AS xid8))", [.text(name)]
            ) { $0.text(0) }
            switch status {
            case "committed": return true
            case "aborted": return false
            default: usleep(50_000)
            }
        }
        throw StoreError(
            code: .unavailable, detail: "whether transaction \(name) was stored is not known; \(error.description)")
    }

    /// How often a transaction is tried that others were in the way of.
    private static let attemptLimit = 8

    /// Runs `body` with a connection; again, where it met another transaction, or a connection that was lost while it was
    /// not used. Nothing of a failed attempt is stored.
    private func repeated<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do { return try await pool.use(body) } catch let error as PostgresError {
                let isWorthwhile =
                    error.isConflict || (error.isConnectionLost && !error.isOfConnecting && !error.isOfWaiting)
                guard isWorthwhile, attempt < Self.attemptLimit else { throw error.storeError }
                // The task may be cancelled, and what it stores last must not be.
                if error.isConflict { try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(2 << attempt)))) }
                attempt += 1
            }
        }
    }
}

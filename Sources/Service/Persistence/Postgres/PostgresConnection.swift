import CPostgres
import Glibc
import Time

/// A connection to PostgreSQL. Belongs to one `PostgresPool` place and never leaves its thread.
///
/// It is always in the library's pipeline mode: statements without rows are sent with the next one that has some, so that a
/// transaction waits for the server a few times, however many statements it has.
final class PostgresConnection: Connection {
    let dialect = SQLDialect.postgres
    private let handle: OpaquePointer
    /// The names of prepared statements by their text.
    private var names: [String: String] = [:]
    private var preparedCount = 0
    /// What was sent and not read yet, in its order.
    private var pending: [Pending] = []

    private var isBroken = false

    private enum Pending {
        case preparation(sql: String)
        case statement(sql: String, ((Row) -> Void)?)
        case end

        /// The text that was sent.
        var sql: String {
            switch self {
            case .preparation(let sql), .statement(let sql, _): sql
            case .end: ""
            }
        }
    }

    /// More statements than the program has, but for those of lists with many filters.
    private static let statementLimit = 400

    /// How long an answer may take. A server that does not answer at all is lost.
    private let answerLimit: Duration

    /// Connects, and waits for that.
    ///
    /// - Parameter parameters: As libpq names them; `dbname` may be a whole address.
    init(_ parameters: [(name: String, value: String)], answerLimit: Duration) throws {
        self.answerLimit = answerLimit
        let names = parameters.map { strdup($0.name) } + [nil]
        let values = parameters.map { strdup($0.value) } + [nil]
        defer { for text in names + values { free(text) } }
        guard let handle = PQconnectdbParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        else {
            throw PostgresError(connection: nil, statement: PostgresError.connecting)
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            throw PostgresError(connection: handle, statement: PostgresError.connecting)
        }
        self.handle = handle
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        PQenterPipelineMode(handle)
    }

    deinit { PQfinish(handle) }

    /// Whether an address is one, and its parts are those that were meant: a password with an `@` or a `/` in it that is not
    /// written as `%40` or `%2F` would become a part of the host or the database's name.
    static func isWellFormed(_ address: String) -> Bool {
        var words: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(words) }
        guard let options = PQconninfoParse(address, &words) else { return false }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val, String(cString: keyword) != "password", strchr(value, 0x40) != nil {
                return false
            }
            option += 1
        }
        return true
    }

    /// Whether it can be used still.
    var isUsable: Bool { !isBroken && PQstatus(handle) == CONNECTION_OK }

    /// What poll(2) watches for the server's messages.
    var socket: Int32 { PQsocket(handle) }

    // MARK: Statements

    func run(_ script: String) throws {
        try finish()
        guard PQexitPipelineMode(handle) == 1 else { throw PostgresError(connection: handle, statement: "pipeline") }
        defer { PQenterPipelineMode(handle) }
        // A migration takes as long as it takes.
        guard let result = PQexec(handle, script) else { throw PostgresError(connection: handle, statement: script) }
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw PostgresError(result: result, statement: script)
        }
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws { try send(sql, values) }

    /// Runs one statement that gives one row, and reads that together with a later answer.
    func executeLater(_ sql: String, _ read: @escaping (Row) -> Void) throws { try send(sql, [], read) }

    func step(_ sql: String, _ values: [SQLValue], _ body: (Row) throws -> Void) throws -> Int {
        try send(sql, values)
        let last = try readAnswers()
        defer { PQclear(last) }
        guard let last else { return 0 }
        for row in 0..<PQntuples(last) { try body(Row(.postgres(last, row))) }
        return Int(String(cString: PQcmdTuples(last))) ?? 0
    }

    /// Sends a statement, and prepares it before if it is new.
    private func send(_ sql: String, _ values: [SQLValue], _ read: ((Row) -> Void)? = nil) throws {
        let name: String
        if let known = names[sql] {
            name = known
        } else {
            preparedCount += 1
            name = "s\(preparedCount)"
            guard PQsendPrepare(handle, name, PostgresStatement.numbered(sql), 0, nil) == 1 else {
                throw PostgresError(connection: handle, statement: sql)
            }
            pending.append(.preparation(sql: sql))
            names[sql] = name
        }
        let isSent = PostgresParameters(values).withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw PostgresError(connection: handle, statement: sql) }
        pending.append(.statement(sql: sql, read))
    }

    /// Forgets prepared statements where there are too many of them; between transactions alone.
    func tidyUp() throws {
        guard names.count >= Self.statementLimit else { return }
        try run("DEALLOCATE ALL")
        names.removeAll()
    }

    /// Sends what waits, with a mark at its end, and does not read the answers.
    func flush() throws {
        guard PQpipelineSync(handle) == 1 else { throw PostgresError(connection: handle, statement: "send") }
        pending.append(.end)
    }

    /// Sends what waits and reads the answers to everything that was sent.
    ///
    /// - Throws: The first statement's failure. What followed it was not run.
    func finish() throws { PQclear(try readAnswers()) }

    /// Ends a transaction; what it did is stored when this returns.
    func commit() throws {
        try send("COMMIT", [])
        let answer = try readAnswers()
        defer { PQclear(answer) }
        // A transaction in which something has failed is rolled back, and no error is given.
        guard String(cString: PQcmdStatus(answer)) == "COMMIT" else {
            throw PostgresError(state: "25P02", message: "the transaction had failed before", statement: "COMMIT")
        }
    }

    /// Ends a transaction as if it had never begun. A connection that cannot do so is of no use any more.
    func rollBack() {
        _ = try? finish()
        do { try run("ROLLBACK") } catch { isBroken = true }
    }

    /// Takes back what was done since a savepoint, and forgets that.
    func undo(to savepoint: String) throws {
        do { try finish() } catch let error as PostgresError where !error.isConnectionLost {}
        try send("ROLLBACK TO SAVEPOINT \(savepoint)", [])
        try send("RELEASE SAVEPOINT \(savepoint)", [])
    }

    /// As `finish`; gives the last statement's rows, nil where nothing was sent. To be cleared by the caller.
    private func readAnswers() throws -> OpaquePointer? {
        switch pending.last {
        case nil: return nil
        case .end: break
        default: try flush()
        }
        var last: OpaquePointer?
        var failure: PostgresError?
        let limit = MonotonicTime.now() + answerLimit
        for item in pending {
            let result: OpaquePointer
            do { result = try nextResult(item, limit) } catch {
                PQclear(last)
                throw error
            }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC: PQclear(result)
            case PGRES_FATAL_ERROR, PGRES_PIPELINE_ABORTED, PGRES_BAD_RESPONSE:
                let sql = item.sql
                if failure == nil { failure = PostgresError(result: result, statement: sql) }
                // Whether it was prepared is not known; its name is not used again.
                if case .preparation = item { names[sql] = nil }
                PQclear(result)
            default:
                PQclear(last)
                last = nil
                if case .statement(_, let read) = item {
                    last = result
                    if let read, PQntuples(result) > 0 { read(Row(.postgres(result, 0))) }
                } else {
                    PQclear(result)
                }
            }
        }
        pending.removeAll(keepingCapacity: true)
        if let failure {
            PQclear(last)
            throw failure
        }
        return last
    }

    /// The next answer. One to a statement is followed by nothing, which is read too.
    private func nextResult(_ item: Pending, _ limit: MonotonicTime) throws -> OpaquePointer {
        try waitForAnswer(limit)
        guard let result = PQgetResult(handle) else { throw lost(item.sql) }
        if case .end = item { return result }
        try waitForAnswer(limit)
        while let more = PQgetResult(handle) {
            PQclear(more)
            guard isUsable else {
                PQclear(result)
                throw lost(item.sql)
            }
        }
        return result
    }

    private func waitForAnswer(_ limit: MonotonicTime) throws {
        while PQisBusy(handle) != 0 {
            let seconds = limit.seconds(since: .now())
            guard seconds > 0, waitForInput(milliseconds: Int32(clamping: Int(seconds * 1000) + 1)) else {
                pending.removeAll()
                isBroken = true
                throw PostgresError(
                    state: "", message: "the server did not answer in time", statement: PostgresError.waiting)
            }
            guard PQconsumeInput(handle) == 1 else { throw lost("read") }
        }
    }

    private func lost(_ statement: String) -> PostgresError {
        pending.removeAll()
        return PostgresError(connection: handle, statement: statement)
    }

    /// Waits until the server has sent something; false when the time is over first.
    func waitForInput(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&entry, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// Messages of `NOTIFY` that have arrived.
    func notifications() throws -> [String] {
        guard PQconsumeInput(handle) == 1 else { throw lost("listen") }
        var payloads: [String] = []
        while let notification = PQnotifies(handle) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }
}

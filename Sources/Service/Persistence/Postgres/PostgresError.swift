import CPostgres
import Generations

/// What PostgreSQL, or the way to it, answered.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// The five characters of SQLSTATE; empty where the connection was lost or none could be made.
    package let state: String
    /// The server's or the library's words, without the values of statements.
    package let message: String
    /// The statement, without its values.
    package let statement: String

    /// State, words and statement, for logs.
    package var description: String { "PostgreSQL \(state.isEmpty ? "connection" : state): \(message) [\(statement)]" }

    /// Whether the connection is of no use any more.
    var isConnectionLost: Bool { state.isEmpty || state.hasPrefix("08") || state.hasPrefix("57P") }

    /// Whether no connection could be made at all.
    var isOfConnecting: Bool { statement == Self.connecting }

    /// In place of a statement, where there is no connection yet.
    static let connecting = "connect"

    /// Whether the server did not answer in time: it may still be at work.
    var isOfWaiting: Bool { statement == Self.waiting }

    /// In place of a statement, where an answer was waited for.
    static let waiting = "wait"

    /// Whether the same transaction may succeed at once: others were in its way, or a row came between its look and its
    /// change, which the next look finds.
    var isConflict: Bool {
        [State.serialization, .deadlock, .uniqueViolation, .foreignKeyViolation].contains { $0.rawValue == state }
    }

    private enum State: String {
        case serialization = "40001"
        case deadlock = "40P01"
        case uniqueViolation = "23505"
        case foreignKeyViolation = "23503"
    }

    init(state: String, message: String, statement: String) {
        self.state = state
        self.message = message
        self.statement = statement
    }

    init(connection: OpaquePointer?, statement: String) {
        self.init(
            state: "", message: connection.map { Self.oneLine(String(cString: PQerrorMessage($0))) } ?? "no memory",
            statement: statement)
    }

    init(result: OpaquePointer, statement: String) {
        // The detail and the context of a message may have values in them, and are left out.
        func field(_ code: Character) -> String {
            guard let text = PQresultErrorField(result, Int32(code.asciiValue ?? 0)) else { return "" }
            return String(cString: text)
        }
        let message = field("M")
        self.init(
            state: field("C"),
            message: message.isEmpty ? Self.oneLine(String(cString: PQresultErrorMessage(result))) : message,
            statement: statement)
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix { $0.isWhitespace } }.joined(separator: "; ")
    }

    /// The same in the words that every driver shares.
    var storeError: StoreError {
        let code: StoreError.Code =
            switch state {
            case "53100": .full
            case "55P03", "57014", State.serialization.rawValue, State.deadlock.rawValue: .busy
            case "XX001", "XX002": .damaged
            // Read-only, out of memory, too many connections, a server that starts or stops.
            case _ where isConnectionLost || state.hasPrefix("53") || state == "25006": .unavailable
            default: .refused
            }
        return StoreError(code: code, detail: description)
    }
}

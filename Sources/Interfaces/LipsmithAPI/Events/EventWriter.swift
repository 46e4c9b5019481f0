import HTTP
import Text

/// Writes server-sent events, and a comment when there was none for long, by which proxies and clients know that the
/// connection lives.
struct EventWriter {
    private static let heartbeat = Duration.seconds(15)

    private let writer: HTTPBodyWriter
    private var wroteAt = ContinuousClock.now

    init(_ writer: HTTPBodyWriter) { self.writer = writer }

    /// Sends an event.
    mutating func event(_ name: String, _ data: JSONValue) async throws {
        // The text of a value has no line ends.
        try await write("event: \(name)\ndata: \(data.serialized)\n\n")
    }

    /// Sends a comment if it is time.
    mutating func keepAlive() async throws {
        if ContinuousClock.now - wroteAt >= Self.heartbeat { try await write(":\n\n") }
    }

    /// How long nothing need be sent.
    var untilHeartbeat: Duration { max(.milliseconds(1), Self.heartbeat - (ContinuousClock.now - wroteAt)) }

    private mutating func write(_ text: String) async throws {
        try await writer.write(text)
        wroteAt = .now
    }

    /// A stream of events that `body` writes.
    static func response(_ body: @escaping @Sendable (inout EventWriter) async throws -> Void) -> HTTPResponse {
        .stream(
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no",
            ]
        ) { sink in
            var writer = EventWriter(sink)
            try await body(&writer)
        }
    }
}

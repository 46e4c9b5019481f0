import HTTP
import Text
import WebInterface

/// Writes server-sent events, and a comment when there was none for long, by which proxies and clients know that the
/// connection lives. Nothing is written any more once the key or session that opened the stream is revoked.
struct EventWriter {
    private static let heartbeat = Duration.seconds(15)

    /// What opened the stream opens it no more.
    private struct Closed: Error {}

    private let call: Call
    private let writer: HTTPBodyWriter
    private var wroteAt = ContinuousClock.now

    init(_ call: Call, _ writer: HTTPBodyWriter) { (self.call, self.writer) = (call, writer) }

    /// Sends an event.
    mutating func event(_ name: String, _ data: JSONValue) async throws {
        try await checkCaller()
        // The text of a value has no line ends.
        try await write("event: \(name)\ndata: \(data.serialized)\n\n")
    }

    /// Sends a comment if it is time. To be called every few seconds.
    mutating func keepAlive() async throws {
        try await checkCaller()
        if ContinuousClock.now - wroteAt >= Self.heartbeat { try await write(":\n\n") }
    }

    /// How long nothing need be sent.
    var untilHeartbeat: Duration { max(.milliseconds(1), Self.heartbeat - (ContinuousClock.now - wroteAt)) }

    /// The authenticator remembers for seconds, so this costs no look into the store each time.
    private func checkCaller() async throws {
        guard await call.isStillLetIn() else { throw Closed() }
    }

    private mutating func write(_ text: String) async throws {
        try await writer.write(text)
        wroteAt = .now
    }

    /// A stream of events that `body` writes. It ends with the body, and when what `call` was sent with is revoked.
    static func response(
        to call: Call, _ body: @escaping @Sendable (inout EventWriter) async throws -> Void
    ) -> HTTPResponse {
        .stream(
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no",
            ]
        ) { sink in
            var writer = EventWriter(call, sink)
            do { try await body(&writer) } catch is Closed {}
        }
    }
}

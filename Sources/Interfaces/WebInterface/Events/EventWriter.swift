import Generations
public import HTTP
public import Text

/// Writes server-sent events, and a comment when there was none for long, by which proxies and clients know that the
/// connection lives. Nothing is written any more once the key or session that opened the stream is revoked.
public struct EventWriter {
    /// An event as documents describe it.
    public static let schema = Schema.object(
        ["event": .string, "id": .string, "data": .string], required: ["data"], isOpen: true)

    private static let heartbeat = Duration.seconds(15)

    /// What opened the stream opens it no more.
    private struct Closed: Error {}

    private let call: Call
    private let writer: HTTPBodyWriter
    private var wroteAt = ContinuousClock.now

    init(_ call: Call, _ writer: HTTPBodyWriter) { (self.call, self.writer) = (call, writer) }

    /// Sends an event.
    ///
    /// - Parameter id: What a client sends back as `Last-Event-Id`; nil for an event without one.
    public mutating func event(_ name: String, id: String? = nil, _ data: JSONValue) async throws {
        // The text of a value has no line ends.
        try await event(name, id: id, text: data.serialized)
    }

    /// Sends an event whose data is a text of one line.
    public mutating func event(_ name: String, id: String? = nil, text: String) async throws {
        try await checkCaller()
        try await write("event: \(name)\n\(id.map { "id: \($0)\n" } ?? "")data: \(text)\n\n")
    }

    /// Sends an event without a name.
    public mutating func data(_ value: JSONValue) async throws {
        try await checkCaller()
        try await write("data: \(value.serialized)\n\n")
    }

    /// Tells the client how long to wait before it comes again; the stream ends and the events go on.
    public mutating func comeAgain(after pause: Duration) async throws {
        try await write("retry: \(pause.components.seconds * 1000)\n\n")
    }

    /// Sends a comment if it is time. To be called every few seconds.
    public mutating func keepAlive() async throws {
        try await checkCaller()
        if ContinuousClock.now - wroteAt >= Self.heartbeat { try await write(":\n\n") }
    }

    /// How long nothing need be sent.
    public var untilHeartbeat: Duration { max(.milliseconds(1), Self.heartbeat - (ContinuousClock.now - wroteAt)) }

    /// The authenticator remembers for seconds, so this costs no look into the store each time.
    private func checkCaller() async throws {
        guard await call.isStillLetIn() else { throw Closed() }
    }

    private mutating func write(_ text: String) async throws {
        try await writer.write(text)
        wroteAt = .now
    }

    /// A stream of events that `body` writes. It ends with the body, and when what `call` was sent with is revoked.
    public static func response(
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

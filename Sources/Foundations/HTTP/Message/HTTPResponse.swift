/// The answer to a request.
public struct HTTPResponse: Sendable {
    /// The body of a response: bytes, a part of a file, or a producer.
    enum Content: Sendable {
        case bytes([UInt8])
        case file(ServedFile, range: Range<Int64>)
        case stream(length: Int64?, producer: @Sendable (HTTPBodyWriter) async throws -> Void)
    }

    public var status: HTTPStatus
    /// The header fields; the server adds `Date`, `Content-Length`, `Connection` and `X-Request-Id`.
    public var headers: HTTPHeaders
    var content: Content

    /// A response with a body in memory.
    public init(_ status: HTTPStatus, headers: HTTPHeaders = [:], bytes: [UInt8] = []) {
        self.status = status
        self.headers = headers
        content = .bytes(bytes)
    }

    init(_ status: HTTPStatus, headers: HTTPHeaders, content: Content) {
        self.status = status
        self.headers = headers
        self.content = content
    }

    /// A response with a text in UTF-8.
    public static func text(_ text: String, status: HTTPStatus = .ok, contentType: String = "text/plain; charset=utf-8")
        -> HTTPResponse
    {
        HTTPResponse(status, headers: ["Content-Type": contentType], bytes: Array(text.utf8))
    }

    /// A response with bytes that are JSON already.
    public static func json(bytes: [UInt8], status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status, headers: jsonHeaders, bytes: bytes)
    }

    private static let jsonHeaders: HTTPHeaders = ["Content-Type": "application/json"]

    /// A response whose body is produced while it is sent. The producer runs in the handler's task after the head was
    /// queued; its writes wait while the client does not read. If it throws, the connection is closed, so that the
    /// client sees an incomplete body.
    ///
    /// - Parameter length: The number of bytes that will be written; without it the body is sent in chunks.
    public static func stream(
        status: HTTPStatus = .ok, headers: HTTPHeaders = [:], length: Int64? = nil,
        _ producer: @escaping @Sendable (HTTPBodyWriter) async throws -> Void
    ) -> HTTPResponse {
        HTTPResponse(status, headers: headers, content: .stream(length: length, producer: producer))
    }

    /// Sends a body that is in memory or produced while it is sent to any writer, for tests and other transports; nothing of
    /// a file.
    public func write(to writer: HTTPBodyWriter) async throws {
        switch content {
        case .bytes(let bytes): try await writer.write(bytes)
        case .stream(_, let producer): try await producer(writer)
        case .file: break
        }
    }

    /// The body of a response in memory; empty for files and streams.
    public var bytes: [UInt8] {
        if case .bytes(let bytes) = content { bytes } else { [] }
    }
}

/// The destination of the producer of a streamed response.
public struct HTTPBodyWriter: Sendable {
    let sink: @Sendable ([UInt8]) async throws -> Void

    /// A writer to any sink, for tests and other transports.
    public init(_ sink: @escaping @Sendable ([UInt8]) async throws -> Void) { self.sink = sink }

    /// Sends bytes; waits while about 256 KiB wait to be sent.
    ///
    /// - Throws: `HTTPConnectionClosed` when the client has left or the server stops.
    public func write(_ bytes: [UInt8]) async throws {
        if !bytes.isEmpty { try await sink(bytes) }
    }

    /// Sends a text in UTF-8.
    public func write(_ text: String) async throws { try await write(Array(text.utf8)) }
}

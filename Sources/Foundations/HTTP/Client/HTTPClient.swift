import Foundation

/// What a client may do and how long it waits.
public struct HTTPClientConfiguration: Sendable {
    /// Which addresses may be connected to.
    public var network = NetworkPolicy()
    /// How many redirects are followed, 0 … 20. With 0 a redirect is returned as the response.
    public var maximumRedirects = 5
    /// How long a connection may take, name resolution and TLS included.
    public var connectTimeout = Duration.seconds(10)
    /// How long a whole transfer may take.
    public var totalTimeout = Duration.seconds(600)
    /// Below this rate, in bytes per second, …
    public var lowSpeedBytesPerSecond = 1024
    /// … on the average of this long, the receiving of a body is given up; 0 turns the check off. How long the body's
    /// beginning may take is for `totalTimeout`.
    public var lowSpeedTime = Duration.seconds(30)
    /// The largest response body, in bytes.
    public var maximumBytes: Int64 = 5 << 30
    /// The value of `User-Agent`.
    public var userAgent = "Lipsmith"

    /// Makes a configuration of defaults.
    public init() {}
}

/// What to fetch or send.
public struct HTTPClientRequest: Sendable {
    /// What is sent.
    public enum Body: Sendable {
        /// Nothing.
        case none
        /// Bytes in memory.
        case bytes([UInt8])
        /// A file, streamed.
        case file(path: String)
    }

    /// `GET`, `HEAD`, `PUT`, `POST` or `DELETE`.
    public var method: HTTPMethod
    /// An absolute `http` or `https` URL; blanks and letters beyond ASCII are encoded as RFC 3986 and IDNA say.
    public var url: String
    /// Fields to send.
    public var headers: HTTPHeaders
    /// What to send.
    public var body: Body

    /// Makes a request.
    public init(_ method: HTTPMethod = .get, _ url: String, headers: HTTPHeaders = [:], body: Body = .none) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What came back.
public struct HTTPClientResponse: Sendable {
    /// The status of the last response, after redirects.
    public let status: HTTPStatus
    /// Its header fields.
    public let headers: HTTPHeaders
    /// The URL that it came from.
    public let url: String
    /// The size of the body in bytes.
    public let byteCount: Int64
    /// The body, unless it went to a file.
    public let bytes: [UInt8]
}

/// Fetches and sends over HTTP and HTTPS, each transfer on a thread of its own.
///
/// The address of every connection, redirects included, is checked when the connection is opened, after name resolution.
/// Proxies, `.netrc` and cookies are never used, and bodies are never decompressed.
public struct HTTPClient: Sendable {
    private let configuration: HTTPClientConfiguration

    /// Makes a client.
    public init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.configuration = configuration
    }

    /// Does a request and keeps the body in memory.
    ///
    /// - Parameter maximumBytes: the largest body for this request; the configuration's limit holds too.
    /// - Throws: `HTTPClientError`; `CancellationError` if the task was cancelled.
    public func send(_ request: HTTPClientRequest, maximumBytes: Int64 = 16 << 20) async throws -> HTTPClientResponse {
        try await transfer(request, to: nil, maximumBytes)
    }

    /// Does a request, keeps the beginning of the body and then closes the connection: to see what an address has without
    /// fetching it, also where the server does not know ranges, or what it says, however much it says.
    ///
    /// - Parameter leastBytes: When enough of the body has come; more may have come with it.
    /// - Throws: as `send`, but never that the body is too large, and not for a fault after the head.
    public func peek(_ request: HTTPClientRequest, leastBytes: Int = 512) async throws -> HTTPClientResponse {
        try await transfer(request, to: nil, .max, prefixBytes: leastBytes)
    }

    /// Does a request and writes the body to a new file as it arrives, whatever the status. On failure the file is gone.
    ///
    /// - Parameter path: a file that does not exist yet.
    /// - Throws: `HTTPClientError`; `CancellationError` if the task was cancelled.
    public func download(_ request: HTTPClientRequest, to path: String, maximumBytes: Int64 = .max) async throws
        -> HTTPClientResponse
    {
        try await transfer(request, to: path, maximumBytes)
    }

    private func transfer(
        _ request: HTTPClientRequest, to path: String?, _ maximumBytes: Int64, prefixBytes: Int? = nil
    ) async throws -> HTTPClientResponse {
        let control = TransferControl()
        let limit = prefixBytes != nil ? .max : min(maximumBytes, configuration.maximumBytes)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { [configuration] in
                    let transfer = Transfer(request, configuration, path, limit, prefixBytes, control)
                    // Answered before the clean-up, which may wait for a name server.
                    continuation.resume(with: transfer.run())
                    transfer.cleanUp()
                }
            }
        } onCancel: {
            control.cancel()
        }
    }
}

import Foundation

/// Limits and timeouts of a client.
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

/// A request to send.
public struct HTTPClientRequest: Sendable {
    /// The body of a request.
    public enum Body: Sendable {
        case none
        /// A body in memory.
        case bytes([UInt8])
        /// The content of a file, read while it is sent.
        case file(path: String)

        var isFile: Bool { if case .file = self { true } else { false } }
    }

    /// `GET`, `HEAD`, `PUT`, `POST`, `PATCH` or `DELETE`.
    public var method: HTTPMethod
    /// An absolute `http` or `https` URL; blanks and letters beyond ASCII are encoded as RFC 3986 and IDNA say.
    public var url: String
    public var headers: HTTPHeaders
    public var body: Body
    /// How long the whole transfer may take; nil for the client's `totalTimeout`.
    public var timeout: Duration?
    /// How long nothing may move in either direction, in whole seconds from 1 on; nil for as long as the timeout allows.
    public var stallTime: Duration?

    public init(_ method: HTTPMethod = .get, _ url: String, headers: HTTPHeaders = [:], body: Body = .none) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The response to a request.
public struct HTTPClientResponse: Sendable {
    /// The status of the last response, after redirects.
    public let status: HTTPStatus
    public let headers: HTTPHeaders
    /// The URL that it came from.
    public let url: String
    /// The size of the body in bytes.
    public let byteCount: Int64
    /// The body, unless it went to a file.
    public let bytes: [UInt8]
}

/// Fetches and sends over HTTP and HTTPS, each transfer on a thread of its own unless the client keeps its connections.
///
/// The address of every connection, redirects included, is checked when the connection is opened, after name
/// resolution. Proxies, `.netrc` and cookies are never used, and bodies are never decompressed.
public struct HTTPClient: Sendable {
    private let configuration: HTTPClientConfiguration
    /// Where transfers from memory to memory run; nil for a thread of each one's own.
    private let loop: TransferLoop?

    /// - Parameter keepsConnections: Whether transfers share one thread, which keeps their connections for the next ones:
    ///   for a service that is called often. Those that read or write files still have a thread of their own.
    public init(
        _ configuration: HTTPClientConfiguration = HTTPClientConfiguration(), keepsConnections: Bool = false
    ) {
        self.configuration = configuration
        loop = keepsConnections ? TransferLoop() : nil
    }

    /// Sends a request and returns the response with its body in memory.
    ///
    /// - Parameter maximumBytes: The largest body for this request; the configuration's limit holds too.
    /// - Throws: `HTTPClientError`; `CancellationError` if the task was cancelled.
    public func send(_ request: HTTPClientRequest, maximumBytes: Int64 = 16 << 20) async throws -> HTTPClientResponse {
        try await transfer(request, to: nil, maximumBytes)
    }

    /// Sends a request, returns the beginning of the body and then closes the connection: to examine what an address
    /// has without fetching all of it, even if the server does not support ranges.
    ///
    /// - Parameter leastBytes: Receiving stops when this much of the body has arrived; the result may hold more.
    /// - Throws: As `send`, but neither for a body that is too large nor for a failure after the head.
    public func peek(_ request: HTTPClientRequest, leastBytes: Int = 512) async throws -> HTTPClientResponse {
        try await transfer(request, to: nil, .max, prefixBytes: leastBytes)
    }

    /// Sends a request and writes the body to a new file as it arrives, whatever the status. On failure the file is
    /// removed.
    ///
    /// - Parameter path: A file that does not exist yet.
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
                if let loop, path == nil, !request.body.isFile {
                    loop.add(
                        TransferLoop.Order(
                            request: request, configuration: configuration, maximumBytes: limit,
                            prefixBytes: prefixBytes, control: control, continuation: continuation))
                    return
                }
                Thread.detachNewThread { [configuration] in
                    let transfer = Transfer(
                        request, configuration, path: path, maximumBytes: limit, prefixBytes: prefixBytes,
                        control: control)
                    // The result is returned before the clean-up, which may wait for a name server.
                    continuation.resume(with: transfer.run())
                    transfer.cleanUp()
                }
            }
        } onCancel: {
            control.cancel()
        }
    }
}

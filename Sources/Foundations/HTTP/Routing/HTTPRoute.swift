/// Answers a request. It starts on a connection's thread and runs there until it first waits, so it must not block:
/// hand long computations and blocking calls to threads of their own.
///
/// Its task is cancelled when the client leaves, when the route's deadline passes and when the server stops.
public typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Limits of a route's requests, and how they are counted.
public struct HTTPRouteOptions: Sendable {
    /// The largest body in bytes; more is answered with 413. `nil` means the server's default.
    public var maximumBodyBytes: Int64?
    /// How long the handler may take until it answers; past it the answer is 503. `nil` means no limit.
    public var deadline: Duration?
    /// The interface that it belongs to, by which requests are counted apart; `nil` for none.
    public var interface: String?

    public init(maximumBodyBytes: Int64? = nil, deadline: Duration? = nil, interface: String? = nil) {
        self.maximumBodyBytes = maximumBodyBytes
        self.deadline = deadline
        self.interface = interface
    }
}

/// A method and a pattern with its handler.
public struct HTTPRoute: Sendable {
    public let method: HTTPMethod
    /// The pattern, for example `/v2/generations/{id}`.
    public let pattern: String
    /// Limits of the route.
    public let options: HTTPRouteOptions
    /// Its place among its router's routes.
    let number: Int
    let handler: HTTPHandler
}

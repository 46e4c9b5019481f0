/// What a server listens on, allows and reports to.
public struct HTTPServerConfiguration: Sendable {
    /// The address or name to listen on; one address.
    public var host = "127.0.0.1"
    /// The port; 0 takes a free one, which `start` reports.
    public var port = 0
    /// Connection threads, 1 … 64. More than cores is of no use: handlers that wait take no thread.
    public var threadCount = 2
    /// The most connections at once; further ones wait in the kernel. Never more than the process's limit of open files
    /// less 128, so that the rest of the process can still open some.
    public var maximumConnections = 10_000
    /// The most connections at once of one peer address; further ones are closed. Behind a proxy every connection has the
    /// proxy's address, so the default equals the total.
    public var maximumConnectionsPerAddress = 10_000
    /// The largest request head in bytes; more is answered with 431.
    public var maximumHeadBytes = 32_768
    /// How long a request head may take to arrive, from the connection's beginning or from its request line. Too low
    /// cuts off slow clients; too high lets idle senders hold connections.
    public var headDeadline = Duration.seconds(10)
    /// The slowest body, in bytes per second, that is waited for.
    public var minimumBodyBytesPerSecond = 1024
    /// How long a body may lag behind that rate before the connection is closed.
    public var bodyGrace = Duration.seconds(10)
    /// How long a connection may rest between requests, or an answer may not be read at all.
    public var idleTimeout = Duration.seconds(60)
    /// The largest body of a route that does not say otherwise, in bytes.
    public var maximumBodyBytes: Int64 = 4 << 20
    /// How often deadlines are checked, and so how late they may be noticed.
    public var watchInterval = Duration.milliseconds(250)
    /// Which web pages may call the server from a browser; `nil` allows no request from another origin.
    public var crossOrigin: CrossOriginPolicy?
    /// Takes one line of JSON per request, without its line end; called on connection threads, so it must not block for
    /// long. `nil` writes none.
    public var accessLog: (@Sendable (String) -> Void)?
    /// Where requests are counted.
    public var metrics = Metrics()
    /// Makes the answer of an error that has none of its own, from the error, the request's path and its id.
    public var renderError: @Sendable (_ error: HTTPError, _ path: String, _ requestID: String) -> HTTPResponse

    /// Makes a configuration of defaults; errors become `{"error":{"code","message","request_id"}}`.
    public init() {
        renderError = { error, _, requestID in
            var line = JSONLine()
            line.add("code", error.code)
            line.add("message", error.message)
            line.add("request_id", requestID)
            return .json(bytes: Array("{\"error\":\(line.text)}".utf8), status: error.status)
        }
    }
}

import Text

/// A request, as it is given to a handler.
public struct HTTPRequest: Sendable {
    /// The method; `HEAD` reaches the handler of `GET`, and the server leaves out the body of the answer.
    public var method: HTTPMethod
    /// The target as it stood in the request line, escapes and query included.
    public var target: String
    /// The decoded path without the query.
    public var path: String
    public var query: HTTPQuery
    public var headers: HTTPHeaders
    /// The values of the route's `{name}` segments, decoded.
    public var parameters: [String: String] = [:]
    /// The body, read while it arrives.
    public var body: HTTPBody
    /// The client's `X-Request-Id` if it is valid, otherwise a new one.
    public var id: String
    /// The peer's address as text without port; behind a proxy that of the proxy.
    public var peerAddress: String

    /// Makes a request, for tests and other transports.
    ///
    /// - Throws: `HTTPError` 400 if the target is not valid percent-encoded UTF-8.
    public init(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: HTTPBody = HTTPBody(),
        id: String = "", peerAddress: String = ""
    ) throws(HTTPError) {
        let parts = try RequestTarget(target)
        self.init(method: method, target: parts, headers: headers, body: body, id: id, peerAddress: peerAddress)
    }

    init(
        method: HTTPMethod, target: RequestTarget, headers: HTTPHeaders, body: HTTPBody, id: String, peerAddress: String
    ) {
        self.method = method
        self.target = target.raw
        self.path = target.path
        self.query = target.query
        self.headers = headers
        self.body = body
        self.id = id
        self.peerAddress = peerAddress
    }
}

/// The parts of a request target. Path segments are decoded one by one, so that an escaped slash stays in its segment.
struct RequestTarget: Sendable {
    let raw: String
    let segments: [String]
    let path: String
    let query: HTTPQuery

    init(_ raw: String) throws(HTTPError) {
        self.raw = raw
        // Bytes, since the characters that matter are ASCII and finding characters costs several times more.
        var rest = raw.utf8[...]
        if rest.first != UInt8(ascii: "/"), raw != "*" {
            // Absolute form (RFC 9112, section 3.2.2): the authority is ignored, as the Host field is.
            guard let scheme = ["http://", "https://"].first(where: { raw.lowercased().hasPrefix($0) }) else {
                throw .malformed("invalid_target", "The request target is neither a path nor an address.")
            }
            rest = rest.dropFirst(scheme.utf8.count)
            rest = rest[(rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex)...]
        }
        let question = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        query = try HTTPQuery(parsing: Substring(rest[question...].dropFirst()))
        let rawPath = rest[..<question]
        var segments: [String] = []
        for part in rawPath.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard let segment = PercentEncoding.decode(Substring(part)) else {
                throw .malformed("invalid_path", "The path is not valid percent-encoded UTF-8.")
            }
            segments.append(segment)
        }
        self.segments = segments == [""] ? [] : segments
        path = "/" + self.segments.joined(separator: "/")
    }
}

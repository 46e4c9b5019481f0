/// A request as a handler sees it.
public struct HTTPRequest: Sendable {
    /// The method; `HEAD` reaches the handler of `GET`, and the server leaves out the body of the answer.
    public var method: HTTPMethod
    /// The target as it stood in the request line, escapes and query included.
    public var target: String
    /// The decoded path without the query.
    public var path: String
    /// The decoded query.
    public var query: HTTPQuery
    /// The header fields.
    public var headers: HTTPHeaders
    /// The values of the route's `{name}` segments, decoded.
    public var parameters: [String: String] = [:]
    /// The body, streamed.
    public var body: HTTPBody
    /// The client's `X-Request-Id` if it is sane, else one made for this request.
    public var id: String
    /// The peer's address in text without port; of the proxy, if one stands in front.
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

/// A request target taken apart: path segments are decoded one by one, so that an escaped slash stays inside its segment.
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
            // Absolute form (RFC 9112, section 3.2.2): the authority counts as the Host field does, for nothing.
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

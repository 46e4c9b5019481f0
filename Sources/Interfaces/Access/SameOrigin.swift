import Generations
public import HTTP

/// Tells requests of this server's own pages from those that another site's page makes a browser send.
public struct SameOrigin: Sendable {
    /// A host in lower case and its port.
    private struct Authority: Equatable {
        var host: String
        var port: UInt16

        /// Reads `host`, `host:port` or `[address]:port`; nil for anything else.
        init?(_ text: some StringProtocol, defaultPort: UInt16) {
            let bytes = text.utf8
            guard (1...255).contains(bytes.count),
                bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/@?#,\\".utf8.contains($0) })
            else { return nil }
            let lowest = text.lastIndex(of: "]") ?? text.startIndex
            if let colon = text[lowest...].lastIndex(of: ":") {
                guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return nil }
                (host, self.port) = (text[..<colon].lowercased(), port)
            } else {
                (host, port) = (text.lowercased(), defaultPort)
            }
            guard !host.isEmpty else { return nil }
        }
    }

    private let publicURL: String?

    /// - Parameter publicURL: How clients reach the server, where the operator has said that; a proxy may change `Host`.
    public init(publicURL: String?) { self.publicURL = publicURL }

    /// Whether a request that changes something was sent by a page of this server: its `Origin` is the address that it
    /// calls, or, where it has none, the browser says so.
    ///
    /// - Parameter needsProof: Whether a request of which no browser says anything is refused, as one with a cookie must
    ///   be; programs send neither field.
    public func admits(_ request: HTTPRequest, needsProof: Bool = true) -> Bool {
        let origins = request.headers.values("Origin")
        if let origin = origins.first { return origins.count == 1 && isOwn(origin, request) }
        guard let site = request.headers["Sec-Fetch-Site"] else { return !needsProof }
        return site == "same-origin"
    }

    private func isOwn(_ origin: String, _ request: HTTPRequest) -> Bool {
        guard let (called, port) = Self.authority(of: origin) else { return false }
        // Behind a proxy the scheme is another one here than in the browser, and browsers leave out its usual port.
        if let host = request.headers["Host"], Authority(host, defaultPort: port) == called { return true }
        guard let publicURL, let (own, _) = Self.authority(of: publicURL) else { return false }
        return own == called
    }

    private static func authority(of address: String) -> (Authority, defaultPort: UInt16)? {
        guard let mark = address.firstRange(of: "://") else { return nil }
        let scheme = address[..<mark.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let port: UInt16 = scheme == "https" ? 443 : 80
        let rest = address[mark.upperBound...]
        // An origin has no path; the public address may have one.
        return Authority(rest.prefix { $0 != "/" }, defaultPort: port).map { ($0, port) }
    }
}

import Generations
public import HTTP

/// Tells requests of this server's own pages from those that another site's page makes a browser send.
public struct SameOrigin: Sendable {
    private enum Scheme: String, CaseIterable {
        case http, https

        var usualPort: UInt16 { self == .https ? 443 : 80 }
    }

    /// A host in lower case and, if it is named, its port.
    private struct Authority {
        let host: String
        let port: UInt16?

        /// Reads `host`, `host:port` or `[address]:port`; nil for anything else.
        init?(_ text: some StringProtocol) {
            let bytes = text.utf8
            guard (1...255).contains(bytes.count),
                bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/@?#,\\".utf8.contains($0) })
            else { return nil }
            let lowest = text.lastIndex(of: "]") ?? text.startIndex
            if let colon = text[lowest...].lastIndex(of: ":") {
                guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return nil }
                (host, self.port) = (text[..<colon].lowercased(), port)
            } else {
                (host, port) = (text.lowercased(), nil)
            }
            guard !host.isEmpty else { return nil }
        }
    }

    /// Scheme, host and port of an address.
    private struct Origin: Equatable {
        let scheme: Scheme
        let host: String
        let port: UInt16

        init?(_ address: String) {
            guard let mark = address.firstRange(of: "://"),
                let scheme = Scheme(rawValue: address[..<mark.lowerBound].lowercased()),
                // An origin has no path; the public address may have one.
                let authority = Authority(address[mark.upperBound...].prefix(while: { $0 != "/" }))
            else { return nil }
            self.scheme = scheme
            host = authority.host
            port = authority.port ?? scheme.usualPort
        }
    }

    private let publicURL: String?

    /// - Parameter publicURL: How clients reach the server, where the operator has said that: then pages of that origin
    ///   alone are its own. Otherwise they are those of the host and port that a request calls.
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
        guard let page = Origin(origin) else { return false }
        if let publicURL { return Origin(publicURL) == page }
        guard let host = request.headers["Host"], let called = Authority(host), called.host == page.host else {
            return false
        }
        guard let port = called.port else {
            // The usual port of either scheme is meant: by itself the server cannot tell which one, a proxy may.
            let forwarded = request.headers["X-Forwarded-Proto"]?.lowercased()
            return page.port == page.scheme.usualPort
                && (forwarded == page.scheme.rawValue || Scheme(rawValue: forwarded ?? "") == nil)
        }
        // Two schemes share no port, so whichever the page has is the one that was called, unless the port is the other's.
        return port == page.port && Scheme.allCases.allSatisfy { $0 == page.scheme || $0.usualPort != port }
    }
}

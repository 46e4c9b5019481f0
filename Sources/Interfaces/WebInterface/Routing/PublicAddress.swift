public import Generations
public import HTTP
import Text

/// The beginning of every address that this server hands out.
public struct PublicAddress: Sendable {
    /// What the operator set, without a slash at the end; nil where every client's own view of the server is used.
    public let configured: String?
    /// What is used where there is no request to tell: the listening address.
    public let fallback: String

    /// Makes an address; slashes at the end do not matter.
    public init(configured: String?, fallback: String) {
        func trimmed(_ text: String) -> String {
            var rest = Substring(text)
            while rest.last == "/" { rest.removeLast() }
            return String(rest)
        }
        self.configured = configured.map(trimmed)
        self.fallback = trimmed(fallback)
    }

    /// The beginning of addresses in the answer to `request`: the operator's, else as the client called the server.
    ///
    /// A client that lies about the host only misleads itself: the address goes into its own organisation's answers.
    public func base(for request: HTTPRequest) -> String {
        if let configured { return configured }
        guard let host = request.headers["Host"], Self.isHost(host) else { return fallback }
        let scheme = request.headers["X-Forwarded-Proto"]?.lowercased() == "https" ? "https" : "http"
        return "\(scheme)://\(host)"
    }

    /// Where a generation's request remembers by which address its sender called the server (`GenerationRequest.echo`).
    public static let orderKey = "publicBase"

    /// The beginning of addresses in a message about a generation, such as a webhook, where there is no request to tell.
    public func base(for generation: Generation) -> String {
        configured ?? generation.request.echo[Self.orderKey]?.text ?? fallback
    }

    private static func isHost(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F: true
                default: false
                }
            }
    }
}

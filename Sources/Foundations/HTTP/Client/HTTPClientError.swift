/// The failure of a transfer. A response with an error status is no failure; the caller examines it.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        /// For new codes; those of the client are the static members.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The address is not an `http` or `https` URL.
        public static let invalidURL = Code(rawValue: "invalid_url")
        /// The host, or the host of a redirect, has only addresses that the policy refuses.
        public static let refusedAddress = Code(rawValue: "refused_address")
        /// The address, or that of a redirect, names a port that the policy refuses.
        public static let refusedPort = Code(rawValue: "refused_port")
        /// A redirect leads to another scheme, or there are too many.
        public static let refusedRedirect = Code(rawValue: "refused_redirect")
        /// The body is larger than allowed.
        public static let tooLarge = Code(rawValue: "too_large")
        /// The transfer took longer than allowed.
        public static let timedOut = Code(rawValue: "timed_out")
        /// The body came too slowly for too long.
        public static let tooSlow = Code(rawValue: "too_slow")
        /// Name, connection or TLS failed.
        public static let unreachable = Code(rawValue: "unreachable")
        /// The connection ended before the answer did.
        public static let endedEarly = Code(rawValue: "ended_early")
        /// The destination file cannot be written.
        public static let storageFailed = Code(rawValue: "storage_failed")
    }

    public let code: Code
    /// libcurl's message, for logs; it may hold addresses.
    public let detail: String

    public init(_ code: Code, detail: String = "") {
        self.code = code
        self.detail = detail
    }

    /// Code and detail in one line.
    public var description: String { detail.isEmpty ? code.rawValue : "\(code.rawValue): \(detail)" }
}

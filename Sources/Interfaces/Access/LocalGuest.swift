public import Generations
public import HTTP

/// Lets programs of this machine in without a key, for installations of one person. They work for the oldest organisation.
public struct LocalGuest: Sendable {
    private let store: any KeyStore

    public init(store: any KeyStore) { self.store = store }

    /// Headers by which a request shows that it was not sent by a program of this machine: a page in a browser, which may
    /// be anybody's, or a proxy in front of the server, behind which everybody seems to be near.
    private static let telling = ["Origin", "Sec-Fetch-Site", "Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"]

    /// Who sends a request that carries no credential; nil for one that comes from elsewhere.
    @Sendable public func caller(of request: HTTPRequest) async throws -> Caller? {
        guard Self.isLoopback(request.peerAddress), Self.namesLoopback(request.headers["Host"] ?? ""),
            Self.telling.allSatisfy({ request.headers[$0] == nil }),
            let organisation = try await store.organisations().first
        else { return nil }
        return Caller(organisation: organisation.id, role: .member, credential: .none)
    }

    /// A page whose name was made to lead here still calls the server by that name.
    private static func namesLoopback(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host.prefix { $0 != ":" }
        return name.lowercased() == "localhost" || isLoopback(String(name))
    }

    private static func isLoopback(_ address: String) -> Bool {
        address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }
}

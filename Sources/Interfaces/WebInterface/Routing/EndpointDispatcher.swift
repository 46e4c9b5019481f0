public import Access
import Generations
public import HTTP

/// Lets requests in to endpoints, and gives errors the interface's form.
public struct EndpointDispatcher: Sendable {
    private let authenticator: Authenticator
    private let limiter: RateLimiter<Caller.Credential>
    private let address: PublicAddress
    private let errors: any ErrorRenderer
    /// Which pages' requests are let in by cookie; nil for none.
    private let pages: SameOrigin?

    /// Makes a dispatcher of an interface whose errors look as `errors` says.
    ///
    /// - Parameter takesCookies: Whether the sessions of this server's own pages are let in. The published interfaces are
    ///   used by programs alone, which have keys.
    public init(
        authenticator: Authenticator, limiter: RateLimiter<Caller.Credential>, address: PublicAddress,
        errors: any ErrorRenderer,
        takesCookies: Bool = false
    ) {
        pages = takesCookies ? SameOrigin(publicURL: address.configured) : nil
        self.authenticator = authenticator
        self.limiter = limiter
        self.address = address
        self.errors = errors
    }

    /// Adds endpoints to a router, below `prefix`.
    public func register(_ endpoints: [Endpoint], under prefix: String = "", on router: inout HTTPRouter) {
        for endpoint in endpoints {
            router.on(endpoint.method, prefix + endpoint.path, options: endpoint.options) {
                try await answer($0, endpoint)
            }
        }
    }

    private func answer(_ request: HTTPRequest, _ endpoint: Endpoint) async throws -> HTTPResponse {
        do {
            let caller = try await caller(of: request, endpoint.callers)
            let call = Call(
                request: request, organisation: caller?.organisation ?? OrganisationID(rawValue: ""), caller: caller,
                base: address.base(for: request)
            ) { [authenticator, pages] in
                // Going on is no new request, so nothing is counted.
                caller == nil ? nil : try await authenticator.caller(of: request, pages: pages)
            }
            let response = try await WorkOwner.$current.withValue(caller?.organisation) {
                try await endpoint.handle(call)
            }
            return caller == nil || pages == nil ? response : Self.unkept(response)
        } catch {
            throw errors.httpError(error, requestID: request.id)
        }
    }

    /// An answer that no browser keeps for whoever signs in next, and takes for nothing else than it is.
    private static func unkept(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    }

    private func caller(of request: HTTPRequest, _ callers: Endpoint.Callers) async throws -> Caller? {
        if callers == .anybody { return nil }
        let caller = try await authenticator.caller(of: request, pages: pages)
        try limiter.check(caller.credential)
        guard callers == .members || caller.role == .operator else { throw AuthenticationFailure.operatorOnly }
        return caller
    }
}

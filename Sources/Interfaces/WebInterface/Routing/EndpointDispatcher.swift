public import Access
import Generations
public import HTTP

/// Lets requests in to endpoints, and gives errors the interface's form.
public struct EndpointDispatcher: Sendable {
    /// Who sends a request that carries no credential; nil where nobody may.
    public typealias Guest = @Sendable (HTTPRequest) async throws -> Caller?

    /// The interface's name, by which requests are counted.
    private let name: String
    private let authenticator: Authenticator
    private let limiter: RateLimiter<Caller.Credential>
    private let address: PublicAddress
    private let errors: any ErrorRenderer
    /// Which pages' requests are let in by cookie; nil for none.
    private let pages: SameOrigin?
    private let guest: Guest?

    /// Makes a dispatcher of an interface whose errors look as `errors` says.
    ///
    /// - Parameters:
    ///   - name: The interface's name, a label of metrics.
    ///   - takesCookies: Whether the sessions of this server's own pages are let in. The published interfaces are used by
    ///     programs alone, which have keys.
    ///   - guest: Says who sends a request that carries no credential.
    public init(
        _ name: String, authenticator: Authenticator, limiter: RateLimiter<Caller.Credential>, address: PublicAddress,
        errors: any ErrorRenderer, takesCookies: Bool = false, guest: Guest? = nil
    ) {
        self.name = name
        self.guest = guest
        pages = takesCookies ? SameOrigin(publicURL: address.configured) : nil
        self.authenticator = authenticator
        self.limiter = limiter
        self.address = address
        self.errors = errors
    }

    /// Adds endpoints to a router, below `prefix`.
    public func register(_ endpoints: [Endpoint], under prefix: String = "", on router: inout HTTPRouter) {
        for endpoint in endpoints {
            var options = endpoint.options
            options.interface = name
            router.on(endpoint.method, prefix + endpoint.path, options: options) {
                try await answer($0, endpoint)
            }
        }
    }

    private func answer(_ request: HTTPRequest, _ endpoint: Endpoint) async throws -> HTTPResponse {
        do {
            let caller = try await caller(of: request, endpoint)
            let call = Call(
                request: request, organisation: caller?.organisation ?? OrganisationID(rawValue: ""), caller: caller,
                base: address.base(for: request)
            ) {
                // Going on is no new request, so nothing is counted.
                caller == nil ? nil : try await self.caller(of: request)
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

    private func caller(of request: HTTPRequest) async throws -> Caller {
        do { return try await authenticator.caller(of: request, pages: pages) } catch AuthenticationFailure.missing {
            guard let caller = try await guest?(request) else { throw AuthenticationFailure.missing }
            return caller
        }
    }

    private func caller(of request: HTTPRequest, _ endpoint: Endpoint) async throws -> Caller? {
        let callers = endpoint.callers
        if callers == .anybody { return nil }
        if callers == .anybodyOrMembers, !Authenticator.carriesKey(request) { return nil }
        let caller = try await caller(of: request)
        try limiter.check(caller.credential)
        if let scopes = caller.scopes, callers != .anybodyOrMembers,
            endpoint.scope.map({ $0 != Endpoint.anyScope && !scopes.contains($0) }) ?? true
        {
            throw AuthenticationFailure.outOfScope(endpoint.scope)
        }
        guard callers != .operators || caller.role == .operator else { throw AuthenticationFailure.operatorOnly }
        return caller
    }
}

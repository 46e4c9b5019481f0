public import Access
import Generations
public import HTTP

/// Lets requests in to endpoints, and gives errors the interface's form.
public struct EndpointDispatcher: Sendable {
    private let authenticator: Authenticator
    private let limiter: RateLimiter
    private let address: PublicAddress
    private let errors: any ErrorRenderer

    /// Makes a dispatcher of an interface whose errors look as `errors` says.
    public init(
        authenticator: Authenticator, limiter: RateLimiter, address: PublicAddress, errors: any ErrorRenderer
    ) {
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
            var organisation = OrganisationID(rawValue: "")
            if !endpoint.isOpen {
                let caller = try await authenticator.caller(of: request)
                try limiter.check(caller.key)
                organisation = caller.organisation
            }
            let call = Call(request: request, organisation: organisation, base: address.base(for: request))
            return try await WorkOwner.$current.withValue(endpoint.isOpen ? nil : organisation) {
                try await endpoint.handle(call)
            }
        } catch {
            throw errors.httpError(error, requestID: request.id)
        }
    }
}

import Generations
public import HTTP
public import WebInterface

/// Lipsmith's own API under `/v1`: what the studio and `lipsmith remote` use.
public struct LipsmithAPI: Sendable {
    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    ///
    /// - Parameter facts: What the program tells about itself.
    public init(_ services: InterfaceServices, facts: OperatorFacts) {
        endpoints =
            SessionController(services, facts: facts).endpoints
            + OverviewController(services, facts: facts).endpoints
            + KeyController(services).endpoints
            + WebhookController(services).endpoints
        dispatcher = services.dispatcher(errors: LipsmithErrors(), takesCookies: true)
    }

    /// Adds every endpoint.
    public func register(on router: inout HTTPRouter) { dispatcher.register(endpoints, on: &router) }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = LipsmithErrors()
}

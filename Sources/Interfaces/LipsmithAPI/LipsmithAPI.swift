import Generations
public import HTTP
public import WebInterface

/// Lipsmith's own API under `/v1`: what the studio and `lipsmith remote` use.
public struct LipsmithAPI: Sendable {
    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    public init(_ services: InterfaceServices) {
        endpoints = []
        dispatcher = services.dispatcher(errors: LipsmithErrors())
    }

    /// Adds every endpoint.
    public func register(on router: inout HTTPRouter) { dispatcher.register(endpoints, on: &router) }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = LipsmithErrors()
}

import Generations
public import HTTP
public import WebInterface

/// Lipsmith's own API under `/v1`: what the studio and `lipsmith remote` use.
public struct LipsmithAPI: Sendable {
    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    ///
    /// - Parameters:
    ///   - facts: What the program tells about itself; nil leaves sessions and the operators' part out.
    ///   - media: What the sections on media stand on; nil leaves uploads and checks out.
    ///   - samplePath: Where the sample portrait lies on this machine; nil where there is none.
    public init(
        _ services: InterfaceServices, facts: OperatorFacts? = nil, media: LipsmithMedia? = nil, samplePath: String? = nil
    ) {
        endpoints =
            (facts.map { Self.administration(services, $0) } ?? [])
            + AssetController(store: services.store, files: services.files).endpoints
            + SampleController(services, path: samplePath).endpoints
            + (media.map { UploadController(services, $0).endpoints + CheckController(services, $0).endpoints } ?? [])
        dispatcher = services.dispatcher(errors: LipsmithErrors(), takesCookies: true)
    }

    private static func administration(_ services: InterfaceServices, _ facts: OperatorFacts) -> [Endpoint] {
        SessionController(services, facts: facts).endpoints
            + OverviewController(services, facts: facts).endpoints
            + KeyController(services).endpoints
            + WebhookController(services).endpoints
    }

    /// Adds every endpoint.
    public func register(on router: inout HTTPRouter) { dispatcher.register(endpoints, on: &router) }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = LipsmithErrors()
}

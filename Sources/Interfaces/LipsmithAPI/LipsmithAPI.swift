import Access
public import Generations
public import HTTP
import Text
public import WebInterface

/// Lipsmith's own API under `/v1`: what the studio and `lipsmith remote` use.
public struct LipsmithAPI: Sendable {
    /// The links that this interface hands out.
    public static let links: [FileLink] = generationLinks

    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher
    private let settings: LipsmithSettings
    private let services: InterfaceServices

    /// Puts the interface together.
    ///
    /// - Parameter sampler: Fetches the sounds that voices are made of; nil makes no voices.
    public init(
        _ services: InterfaceServices, settings: LipsmithSettings = LipsmithSettings(),
        sampler: (any MediaSampler)? = nil
    ) {
        self.services = services
        self.settings = settings
        endpoints =
            GenerationEndpoints(services: services, settings: settings, sampler: sampler, sample: .null).endpoints
        dispatcher = services.dispatcher(errors: LipsmithErrors())
    }

    /// Adds every endpoint, and the document that describes them.
    public func register(on router: inout HTTPRouter) {
        dispatcher.register(endpoints, on: &router)
        let document = LipsmithSchemas.document(version: settings.version)
            .json(endpoints + settings.describedEndpoints).utf8
        router.on(.get, "/v1/openapi.json") { _ in .json(bytes: document) }
    }

    /// Where the report of a generation opens without a key; nil where it has none.
    public func reportURL(of generation: Generation) -> String? {
        guard generation.output?.reportBlob != nil else { return nil }
        return services.files.links.url(
            .ownReport, generation.id, base: services.address.base(for: generation))
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = LipsmithErrors()
}

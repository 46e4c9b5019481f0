import Access
public import Generations
public import HTTP
import Text
public import WebInterface

/// Lipsmith's own API under `/v1`: what the studio and `lipsmith remote` use.
public struct LipsmithAPI: Sendable {
    /// The links that this interface hands out.
    public static let links: [FileLink] = generationLinks + assetLinks

    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher
    private let settings: LipsmithSettings

    /// Puts the interface together.
    ///
    /// - Parameters:
    ///   - facts: What the program tells about itself; nil leaves sessions and the operators' part out.
    ///   - media: What the sections on media stand on; nil leaves uploads and checks out.
    ///   - samplePath: Where the sample portrait lies on this machine; nil where there is none.
    public init(
        _ services: InterfaceServices, settings: LipsmithSettings = LipsmithSettings(), facts: OperatorFacts? = nil,
        media: LipsmithMedia? = nil, samplePath: String? = nil
    ) {
        self.settings = settings
        let store = services.store
        let views = GenerationViews(
            store: store, live: services.live,
            history: JobHistory(store: store, slots: settings.renderSlots, source: nil), links: services.files.links)
        let pace = RenderPace(store: store, slots: settings.renderSlots)
        endpoints =
            (facts.map { Self.administration(services, $0, views, settings) } ?? [])
            + AssetController(store: store, files: services.files).endpoints
            + SampleController(services, path: samplePath).endpoints
            + (media.map {
                UploadController(services, $0).endpoints + CheckController(services, $0, pace: pace).endpoints
                    + (VerifyController(services, $0)?.endpoints ?? [])
            } ?? [])
            + GenerationEndpoints(
                services: services, settings: settings, views: views, pace: pace,
                sample: samplePath == nil ? .null : SampleController.choice
            ).endpoints
        dispatcher = services.dispatcher("lipsmith", errors: LipsmithErrors(), takesCookies: true)
    }

    private static func administration(
        _ services: InterfaceServices, _ facts: OperatorFacts, _ views: GenerationViews, _ settings: LipsmithSettings
    ) -> [Endpoint] {
        SessionController(services, facts: facts, textLengthLimit: settings.scriptLimit).endpoints
            + OverviewController(services, facts: facts).endpoints
            + JobController(services, views: views).endpoints
            + KeyController(services).endpoints
            + WebhookController(services).endpoints
    }

    /// Adds every endpoint, and the document that describes them.
    public func register(on router: inout HTTPRouter) {
        dispatcher.register(endpoints, on: &router)
        let document = LipsmithSchemas.document(version: settings.version)
            .json(endpoints + settings.describedEndpoints).utf8
        router.on(.get, "/v1/openapi.json") { _ in .json(bytes: document) }
    }

    /// Where the report of a generation opens without a key; nil where it has none.
    public static func reportURL(of generation: Generation, _ services: InterfaceServices) -> String? {
        guard generation.output?.reportBlob != nil else { return nil }
        return services.files.links.url(
            .ownReport, generation.id, base: services.address.base(for: generation))
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = LipsmithErrors()
}

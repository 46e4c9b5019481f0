import Access
import Generations
public import HTTP
import Text
public import WebInterface

/// Sync's API v2: endpoints in front of the domain.
public struct SyncAPI: Sendable {
    /// The only provider that the interface knows by name, whoever speaks.
    static let providerName = "elevenlabs"

    /// A generation as this interface shows it, for webhooks and files of results.
    public let view: GenerationView
    /// A batch as this interface shows it, for webhooks.
    public let batchView: BatchView
    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher
    private let version: String

    /// Puts the interface together.
    public init(_ services: InterfaceServices, settings: SyncSettings) {
        let (store, files, clock) = (services.store, services.files, services.clock)
        view = GenerationView(links: files.links, address: services.address)
        batchView = BatchView(links: files.links, address: services.address)
        version = settings.version
        dispatcher = services.dispatcher("sync", errors: SyncErrors())
        let factory = GenerationFactory(
            store: store, voices: services.voices, rules: settings.rules, clock: clock)
        let lookup = GenerationLookup(store: store, view: view)
        let replays = IdempotentReplays(store: store, clock: clock)
        let upload = CreateUploadReader(
            inspector: services.inspector, intake: services.intake, receiver: services.receiver,
            settings: settings, clock: clock)
        endpoints =
            GenerateController(
                store: store, intake: services.intake, signal: services.signal, factory: factory, lookup: lookup,
                replays: replays, uploads: upload, settings: settings
            ).endpoints
            + GenerationController(
                store: store, blobs: services.blobs, files: files, lookup: lookup, view: view, clock: clock
            ).endpoints
            + CostController(
                estimator: CostEstimator(
                    intake: services.intake, inspector: services.inspector, prices: settings.prices),
                factory: factory, settings: settings
            ).endpoints
            + ModelController().endpoints
            + AssetController(store: store, inspector: services.inspector, files: files, clock: clock).endpoints
            + UploadController(
                store: store, intake: services.intake, receiver: services.receiver, files: files,
                byteLimit: settings.uploadByteLimit, clock: clock
            ).endpoints
            + ProjectController(store: store, clock: clock).endpoints
            + BatchController(
                store: store, intake: services.intake, files: files, factory: factory, view: batchView,
                settings: settings, clock: clock
            ).endpoints
            + VoiceController(
                voices: services.voices, cloning: services.cloning
            ).endpoints
            + SpeechController(
                store: store, intake: services.intake, links: files.links, voices: services.voices,
                validator: factory.validator,
                speaking: ImmediateSpeech(
                    store: store, blobs: services.blobs, intake: services.intake, voices: services.voices,
                    folder: services.speechFolder, clock: clock), replays: replays, clock: clock
            ).endpoints
            + OrganisationController(store: store).endpoints
    }

    /// Adds every endpoint, and the document that describes them.
    ///
    /// - Parameter onlyLinks: Whether the interface is switched off: files are opened all the same, since other interfaces
    ///   hand out the same links.
    public func register(on router: inout HTTPRouter, onlyLinks: Bool = false) {
        dispatcher.register(onlyLinks ? endpoints.filter { Self.links.contains($0) } : endpoints, on: &router)
        if onlyLinks { return }
        let document = WireSchemas.document(version: version).json(endpoints).utf8
        // One client appends the path to a base address that may end with a slash.
        for path in ["/api-json", "//api-json"] {
            router.on(.get, path) { _ in .json(bytes: document) }
        }
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = SyncErrors()
}

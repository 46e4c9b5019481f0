import Access
import Generations
public import HTTP
import Text
public import WebInterface

/// What the nodes for lip sync in ComfyUI itself call: Sync's requests below the path of Comfy's proxy, and Comfy's storage
/// of files.
public struct ComfyAPI: Sendable {
    /// Where Comfy's proxy keeps Sync's API.
    static let prefix = "/proxy/synclabs"
    /// The links that this interface hands out beside Sync's.
    public static let links: [FileLink] = [.sending(.comfySending)]

    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    ///
    /// - Parameters:
    ///   - settings: Sync's, whose requests these are.
    ///   - renderSlots: How many jobs are rendered at once, for estimates of the time that is left.
    ///   - guest: Who sends a request without a credential; nil where nobody may.
    public init(
        _ services: InterfaceServices, settings: SyncSettings, renderSlots: Int,
        guest: EndpointDispatcher.Guest? = nil
    ) {
        let (store, clock) = (services.store, services.clock)
        let lookup = GenerationLookup(
            store: store, view: GenerationView(links: services.files.links, address: services.address))
        let generate = GenerateController(
            store: store, intake: services.intake, signal: services.signal,
            factory: GenerationFactory(
                store: store, voices: services.voices, rules: settings.rules, clock: clock,
                program: GenerationSource.comfyUI),
            lookup: lookup, replays: IdempotentReplays(store: store, clock: clock),
            uploads: CreateUploadReader(
                inspector: services.inspector, intake: services.intake, receiver: services.receiver,
                settings: settings, clock: clock), settings: settings)
        endpoints =
            ComfyController(
                generate: generate, history: JobHistory(store: store, slots: renderSlots, source: nil),
                uploads: UploadController(
                    store: store, intake: services.intake, receiver: services.receiver, files: services.files,
                    byteLimit: settings.uploadByteLimit, clock: clock), intake: services.intake
            ).endpoints
        dispatcher = services.dispatcher("comfy", errors: Self.errors, guest: guest)
    }

    /// Adds every endpoint, and the document that describes them.
    public func register(on router: inout HTTPRouter) {
        dispatcher.register(endpoints, on: &router)
        let document = WireSchemas.comfyDocument.json(endpoints).utf8
        router.on(.get, Self.prefix + "/openapi.json") { _ in .json(bytes: document) }
    }

    /// Whether a path belongs to this interface, so that errors outside of its endpoints have its form.
    public static func owns(path: String) -> Bool {
        path.hasPrefix(prefix + "/") || path.hasPrefix("/customers/")
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = SyncErrors(areForComfyUI: true)
}

extension LinkKind {
    /// The sending of a file whose size was not announced.
    static let comfySending = LinkKind("comfy-sending", path: "/customers/storage/{id}")
}

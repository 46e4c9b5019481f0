import Access
import Generations
public import HTTP
import Text
import Time
public import WebInterface

/// Hedra's public web API: endpoints in front of the domain.
public struct HedraAPI: Sendable {
    /// The program name under which its generations are stored.
    static let source = GenerationSource.hedra
    /// Where the endpoints are; the first is the documented one, the others were in use at some time.
    public static let prefixes = ["/web-app/public", "/public", "/api/public"]
    /// The links that this interface hands out.
    public static let links: [FileLink] = [
        .asset(.medium), .sending(.assetSending),
        FileLink(.thumbnail) { id, store in
            try await store.anyAsset(AssetID(rawValue: id))?.thumbnailBlob.map {
                StoredFile(key: $0, contentType: "image/jpeg")
            }
        },
    ]

    private let endpoints: [Endpoint]
    /// Files, below no prefix.
    private let mediaEndpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    public init(_ services: InterfaceServices, settings: HedraSettings) {
        let (store, clock) = (services.store, services.clock)
        let voices = HedraVoices(directory: services.voices, startedAt: clock.now)
        let history = JobHistory(store: store, slots: settings.renderSlots, source: Self.source)
        let contents = AssetContents(
            store: store, inspector: services.inspector, intake: services.intake, receiver: services.receiver,
            clock: clock)
        endpoints =
            ModelController(voices: voices, history: history, models: .standard).endpoints
            + AssetController(
                store: store, intake: services.intake, links: services.files.links, voices: voices,
                contents: contents, settings: settings, clock: clock
            ).endpoints
            + GenerationController(
                store: store, intake: services.intake, links: services.files.links, voices: voices,
                history: history, settings: settings, clock: clock, models: .standard
            ).endpoints
            + [BillingController(store: store, credits: settings.credits).endpoint]
        mediaEndpoints =
            MediaController(
                store: store, files: services.files, contents: contents, byteLimit: settings.uploadByteLimit
            ).endpoints
        dispatcher = services.dispatcher("hedra", errors: HedraErrors())
    }

    /// Adds every endpoint, and for each prefix the document that describes them.
    ///
    /// - Parameter onlyLinks: Whether the interface is switched off: files are opened all the same, since other interfaces
    ///   hand out the same links.
    public func register(on router: inout HTTPRouter, onlyLinks: Bool = false) {
        dispatcher.register(mediaEndpoints, on: &router)
        if onlyLinks { return }
        for prefix in Self.prefixes {
            dispatcher.register(endpoints, under: prefix, on: &router)
            let document = HedraSchemas.document.json(endpoints, prefix: prefix).utf8
            router.on(.get, prefix + "/openapi.json") { _ in .json(bytes: document) }
        }
    }

    /// Whether a path belongs to this interface, so that errors outside of its endpoints have its form.
    public static func owns(path: String) -> Bool {
        prefixes.contains { path == $0 || path.hasPrefix($0 + "/") } || path.hasPrefix("/media/")
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = HedraErrors()
}

extension LinkKind {
    /// An asset's file, by an address that belongs to no interface's version.
    static let medium = LinkKind("medium", path: "/media/{id}")
    /// A small picture of an asset.
    static let thumbnail = LinkKind("thumbnail", path: "/media/{id}/thumbnail")
    /// The sending of the file of an announced asset.
    static let assetSending = LinkKind("asset-sending", path: "/media/{id}/file")
}

import Access
import Generations
import HTTP
import HedraAPI
import HedraV3API
import LipsmithAPI
import OpenAIAPI
import SyncAPI
import Time
import WebInterface
import Worker

/// The published interfaces: one view each of the same generations.
struct PublishedInterfaces: Sendable {
    /// Webhooks have its form, whether or not it is answered.
    let sync: SyncAPI
    private let hedra: HedraAPI
    private let hedraV3: HedraV3API
    private let comfy: ComfyAPI
    private let fal: FalAPI
    private let openAI: OpenAIAPI
    private let served: Set<PublishedInterface>

    /// - Parameters:
    ///   - worker: What jobs are worked on by.
    ///   - key: Signs webhooks of Hedra's API v3.
    init(
        _ services: InterfaceServices, _ configuration: ServerConfiguration, sync settings: SyncSettings,
        worker: WorkerConfiguration, key: SigningKey
    ) {
        let renderSlots = worker.renderSlots
        let interfaces = configuration.interfaces
        served = interfaces.served
        sync = SyncAPI(services, settings: settings)
        comfy = ComfyAPI(
            services, settings: settings, renderSlots: renderSlots,
            // Behind a proxy, which a public address tells of, everybody seems to be near.
            guest: interfaces.letsComfyUIIn && configuration.publicURL == nil
                ? LocalGuest(store: services.store).caller : nil)
        fal = FalAPI(services, settings: settings, key: key)
        openAI = OpenAIAPI(services)
        var hedraSettings = HedraSettings()
        hedraSettings.uploadByteLimit = configuration.uploadByteLimit
        hedraSettings.credits = interfaces.hedraCredits
        hedraSettings.creditsErrorName = interfaces.hedraCreditsError
        hedraSettings.renderSlots = renderSlots
        hedra = HedraAPI(services, settings: hedraSettings)
        var v3Settings = HedraV3Settings()
        v3Settings.uploadByteLimit = configuration.uploadByteLimit
        v3Settings.credits = interfaces.hedraCredits
        v3Settings.renderSlots = renderSlots
        v3Settings.requestsPerMinute = configuration.requestsPerMinute
        v3Settings.takesAddresses = interfaces.takesAddresses
        v3Settings.allowsPlainWebhooks = configuration.allowsPlainWebhooks
        v3Settings.network = worker.network
        v3Settings.webhookTimeout = configuration.webhookTimeout
        v3Settings.version = settings.version
        hedraV3 = HedraV3API(services, settings: v3Settings, key: key)
    }

    /// The links that they hand out.
    static let links: [FileLink] = SyncAPI.links + HedraAPI.links + HedraV3API.links + ComfyAPI.links + FalAPI.links

    /// Adds the endpoints of those that are answered, and the links of all.
    func register(on router: inout HTTPRouter) {
        sync.register(on: &router, onlyLinks: !served.contains(.sync))
        hedra.register(on: &router, onlyLinks: !served.contains(.hedra))
        hedraV3.register(on: &router, onlyLinks: !served.contains(.hedra3))
        if served.contains(.comfy) { comfy.register(on: &router) }
        if served.contains(.fal) { fal.register(on: &router) }
        if served.contains(.openai) { openAI.register(on: &router) }
    }

    /// What is sent where a generation has ended whose interface has webhooks of its own; nil for one that has Sync's.
    func webhook(
        _ delivery: WebhookDelivery, of generation: Generation, sentAt: Timestamp
    ) async throws -> WebhookMessage? {
        if let message = try await hedraV3.webhook(delivery, of: generation, sentAt: sentAt) { return message }
        return try await fal.webhook(delivery, of: generation, sentAt: sentAt)
    }

    private static let owners: [(owns: @Sendable (String) -> Bool, errors: any ErrorRenderer)] = [
        ({ HedraAPI.owns(path: $0) }, HedraAPI.errors), ({ HedraV3API.owns(path: $0) }, HedraV3API.errors),
        ({ ComfyAPI.owns(path: $0) }, ComfyAPI.errors),
        ({ FalAPI.owns(path: $0) }, FalAPI.errors),
        ({ OpenAIAPI.owns(path: $0) }, OpenAIAPI.errors), ({ $0.hasPrefix("/v1/") }, LipsmithAPI.errors),
    ]

    /// Which interface's words an error has that arises outside of its endpoints, such as a path that nobody serves. What
    /// no interface owns is answered in Sync's.
    static func errors(at path: String) -> any ErrorRenderer {
        owners.first { $0.owns(path) }?.errors ?? SyncAPI.errors
    }
}

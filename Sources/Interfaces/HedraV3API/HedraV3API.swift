import Access
public import Generations
public import HTTP
import Text
public import Time
public import WebInterface

/// Hedra's API v3: endpoints in front of the domain.
public struct HedraV3API: Sendable {
    /// The program name under which its generations are stored.
    static let source = GenerationSource.hedraV3
    /// Where the endpoints are.
    public static let prefix = "/v3"

    private let endpoints: [Endpoint]
    private let linkEndpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher
    private let views: JobViews
    private let signer: WebhookSigner
    private let address: PublicAddress
    private let version: String

    /// Puts the interface together.
    ///
    /// - Parameter key: Signs webhooks; one for the installation.
    public init(_ services: InterfaceServices, settings: HedraV3Settings, key: SigningKey) {
        let (store, clock) = (services.store, services.clock)
        let voices = V3Voices(directory: services.voices)
        let models = ModelController(voices: voices)
        let history = JobHistory(store: store, slots: settings.renderSlots, source: Self.source)
        let defaults = WebhookDefaults(store: store)
        let files = FileController(
            store: store, inspector: services.inspector, intake: services.intake, receiver: services.receiver,
            files: services.files, byteLimit: settings.uploadByteLimit, clock: clock)
        views = JobViews(
            store: store, links: services.files.links, history: history, countsCredits: settings.credits != nil,
            clock: clock)
        signer = WebhookSigner(key: key)
        address = services.address
        version = settings.version
        let orders = V3Orders(
            media: MediaLookup(
                store: store, links: services.files.links, takesAddresses: settings.takesAddresses, clock: clock),
            voices: voices)
        let all =
            models.endpoints + files.endpoints
            + SubmitController(
                store: store, intake: services.intake, models: models, orders: orders,
                replays: IdempotentReplays(store: store, clock: clock), history: history, defaults: defaults,
                settings: settings, clock: clock
            ).endpoints
            + JobController(
                store: store, models: models, views: views,
                watch: JobWatch(readings: JobReadings(store: store), signal: services.signal, views: views)
            ).endpoints
            + WebhookController(
                store: store, signal: services.signal, defaults: defaults, signer: signer, settings: settings,
                clock: clock
            ).endpoints
            + MoneyController(store: store, settings: settings, clock: clock).endpoints
            + KeyController(store: store, authenticator: services.authenticator, clock: clock).endpoints
            + DrainController().endpoints
        endpoints = all.map { endpoint in
            endpoint.answering { response, call in
                var response = response
                response.headers[TraceID.header] = TraceID.text(call.request.id)
                return response
            }
        }
        linkEndpoints = files.linkEndpoints
        dispatcher = services.dispatcher(
            "hedra3", errors: V3Errors(requestsPerMinute: settings.requestsPerMinute))
    }

    /// Adds every endpoint, and the document that describes them.
    ///
    /// - Parameter onlyLinks: Whether the interface is switched off: files are opened all the same.
    public func register(on router: inout HTTPRouter, onlyLinks: Bool = false) {
        dispatcher.register(linkEndpoints, on: &router)
        if onlyLinks { return }
        dispatcher.register(endpoints, under: Self.prefix, on: &router)
        let document = V3Schemas.document(version: version).json(endpoints, prefix: Self.prefix).utf8
        router.on(.get, Self.prefix + "/openapi.json") { request in
            var response = HTTPResponse.json(bytes: document)
            response.headers[TraceID.header] = TraceID.text(request.id)
            return response
        }
    }

    /// Whether a path belongs to this interface, so that errors outside of its endpoints have its form.
    public static func owns(path: String) -> Bool { path == prefix || path.hasPrefix(prefix + "/") }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = V3Errors()

    /// What is sent where a job of this interface has ended; nil for a job of another.
    public func webhook(
        _ delivery: WebhookDelivery, of generation: Generation, sentAt: Timestamp
    ) async throws -> WebhookMessage? {
        guard generation.source == Self.source else { return nil }
        let base = generation.request.echo[PublicAddress.orderKey]?.text ?? address.configured ?? address.fallback
        let body = try await views.outcome(generation, base: address.configured ?? base)
        return signer.message(
            JSONValue.object(body).utf8, job: V3ID.job(generation.id),
            event: generation.failure == nil ? .completed : .failed,
            isRedelivery: delivery.lifecycle.earlierAttemptCount > 0,
            attempt: delivery.lifecycle.attemptCount - delivery.lifecycle.earlierAttemptCount, sentAt: sentAt)
    }

    /// The signature of a webhook, in hexadecimal digits.
    package static func webhookSignature(
        _ body: [UInt8], job: String, event: String, isRedelivery: Bool, sentAt: Timestamp, key: SigningKey
    ) -> String {
        WebhookSigner(key: key).signature(body, job: job, event: event, isRedelivery: isRedelivery, sentAt: sentAt)
    }
}

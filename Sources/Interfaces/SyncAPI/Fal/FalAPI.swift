import Access
public import Generations
public import HTTP
import Text
public import Time
public import WebInterface

/// fal's queue for Sync's models: submits, statuses, results, and the storage that its clients use.
public struct FalAPI: Sendable {
    /// The program name under which its generations are stored.
    static let source = GenerationSource.fal
    /// Where the queue is.
    static let prefix = "/fal"
    /// The links that this interface hands out beside Sync's.
    public static let links: [FileLink] = [.sending(.falSending)]

    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher
    private let jobs: FalJobs
    private let address: PublicAddress
    private let key: SigningKey

    /// Puts the interface together.
    ///
    /// - Parameters:
    ///   - settings: Sync's, whose models these are.
    ///   - key: Signs webhooks.
    public init(_ services: InterfaceServices, settings: SyncSettings, key: SigningKey) {
        let (store, clock) = (services.store, services.clock)
        jobs = FalJobs(store: store, links: services.files.links, inspector: services.inspector)
        address = services.address
        self.key = key
        let factory = GenerationFactory(
            store: store, voices: services.voices, rules: settings.rules, clock: clock, program: Self.source)
        let uploads = UploadController(
            store: store, intake: services.intake, receiver: services.receiver, files: services.files,
            byteLimit: settings.uploadByteLimit, clock: clock)
        let all =
            FalController(
                store: store, intake: services.intake, signal: services.signal, factory: factory, jobs: jobs,
                inspector: services.inspector, receiver: services.receiver, settings: settings, clock: clock
            ).endpoints + FalStorageController(uploads: uploads, intake: services.intake, key: key).endpoints
        endpoints = all
        dispatcher = services.dispatcher("fal", errors: Self.errors)
    }

    /// Adds every endpoint, the door for clients that send all calls to one address, and the document.
    public func register(on router: inout HTTPRouter) {
        var own = HTTPRouter()
        dispatcher.register(endpoints, under: Self.prefix, on: &own)
        dispatcher.register(endpoints, under: Self.prefix, on: &router)
        FalProxy(router: own).register(on: &router)
        let document = WireSchemas.falDocument.json(endpoints, prefix: Self.prefix).utf8
        router.on(.get, Self.prefix + "/openapi.json") { _ in .json(bytes: document) }
    }

    /// Whether a path belongs to this interface, so that errors outside of its endpoints have its form.
    public static func owns(path: String) -> Bool {
        path.hasPrefix(prefix + "/") || path.hasPrefix(FalProxy.path)
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = FalErrors()

    /// What is sent where a job of this interface has ended; nil for a job of another.
    public func webhook(
        _ delivery: WebhookDelivery, of generation: Generation, sentAt: Timestamp
    ) async throws -> WebhookMessage? {
        guard generation.source == Self.source else { return nil }
        let base = address.configured ?? generation.request.echo[PublicAddress.orderKey]?.text ?? address.fallback
        let id = generation.id.rawValue
        var body: [String: JSONValue] = ["request_id": .string(id), "gateway_request_id": .string(id)]
        if let failure = generation.failure {
            let error = FalErrors.error(of: failure, field: jobs.visualField(of: generation))
            body["status"] = "ERROR"
            body["error"] = .string("Invalid status code: \(error.status.rawValue)")
            body["payload"] = error.response.flatMap { try? JSONValue(parsing: $0.bytes) } ?? .null
        } else {
            body["status"] = "OK"
            body["payload"] = jobs.output(generation, base: base)
        }
        return Self.message(
            JSONValue.object(body).utf8, request: id, user: generation.organisation.rawValue, sentAt: sentAt, key: key)
    }

    /// A webhook with its signature: of request, user, time and the digest of the body, joined by line feeds.
    package static func message(
        _ body: [UInt8], request: String, user: String, sentAt: Timestamp, key: SigningKey
    ) -> WebhookMessage {
        let text = [request, user, String(sentAt.seconds), Hexadecimal.encode(Digest.sha256(body))]
            .joined(separator: "\n")
        var policy = DeliveryPolicy()
        // Ten more tries within two hours.
        policy.delays = [10, 30, 60, 120, 300, 600, 900, 1200, 1800, 2100].map { .seconds($0) }
        policy.retriesRefusals = true
        return WebhookMessage(
            body: body,
            headers: [
                ("Content-Type", "application/json"), ("X-Fal-Webhook-Request-Id", request),
                ("X-Fal-Webhook-User-Id", user), ("X-Fal-Webhook-Timestamp", String(sentAt.seconds)),
                ("X-Fal-Webhook-Signature", Hexadecimal.encode(key.signature(of: Array(text.utf8)))),
            ], policy: policy)
    }
}

extension LinkKind {
    /// The sending of a file to fal's storage.
    static let falSending = LinkKind("fal-sending", path: "/fal/storage/files/{id}")
}

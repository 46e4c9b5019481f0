import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// The webhook of an organisation, what was sent, and the key by which receivers check it.
struct WebhookController: Sendable {
    private static let scope = "webhooks:manage"

    let store: any Store
    let signal: ChangeSignal
    let defaults: WebhookDefaults
    let signer: WebhookSigner
    let settings: HedraV3Settings
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/webhooks/public-key", id: "getWebhookPublicKey", tag: "Webhooks",
                summary: "The key by which signatures of webhooks are checked.", answer: .json(.named("PublicKey")),
                callers: .anybodyOrMembers
            ) { _ in
                .json(["algorithm": "ed25519", "public_key": .string(Base64.encode(signer.key.publicKey))])
            },
            Endpoint(
                .get, "/webhooks/default", id: "getDefaultWebhook", tag: "Webhooks",
                summary: "Where jobs are told of that name no webhook.", answer: .json(.named("DefaultWebhook")),
                scope: Self.scope
            ) { call in .json(Self.json(try await store.webhookDefault(of: call.organisation))) },
            Endpoint(
                .put, "/webhooks/default", id: "setDefaultWebhook", tag: "Webhooks",
                summary: "Set where jobs are told of that name no webhook.",
                body: [
                    .json(.object(["url": .string(1...8192), "enabled": .boolean], required: ["url"], isOpen: true))
                ],
                answer: .json(.named("DefaultWebhook")), scope: Self.scope, handle: setDefault),
            Endpoint(
                .delete, "/webhooks/default", id: "deleteDefaultWebhook", tag: "Webhooks",
                summary: "Remove it.", statuses: [204], scope: Self.scope
            ) { call in
                try await store.setWebhookDefault(nil, of: call.organisation)
                return HTTPResponse(.noContent)
            },
            Endpoint(
                .post, "/webhooks/default/test", id: "testDefaultWebhook", tag: "Webhooks",
                summary: "Send an example there now.", answer: .json(.named("WebhookTest")), scope: Self.scope,
                handle: test),
            Endpoint(
                .get, "/webhooks/deliveries", id: "listWebhookDeliveries", tag: "Webhooks",
                summary: "What was sent, newest first.",
                parameters: [.query("limit", .integer(1...100)), .query("cursor", .string)],
                answer: .json(.named("WebhookDeliveryList")), scope: Self.scope, handle: list),
            Endpoint(
                .post, "/webhooks/deliveries/{id}/redeliver", id: "redeliverWebhook", tag: "Webhooks",
                summary: "Send what tells of a job again.", answer: .json(.named("WebhookDelivery")),
                idSchema: .string, scope: Self.scope, handle: redeliver),
        ]
    }

    // MARK: The default

    private static func json(_ value: WebhookDefault?) -> JSONValue {
        [
            "url": .text(value?.url), "enabled": .bool(value?.isEnabled ?? false),
            "updated_at": .time(value?.updatedAt),
            "updated_by_key_id": .text(value?.updatedBy?.rawValue),
        ]
    }

    private func setDefault(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(try await call.members(), rules: .hedraV3)
        let url = reader.text("url", isRequired: true, most: 8192, least: 1) ?? ""
        if !url.isEmpty, let problem = WebAddress.problem(in: url) { reader.report("url", problem) }
        if url.lowercased().hasPrefix("http://"), !settings.allowsPlainWebhooks {
            reader.report("url", "must begin with https.")
        }
        let isEnabled = reader.flag("enabled") ?? true
        try reader.check()
        var key: APIKeyID?
        if let credential = call.caller?.credential, case .key(let id) = credential { key = id }
        let value = WebhookDefault(url: url, isEnabled: isEnabled, updatedAt: clock.now, updatedBy: key)
        try await store.setWebhookDefault(value, of: call.organisation)
        return .json(Self.json(value))
    }

    private func test(_ call: Call) async throws -> HTTPResponse {
        guard let value = try await store.webhookDefault(of: call.organisation) else {
            throw V3Refusal(.failedPrecondition, "No default webhook is set; set one with PUT /v3/webhooks/default.")
        }
        let job = "job_00000000-0000-0000-0000-000000000000"
        let body: JSONValue = [
            "job_id": .string(job), "model": "hedra-avatar", "status": "COMPLETED", "outputs": [],
            "metrics": ["processing_time_ms": .null], "error": .null,
        ]
        let message = signer.message(
            body.utf8, job: job, event: .completed, isRedelivery: false, attempt: 1, sentAt: clock.now)
        var configuration = HTTPClientConfiguration()
        configuration.network = settings.network
        configuration.totalTimeout = settings.webhookTimeout
        configuration.connectTimeout = settings.webhookTimeout
        configuration.maximumRedirects = 0
        var headers: HTTPHeaders = [:]
        for (name, value) in message.headers { headers.add(name, value) }
        do {
            let response = try await HTTPClient(configuration).peek(
                HTTPClientRequest(.post, value.url, headers: headers, body: .bytes(message.body)), leastBytes: 1024)
            let status = response.status.rawValue
            let isOK = (200...299).contains(status)
            return .json([
                "ok": .bool(isOK), "response_status": .whole(status),
                "error": isOK ? .null : .string("The receiver answered with \(status)."),
            ])
        } catch is HTTPClientError {
            // What the system says of the network is not for whoever holds a key.
            return .json([
                "ok": false, "response_status": .null,
                "error": "The receiver could not be reached, or must not be called.",
            ])
        }
    }

    // MARK: Deliveries

    private func list(_ call: Call) async throws -> HTTPResponse {
        let page = try V3Page<WebhookDelivery>(call)
        let found = try await page.items { try await deliveries(of: call.organisation, after: $0, limit: $1) }
        let tries = try await store.deliveryTries(of: found.map(\.0.id))
        return page.answer(found, cursor: \.0.id.rawValue) { delivery, generation in
            DeliveryView.json(delivery, of: generation, tries: tries[delivery.id] ?? [])
        }
    }

    /// Deliveries that tell of jobs of this interface; those of others stand between them.
    private func deliveries(
        of organisation: OrganisationID, after first: DeliveryID?, limit: Int
    ) async throws -> [(WebhookDelivery, Generation)] {
        let pageLength = 100
        var shown: [(WebhookDelivery, Generation)] = []
        var cursor = first
        while shown.count < limit {
            let page = try await store.deliveries(organisation: organisation, after: cursor, limit: pageLength)
            let filter = GenerationFilter(
                organisation: organisation, ids: Set(page.compactMap(\.generation)), sources: [HedraV3API.source])
            if !filter.ids.isEmpty {
                let found = try await store.generations(filter, after: nil, limit: nil)
                let generations = Dictionary(found.map { ($0.id, $0) }) { $1 }
                shown += page.compactMap { delivery in
                    delivery.generation.flatMap { generations[$0] }.map { (delivery, $0) }
                }
            }
            cursor = page.last?.id
            if page.count < pageLength { break }
        }
        return Array(shown.prefix(limit))
    }

    private func redeliver(_ call: Call) async throws -> HTTPResponse {
        let missing = V3Refusal.notFound("No webhook tells of a job of that id.")
        guard let id = V3ID.uuid(call.parameter(), prefix: "job_"),
            let generation = try await store.generation(
                GenerationID(rawValue: id), organisation: call.organisation),
            generation.source == HedraV3API.source,
            let delivery = try await store.deliveries(of: generation.id).first
        else { throw missing }
        guard let again = try await store.redeliver(delivery.id, now: Moment(wall: clock.now, steady: store.steadyTime))
        else { throw missing }
        guard again.isDue else {
            throw V3Refusal(.alreadyInProgress, "The webhook of this job is being delivered.")
        }
        signal.announce(.deliveries)
        let tries = try await store.deliveryTries(of: [delivery.id])[delivery.id] ?? []
        return .json(DeliveryView.json(again.delivery, of: generation, tries: tries))
    }
}

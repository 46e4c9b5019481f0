import Generations
import HTTP
import Text
import Time

/// Sends one webhook, signed anew at every try.
struct WebhookSender: Sendable {
    let parts: WorkerDependencies

    /// As much of an answer is read; only its status counts.
    private static let answerBytes = 65_536

    /// What came of a try.
    struct Outcome: Sendable {
        var response: DeliveryResponse
        /// How long the receiver asks to be left alone; nil where it does not ask.
        var retryAfter: Duration?
        /// How often the message is tried.
        var policy: DeliveryPolicy
    }

    /// Sends a delivery once; nil where the task was cancelled meanwhile and nothing is known.
    func send(_ delivery: WebhookDelivery) async -> Outcome? {
        var policy = parts.configuration.deliveries
        do {
            guard let (message, generation) = try await message(of: delivery) else {
                // What it is about was deleted. No further try can have anything to say: as if the receiver were gone.
                return Outcome(response: .status(410), policy: policy)
            }
            policy = message.policy ?? policy
            var headers: HTTPHeaders = [:]
            for (name, value) in message.headers { headers.add(name, value) }
            if let generation, let url = try await parts.wireForms.report(generation) {
                headers.add("Link", "<\(url)>; rel=\"describedby\"; type=\"application/json\"")
            }
            let response = try await client.peek(
                HTTPClientRequest(.post, delivery.url, headers: headers, body: .bytes(message.body)),
                leastBytes: Self.answerBytes)
            return Outcome(
                response: .status(response.status.rawValue), retryAfter: response.retryAfter, policy: policy)
        } catch is CancellationError {
            return nil
        } catch {
            parts.note(
                "webhook_failed", ["delivery": .string(delivery.id.rawValue), "detail": .string("\(error)")])
            return Outcome(response: .unreachable, policy: policy)
        }
    }

    private var client: HTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.network = parts.configuration.network
        configuration.totalTimeout = parts.configuration.deliveries.timeout
        configuration.connectTimeout = parts.configuration.deliveries.timeout
        // A signed body goes to the address that was asked for and to no other.
        configuration.maximumRedirects = 0
        return HTTPClient(configuration)
    }

    /// The message, and the generation that it is about if it is about one; nil where what it is about was deleted.
    private func message(
        of delivery: WebhookDelivery
    ) async throws -> (message: WebhookMessage, generation: Generation?)? {
        if let body = delivery.body { return try await signed(body, delivery).map { ($0, nil) } }
        if let id = delivery.generation {
            guard let generation = try await parts.store.generation(id, organisation: delivery.organisation) else {
                return nil
            }
            if let own = try await parts.wireForms.webhook(delivery, generation, parts.clock.now) {
                return (own, generation)
            }
            let body = try await parts.wireForms.generation(generation).utf8
            return try await signed(body, delivery).map { ($0, generation) }
        }
        guard let id = delivery.batch,
            let (batch, metrics) = try await parts.store.batch(id, organisation: delivery.organisation)
        else { return nil }
        return try await signed(try await parts.wireForms.batch(batch, metrics).utf8, delivery).map { ($0, nil) }
    }

    /// A body with Sync's signatures; nil where the organisation is gone.
    private func signed(_ body: [UInt8], _ delivery: WebhookDelivery) async throws -> WebhookMessage? {
        guard let organisation = try await parts.store.organisation(delivery.organisation) else { return nil }
        let signatures = WebhookSigning(secret: organisation.webhookSecret).headers(
            deliveryID: delivery.id, body: body, sentAt: parts.clock.now, isBatch: delivery.batch != nil)
        return WebhookMessage(body: body, headers: [("Content-Type", "application/json")] + signatures)
    }
}

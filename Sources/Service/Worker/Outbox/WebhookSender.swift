import Generations
import HTTP
import Text
import Time

/// Sends one webhook, signed anew at every try.
struct WebhookSender: Sendable {
    let parts: WorkerDependencies

    /// As much of an answer is read; only its status counts.
    private static let answerBytes = 65_536

    /// Sends a delivery once; nil where the task was cancelled meanwhile and nothing is known.
    func send(_ delivery: WebhookDelivery) async -> (response: DeliveryResponse, retryAfter: Duration?)? {
        do {
            guard let (body, generation) = try await message(of: delivery),
                let organisation = try await parts.store.organisation(delivery.organisation)
            else {
                // What it is about was deleted. No further try can have anything to say: as if the receiver were gone.
                return (.status(410), nil)
            }
            let signing = WebhookSigning(secret: organisation.webhookSecret)
            var headers: HTTPHeaders = ["Content-Type": "application/json"]
            let signatures = signing.headers(
                deliveryID: delivery.id, body: body, sentAt: parts.clock.now, isBatch: delivery.batch != nil)
            for (name, value) in signatures { headers.add(name, value) }
            if let generation, let url = try await parts.wireForms.report(generation) {
                headers.add("Link", "<\(url)>; rel=\"describedby\"; type=\"application/json\"")
            }
            let response = try await client.peek(
                HTTPClientRequest(.post, delivery.url, headers: headers, body: .bytes(body)),
                leastBytes: Self.answerBytes)
            return (.status(response.status.rawValue), response.retryAfter)
        } catch is CancellationError {
            return nil
        } catch {
            parts.note(
                "webhook_failed", ["delivery": .string(delivery.id.rawValue), "detail": .string("\(error)")])
            return (.unreachable, nil)
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

    /// The body, and the generation that it is about if it is about one; nil where what it is about was deleted.
    private func message(of delivery: WebhookDelivery) async throws -> (body: [UInt8], generation: Generation?)? {
        if let body = delivery.body { return (body, nil) }
        if let id = delivery.generation {
            guard let generation = try await parts.store.generation(id, organisation: delivery.organisation) else {
                return nil
            }
            return (try await parts.wireForms.generation(generation).utf8, generation)
        }
        guard let id = delivery.batch,
            let (batch, metrics) = try await parts.store.batch(id, organisation: delivery.organisation)
        else { return nil }
        return (try await parts.wireForms.batch(batch, metrics).utf8, nil)
    }
}

import Generations
import HTTP
import Text
import Time

/// The headers that prove to a receiver that a webhook came from this server, unaltered.
struct WebhookSigner: Sendable {
    enum Event: String, Sendable {
        case completed = "job.completed"
        case failed = "job.failed"
    }

    let key: SigningKey

    /// The pauses between the tries: 12 tries in about six hours.
    static let policy: DeliveryPolicy = {
        var policy = DeliveryPolicy()
        policy.delays = [10, 30, 90, 270, 810, 2430, 3600, 3600, 3600, 3600, 3600].map { .seconds($0) }
        policy.retriesRefusals = true
        return policy
    }()

    /// The signature, in hexadecimal digits: of time, job, event, whether an operator asked for it, and the digest of the
    /// body, joined by line feeds.
    func signature(_ body: [UInt8], job: String, event: String, isRedelivery: Bool, sentAt: Timestamp) -> String {
        let text = [
            String(sentAt.seconds), job, event, String(isRedelivery),
            Hexadecimal.encode(Digest.sha256(body)),
        ].joined(separator: "\n")
        return Hexadecimal.encode(key.signature(of: Array(text.utf8)))
    }

    /// A webhook as it goes out.
    func message(
        _ body: [UInt8], job: String, event: Event, isRedelivery: Bool, attempt: Int, sentAt: Timestamp
    ) -> WebhookMessage {
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "X-Hedra-Webhook-Id": job,
            "X-Hedra-Webhook-Timestamp": String(sentAt.seconds), "X-Hedra-Webhook-Event": event.rawValue,
            "X-Hedra-Webhook-Redelivery": String(isRedelivery), "X-Hedra-Webhook-Attempt": String(attempt),
            "X-Hedra-Webhook-Signature": signature(
                body, job: job, event: event.rawValue, isRedelivery: isRedelivery, sentAt: sentAt),
        ]
        return WebhookMessage(body: body, headers: headers.map { ($0.name, $0.value) }, policy: Self.policy)
    }
}

import Generations
import Text
import WebInterface

/// A webhook's way, as this interface shows it.
enum DeliveryView {
    static func json(_ delivery: WebhookDelivery, of generation: Generation, tries: [DeliveryTry]) -> JSONValue {
        let life = delivery.lifecycle
        let earlier = tries.filter { $0.number <= life.earlierAttemptCount }
        let isRepeated = life.earlierAttemptCount > 0
        let newest = life.lastResponse
        return [
            "job_id": .string(V3ID.job(generation.id)), "job_accessible": true,
            "model": .string(JobLabel.model(of: generation)),
            "event_type": .string(
                (generation.failure == nil ? WebhookSigner.Event.completed : .failed).rawValue),
            "status": .string(status(life)),
            "source": generation.request.echo[JobLabel.webhookSource] ?? "per_job",
            "attempts": .whole(life.attemptCount), "redelivery_count": isRepeated ? 1 : 0,
            // What came before the newest cycle is kept as one.
            "redeliveries": isRepeated ? [repeated(earlier, tries, life)] : [],
            "last_response_status": .whole(newest.flatMap(number)),
            "last_error": newest.flatMap(error).map(\.json) ?? .null, "webhook_url": .string(delivery.url),
            "created_at": .time(delivery.createdAt), "last_attempt_at": .time(tries.last?.at),
        ]
    }

    private static func status(_ life: DeliveryLifecycle) -> String {
        switch life.status {
        case .waiting: life.lease == nil ? "PENDING" : "DELIVERING"
        case .delivered: "DELIVERED"
        case .exhausted, .refused: "FAILED"
        }
    }

    private static func repeated(
        _ earlier: [DeliveryTry], _ tries: [DeliveryTry], _ life: DeliveryLifecycle
    ) -> JSONValue {
        let last = earlier.last
        let next = tries.first { $0.number > life.earlierAttemptCount }
        let isDelivered = last.flatMap { number($0.response) }.map { (200...299).contains($0) } ?? false
        return [
            "requested_at": .time(next?.at ?? last?.at), "status": isDelivered ? "DELIVERED" : "FAILED",
            "attempts": .whole(life.earlierAttemptCount),
            "last_response_status": .whole(last.flatMap { number($0.response) }),
            "last_error": last.flatMap { error($0.response) }.map(\.json) ?? .null, "last_attempt_at": .time(last?.at),
        ]
    }

    private static func number(_ response: DeliveryResponse) -> Int? {
        if case .status(let number) = response { number } else { nil }
    }

    /// Why a try was none; nil for one that succeeded.
    private static func error(_ response: DeliveryResponse) -> V3Refusal? {
        guard let number = number(response) else {
            return V3Refusal(.unavailable, "The receiver could not be reached in time.")
        }
        let code: V3Code
        switch number {
        case 200...299: return nil
        case 401: code = .unauthorized
        case 403: code = .permissionDenied
        case 404: code = .notFound
        case 429: code = .resourceExhausted
        case 400...499: code = .invalidArgument
        default: code = .unavailable
        }
        return V3Refusal(code, "The receiver answered with \(number).")
    }
}

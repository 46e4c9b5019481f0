import Generations
import HTTP
import Text
import Time

/// Counts what the worker tells in its log, for `GET /metrics`: how attempts and webhooks end, and how long videos take.
struct WorkMetrics: Sendable {
    private let store: any GenerationStore
    private let metrics: Metrics

    /// - Parameter store: Where the times of a generation that has ended are read.
    init(store: any GenerationStore, metrics: Metrics) {
        self.store = store
        self.metrics = metrics
        // A series that began with its first event would hide that event from rates.
        for result in ["completed", "retried", "failed"] { countAttempt(result, by: 0) }
        for result in ["delivered", "refused", "unreachable"] { countTry(result, by: 0) }
        for name in ["lipsmith_leases_expired_total", "lipsmith_store_failures_total"] { metrics.count(name, by: 0) }
        addTimes(renderSeconds: 0, videoSeconds: 0)
    }

    /// Counts what a line of the log tells.
    func read(_ line: String) {
        guard let event = try? JSONValue(parsing: line) else { return }
        switch event["event"]?.text {
        case "attempt_ended":
            let isCompleted = event["outcome"]?.text == "completed"
            countAttempt(isCompleted ? "completed" : event["action"]?.text == "retry" ? "retried" : "failed")
            if isCompleted, let id = event["generation"]?.text {
                Task { await addTimes(of: GenerationID(rawValue: id)) }
            }
        case "webhook_tried":
            let response = event["response"]?.text ?? ""
            let isDelivered = (200..<300).contains { response == "\(DeliveryResponse.status($0))" }
            let isUnreachable = response == "\(DeliveryResponse.unreachable)"
            countTry(isDelivered ? "delivered" : isUnreachable ? "unreachable" : "refused")
        case "lease_expired": metrics.count("lipsmith_leases_expired_total")
        case "store_failed", "step_failed": metrics.count("lipsmith_store_failures_total")
        default: break
        }
    }

    private func countAttempt(_ result: String, by amount: Double = 1) {
        metrics.count("lipsmith_attempts_total", [("result", result)], by: amount)
    }

    private func countTry(_ result: String, by amount: Double = 1) {
        metrics.count("lipsmith_webhook_tries_total", [("result", result)], by: amount)
    }

    private func addTimes(renderSeconds: Double, videoSeconds: Double) {
        metrics.count("lipsmith_render_seconds_total", by: renderSeconds)
        metrics.count("lipsmith_video_seconds_total", by: videoSeconds)
    }

    /// Sounds and pictures are no measure for the videos.
    private func addTimes(of id: GenerationID) async {
        guard let made = try? await store.anyGeneration(id), made.request.kind.movesLips,
            let start = made.startedAt, let end = made.finishedAt, let output = made.output
        else { return }
        addTimes(
            renderSeconds: Double(end.milliseconds - start.milliseconds) / 1000, videoSeconds: output.durationSeconds)
    }
}

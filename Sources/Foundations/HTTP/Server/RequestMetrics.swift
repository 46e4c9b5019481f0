import Synchronization

/// Counts requests: by route and status, their durations and their bytes.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: Int?
        let status: Int
    }

    private struct Series {
        let total: Metrics.Series
        let duration: Metrics.Series
        let received: Metrics.Series
        let sent: Metrics.Series

        init(_ metrics: Metrics, route: HTTPRoute?, status: Int) {
            var labels: Metrics.Labels = [
                ("route", route?.pattern ?? "none"), ("method", route?.method.rawValue ?? "none"),
            ]
            if let interface = route?.options.interface { labels.append(("interface", interface)) }
            total = metrics.series(.counter, "http_requests_total", labels + [("status", String(status))])
            duration = metrics.series(.histogram, "http_request_duration_seconds", labels)
            received = metrics.series(.counter, "http_received_bytes_total")
            sent = metrics.series(.counter, "http_sent_bytes_total")
        }
    }

    private let metrics: Metrics
    private let known = Mutex<[Key: Series]>([:])

    init(_ metrics: Metrics) { self.metrics = metrics }

    func record(route: HTTPRoute?, status: Int, seconds: Double, receivedBytes: Int64, sentBytes: Int64) {
        let series = known.withLock { known in
            let key = Key(route: route?.number, status: status)
            if let series = known[key] { return series }
            let series = Series(metrics, route: route, status: status)
            known[key] = series
            return series
        }
        metrics.update { values in
            values.add(1, to: series.total)
            values.observe(seconds, in: series.duration)
            values.add(Double(receivedBytes), to: series.received)
            values.add(Double(sentBytes), to: series.sent)
        }
    }
}

import Synchronization

/// Counters, gauges and histograms with labels, rendered in Prometheus' text format. Names and labels are the caller's;
/// labels must come from a small set (route patterns, never paths).
public final class Metrics: Sendable {
    /// Labels in the order in which they are printed.
    public typealias Labels = [(name: String, value: String)]

    /// The upper bounds of the histograms' buckets, in seconds.
    public static let durationBounds: [Double] = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120]

    private enum Kind: String {
        case counter, gauge, histogram
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: Metrics.durationBounds.count + 1)
        var sum = 0.0
    }

    private struct Family {
        let kind: Kind
        var values: [String: Double] = [:]
        var histograms: [String: Histogram] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    /// An empty set.
    public init() {}

    /// Adds to a counter.
    public func count(_ name: String, _ labels: Labels = [], by amount: Double = 1) {
        let key = Self.key(labels)
        families.withLock { $0[name, default: Family(kind: .counter)].values[key, default: 0] += amount }
    }

    /// Sets a gauge.
    public func set(_ name: String, _ labels: Labels = [], to value: Double) {
        let key = Self.key(labels)
        families.withLock { $0[name, default: Family(kind: .gauge)].values[key] = value }
    }

    /// Adds to a gauge; negative amounts lower it.
    public func adjust(_ name: String, _ labels: Labels = [], by amount: Double) {
        let key = Self.key(labels)
        families.withLock { $0[name, default: Family(kind: .gauge)].values[key, default: 0] += amount }
    }

    /// Puts a duration into a histogram.
    public func observe(_ name: String, _ labels: Labels = [], seconds: Double) {
        let key = Self.key(labels)
        let bucket = Self.durationBounds.firstIndex { seconds <= $0 } ?? Self.durationBounds.count
        families.withLock { families in
            families[name, default: Family(kind: .histogram)].histograms[key, default: Histogram()].counts[bucket] += 1
            families[name]?.histograms[key]?.sum += seconds
        }
    }

    /// Everything, in Prometheus' text format 0.0.4, names and labels sorted.
    public func render() -> String {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, value) in family.values.sorted(by: { $0.key < $1.key }) {
                text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(value))\n"
            }
            for (labels, histogram) in family.histograms.sorted(by: { $0.key < $1.key }) {
                let prefix = labels.isEmpty ? "" : labels + ","
                var total = 0
                for (index, count) in histogram.counts.enumerated() {
                    total += count
                    let bound = index < Self.durationBounds.count ? Self.number(Self.durationBounds[index]) : "+Inf"
                    text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
                }
                let suffix = labels.isEmpty ? "" : "{\(labels)}"
                text += "\(name)_sum\(suffix) \(histogram.sum)\n\(name)_count\(suffix) \(total)\n"
            }
        }
        return text
    }

    /// An answer with everything, for a `/metrics` route.
    public func response() -> HTTPResponse {
        .text(render(), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func key(_ labels: Labels) -> String {
        var key = ""
        for (name, value) in labels {
            if !key.isEmpty { key += "," }
            key += "\(name)=\""
            if value.utf8.contains(where: { $0 == 10 || $0 == 34 || $0 == 92 }) {
                for character in value.unicodeScalars {
                    switch character {
                    case "\\": key += "\\\\"
                    case "\"": key += "\\\""
                    case "\n": key += "\\n"
                    default: key.unicodeScalars.append(character)
                    }
                }
            } else {
                key += value
            }
            key += "\""
        }
        return key
    }
}

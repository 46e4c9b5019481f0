import Synchronization

/// Counters, gauges and histograms with labels, rendered in Prometheus' text format. Names and labels are the caller's;
/// labels must come from a small set (route patterns, never paths).
public final class Metrics: Sendable {
    /// Labels in the order in which they are printed.
    public typealias Labels = [(name: String, value: String)]

    /// The upper bounds of the histograms' buckets, in seconds.
    public static let durationBounds: [Double] = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120]

    enum Kind: String {
        case counter, gauge, histogram
    }

    /// The index of a name with its labels. Code that counts often keeps it, since the look-up costs more than
    /// counting.
    struct Series: Sendable {
        fileprivate let index: Int
    }

    /// The numbers of all series.
    struct Values {
        fileprivate struct Histogram {
            var counts = [Int](repeating: 0, count: Metrics.durationBounds.count + 1)
            var sum = 0.0
        }

        fileprivate var numbers: [Double] = []
        fileprivate var histograms: [Histogram] = []

        /// Adds to a counter or a gauge.
        mutating func add(_ amount: Double, to series: Series) { numbers[series.index] += amount }

        /// Sets the value of a gauge.
        mutating func set(_ series: Series, to value: Double) { numbers[series.index] = value }

        /// Adds a duration in seconds to a histogram.
        mutating func observe(_ seconds: Double, in series: Series) {
            let bucket = Metrics.durationBounds.firstIndex { seconds <= $0 } ?? Metrics.durationBounds.count
            histograms[series.index].counts[bucket] += 1
            histograms[series.index].sum += seconds
        }
    }

    private struct Family {
        let kind: Kind
        /// Where the values are, by the text of the labels.
        var indices: [String: Int] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var values = Values()
    }

    private let state = Mutex(State())

    public init() {}

    /// Adds to a counter.
    public func count(_ name: String, _ labels: Labels = [], by amount: Double = 1) {
        let series = series(.counter, name, labels)
        update { $0.add(amount, to: series) }
    }

    /// Sets the value of a gauge.
    public func set(_ name: String, _ labels: Labels = [], to value: Double) {
        let series = series(.gauge, name, labels)
        update { $0.set(series, to: value) }
    }

    /// Adds to a gauge; negative amounts lower it.
    public func adjust(_ name: String, _ labels: Labels = [], by amount: Double) {
        let series = series(.gauge, name, labels)
        update { $0.add(amount, to: series) }
    }

    /// Adds a duration to a histogram.
    public func observe(_ name: String, _ labels: Labels = [], seconds: Double) {
        let series = series(.histogram, name, labels)
        update { $0.observe(seconds, in: series) }
    }

    /// The series of a name and labels, created if it is new. A name that has another kind already is a programming
    /// error and traps.
    func series(_ kind: Kind, _ name: String, _ labels: Labels = []) -> Series {
        let key = Self.key(labels)
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            precondition(family.kind == kind, "\(name) is a \(family.kind)")
            if let index = family.indices[key] { return Series(index: index) }
            let index: Int
            if kind == .histogram {
                index = state.values.histograms.count
                state.values.histograms.append(Values.Histogram())
            } else {
                index = state.values.numbers.count
                state.values.numbers.append(0)
            }
            family.indices[key] = index
            state.families[name] = family
            return Series(index: index)
        }
    }

    /// Changes values of several series at once.
    func update(_ body: (inout Values) -> Void) { state.withLock { body(&$0.values) } }

    /// All values in Prometheus' text format 0.0.4, sorted by name and labels.
    public func render() -> String {
        let state = state.withLock { $0 }
        var text = ""
        for (name, family) in state.families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, index) in family.indices.sorted(by: { $0.key < $1.key }) {
                let suffix = labels.isEmpty ? "" : "{\(labels)}"
                guard family.kind == .histogram else {
                    text += "\(name)\(suffix) \(Self.number(state.values.numbers[index]))\n"
                    continue
                }
                let histogram = state.values.histograms[index]
                let prefix = labels.isEmpty ? "" : labels + ","
                var total = 0
                for (bucket, count) in histogram.counts.enumerated() {
                    total += count
                    let bound = bucket < Self.durationBounds.count ? Self.number(Self.durationBounds[bucket]) : "+Inf"
                    text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
                }
                text += "\(name)_sum\(suffix) \(histogram.sum)\n\(name)_count\(suffix) \(total)\n"
            }
        }
        return text
    }

    /// A response with all values, for a `/metrics` route.
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

/// How well a track shuts the mouth when the real mouth shuts it.
///
/// A closure is a stretch under 15 % of the opening's range (5th to 95th percentile) with an opening of over 30 % on either
/// side within half a second; two belong together when they are at most 80 ms apart. The definition is that of Lipsmith's
/// speech-to-mouth study.
struct ClosureScore {
    /// The share of the real closures that the track has; nil without any.
    var recall: Double?
    /// The share of the track's closures that are real; nil without any.
    var precision: Double?

    init(track: [Float], real: [Float], framesPerSecond: Double) {
        let shown = Self.closures(track, framesPerSecond)
        let seen = Self.closures(real, framesPerSecond)
        let tolerance = 0.08 * framesPerSecond
        func found(_ wanted: [Range<Int>], among others: [Range<Int>]) -> Double? {
            guard !wanted.isEmpty else { return nil }
            let hits = wanted.count { one in
                others.contains {
                    Double($0.lowerBound - one.upperBound) <= tolerance
                        && Double(one.lowerBound - $0.upperBound) <= tolerance
                }
            }
            return Double(hits) / Double(wanted.count)
        }
        recall = found(seen, among: shown)
        precision = found(shown, among: seen)
    }

    private static func closures(_ opening: [Float], _ framesPerSecond: Double) -> [Range<Int>] {
        let sorted = opening.sorted()
        guard sorted.count > 20 else { return [] }
        let low = sorted[sorted.count / 20]
        let range = max(sorted[sorted.count * 19 / 20] - low, 1e-6)
        let values = opening.map { ($0 - low) / range }
        let reach = Int(0.5 * framesPerSecond)
        var found: [Range<Int>] = []
        var start: Int?
        for index in values.indices {
            if values[index] < 0.15 {
                start = start ?? index
            } else if let first = start {
                found.append(first..<index)
                start = nil
            }
        }
        return found.filter { closure in
            let before = values[max(closure.lowerBound - reach, 0)..<closure.lowerBound]
            let after = values[closure.upperBound..<min(closure.upperBound + reach, values.count)]
            return before.contains { $0 > 0.3 } && after.contains { $0 > 0.3 }
        }
    }
}

/// The frame rate of a stream, decided from its time stamps and from what its container claims.
package struct FrameRateEstimate: Sendable, Equatable {
    /// Frames a second of the delivered grid.
    package let rate: Rational
    /// No regular grid fits the time stamps.
    package let isVariable: Bool

    /// Makes an estimate of its parts.
    package init(rate: Rational, isVariable: Bool) {
        self.rate = rate
        self.isVariable = isVariable
    }

    /// Rates that files commonly have, so that a mean with rounding noise finds its exact ratio.
    private static let common: [Rational] = [
        Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30), Rational(50),
        Rational(60000, 1001), Rational(60), Rational(48), Rational(48000, 1001), Rational(15), Rational(15000, 1001),
        Rational(12), Rational(12000, 1001), Rational(10), Rational(20), Rational(120), Rational(120000, 1001),
        Rational(100), Rational(240),
    ]

    /// A rate outside these bounds is never produced.
    private static let lowest = 1.0
    private static let highest = 240.0

    /// Decides the rate.
    ///
    /// - Parameters:
    ///   - timestamps: Presentation (or decoding) times in ascending order, ticks. May be empty if unknown.
    ///   - timeBase: Length of a tick, seconds.
    ///   - lastDuration: How long the last frame is shown, ticks; 0 if unknown.
    ///   - claims: The container's rates, the most trusted first; nonsense is ignored.
    package init(timestamps: [Int], timeBase: Rational, lastDuration: Int, claims: [Rational]) {
        let plausible = claims.filter { $0.value >= Self.lowest && $0.value <= Self.highest }
        guard let first = timestamps.first, let last = timestamps.last, last > first, timeBase.numerator > 0 else {
            self.init(rate: plausible.first ?? Rational(25), isVariable: false)
            return
        }
        let span = Double(last - first) * timeBase.value
        let mean = Double(timestamps.count - 1) / span
        // The usual step shows the rate of a recording with a pause in it, the mean the one with coarse time stamps.
        let steps = zip(timestamps.dropFirst(), timestamps).map { $0 - $1 }.sorted()
        let usual = 1 / (Double(max(1, steps[steps.count / 2])) * timeBase.value)
        let near = Self.common(near: mean) + Self.common(near: usual)
        let candidates = (plausible + near + [Rational(approximating: mean)])
            .filter { $0.value >= Self.lowest && $0.value <= Self.highest }
        let fits = candidates.map { ($0, Self.holes(in: timestamps, timeBase: timeBase, rate: $0)) }
        if let exact = fits.first(where: { $0.1 == 0 }) {
            self.init(rate: exact.0, isVariable: false)
            return
        }
        // A recording that lost frames in a few places is still regular: repeating is better than a crooked rate.
        let tolerated = fits.compactMap { fit in fit.1.map { (fit.0, $0) } }
            .filter { $0.1 * 10 <= timestamps.count }
        if let best = tolerated.min(by: { $0.1 < $1.1 }) {
            self.init(rate: best.0, isVariable: false)
            return
        }
        let shown = Double(last - first + max(lastDuration, 0)) * timeBase.value
        let count = Double(lastDuration > 0 ? timestamps.count : timestamps.count - 1)
        let trueMean = min(max(count / shown, Self.lowest), Self.highest)
        let snapped = Self.common.first { abs($0.value - trueMean) <= 0.001 * trueMean }
        self.init(rate: snapped ?? Rational(approximating: trueMean), isVariable: true)
    }

    private static func common(near rate: Double) -> [Rational] {
        common.filter { abs($0.value - rate) <= 0.02 * rate }
            .sorted { abs($0.value - rate) < abs($1.value - rate) }
    }

    /// In how many places positions stay empty when every time stamp takes its own, `nil` if the grid does not fit.
    private static func holes(in timestamps: [Int], timeBase: Rational, rate: Rational) -> Int? {
        let framesPerTick = timeBase.value * rate.value
        // Rounding of a time stamp and of the first one, plus what a slightly inexact claim adds over hours.
        let tolerance = min(0.2 + framesPerTick, 0.45)
        var previous = -1
        var holes = 0
        for timestamp in timestamps {
            let position = Double(timestamp - timestamps[0]) * framesPerTick
            let index = Int(position.rounded())
            guard index > previous, abs(position - Double(index)) <= tolerance else { return nil }
            if index > previous + 1 { holes += 1 }
            previous = index
        }
        return holes
    }
}

extension Rational {
    /// The ratio nearest to `value` whose lower part is at most 1001, the largest that common rates need.
    init(approximating value: Double) {
        var best = (numerator: Int(value.rounded()), denominator: 1)
        var error = abs(Double(best.numerator) - value)
        for denominator in 2...1001 {
            let numerator = Int((value * Double(denominator)).rounded())
            let candidateError = abs(Double(numerator) / Double(denominator) - value)
            if candidateError < error * 0.999 { (best, error) = ((numerator, denominator), candidateError) }
        }
        self.init(best.numerator, best.denominator)
    }
}

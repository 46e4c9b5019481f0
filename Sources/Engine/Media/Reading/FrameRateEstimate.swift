/// The frame rate of a stream, decided from its time stamps and from what its container claims.
package struct FrameRateEstimate: Sendable, Equatable {
    /// Frames a second of the delivered grid.
    package let rate: Rational
    /// The pictures do not follow each other at this rate: some of the grid's places are filled by the picture before.
    package let isVariable: Bool
    /// Where the pictures stand on the grid, where that does not follow from their times alone.
    package let positions: FramePositions?

    /// Makes an estimate of its parts.
    package init(rate: Rational, isVariable: Bool, positions: FramePositions? = nil) {
        self.rate = rate
        self.isVariable = isVariable
        self.positions = positions
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
    /// The highest rate of a grid with many holes. At higher ones rounded time stamps fit by chance.
    private static let highestGrid = 60.0
    /// The highest rate that is given to time stamps without a grid.
    private static let highestIrregular = 120.0

    /// Decides the rate.
    ///
    /// - Parameters:
    ///   - timestamps: Presentation (or decoding) times in ascending order, ticks. May be empty if unknown.
    ///   - timeBase: Length of a tick, seconds.
    ///   - claims: The container's rates, the most trusted first; nonsense is ignored.
    package init(timestamps: [Int], timeBase: Rational, claims: [Rational]) {
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
        // Frames that were left out of a regular recording, however many, leave its grid as it is.
        let grids = Self.irregular(plausible).filter { $0.value <= Self.highestGrid }
        let fitting = grids.filter { Self.holes(in: timestamps, timeBase: timeBase, rate: $0) != nil }
        if let lowest = fitting.first {
            // In a short clip 29.97 and 30 both fit.
            let alike = fitting.prefix { $0.value <= lowest.value * 1.01 }
            let misfits = alike.map { Self.misfit(of: timestamps, timeBase: timeBase, rate: $0) }
            let best = misfits.indices.min { misfits[$0] < misfits[$1] } ?? 0
            self.init(rate: alike[best], isVariable: true)
            return
        }
        // Otherwise the lowest rate at which every picture gets a place of its own beside its time.
        for rate in Self.near(mean) + Self.irregular(plausible) where rate.value >= mean * 0.98 {
            if let positions = FramePositions(timestamps, timeBase: timeBase, rate: rate) {
                self.init(rate: rate, isVariable: true, positions: positions)
                return
            }
        }
        // Bursts that no screen could show: the mean keeps the time.
        let rate = min(max(mean, Self.lowest), Self.highest)
        let snapped = Self.common.first { abs($0.value - rate) <= 0.001 * rate }
        self.init(rate: snapped ?? Rational(approximating: rate), isVariable: true)
    }

    /// Rates around a mean, common ones first: a camera that wavers needs hardly any repeated frame.
    private static func near(_ mean: Double) -> [Rational] {
        common.filter { (mean * 0.98...mean * 1.03).contains($0.value) }.sorted { $0.value < $1.value }
            + [1, 1.02].map { min(max(mean * $0, lowest), highestIrregular) }.map { Rational(approximating: $0) }
    }

    /// The rates that irregular time stamps may get, ascending.
    private static func irregular(_ plausible: [Rational]) -> [Rational] {
        let slow = [1, 2, 3, 4, 5, 6, 8].map { Rational($0) }
        return (slow + common + plausible).filter { $0.value <= highestIrregular }.sorted { $0.value < $1.value }
    }

    private static func common(near rate: Double) -> [Rational] {
        common.filter { abs($0.value - rate) <= 0.02 * rate }
            .sorted { abs($0.value - rate) < abs($1.value - rate) }
    }

    /// How far time stamps lie from their places, in frames, all of them together.
    private static func misfit(of timestamps: [Int], timeBase: Rational, rate: Rational) -> Double {
        timestamps.reduce(0) { sum, timestamp in
            let position = Double(timestamp - timestamps[0]) * timeBase.value * rate.value
            return sum + abs(position - position.rounded())
        }
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

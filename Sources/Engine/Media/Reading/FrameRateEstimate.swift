/// The frame rate of a stream, estimated from its time stamps and from the rates that its container states.
package struct FrameRateEstimate: Sendable, Equatable {
    /// Frames a second of the grid that is delivered.
    package let rate: Rational
    /// Whether the pictures do not follow each other at this rate, so that some positions repeat the picture before.
    package let isVariable: Bool
    /// The pictures' positions on the grid, where these do not follow from their times alone.
    package let positions: FramePositions?

    package init(rate: Rational, isVariable: Bool, positions: FramePositions? = nil) {
        self.rate = rate
        self.isVariable = isVariable
        self.positions = positions
    }

    /// Common frame rates, so that a mean with rounding errors is replaced by its exact ratio.
    private static let common: [Rational] = [
        Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30), Rational(50),
        Rational(60000, 1001), Rational(60), Rational(48), Rational(48000, 1001), Rational(15), Rational(15000, 1001),
        Rational(12), Rational(12000, 1001), Rational(10), Rational(20), Rational(120), Rational(120000, 1001),
        Rational(100), Rational(240),
    ]

    /// The lowest rate that is accepted or returned, in frames a second: a slide show.
    private static let lowest = 1.0
    /// The highest rate that is accepted or returned, in frames a second: the fastest common cameras.
    private static let highest = 240.0
    /// The highest rate of a grid with many empty positions. Rounded time stamps fit grids of higher rates by chance.
    private static let highestGrid = 60.0
    /// The highest rate for time stamps that fit no grid: the fastest common screens.
    private static let highestIrregular = 120.0

    /// Estimates the rate.
    ///
    /// - Parameters:
    ///   - timestamps: Presentation (or decoding) times in ticks, ascending; empty if unknown.
    ///   - timeBase: The length of a tick in seconds.
    ///   - claims: The container's rates, the most reliable first; implausible ones are ignored.
    package init(timestamps: [Int], timeBase: Rational, claims: [Rational]) {
        let plausible = claims.filter { $0.value >= Self.lowest && $0.value <= Self.highest }
        guard let first = timestamps.first, let last = timestamps.last, last > first, timeBase.numerator > 0 else {
            self.init(rate: plausible.first ?? Rational(25), isVariable: false)
            return
        }
        let span = Double(last - first) * timeBase.value
        let mean = Double(timestamps.count - 1) / span
        // The median step gives the rate of a recording with a pause in it, the mean that of coarse time stamps.
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
        // A recording that lost frames in up to a tenth of the places is still regular: its exact rate with repeated
        // pictures is better than an odd one.
        let tolerated = fits.compactMap { fit in fit.1.map { (fit.0, $0) } }
            .filter { $0.1 * 10 <= timestamps.count }
        if let best = tolerated.min(by: { $0.1 < $1.1 }) {
            self.init(rate: best.0, isVariable: false)
            return
        }
        // A regular recording from which many frames were dropped still fits its grid.
        let grids = Self.irregular(plausible).filter { $0.value <= Self.highestGrid }
        let fitting = grids.filter { Self.holes(in: timestamps, timeBase: timeBase, rate: $0) != nil }
        if let lowest = fitting.first {
            // In a short clip both 29.97 and 30 fit; the one with the smaller deviation is taken.
            let alike = fitting.prefix { $0.value <= lowest.value * 1.01 }
            let misfits = alike.map { Self.misfit(of: timestamps, timeBase: timeBase, rate: $0) }
            let best = misfits.indices.min { misfits[$0] < misfits[$1] } ?? 0
            self.init(rate: alike[best], isVariable: true)
            return
        }
        // Otherwise the lowest rate at which every picture gets a position of its own near its time.
        for rate in Self.near(mean) + Self.irregular(plausible) where rate.value >= mean * 0.98 {
            if let positions = FramePositions(timestamps, timeBase: timeBase, rate: rate) {
                self.init(rate: rate, isVariable: true, positions: positions)
                return
            }
        }
        // For bursts faster than any screen the mean rate is used.
        let rate = min(max(mean, Self.lowest), Self.highest)
        let snapped = Self.common.first { abs($0.value - rate) <= 0.001 * rate }
        self.init(rate: snapped ?? Rational(approximating: rate), isVariable: true)
    }

    /// Rates near a mean (−2 to +3 %), common ones first: a slightly irregular camera then needs few repeated pictures.
    private static func near(_ mean: Double) -> [Rational] {
        common.filter { (mean * 0.98...mean * 1.03).contains($0.value) }.sorted { $0.value < $1.value }
            + [1, 1.02].map { min(max(mean * $0, lowest), highestIrregular) }.map { Rational(approximating: $0) }
    }

    /// The candidate rates for irregular time stamps, ascending.
    private static func irregular(_ plausible: [Rational]) -> [Rational] {
        let slow = [1, 2, 3, 4, 5, 6, 8].map { Rational($0) }
        return (slow + common + plausible).filter { $0.value <= highestIrregular }.sorted { $0.value < $1.value }
    }

    private static func common(near rate: Double) -> [Rational] {
        common.filter { abs($0.value - rate) <= 0.02 * rate }
            .sorted { abs($0.value - rate) < abs($1.value - rate) }
    }

    /// The sum of the time stamps' distances from their positions, in frames.
    private static func misfit(of timestamps: [Int], timeBase: Rational, rate: Rational) -> Double {
        timestamps.reduce(0) { sum, timestamp in
            let position = Double(timestamp - timestamps[0]) * timeBase.value * rate.value
            return sum + abs(position - position.rounded())
        }
    }

    /// In how many places positions stay empty when every time stamp takes its own; `nil` if the grid does not fit.
    private static func holes(in timestamps: [Int], timeBase: Rational, rate: Rational) -> Int? {
        let framesPerTick = timeBase.value * rate.value
        // In frames: the rounding of a time stamp and of the first one (a tick), plus 0.2 for a rate that is slightly
        // wrong over hours.
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
    /// The ratio nearest to `value` with a denominator of at most 1001, the largest of common rates.
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

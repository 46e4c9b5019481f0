/// How far a speaker moves the mouth, in mouth widths.
public struct MouthRange: Codable, Hashable, Sendable {
    /// Shut to the 95th percentile of the opening.
    public var opening: Float
    /// 5th percentile of the width relative to neutral, and the distance to the 95th.
    public var widthStart: Float
    /// See `widthStart`.
    public var width: Float
    /// 5th percentile of the jaw relative to neutral, and the distance to the 95th.
    public var jawStart: Float
    /// See `jawStart`.
    public var jaw: Float

    /// The share of the range of widths that shows the shut, resting mouth: the median speaker's.
    public static let restWidth: Float = 0.45
    /// The share of the jaw's range that shows it.
    public static let restJaw: Float = 0.2

    /// The median speaker of Lipsmith's study of real footage.
    public static let median = MouthRange(
        opening: 0.23, widthStart: -restWidth * 0.16, width: 0.16, jawStart: -restJaw * 0.17, jaw: 0.17)

    /// Makes a range of given numbers.
    public init(opening: Float, widthStart: Float, width: Float, jawStart: Float, jaw: Float) {
        self.opening = opening
        self.widthStart = widthStart
        self.width = width
        self.jawStart = jawStart
        self.jaw = jaw
    }

    /// The speaker's own range where the mouth moves as in speech, mixed with the median speaker's: the more seconds,
    /// the more of the own.
    init(of own: [MouthCurves], framesPerSecond: Double) {
        self = .median
        guard own.count >= 10 else { return }
        func percentiles(_ values: [Float]) -> (low: Float, high: Float) {
            let sorted = values.sorted()
            return (sorted[sorted.count / 20], sorted[(sorted.count - 1) * 19 / 20])
        }
        let openings = percentiles(own.map(\.opening))
        let isTalking = openings.high - openings.low > 0.08
        guard isTalking else { return }
        let widths = percentiles(own.map(\.width))
        let jaws = percentiles(own.map(\.jaw))
        let seconds = Float(Double(own.count) / framesPerSecond)
        let share = seconds / (seconds + 5)
        func mix(_ own: Float, _ median: Float) -> Float { median + (own - median) * share }
        opening = mix(min(max(openings.high, 0.11), 0.40), opening)
        widthStart = mix(min(max(widths.low, -0.2), 0.05), widthStart)
        width = mix(min(max(widths.high - widths.low, 0.08), 0.32), width)
        jawStart = mix(min(max(jaws.low, -0.15), 0.05), jawStart)
        jaw = mix(min(max(jaws.high - jaws.low, 0.10), 0.25), jaw)
    }

    /// Turns curves in shares of the range (0 = 5th percentile, 1 = 95th) into mouth widths relative to neutral.
    ///
    /// At `restWidth` and `restJaw` the own shut mouth is shown just as it is, whatever its place in the own range.
    public func curves(opening: Float, width: Float, jaw: Float) -> MouthCurves {
        MouthCurves(
            opening: opening * self.opening,
            width: Self.placed(width, rest: Self.restWidth, start: widthStart, length: self.width),
            jaw: Self.placed(jaw, rest: Self.restJaw, start: jawStart, length: self.jaw))
    }

    /// Two straight lines that meet at rest; either keeps a fifth of the range.
    private static func placed(_ share: Float, rest: Float, start: Float, length: Float) -> Float {
        let (low, high) = (min(start, -0.2 * length), max(start + length, 0.2 * length))
        return share < rest ? low * (1 - share / rest) : high * (share - rest) / (1 - rest)
    }
}

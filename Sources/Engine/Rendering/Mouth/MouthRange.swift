/// The range in which a speaker moves the mouth, in mouth widths relative to the shut, resting mouth.
public struct MouthRange: Codable, Hashable, Sendable {
    /// The 95th percentile of the opening; the range begins at 0 (shut).
    public var opening: Float
    /// The 5th percentile of the width; usually negative.
    public var widthStart: Float
    /// The distance from the 5th to the 95th percentile of the width.
    public var width: Float
    /// The 5th percentile of the jaw; usually negative.
    public var jawStart: Float
    /// The distance from the 5th to the 95th percentile of the jaw.
    public var jaw: Float

    /// The share of the range of widths at which the mouth is at rest: that of the median speaker.
    public static let restWidth: Float = 0.45
    /// The share of the jaw's range at which the mouth is at rest: that of the median speaker.
    public static let restJaw: Float = 0.2

    /// The median speaker of Lipsmith's speech-to-mouth study (section 4): 0.23, 0.16 and 0.17 mouth widths.
    public static let median = MouthRange(
        opening: 0.23, widthStart: -restWidth * 0.16, width: 0.16, jawStart: -restJaw * 0.17, jaw: 0.17)

    public init(opening: Float, widthStart: Float, width: Float, jawStart: Float, jaw: Float) {
        self.opening = opening
        self.widthStart = widthStart
        self.width = width
        self.jawStart = jawStart
        self.jaw = jaw
    }

    /// The speaker's own range mixed with the median speaker's, with a weight of seconds / (seconds + 5) for the own
    /// one. The median range alone for fewer than 10 frames, or where the opening's 5th and 95th percentile are less
    /// than 0.08 apart: the mouth does not speak. Both rules are of section 4 of the speech-to-mouth study, which calls
    /// the 5 s a guess. Own values are limited to about the 10th and 90th percentile of its speakers.
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

    /// Converts curves in shares of the range (0 is the 5th percentile, 1 the 95th) into mouth widths relative to
    /// neutral.
    ///
    /// `restWidth` and `restJaw` give the speaker's shut mouth, whatever its place in the own range.
    public func curves(opening: Float, width: Float, jaw: Float) -> MouthCurves {
        MouthCurves(
            opening: opening * self.opening,
            width: Self.placed(width, rest: Self.restWidth, start: widthStart, length: self.width),
            jaw: Self.placed(jaw, rest: Self.restJaw, start: jawStart, length: self.jaw))
    }

    /// The narrowest and the widest mouth of the range, in mouth widths relative to rest: at least a fifth of the range's
    /// length on either side of it.
    package var widthEnds: (low: Float, high: Float) { Self.ends(start: widthStart, length: width) }

    /// A piecewise linear map: 0 at rest.
    private static func placed(_ share: Float, rest: Float, start: Float, length: Float) -> Float {
        let (low, high) = ends(start: start, length: length)
        return share < rest ? low * (1 - share / rest) : high * (share - rest) / (1 - rest)
    }

    private static func ends(start: Float, length: Float) -> (low: Float, high: Float) {
        (min(start, -0.2 * length), max(start + length, 0.2 * length))
    }
}

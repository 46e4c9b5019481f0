/// An exact ratio of two integers in lowest terms, used for every frame rate, time base and aspect ratio.
///
/// The denominator is positive. `0/1` means "unknown" where a container leaves a ratio out.
public struct Rational: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Has the sign of the ratio.
    public let numerator: Int
    /// Always positive.
    public let denominator: Int

    /// Makes a ratio in lowest terms. A zero `denominator` gives `0/1`.
    public init(_ numerator: Int, _ denominator: Int = 1) {
        guard denominator != 0 else {
            self.numerator = 0
            self.denominator = 1
            return
        }
        var a = numerator.magnitude
        var b = denominator.magnitude
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = Int(max(a, 1)) * (denominator < 0 ? -1 : 1)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// The ratio as the nearest `Double`.
    public var value: Double { Double(numerator) / Double(denominator) }

    /// Denominator over numerator; `0/1` for `0/1`.
    public var inverse: Rational { numerator == 0 ? self : Rational(denominator, numerator) }

    /// `numerator/denominator`, as FFmpeg prints rates.
    public var description: String { "\(numerator)/\(denominator)" }

    /// `count` multiplied by this ratio, rounded to the nearest integer, halves away from zero.
    ///
    /// Exact, so that frame and sample positions never drift; a result beyond `Int` becomes its nearest bound.
    public func scaled(_ count: Int) -> Int {
        let product = Int128(count) * Int128(numerator)
        let half = Int128(denominator) / 2
        return Int(clamping: (product >= 0 ? product + half : product - half) / Int128(denominator))
    }
}

/// Brings curves in shares of the range to the spread of real mouths.
///
/// Fitted curves stay near their mean, and not only at the ends, which `MouthMotion.stretched` pulls apart. Parabolas along
/// the percentiles of tracked mouths over those of the curves for what they say; flatter than these ask for, since not every
/// motion that is heard is true (docs/mouth-network.md, `LipsBenchmark --spread`).
package enum MouthSpread {
    package static let opening = Bend(linear: 1.30, quadratic: -0.22)
    /// For known phones, whose curves open wide for a few vowels only: so spoken texts open as far as they did by the rules.
    package static let knownOpening = Bend(linear: 1.38, quadratic: -0.27)
    package static let width = Bend(linear: 0.72, quadratic: 0.34)
    package static let jaw = Bend(linear: 1.40, quadratic: -0.35)

    /// A parabola through 0 over 0…1 that goes on in straight lines.
    package struct Bend: Sendable {
        let linear: Float
        let quadratic: Float

        /// The share of a real mouth for one of the curve.
        package func apply(to share: Float) -> Float {
            let inside = min(max(share, 0), 1)
            let slope = linear + 2 * quadratic * inside
            return inside * (linear + quadratic * inside) + slope * (share - inside)
        }
    }
}

/// Brings stretched curves (`MouthMotion.stretched`) to the distribution of real mouths.
///
/// Fitted curves stay closer to their mean than real motion, also between the ends. The parabolas were fitted to the
/// percentiles of two presidents' tracked mouths over those of their curves, and made flatter than the fit, since not
/// all of the predicted motion is true (docs/mouth-network.md, `LipsBenchmark --spread`). Coefficients have no unit:
/// input and output are shares of the speaker's range.
package enum MouthSpread {
    package static let opening = Bend(linear: 1.30, quadratic: -0.22)
    /// For known phones, whose curves open wide for a few vowels only. Chosen so that spoken texts open as far as with
    /// the rules alone.
    package static let knownOpening = Bend(linear: 1.38, quadratic: -0.27)
    package static let width = Bend(linear: 0.72, quadratic: 0.34)
    package static let jaw = Bend(linear: 1.40, quadratic: -0.35)

    /// A parabola through the origin over 0…1, continued by its tangents outside.
    package struct Bend: Sendable {
        let linear: Float
        let quadratic: Float

        /// The share of the range for a real mouth, given that of a curve.
        package func apply(to share: Float) -> Float {
            let inside = min(max(share, 0), 1)
            let slope = linear + 2 * quadratic * inside
            return inside * (linear + quadratic * inside) + slope * (share - inside)
        }
    }
}

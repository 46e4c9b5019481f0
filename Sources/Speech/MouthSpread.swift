/// Brings curves in shares of the range to the spread of real mouths.
///
/// Fitted curves stay near their mean, and not only at the ends, which `MouthMotion.stretched` pulls apart: in the middle
/// of speech they open by 0.25 of the range where mouths open by 0.35, their 75th percentile is 0.4 and a mouth's 0.56.
/// Curves of known phones lie lower still, for the few vowels that open wide. Parabolas along the percentiles of tracked
/// mouths over those of the curves for what they say (docs/mouth-network.md).
package struct MouthSpread: Sendable {
    package let opening: Bend
    package let width: Bend
    package let jaw: Bend

    /// Flatter than the percentiles ask for, since not every motion that is heard is true.
    package static let recognised = MouthSpread(
        opening: Bend(linear: 1.30, quadratic: -0.22), width: .width, jaw: Bend(linear: 1.40, quadratic: -0.35))
    /// For phones that are known.
    package static let exact = MouthSpread(
        opening: Bend(linear: 1.45, quadratic: -0.33), width: .width, jaw: Bend(linear: 1.65, quadratic: -0.53))

    /// A parabola through 0 over 0…1 that goes on in straight lines.
    package struct Bend: Sendable {
        let linear: Float
        let quadratic: Float

        fileprivate static let width = Bend(linear: 0.72, quadratic: 0.34)

        /// The share of a real mouth for one of the curve.
        package func apply(to share: Float) -> Float {
            let inside = min(max(share, 0), 1)
            let slope = linear + 2 * quadratic * inside
            return inside * (linear + quadratic * inside) + slope * (share - inside)
        }
    }
}

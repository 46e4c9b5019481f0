import Face

/// The masks of a still's two mouth layers: which pixels belong to the layer of the upper lip and which to that of the
/// lower lip.
///
/// The upper layer is all skin around the mouth without the lower lip; the lower layer is the lower lip and fades out
/// below it. Where neither covers, the inside of the mouth is visible. Formulas are those of Lipsmith's photo study,
/// section 3.
struct LipMasks: Sendable {
    /// The region of the still that the masks cover.
    let region: PixelRegion
    /// The opacity of the upper layer, 0…255, row by row over `region`.
    let upper: [UInt8]
    /// The opacity of the lower layer, likewise.
    let lower: [UInt8]

    /// How far the layers reach to either side of the middle of the mouth, in face units. The study has 0.62, 0.35 and
    /// 0.60 for this and the next two; smaller for speed.
    static let halfWidth: Float = 0.52
    /// How far they reach above the middle of the mouth, in face units.
    static let above: Float = 0.28
    /// How far they reach below the middle of the mouth, in face units.
    static let below: Float = 0.52
    /// Beside the corners of the mouth the lower layer fades in over this height, in face units, so that smiles that
    /// close keep their corners. Unmeasured.
    private static let cornerDepth: Float = 0.10

    /// - Parameters:
    ///   - upperLine: The upper lip's inner edge; the same as `lowerLine` where the lips touch.
    ///   - lowerLine: The lower lip's inner edge.
    ///   - picture: Width and height of the still in pixels.
    init(_ face: PortraitFace, _ axes: FeatureAxes, upperLine: FeatureLine, lowerLine: FeatureLine, picture: (Int, Int))
    {
        let corners = [
            SIMD2(-Self.halfWidth, -Self.above), SIMD2(Self.halfWidth, -Self.above),
            SIMD2(-Self.halfWidth, Self.below), SIMD2(Self.halfWidth, Self.below),
        ].map(axes.pixel)
        let low = corners.reduce(corners[0]) { pointwiseMin($0, $1) }
        let high = corners.reduce(corners[0]) { pointwiseMax($0, $1) }
        region = PixelRegion(from: low, to: high, pictureWidth: picture.0, pictureHeight: picture.1)
        let outline = FeatureLine(
            through: ([Landmarks.rightCorner] + Landmarks.lowerOuterLip + [Landmarks.leftCorner]).map {
                axes.place(face.pixel($0))
            })
        let pixel = 1 / axes.unit
        let softness = max(0.6 * pixel, 0.004)
        var upper = [UInt8](repeating: 0, count: max(region.width * region.height, 0))
        var lower = upper
        for y in 0..<max(region.height, 0) {
            for x in 0..<region.width {
                let place = axes.place(SIMD2(Float(region.left + x), Float(region.top + y)))
                let (u, v) = (place.x, place.y)
                let lipEdge = outline.value(u)
                let beyond = max(outline.start - u, u - outline.end, 0)
                let depth = v - lowerLine.value(u)
                // Beyond the ends of the gap there is no edge between the lips, so the layer begins softly there.
                let cornerLength = u < 0 ? lowerLine.start - outline.start : outline.end - lowerLine.end
                let isCorner = smoothStep(
                    0, max(cornerLength, 0.02), max(lowerLine.start - u, u - lowerLine.end, 0))
                let edge = Self.step((depth + 0.4 * pixel) / softness)
                let lowerAlpha =
                    (edge + (smoothStep(0, Self.cornerDepth, depth) - edge) * isCorner)
                    * (1 - smoothStep(0.03, 0.20, v - lipEdge)) * (1 - smoothStep(0, 0.12, beyond))
                let inside = min(u - upperLine.start, upperLine.end - u)
                let hole =
                    (1 - smoothStep(lipEdge - 0.03, lipEdge + 0.02, v)) * smoothStep(0, 2 * pixel, inside)
                let margin = min(
                    Self.halfWidth - abs(u), v + Self.above, Self.below - v)
                let upperAlpha =
                    (1 - Self.step((v - upperLine.value(u) - 0.4 * pixel) / softness) * hole)
                    * smoothStep(0, 0.12, margin)
                upper[y * region.width + x] = UInt8((upperAlpha * 255).rounded())
                lower[y * region.width + x] = UInt8((lowerAlpha * 255).rounded())
            }
        }
        self.upper = upper
        self.lower = lower
    }

    /// The logistic step from 0 to 1 around 0.
    private static func step(_ value: Float) -> Float { 1 / (1 + exponential(-2 * min(max(value, -20), 20))) }
}

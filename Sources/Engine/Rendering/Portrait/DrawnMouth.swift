import Face
import Media

/// Paints the inside of a still's mouth: cavity, tongue, lower teeth, upper teeth, each lit like the face.
///
/// All places are in the canonical plane of the teeth, which turns with the head. Sizes are in face units, measured
/// from the midline and from the line where the shut lips touch. The numbers are those of Lipsmith's photo study,
/// section 3, found by eye on twelve stills; `upperEdges` and some shades were changed later (unmeasured).
struct DrawnMouth: Sendable {
    /// How far the teeth lie behind the lips, in face units.
    static let depth: Float = 0.09
    /// Distances of the boundaries between upper teeth from the midline, on either side.
    private static let upperBoundaries: [Float] = [0, 0.084, 0.148, 0.214, 0.268, 0.312, 0.345]
    /// How far each upper tooth's edge lies below the row's (negative: above), from the midline outwards.
    private static let upperEdges: [Float] = [0, -0.007, -0.002, -0.008, -0.014, -0.020]
    /// The brightness of each upper tooth, from the midline outwards.
    private static let upperShades: [Float] = [1, 0.985, 0.97, 0.985, 0.975, 0.965]
    /// Distances of the boundaries between lower teeth from the midline, on either side.
    private static let lowerBoundaries: [Float] = [0, 0.056, 0.114, 0.176, 0.232, 0.285]
    /// How far the upper teeth's edge lies below the line of the shut lips.
    private static let upperEdgeRest: Float = 0.060
    /// The visible height of the upper teeth.
    private static let upperHeight: Float = 0.118
    /// The visible height of the lower teeth.
    private static let lowerHeight: Float = 0.115

    let colors: PortraitColors
    /// The still's own upper teeth; `nil` when it does not show any.
    let ownTeeth: OwnTeeth?
    /// The depth (canonical z) of the teeth's plane.
    let planeDepth: Float
    private let midline: Float
    private let lipLine: Float
    private let scale: Float

    /// - Parameter neutral: The shut mouth: canonical places of `SpeakerPoints.mouthPoints`.
    init(colors: PortraitColors, ownTeeth: OwnTeeth?, face: PortraitFace, neutral: [SIMD3<Float>]) {
        self.colors = colors
        self.ownTeeth = ownTeeth
        let (upper, lower) = (neutral[MouthIndex.upperMiddle], neutral[MouthIndex.lowerMiddle])
        planeDepth = (upper.z + lower.z) / 2 + Self.depth
        let middle = [0, 17, 13, 14].map { neutral[SpeakerPoints.mouthIndex($0)].x } + [face.shape[164].x]
        midline = middle.reduce(0, +) / Float(middle.count)
        lipLine = (upper.y + lower.y) / 2
        let width = simdDistance(neutral[MouthIndex.rightCorner], neutral[MouthIndex.leftCorner])
        scale = power(min(max(width / 0.575, 0.8), 1.2), 0.7)
    }

    /// What is the same for all pixels of a frame. A class, since it is large and passed on for every pixel.
    final class View {
        fileprivate let mouth: DrawnMouth
        private let gapUpper: [Float]
        private let gapLower: [Float]
        fileprivate let gapLeft: Float
        fileprivate let gapRight: Float
        /// The edge of the upper teeth below the lip line, in face units divided by `scale`.
        fileprivate let upperEdge: Float
        /// The edge of the lower teeth, likewise.
        fileprivate let lowerEdge: Float
        /// The width of soft edges, in face units divided by `scale`: about a pixel.
        fileprivate let softness: Float
        /// The teeth's plane in the pose of the still.
        fileprivate let stillPlane: CanonicalPlane
        fileprivate let still: VideoFrame
        fileprivate let unit: Float

        fileprivate init(
            _ mouth: DrawnMouth, _ gap: MouthGap, upperEdge: Float, lowerEdge: Float, unit: Float,
            still: VideoFrame, stillPose: FacePose
        ) {
            self.mouth = mouth
            (gapUpper, gapLower) = gap.tables
            (gapLeft, gapRight) = (gap.left, gap.right)
            self.upperEdge = upperEdge
            self.lowerEdge = lowerEdge
            softness = max(0.004, 0.8 / unit) / mouth.scale
            stillPlane = CanonicalPlane(stillPose, depth: mouth.planeDepth)
            self.still = still
            self.unit = unit
        }

        /// The lips' inner edges at an x, in canonical units.
        fileprivate func edges(_ x: Float) -> (upper: Float, lower: Float) {
            let last = Float(gapUpper.count - 1)
            let position = min(max((x - gapLeft) / (gapRight - gapLeft) * last, 0), last - 0.001)
            let index = Int(position)
            let t = position - Float(index)
            return (
                gapUpper[index] + (gapUpper[index + 1] - gapUpper[index]) * t,
                gapLower[index] + (gapLower[index + 1] - gapLower[index]) * t
            )
        }
    }

    /// Prepares painting for one frame.
    ///
    /// - Parameters:
    ///   - shape: The wanted mouth in canonical space, before the head turns.
    ///   - jawDrop: How far the chin has moved down, in face units.
    ///   - unit: The length of one face unit in pixels of the frame.
    ///   - still: The picture from which the own teeth are taken.
    ///   - stillPose: The pose of the face in `still`.
    func view(shape: [SIMD3<Float>], jawDrop: Float, unit: Float, still: VideoFrame, stillPose: FacePose) -> View {
        let gap = MouthGap(shape)
        let middle = gap.edges(midline)
        let opening = (middle.lower - middle.upper) / scale
        // Errors of a driver's pose move the upper lip by 0.03 to 0.05; without this limit only lower teeth might show.
        let upperLip = (middle.upper - lipLine) / scale
        let edge = min(
            max(Self.upperEdgeRest, upperLip + 0.042 * smoothStep(0.02, 0.10, opening)), upperLip + 0.10)
        return View(
            self, gap, upperEdge: edge, lowerEdge: edge - 0.020 + 1.05 * max(jawDrop, 0) / scale, unit: unit,
            still: still, stillPose: stillPose)
    }
}

extension DrawnMouth.View {
    /// Whether a place in the plane of the lips lies between them or within 0.05 (0.03 at the corners) of their edges,
    /// where the layers above are soft.
    func isInside(_ lips: SIMD2<Float>) -> Bool {
        guard lips.x > gapLeft - 0.03, lips.x < gapRight + 0.03 else { return false }
        let edges = edges(lips.x)
        return lips.y > edges.upper - 0.05 && lips.y < edges.lower + 0.05
    }

    /// The factor of light, 0.58…1, at a place on lips that touch: a soft dark line where they meet.
    func lipLineLight(_ lips: SIMD2<Float>) -> Float {
        guard lips.x > gapLeft, lips.x < gapRight else { return 1 }
        let edges = edges(lips.x)
        let gap = edges.lower - edges.upper
        guard gap < 0.035 else { return 1 }
        let d = (lips.y - (edges.upper + edges.lower) / 2) / max(0.009, 0.9 / unit)
        let end = smoothStep(0, 0.06, min(lips.x - gapLeft, gapRight - lips.x))
        return 1 - 0.42 * exponential(-d * d) * smoothStep(0.035, 0.008, gap) * end
    }

    /// The colour (luma over black, chroma around 0) at a place.
    ///
    /// - Parameters:
    ///   - teeth: The place in the canonical plane of the teeth.
    ///   - lips: The place in the canonical plane of the lips.
    func color(teeth: SIMD2<Float>, lips: SIMD2<Float>) -> SIMD3<Float> {
        let colors = mouth.colors
        let edges = edges(lips.x)
        let opening = max(edges.lower - edges.upper, 1e-3)
        let x = (teeth.x - mouth.midline) / mouth.scale
        let y = (teeth.y - mouth.lipLine) / mouth.scale
        let depthShare = min(max((lips.y - edges.upper) / opening, 0), 1)

        var value = colors.cavity + (colors.cavityLow - colors.cavity) * (0.7 * smoothStep(0.15, 1, depthShare))
        paintTongue(&value, x, y)
        paintLowerTeeth(&value, x, y)
        let edge = upperEdge(x)
        // The upper teeth cast a shadow on what lies below them.
        if y > edge { value *= 1 - 0.35 * (1 - min((y - edge) / 0.05, 1)) }
        if let own = mouth.ownTeeth {
            paintOwnTeeth(&value, own, teeth)
        } else {
            paintUpperTeeth(&value, x, y, edge: edge)
        }
        value *= light(lips, edges, opening)
        // Between lips that nearly touch, skin scatters light into the slit: it looks like dark lip, not like a hole.
        let slit = colors.lip * 0.55
        return slit + (value - slit) * smoothStep(0.004, 0.030, edges.lower - edges.upper)
    }

    private func upperEdge(_ x: Float) -> Float {
        let side = abs(x)
        let tooth = Self.index(side, DrawnMouth.upperBoundaries)
        let (start, end) = (DrawnMouth.upperBoundaries[tooth], DrawnMouth.upperBoundaries[tooth + 1])
        let n = (side - (start + end) / 2) / ((end - start) / 2)
        let cube = abs(n * n * n)
        let rounding = 0.006 * cube + 0.006 * cube * cube * cube * abs(n)
        return upperEdge + DrawnMouth.upperEdges[tooth] - 0.22 * x * x - rounding
    }

    private func paintUpperTeeth(_ value: inout SIMD3<Float>, _ x: Float, _ y: Float, edge: Float) {
        let colors = mouth.colors
        let side = abs(x)
        guard side < 0.345 + softness else { return }
        let alpha = smoothStep(softness, -softness, y - edge)
        guard alpha > 0 else { return }
        let neck = edge - DrawnMouth.upperHeight
        var tooth = colors.tooth * DrawnMouth.upperShades[Self.index(side, DrawnMouth.upperBoundaries)]
        tooth *= Self.gaps(side, DrawnMouth.upperBoundaries, narrow: 0.15, wide: 0.06)
        // Enamel is thin at its edge, where the dark behind shows through.
        tooth.x *= 1 - 0.10 * smoothStep(0.022, 0, edge - y)
        // The arch turns away from the light.
        tooth *= 1 - 0.55 * smoothStep(0.08, 0.31, side)
        tooth *= 1 - 0.20 * smoothStep(0.05, DrawnMouth.upperHeight, edge - y)
        let gum = colors.gum * (1 - 0.45 * smoothStep(0.08, 0.31, side))
        tooth += (gum - tooth) * smoothStep(softness, -softness, y - neck)
        value += (tooth - value) * alpha
    }

    private func paintOwnTeeth(_ value: inout SIMD3<Float>, _ own: OwnTeeth, _ teeth: SIMD2<Float>) {
        let place = own.axes.place(stillPlane.pixel(teeth))
        let alpha = own.alpha(place, softness: softness)
        guard alpha > 0 else { return }
        value += (mouth.colors.color.sample(still, own.source(place)) - value) * alpha
    }

    private func paintLowerTeeth(_ value: inout SIMD3<Float>, _ x: Float, _ y: Float) {
        let side = abs(x)
        guard side < 0.285 else { return }
        let edge = lowerEdge + 0.10 * x * x
        let alpha = smoothStep(-softness, softness, y - edge) * smoothStep(0.285, 0.26, side)
        guard alpha > 0 else { return }
        var tooth = mouth.colors.tooth * 0.70
        tooth *= Self.gaps(side, DrawnMouth.lowerBoundaries, narrow: 0.15, wide: 0.06)
        tooth *= 1 - 0.20 * smoothStep(0.03, 0, y - edge)
        tooth *= 1 - 0.55 * smoothStep(0.06, 0.26, side)
        tooth += (mouth.colors.gum * 0.8 - tooth) * smoothStep(-0.01, 0.01, y - edge - DrawnMouth.lowerHeight)
        value += (tooth - value) * alpha
    }

    private func paintTongue(_ value: inout SIMD3<Float>, _ x: Float, _ y: Float) {
        let across = x / 0.235
        guard abs(across) < 1 else { return }
        let top = lowerEdge - 0.06 * (1 - across * across).squareRoot()
        let alpha = smoothStep(-2 * softness, 2 * softness, y - top) * smoothStep(1, 0.85, abs(across))
        guard alpha > 0 else { return }
        var tongue = mouth.colors.tongue * (0.66 + 0.34 * smoothStep(0, 0.07, y - top))
        tongue *= 1 - 0.18 * exponential(-x * x / (2 * 0.018 * 0.018))
        value += (tongue - value) * alpha
    }

    /// The factor of light at a place between the lips, 0…1: darker near either lip, in slits and at the corners.
    private func light(
        _ lips: SIMD2<Float>, _ edges: (upper: Float, lower: Float), _ opening: Float
    ) -> Float {
        let size = mouth.scale
        let upper = 0.80 + 0.20 * smoothStep(0, 0.04 * size, lips.y - edges.upper)
        let lower = 0.74 + 0.26 * smoothStep(0, 0.035 * size, edges.lower - lips.y)
        let slit = 0.62 + 0.38 * smoothStep(0, 0.09 * size, opening)
        let corner = 0.50 + 0.50 * smoothStep(0, 0.09 * size, min(lips.x - gapLeft, gapRight - lips.x))
        return upper * lower * slit * corner
    }

    /// The still's noise at a place of the teeth's plane, in luma; it moves with the head.
    func grain(_ teeth: SIMD2<Float>) -> Float {
        Noise.at(Int((teeth.x * unit).rounded()), Int((teeth.y * unit).rounded()))
            * mouth.colors.grain
    }

    private static func index(_ side: Float, _ boundaries: [Float]) -> Int {
        var index = 0
        while index + 2 < boundaries.count, side > boundaries[index + 1] { index += 1 }
        return index
    }

    /// The factor of light between neighbouring teeth: a narrow and a wide dark line at each boundary.
    private static func gaps(_ side: Float, _ boundaries: [Float], narrow: Float, wide: Float) -> Float {
        var factor: Float = 1
        for boundary in boundaries where abs(side - boundary) < 0.05 {
            let d = side - boundary
            let square = -d * d / 2
            factor *=
                1 - narrow * exponential(square / (0.0055 * 0.0055)) - wide * exponential(square / (0.016 * 0.016))
        }
        return factor
    }
}

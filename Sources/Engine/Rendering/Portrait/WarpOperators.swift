import Face
import Media

/// The constant warp operators of a still face: one for the whole head, one for each lip's layer.
///
/// Centres, rings and windows are those of Lipsmith's photo study, section 2. Lengths are in face units.
final class WarpOperators: Sendable {
    /// Half-axes of the region that can move, around the middle of the face (the study's ring 2).
    private static let reach = SIMD2<Float>(1.95, 2.05)
    /// The distance of the head grid's nodes: the study recommends 0.05 to 0.06, since the mouth has grids of its own.
    private static let faceStep: Float = 0.05
    /// The distance of the lip grids' nodes; 0.022 in the study.
    private static let mouthStep: Float = 0.025
    /// Fixed centres on each side of the region's border (the study).
    private static let borderPoints = 12
    /// Obstacles nearer than this to the face's outline are ignored: they belong to the face. Unmeasured.
    private static let obstacleMargin: Float = 0.08
    /// Points of the ring nearer than this to a fixed obstacle are dropped: the warp would tear between them.
    /// Unmeasured.
    private static let ringClearance: Float = 0.25
    /// The most fixed centres for obstacles: each one makes preparation and every frame slower. Unmeasured.
    private static let mostObstacles = 96

    /// The region in which pixels can move.
    let region: PixelRegion
    /// The operator of the whole head, over `region`.
    let faceGrid: WarpOperator
    /// The operators of the upper and of the lower lip's layer, over `lipRegion`.
    let lipGrids: [WarpOperator]
    /// The operators of the head and of the lips.
    var all: [WarpOperator] { [faceGrid] + lipGrids }
    /// The region in which the lips' layers can be visible.
    let lipRegion: PixelRegion
    /// Centres around the head in canonical space, with the share of the head's turn that each takes part in.
    let ring: [(place: SIMD3<Float>, share: Float)]
    /// The number of fixed centres, which follow the mesh points and the ring in each operator's list.
    let fixedCount: Int

    /// - Parameters:
    ///   - masks: The masks of the lips' layers.
    ///   - obstacles: Pixels that must not move.
    ///   - still: Is searched for straight lines, which must not move either.
    init(_ face: PortraitFace, masks: LipMasks, obstacles: [SIMD2<Float>], still: VideoFrame) {
        let (width, height) = (still.width, still.height)
        let unit = face.unit
        let outline = PortraitPoints.oval.map { face.pixel($0) / unit }
        let center = outline.reduce(.zero, +) / Float(outline.count)
        let region = PixelRegion(
            from: (center - Self.reach) * unit, to: (center + Self.reach) * unit, pictureWidth: width,
            pictureHeight: height)
        self.region = region
        let origin = SIMD2(Float(region.left), Float(region.top))
        let size = SIMD2(Float(region.width), Float(region.height))
        let low = origin / unit
        let high = (origin + size) / unit
        let border = Self.border(low, high)
        let straight = StraightLines(still, region: region, unit: unit).points
        let kept = (Self.thinned(obstacles, unit: unit) + straight).map { $0 / unit }.filter { point in
            point.x > low.x && point.x < high.x && point.y > low.y && point.y < high.y
                && Polygon.signedDistance(point, outline) > Self.obstacleMargin
        }
        fixedCount = border.count + kept.count
        // A centre that moves with the head, close to a fixed one, would tear the picture.
        let ring = Self.ring(face).filter { point in
            let place = face.pose.picture(point.place) / unit
            return kept.allSatisfy { (($0 - place) * ($0 - place)).sum() > Self.ringClearance * Self.ringClearance }
        }
        self.ring = ring
        let ringPlaces = ring.map { face.pose.picture($0.place) / unit }
        func centers(_ points: [Int]) -> [SIMD2<Float>] {
            points.map { face.pixel($0) / unit } + ringPlaces + border + kept
        }
        let window = Window(
            low: low, high: high, outline: outline,
            endsAt: (
                left: region.left > 0, top: region.top > 0, right: region.left + region.width < width & ~1,
                bottom: region.top + region.height < height & ~1
            )
        ).shares
        faceGrid = WarpOperator(
            grid: Grid(from: low, to: high, step: Self.faceStep), centers: centers(PortraitPoints.common),
            window: window)
        // A turned head moves the mouth out of the masks' region.
        let margin = 0.15 * unit
        let lipLow = SIMD2(Float(masks.region.left), Float(masks.region.top))
        let lipSize = SIMD2(Float(masks.region.width), Float(masks.region.height))
        let lipRegion = PixelRegion(
            from: lipLow - margin, to: lipLow + lipSize + margin, pictureWidth: width, pictureHeight: height)
        self.lipRegion = lipRegion
        let lipOrigin = SIMD2(Float(lipRegion.left), Float(lipRegion.top))
        let lipGrid = Grid(
            from: lipOrigin / unit,
            to: (lipOrigin + SIMD2(Float(lipRegion.width), Float(lipRegion.height))) / unit, step: Self.mouthStep)
        lipGrids = [PortraitPoints.upperLayer, PortraitPoints.lowerLayer].map {
            WarpOperator(grid: lipGrid, centers: centers($0), window: window)
        }
    }

    /// The shares of motion left at a place: it fades out towards the edges of the region, unless they are edges of the
    /// picture, and that of the expression also away from the face.
    private struct Window {
        /// The region's upper left and lower right corner.
        let low: SIMD2<Float>
        let high: SIMD2<Float>
        /// The face's outline, as all places in the still divided by the face unit.
        let outline: [SIMD2<Float>]
        /// Which edges of the region lie inside the picture.
        let endsAt: (left: Bool, top: Bool, right: Bool, bottom: Bool)

        /// The share of the head's motion (x) and of the expression's (y), 0…1.
        func shares(at place: SIMD2<Float>) -> SIMD2<Float> {
            var head: Float = 1
            if endsAt.left { head *= smoothStep(0, 0.25, place.x - low.x) }
            if endsAt.top { head *= smoothStep(0, 0.25, place.y - low.y) }
            if endsAt.right { head *= smoothStep(0, 0.25, high.x - place.x) }
            if endsAt.bottom { head *= smoothStep(0, 0.25, high.y - place.y) }
            // Without this window the expression's spline overshoots and moves the shoulders.
            let expression = smoothStep(0.45, 0.12, Polygon.signedDistance(place, outline))
            return SIMD2(head, head * expression)
        }
    }

    /// At most `mostObstacles` of the points, none nearer to another than the points of a straight line.
    private static func thinned(_ points: [SIMD2<Float>], unit: Float) -> [SIMD2<Float>] {
        var kept: [SIMD2<Float>] = []
        let spacing = StraightLines.pointSpacing * unit
        for point in points where kept.count < mostObstacles {
            if kept.allSatisfy({ (($0 - point) * ($0 - point)).sum() > spacing * spacing }) { kept.append(point) }
        }
        return kept
    }

    /// Every second point of the face's outline, moved outwards to hair and neck (the study's ring 1).
    private static func ring(_ face: PortraitFace) -> [(place: SIMD3<Float>, share: Float)] {
        let outline = PortraitPoints.oval.map { face.shape[$0] }
        let center = outline.reduce(.zero, +) / Float(outline.count)
        let chin = face.shape[Landmarks.chin].y
        return stride(from: 0, to: outline.count, by: 2).map { index in
            let offset = outline[index] - center
            var place = center + SIMD3(offset.x * 1.38, offset.y * 1.42, offset.z)
            place.z += 0.25
            return (place, place.y > chin - 0.25 ? 0.35 : 0.9)
        }
    }

    private static func border(_ low: SIMD2<Float>, _ high: SIMD2<Float>) -> [SIMD2<Float>] {
        (0..<borderPoints).flatMap { index -> [SIMD2<Float>] in
            let t = Float(index) / Float(borderPoints)
            let (x, y) = (low.x + (high.x - low.x) * t, low.y + (high.y - low.y) * t)
            return [
                SIMD2(x, low.y), SIMD2(high.x, y), SIMD2(high.x - (x - low.x), high.y),
                SIMD2(low.x, high.y - (y - low.y)),
            ]
        }
    }
}

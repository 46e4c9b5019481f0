import Face
import Media

/// Layer 1 of a drawn mouth: warps jaw, chin and cheeks of the frame to the new speech.
///
/// A backward thin-plate spline moves the outer lips and the jaw; the upper face and a ring around the mouth are fixed
/// points. A window makes the motion exactly zero outside an ellipse, so that hair, collar and background stand still.
/// Points and ring are those of Lipsmith's video study, section 4.
final class FaceWarp {
    /// Half-axes of the ellipse around the lips outside which nothing moves, across and down the face, in face units:
    /// the study's ring.
    private static let radius = SIMD2<Float>(1.25, 1.35)
    /// The half-axis upwards, in face units: the ellipse ends below the eyes (0.72 above the lips in the mean face).
    private static let upperRadius: Float = 0.72
    /// How far the ellipse's centre lies below the middle of the lips, in face units (the study).
    private static let centerShift: Float = 0.05
    /// The distance of the grid's nodes in face units: finer than the study's 2.7 / 40.
    private static let gridStep: Float = 0.05

    private static let movingPoints =
        Landmarks.outerLips.map(SpeakerPoints.mouthIndex) + Landmarks.jaw.map(SpeakerPoints.mouthIndex)
    private static let noseBase = Landmarks.anchors.firstIndex(of: 2)!

    private var spline = ThinPlateSpline()
    private var centers: [SIMD2<Float>] = []
    private var values: [SIMD2<Float>] = []
    private var nodes: [SIMD2<Float>] = []
    private let warp = RegionWarp()

    /// Warps the frame in place.
    ///
    /// - Parameter frame: Must be writable.
    /// - Returns: The region that may have changed; may be empty.
    func apply(_ frame: VideoFrame, _ placement: MouthPlacement) -> PixelRegion {
        let unit = placement.unit
        let lipCount = SpeakerPoints.lips.count
        let roll = placement.pose.rotation.rollRadians
        let axes = Axes(along: SIMD2(cosine(roll), sine(roll)))
        let lips = placement.from[..<lipCount].reduce(.zero, +) / Float(lipCount)
        let center = lips + axes.pictured(SIMD2(0, Self.centerShift)) * unit
        func normalize(_ point: SIMD2<Float>) -> SIMD2<Float> { (point - center) / unit }

        centers.refill(Self.movingPoints) { normalize(placement.to[$0]) }
        values.refill(Self.movingPoints) { (placement.from[$0] - placement.to[$0]) / unit }
        for anchor in placement.anchors { hold(normalize(anchor)) }
        let nose = axes.faced(normalize(placement.anchors[Self.noseBase]))
        for index in 0..<28 {
            let angle = Float(index) / 28 * 2 * .pi
            let point = SIMD2(cosine(angle), sine(angle)) * Self.radius
            if point.y > nose.y { hold(axes.pictured(point)) }
        }
        spline.fit(centers: centers, values: values)

        let region = PixelRegion(
            from: center - SIMD2(Self.reach(axes, SIMD2(-1, 0)), Self.reach(axes, SIMD2(0, -1))) * unit,
            to: center + SIMD2(Self.reach(axes, SIMD2(1, 0)), Self.reach(axes, SIMD2(0, 1))) * unit,
            pictureWidth: frame.width, pictureHeight: frame.height)
        guard !region.isEmpty else { return region }
        let origin = SIMD2(Float(region.left), Float(region.top))
        let grid = Grid(
            from: normalize(origin),
            to: normalize(origin + SIMD2(Float(region.width), Float(region.height))), step: Self.gridStep)
        spline.evaluate(on: grid, into: &nodes)
        applyWindow(grid, axes)

        warp.apply(nodes, grid, to: frame, region, unit: unit)
        return region
    }

    /// Adds a fixed point.
    private func hold(_ point: SIMD2<Float>) {
        centers.append(point)
        values.append(.zero)
    }

    /// The axes across and down a face in the picture.
    private struct Axes {
        let along: SIMD2<Float>
        var down: SIMD2<Float> { SIMD2(-along.y, along.x) }

        func pictured(_ point: SIMD2<Float>) -> SIMD2<Float> { along * point.x + down * point.y }

        func faced(_ offset: SIMD2<Float>) -> SIMD2<Float> { SIMD2((offset * along).sum(), (offset * down).sum()) }
    }

    /// The extent of the ellipse in a direction of the picture (a unit vector), in face units.
    private static func reach(_ axes: Axes, _ direction: SIMD2<Float>) -> Float {
        let way = axes.faced(direction)
        let scaled = way * SIMD2(radius.x, way.y < 0 ? upperRadius : radius.y)
        return (scaled * scaled).sum().squareRoot()
    }

    private func applyWindow(_ grid: Grid, _ axes: Axes) {
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let offset = axes.faced(grid.origin + SIMD2(Float(column), Float(row)) * grid.step)
                let point = offset / SIMD2(Self.radius.x, offset.y < 0 ? Self.upperRadius : Self.radius.y)
                let distance = (point * point).sum().squareRoot()
                // Motion is zero from 0.94 of the ellipse on: the last grid cell before its edge stands still, so that
                // interpolation cannot move anything outside. It fades over 0.22; unmeasured.
                let edge = min(max((0.94 - distance) / 0.22, 0), 1)
                nodes[row * grid.columns + column] *= edge * edge * (3 - 2 * edge)
            }
        }
    }
}

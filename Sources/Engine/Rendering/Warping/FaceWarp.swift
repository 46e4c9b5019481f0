import Face
import Media

/// Layer 1: bends jaw, chin and cheeks of the frame to the new speech.
///
/// A backward thin-plate spline moves the outer lips and the jaw and is held by the upper face and by a ring around the
/// mouth; a window makes the motion exactly zero outside an ellipse, so that hair, collar and background stand still.
final class FaceWarp {
    /// The ellipse around the lips outside which nothing moves, across and down the face, in face units.
    private static let radius = SIMD2<Float>(1.25, 1.35)
    /// Upwards the ellipse ends under the eyes.
    private static let upperRadius: Float = 0.72
    private static let centerShift: Float = 0.05
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
    /// - Parameter frame: Writable.
    /// - Returns: The region that may have changed.
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

    /// Adds a centre that does not move.
    private func hold(_ point: SIMD2<Float>) {
        centers.append(point)
        values.append(.zero)
    }

    /// The directions across and down a face, as it lies in the picture.
    private struct Axes {
        let along: SIMD2<Float>
        var down: SIMD2<Float> { SIMD2(-along.y, along.x) }

        func pictured(_ point: SIMD2<Float>) -> SIMD2<Float> { along * point.x + down * point.y }

        func faced(_ offset: SIMD2<Float>) -> SIMD2<Float> { SIMD2((offset * along).sum(), (offset * down).sum()) }
    }

    /// How far the ellipse reaches in a direction of the picture, of length 1.
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
                // The last grid cell before the ellipse is already still, so that interpolation cannot leak out.
                let edge = min(max((0.94 - distance) / 0.22, 0), 1)
                nodes[row * grid.columns + column] *= edge * edge * (3 - 2 * edge)
            }
        }
    }
}

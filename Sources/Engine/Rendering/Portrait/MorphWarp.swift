import Face
import Media

/// Warps a whole picture so that the points of its face come to given places: the picture is moved, scaled and rotated
/// with the face, and near the face each point has its own motion in addition.
enum MorphWarp {
    /// The distance of the grid's nodes in face units: coarser than for faces that speak, since the motion is smoother.
    /// Unmeasured.
    private static let step: Float = 0.08
    /// The points' own motion fades out between these distances from the face's outline, in face units. By eye;
    /// unmeasured.
    private static let fade: (start: Float, end: Float) = (0.1, 0.8)

    /// Mesh points of all features; points that can coincide (inner lips, most of the lids) are left out.
    private static let points: [Int] =
        PortraitPoints.oval + PortraitPoints.nose + PortraitPoints.cheeks + PortraitPoints.brows
        + Landmarks.outerLips + Landmarks.chinPoints
        + [PortraitPoints.rightEye, PortraitPoints.leftEye].flatMap { eye in
            [eye.outer, eye.inner] + [1, 3, 5].flatMap { [eye.upper[$0], eye.lower[$0]] }
        }

    /// The warped picture, of the same size.
    ///
    /// - Parameters:
    ///   - from: The 468 points and the place of the face, in pixels of the frame.
    ///   - to: The same as wanted in the result.
    /// - Throws: `MediaError` when there is no memory for a picture.
    static func apply(
        _ frame: VideoFrame, _ from: (points: [SIMD2<Float>], place: FacePlace),
        to: (points: [SIMD2<Float>], place: FacePlace)
    ) throws -> VideoFrame {
        let unit = to.place.unit
        let size = SIMD2(Float(frame.width), Float(frame.height))
        func source(_ pixel: SIMD2<Float>) -> SIMD2<Float> { from.place.pixel(to.place.normalized(pixel)) }
        var spline = ThinPlateSpline()
        spline.fit(
            centers: points.map { to.points[$0] / unit },
            values: points.map { (from.points[$0] - source(to.points[$0])) / unit })
        let grid = Grid(from: .zero, to: size / unit, step: step)
        var nodes: [SIMD2<Float>] = []
        spline.evaluate(on: grid, into: &nodes)
        let outline = PortraitPoints.oval.map { to.points[$0] }
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let at = row * grid.columns + column
                let pixel = SIMD2(Float(column), Float(row)) * grid.step * unit
                let share = smoothStep(fade.end, fade.start, Polygon.signedDistance(pixel, outline) / unit)
                nodes[at] = source(pixel) + nodes[at] * unit * share
            }
        }
        hold(&nodes, grid, unit: unit, size: size, outline: outline)
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                nodes[row * grid.columns + column] -= SIMD2(Float(column), Float(row)) * grid.step * unit
            }
        }
        return try frame.warped(by: nodes, columns: grid.columns, rows: grid.rows, cellPixels: grid.step * unit)
    }

    /// Where the warped picture would not fill the frame, the part between its edge and the head is stretched.
    private static func hold(
        _ nodes: inout [SIMD2<Float>], _ grid: Grid, unit: Float, size: SIMD2<Float>, outline: [SIMD2<Float>]
    ) {
        let cell = grid.step * unit
        let low = outline.reduce(outline[0], pointwiseMin)
        let high = outline.reduce(outline[0], pointwiseMax)
        let limits = size - 1
        for axis in 0..<2 {
            let (lines, places) = axis == 0 ? (grid.rows, grid.columns) : (grid.columns, grid.rows)
            func index(_ line: Int, _ place: Int) -> Int {
                axis == 0 ? line * grid.columns + place : place * grid.columns + line
            }
            // The last node lies beyond the edge.
            let edge = min(max(limits[axis] / cell, 1), Float(places - 1))
            let last = min(Int(edge), places - 2)
            let before = max(low[axis], 0.15 * size[axis])
            let behind = max(limits[axis] - high[axis], 0.15 * size[axis])
            for line in 0..<lines {
                let first = nodes[index(line, 0)][axis]
                let (a, b) = (nodes[index(line, last)][axis], nodes[index(line, last + 1)][axis])
                let end = a + (b - a) * (edge - Float(last))
                let (missing, beyond) = (min(first, 0), max(end - limits[axis], 0))
                guard missing < 0 || beyond > 0 else { continue }
                for place in 0..<places {
                    let pixel = Float(place) * cell
                    nodes[index(line, place)][axis] -=
                        missing * max(1 - pixel / before, 0)
                        + beyond * max(1 - max(limits[axis] - pixel, 0) / behind, 0)
                }
            }
        }
    }
}

extension Landmarks {
    /// The midline of the chin, from the lip down.
    fileprivate static let chinPoints = [18, 200, 199, 175]
}

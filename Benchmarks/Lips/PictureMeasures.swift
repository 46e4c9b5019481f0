import Face
import Media

/// Looks at the pixels of drawn mouths and of the clip's own, frame by frame.
struct PictureMeasures {
    /// Ratios are of the output to the clip's own.
    struct Result {
        /// The variance of the luma's Laplacian inside the lips.
        var sharpness = Double.nan
        /// The mean absolute second difference in time of the mouth with the head's pose taken out.
        var flicker = Double.nan
        /// The 95th percentile of it: single frames that jump.
        var jumps = Double.nan
        /// The most samples of one frame that changed outside the drawn region.
        var changedOutside = 0
        /// The gradient across the ring in which old and new are mixed.
        var seam = Double.nan
    }

    private static let columns = 96
    private static let rows = 64
    /// The half-width of the crop whose motion is measured, in distances of the outer eye corners.
    private static let halfWidth: Float = 0.40
    /// The renderer's ellipse about the lips, which nothing may leave; a little larger, since tracks differ.
    private static let drawnRadius = SIMD2<Float>(1.33, 1.45)

    private var sharpness: [(own: Double, drawn: Double)] = []
    private var flicker: [(own: Double, drawn: Double)] = []
    private var seam: [(own: Double, drawn: Double)] = []
    private var changedOutside = 0
    private var past: [(own: [Float], drawn: [Float])] = []

    /// Forgets the frames before: the face was lost.
    mutating func interrupt() { past = [] }

    /// Takes in a frame before and after drawing.
    ///
    /// - Parameters:
    ///   - pose: Of the face, in both.
    ///   - own: The 468 points before drawing, in pixels.
    ///   - drawn: Likewise after it.
    mutating func add(
        _ before: VideoFrame, _ after: VideoFrame, pose: FacePose, own: [SIMD3<Float>], drawn: [SIMD3<Float>]
    ) {
        sharpness.append((Self.laplacian(before, own), Self.laplacian(after, drawn)))
        seam.append((Self.gradient(before, pose, drawn), Self.gradient(after, pose, drawn)))
        changedOutside = max(changedOutside, Self.changes(from: before, to: after, pose: pose, own: own))
        past.append((Self.crop(before, pose), Self.crop(after, pose)))
        if past.count > 3 { past.removeFirst() }
        guard past.count == 3 else { return }
        flicker.append(
            (Self.secondDifference(past.map(\.own)), Self.secondDifference(past.map(\.drawn))))
    }

    var result: Result {
        func ratio(_ values: [(own: Double, drawn: Double)], _ summary: ([Double]) -> Double) -> Double {
            summary(values.map(\.drawn)) / max(summary(values.map(\.own)), 1e-9)
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        func high(_ values: [Double]) -> Double { Double(percentile(values.map(Float.init), 0.95)) }
        return Result(
            sharpness: ratio(sharpness, median), flicker: ratio(flicker, mean), jumps: ratio(flicker, high),
            changedOutside: changedOutside, seam: ratio(seam, median))
    }

    private static func pixel(_ plane: Plane, _ x: Int, _ y: Int) -> Float {
        Float(plane.base[min(max(y, 0), plane.height - 1) * plane.stride + min(max(x, 0), plane.width - 1)])
    }

    private static func read(_ plane: Plane, _ place: SIMD2<Float>) -> Float {
        let (x, y) = (place.x.rounded(.down), place.y.rounded(.down))
        let (tx, ty) = (place.x - x, place.y - y)
        let (column, row) = (Int(x), Int(y))
        let top = pixel(plane, column, row) * (1 - tx) + pixel(plane, column + 1, row) * tx
        let bottom = pixel(plane, column, row + 1) * (1 - tx) + pixel(plane, column + 1, row + 1) * tx
        return top * (1 - ty) + bottom * ty
    }

    /// The variance of the Laplacian over the pixels inside the outer lips.
    private static func laplacian(_ frame: VideoFrame, _ points: [SIMD3<Float>]) -> Double {
        let outline = Landmarks.outerLips.map { SIMD2(points[$0].x, points[$0].y) }
        let low = outline.reduce(outline[0]) { pointwiseMin($0, $1) }
        let high = outline.reduce(outline[0]) { pointwiseMax($0, $1) }
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        let plane = frame.luma
        for y in Int(low.y)...max(Int(low.y), Int(high.y)) {
            for x in Int(low.x)...max(Int(low.x), Int(high.x))
            where isInside(SIMD2(Float(x), Float(y)), outline) {
                let value = Double(
                    4 * pixel(plane, x, y) - pixel(plane, x - 1, y) - pixel(plane, x + 1, y) - pixel(plane, x, y - 1)
                        - pixel(plane, x, y + 1))
                sum += value
                squares += value * value
                count += 1
            }
        }
        guard count > 8 else { return 0 }
        return squares / count - (sum / count) * (sum / count)
    }

    private static func isInside(_ point: SIMD2<Float>, _ polygon: [SIMD2<Float>]) -> Bool {
        var inside = false
        var previous = polygon[polygon.count - 1]
        for current in polygon {
            if (current.y > point.y) != (previous.y > point.y),
                point.x < previous.x + (point.y - previous.y) / (current.y - previous.y) * (current.x - previous.x)
            {
                inside.toggle()
            }
            previous = current
        }
        return inside
    }

    /// The mean gradient along rays out of the mouth where the mask ends: 0.02 to 0.14 face units outside the lips.
    private static func gradient(_ frame: VideoFrame, _ pose: FacePose, _ drawn: [SIMD3<Float>]) -> Double {
        let outline = Landmarks.outerLips.map { SIMD2(drawn[$0].x, drawn[$0].y) }
        let middle = outline.reduce(.zero, +) / Float(outline.count)
        let unit = pose.unitPixels
        let step = max(0.015 * unit, 1)
        var (sum, count) = (0.0, 0.0)
        for point in outline {
            let ray = point - middle
            let direction = ray / max((ray * ray).sum().squareRoot(), 1)
            var distance = 0.02 * unit
            while distance < 0.14 * unit {
                let place = point + direction * distance
                sum += Double(abs(read(frame.luma, place + direction * step) - read(frame.luma, place)))
                count += 1
                distance += step
            }
        }
        return sum / max(count, 1)
    }

    /// Samples of all planes that differ where nothing may be drawn.
    private static func changes(
        from before: VideoFrame, to after: VideoFrame, pose: FacePose, own: [SIMD3<Float>]
    ) -> Int {
        let lips = Landmarks.lips.map { SIMD2(own[$0].x, own[$0].y) }
        let unit = pose.unitPixels
        let center = lips.reduce(.zero, +) / Float(lips.count) + SIMD2(0, 0.05 * unit)
        let radius = drawnRadius * unit
        var count = 0
        for (plane, other, scale) in [
            (before.luma, after.luma, Float(1)), (before.blueChroma, after.blueChroma, 2),
            (before.redChroma, after.redChroma, 2),
        ] {
            for y in 0..<plane.height {
                for x in 0..<plane.width
                where plane.base[y * plane.stride + x] != other.base[y * other.stride + x] {
                    let place = (SIMD2(Float(x), Float(y)) * scale - center) / radius
                    if (place * place).sum() > 1 { count += 1 }
                }
            }
        }
        return count
    }

    /// The mouth's luma with the head's pose taken out.
    private static func crop(_ frame: VideoFrame, _ pose: FacePose) -> [Float] {
        let lips = (MeanFace.points[Landmarks.upperLipMiddle] + MeanFace.points[Landmarks.lowerLipMiddle]) / 2
        let size = 2 * halfWidth / Float(columns)
        let corner = lips - SIMD3(halfWidth, Float(rows) / 2 * size, 0)
        let origin = pose.picture(corner)
        let across = pose.picture(corner + SIMD3(size, 0, 0)) - origin
        let down = pose.picture(corner + SIMD3(0, size, 0)) - origin
        return (0..<rows * columns).map {
            read(frame.luma, origin + across * Float($0 % columns) + down * Float($0 / columns))
        }
    }

    private static func secondDifference(_ crops: [[Float]]) -> Double {
        var sum = 0.0
        for index in crops[0].indices { sum += Double(abs(crops[0][index] - 2 * crops[1][index] + crops[2][index])) }
        return sum / Double(crops[0].count)
    }
}

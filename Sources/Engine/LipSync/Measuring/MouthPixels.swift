package import Face
import Glibc
package import Media

/// What is read off the pixels of a mouth and of what surrounds it.
package enum MouthPixels {
    /// The ellipse about the lips that drawing never leaves, in face units (distances of the outer eye corners): the
    /// renderer's own, a little larger, since tracks differ.
    package static let drawnRadius = SIMD2<Float>(1.33, 1.45)
    /// The ellipse's middle lies this far below that of the lips, in face units.
    package static let drawnDrop: Float = 0.05

    /// The variance of the luma's Laplacian over the pixels inside a polygon; 0 for fewer than nine pixels.
    package static func detail(_ plane: Plane, inside outline: [SIMD2<Float>]) -> Double {
        measure(plane, inside: outline).curvature
    }

    /// How sharp the edges inside a polygon are, whatever their contrast: the variance of the luma's Laplacian over its mean
    /// squared gradient. An edge that is twice as wide has a quarter of it. 0 for fewer than nine pixels.
    package static func sharpness(_ plane: Plane, inside outline: [SIMD2<Float>]) -> Double {
        let (curvature, slope) = measure(plane, inside: outline)
        return slope > 0 ? curvature / slope : 0
    }

    private static func measure(
        _ plane: Plane, inside outline: [SIMD2<Float>]
    ) -> (curvature: Double, slope: Double) {
        guard let first = outline.first else { return (0, 0) }
        let low = outline.reduce(first) { pointwiseMin($0, $1) }
        let high = outline.reduce(first) { pointwiseMax($0, $1) }
        let rows = max(Int(low.y), 1)...max(max(Int(low.y), 1), min(Int(high.y), plane.height - 2))
        let columns = max(Int(low.x), 1)...max(max(Int(low.x), 1), min(Int(high.x), plane.width - 2))
        guard rows.upperBound < plane.height - 1, columns.upperBound < plane.width - 1 else { return (0, 0) }
        var (sum, squares, slopes, count) = (0.0, 0.0, 0.0, 0.0)
        for y in rows {
            let line = plane.base + y * plane.stride
            for x in columns where isInside(SIMD2(Float(x), Float(y)), outline) {
                let around =
                    Int(line[x - 1]) + Int(line[x + 1]) + Int(line[x - plane.stride]) + Int(line[x + plane.stride])
                let value = Double(4 * Int(line[x]) - around)
                sum += value
                squares += value * value
                let across = Int(line[x + 1]) - Int(line[x - 1])
                let down = Int(line[x + plane.stride]) - Int(line[x - plane.stride])
                slopes += Double(across * across + down * down) / 4
                count += 1
            }
        }
        guard count > 8 else { return (0, 0) }
        return (squares / count - (sum / count) * (sum / count), slopes / count)
    }

    /// The mean gradient along rays out of the mouth where the drawn mask ends: 0.02 to 0.14 face units outside the lips.
    ///
    /// - Parameters:
    ///   - outline: The outer lips in pixels.
    ///   - unit: Pixels of a face unit.
    package static func gradient(_ plane: Plane, around outline: [SIMD2<Float>], unit: Float) -> Double {
        let middle = outline.reduce(.zero, +) / Float(max(outline.count, 1))
        let step = max(0.015 * unit, 1)
        var (sum, count) = (0.0, 0.0)
        for point in outline {
            let ray = point - middle
            let direction = ray / max((ray * ray).sum().squareRoot(), 1)
            var distance = 0.02 * unit
            while distance < 0.14 * unit {
                let place = point + direction * distance
                sum += Double(abs(read(plane, place + direction * step) - read(plane, place)))
                count += 1
                distance += step
            }
        }
        return sum / max(count, 1)
    }

    /// The luma at fixed places of the skin above and beside the lips, 0.03 to 0.12 face units away from them, with the
    /// head's pose taken out. Speech moves this skin least, so that what changes there from frame to frame is flicker.
    package static func skin(_ plane: Plane, pose: FacePose) -> [Float] {
        skinPlaces.map { read(plane, pose.picture($0)) }
    }

    private static let skinPlaces: [SIMD3<Float>] = {
        let outline = Landmarks.outerLips.map { MeanFace.points[$0] }
        let middle = outline.reduce(.zero, +) / Float(outline.count)
        return outline.filter { $0.y < middle.y }.flatMap { point -> [SIMD3<Float>] in
            let ray = point - middle
            let direction = SIMD3(ray.x, ray.y, 0) / (ray.x * ray.x + ray.y * ray.y).squareRoot()
            return [0.03, 0.06, 0.09, 0.12].map { point + direction * $0 }
        }
    }()

    /// Samples of all planes that differ outside an ellipse.
    ///
    /// - Parameters:
    ///   - center: The ellipse's middle in pixels of the luma; `radius` likewise.
    package static func changes(
        from before: VideoFrame, to after: VideoFrame, center: SIMD2<Float>, radius: SIMD2<Float>
    ) -> Int {
        changes(before.luma, after.luma, center, radius)
            + changes(before.blueChroma, after.blueChroma, center / 2, radius / 2)
            + changes(before.redChroma, after.redChroma, center / 2, radius / 2)
    }

    private static func changes(_ a: Plane, _ b: Plane, _ center: SIMD2<Float>, _ radius: SIMD2<Float>) -> Int {
        var count = 0
        func compare(_ y: Int, _ columns: Range<Int>) {
            let (one, other) = (a.base + y * a.stride, b.base + y * b.stride)
            guard !columns.isEmpty,
                memcmp(one + columns.lowerBound, other + columns.lowerBound, columns.count) != 0
            else { return }
            for x in columns where one[x] != other[x] { count += 1 }
        }
        for y in 0..<a.height {
            guard let inside = columns(ofEllipse: center, radius, row: y, width: a.width) else {
                compare(y, 0..<a.width)
                continue
            }
            compare(y, 0..<inside.lowerBound)
            compare(y, inside.upperBound..<a.width)
        }
        return count
    }

    /// The columns of a row that an ellipse covers; `nil` for none.
    static func columns(
        ofEllipse center: SIMD2<Float>, _ radius: SIMD2<Float>, row: Int, width: Int
    ) -> Range<Int>? {
        let height = (Float(row) - center.y) / max(radius.y, 1e-3)
        guard abs(height) <= 1 else { return nil }
        let reach = (1 - height * height).squareRoot() * radius.x
        let left = min(max(Int((center.x - reach).rounded(.up)), 0), width)
        let right = min(max(Int((center.x + reach).rounded(.down)) + 1, left), width)
        return left < right ? left..<right : nil
    }

    package static func isInside(_ point: SIMD2<Float>, _ polygon: [SIMD2<Float>]) -> Bool {
        guard var previous = polygon.last else { return false }
        var inside = false
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

    /// A plane's value between its samples; beyond the edges that of the edge.
    package static func read(_ plane: Plane, _ place: SIMD2<Float>) -> Float {
        let limited = pointwiseMax(
            pointwiseMin(place, SIMD2(Float(plane.width), Float(plane.height))), SIMD2(-1, -1))
        let (x, y) = (limited.x.rounded(.down), limited.y.rounded(.down))
        let (tx, ty) = (limited.x - x, limited.y - y)
        let (column, row) = (Int(x), Int(y))
        func pixel(_ x: Int, _ y: Int) -> Float {
            Float(plane.base[min(max(y, 0), plane.height - 1) * plane.stride + min(max(x, 0), plane.width - 1)])
        }
        let top = pixel(column, row) * (1 - tx) + pixel(column + 1, row) * tx
        let bottom = pixel(column, row + 1) * (1 - tx) + pixel(column + 1, row + 1) * tx
        return top * (1 - ty) + bottom * ty
    }
}

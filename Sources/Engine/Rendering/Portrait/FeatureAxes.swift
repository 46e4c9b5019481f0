import Face

/// Coordinates of a feature of a still face (mouth, eye) in face units, from the middle of its corners: `u` along the
/// line of the corners to the right of the picture, `v` down across it.
struct FeatureAxes: Sendable {
    let origin: SIMD2<Float>
    let along: SIMD2<Float>
    let across: SIMD2<Float>
    let unit: Float

    /// - Parameters:
    ///   - left: The mesh point of the corner on the left of the picture.
    ///   - right: The mesh point of the other corner.
    init(_ face: PortraitFace, left: Int, right: Int) {
        let (a, b) = (face.pixel(left), face.pixel(right))
        origin = (a + b) / 2
        let axis = b - a
        along = axis / max((axis * axis).sum().squareRoot(), 1e-3)
        across = SIMD2(-along.y, along.x)
        unit = face.unit
    }

    /// The axes of the mouth.
    init(mouthOf face: PortraitFace) {
        self.init(face, left: Landmarks.rightCorner, right: Landmarks.leftCorner)
    }

    /// The coordinates (u, v) of a pixel.
    @inline(__always)
    func place(_ pixel: SIMD2<Float>) -> SIMD2<Float> {
        let d = (pixel - origin) / unit
        return SIMD2((d * along).sum(), (d * across).sum())
    }

    /// The pixel at coordinates (u, v).
    @inline(__always)
    func pixel(_ place: SIMD2<Float>) -> SIMD2<Float> {
        origin + (along * place.x + across * place.y) * unit
    }
}

/// A line along a feature as a table: `v` for every `u` between two ends, constant beyond them.
struct FeatureLine: Sendable {
    /// Values of the table: the columns of the lip line search in Lipsmith's photo study, section 3.
    static let columnCount = 96

    let start: Float
    let end: Float
    var values: [Float]

    /// The line through points (u, v), ascending in `u`, smoothed over 2 columns so that its corners are not visible.
    init(through points: [SIMD2<Float>]) {
        start = points[0].x
        end = max(points[points.count - 1].x, points[0].x + 0.01)
        var segment = 0
        values = (0..<Self.columnCount).map { column in
            let u =
                points[0].x + (points[points.count - 1].x - points[0].x) * Float(column) / Float(Self.columnCount - 1)
            while segment + 2 < points.count, points[segment + 1].x < u { segment += 1 }
            let (a, b) = (points[segment], points[segment + 1])
            let t = b.x > a.x ? min(max((u - a.x) / (b.x - a.x), 0), 1) : 0
            return a.y + (b.y - a.y) * t
        }
        smooth(sigma: 2)
    }

    /// One inner edge of the lips, from corner to corner.
    ///
    /// - Parameter points: The mesh points between the corners, from the subject's right to the left.
    init(innerLip points: [Int], of face: PortraitFace, _ axes: FeatureAxes) {
        self.init(through: ([78] + points + [308]).map { axes.place(face.pixel($0)) })
    }

    /// Blurs `v` along the line; the ends stay.
    ///
    /// - Parameter sigma: Standard deviation of the Gaussian in columns.
    mutating func smooth(sigma: Float) {
        let reach = Int((sigma * 2.5).rounded(.up))
        let old = values
        let (first, last) = (old[0], old[old.count - 1])
        for column in values.indices {
            var (sum, weights): (Float, Float) = (0, 0)
            for k in -reach...reach {
                // Beyond an end the line is mirrored through it, so that it keeps its slope.
                let at = column + k
                let value =
                    at < 0
                    ? 2 * first - old[min(-at, old.count - 1)]
                    : at >= old.count ? 2 * last - old[max(2 * old.count - 2 - at, 0)] : old[at]
                let weight = exponential(-Float(k * k) / (2 * sigma * sigma))
                sum += value * weight
                weights += weight
            }
            values[column] = sum / weights
        }
    }

    /// The `u` of a column.
    func u(_ column: Int) -> Float { start + (end - start) * Float(column) / Float(Self.columnCount - 1) }

    /// The `v` of the line at `u`, interpolated linearly.
    @inline(__always)
    func value(_ u: Float) -> Float {
        let last = Float(values.count - 1)
        let position = min(max((u - start) / (end - start) * last, 0), last - 0.001)
        let index = Int(position)
        return values[index] + (values[index + 1] - values[index]) * (position - Float(index))
    }
}

import Face
import Media

/// The upper teeth that a smiling still shows: their pixels are kept and move with the skull.
///
/// Method and numbers are those of Lipsmith's photo study, section 3 (open smile). Lengths are in face units.
struct OwnTeeth: Sendable {
    /// The incisal edge: `v = a + b·u + c·u²` along the mouth's axes.
    private let edge: SIMD3<Float>
    /// The deviation of single teeth from that curve, −0.012…0.004, for columns evenly spaced from `start` to `end`.
    private let columns: [Float]
    private let start: Float
    private let end: Float
    let axes: FeatureAxes
    private let upperLine: FeatureLine

    /// The still is not read nearer to the upper lip than this.
    private static let lipMargin: Float = 0.018
    /// The still is not read nearer to the corners than this.
    private static let cornerMargin: Float = 0.05
    /// Columns in which the teeth's edge is looked for.
    private static let columnCount = 40

    /// Finds the teeth between the lips of an open mouth; `nil` when they are less than 15 % of the area or seen in
    /// fewer than 8 columns.
    init?(
        _ frame: VideoFrame, _ colors: PortraitColors, _ axes: FeatureAxes, upperLine: FeatureLine,
        lowerLine: FeatureLine
    ) {
        self.axes = axes
        self.upperLine = upperLine
        let (first, last) = (upperLine.start, upperLine.end)
        let pixel = 1 / axes.unit
        func value(_ u: Float, _ v: Float) -> SIMD3<Float> { colors.color.read(frame, axes.pixel(SIMD2(u, v))) }
        var lumas: [Float] = []
        for column in 0..<Self.columnCount {
            let u = first + (last - first) * (Float(column) + 0.5) / Float(Self.columnCount)
            for v in stride(from: upperLine.value(u) + pixel, to: lowerLine.value(u) - pixel, by: pixel) {
                lumas.append(value(u, v).x)
            }
        }
        guard lumas.count > 60 else { return nil }
        let threshold = max(Self.otsu(lumas), 0.85 * colors.skin.x)
        var edges: [SIMD2<Float>] = []
        var brightCount = 0
        for column in 0..<Self.columnCount {
            let u = first + (last - first) * (Float(column) + 0.5) / Float(Self.columnCount)
            var bright: [Float] = []
            for v in stride(from: upperLine.value(u) + pixel, to: lowerLine.value(u) - pixel, by: pixel) {
                let found = value(u, v)
                let rgb = colors.color.rgb(found)
                guard found.x > threshold, (rgb.max() - rgb.min()) / max(rgb.max(), 1) < 0.45 else { continue }
                bright.append(v)
            }
            brightCount += bright.count
            if bright.count >= 3 { edges.append(SIMD2(u, bright[Int(Float(bright.count - 1) * 0.95)])) }
        }
        guard Float(brightCount) > 0.15 * Float(lumas.count), edges.count >= 8,
            let edge = Self.parabola(edges)
        else { return nil }
        self.edge = edge
        start = first
        end = last
        // Single teeth may end a little above or below the curve.
        columns = (0..<Self.columnCount).map { column in
            let u = first + (last - first) * (Float(column) + 0.5) / Float(Self.columnCount)
            let near = edges.min { abs($0.x - u) < abs($1.x - u) }!
            let curve = edge.x + edge.y * u + edge.z * u * u
            return abs(near.x - u) < 0.02 ? min(max(near.y - curve, -0.012), 0.004) : 0
        }
    }

    /// The `v` of the teeth's edge at `u`.
    func edge(_ u: Float) -> Float {
        let position = (u - start) / (end - start) * Float(columns.count) - 0.5
        let index = min(max(Int(position), 0), columns.count - 2)
        let t = min(max(position - Float(index), 0), 1)
        return edge.x + edge.y * u + edge.z * u * u + columns[index] + (columns[index + 1] - columns[index]) * t
    }

    /// The opacity of the teeth at a place (u, v), 0…1; they fade towards the corners.
    func alpha(_ place: SIMD2<Float>, softness: Float) -> Float {
        let side = min(place.x - start, end - place.x)
        return smoothStep(softness, -softness, place.y - edge(place.x)) * smoothStep(-0.05, 0.06, side)
    }

    /// The pixel of the still that is shown at a place (u, v); never on the lips.
    func source(_ place: SIMD2<Float>) -> SIMD2<Float> {
        var p = place
        p.x = min(max(p.x, start + Self.cornerMargin), end - Self.cornerMargin)
        let limit = upperLine.value(p.x) + Self.lipMargin
        if p.y < limit { p.y = min(limit + (limit - p.y) * 0.5, max(edge(p.x) - 0.01, limit)) }
        return axes.pixel(p)
    }

    /// The threshold that separates dark from bright values best (Otsu, IEEE Trans. Systems, Man and Cybernetics 9, 62,
    /// 1979).
    private static func otsu(_ values: [Float]) -> Float {
        var histogram = [Float](repeating: 0, count: 64)
        for value in values { histogram[min(max(Int(value / 4), 0), 63)] += 1 }
        let total = Float(values.count)
        let mean = histogram.indices.reduce(Float(0)) { $0 + Float($1) * histogram[$1] } / total
        var (weight, sum, best, threshold): (Float, Float, Float, Int) = (0, 0, -1, 32)
        for level in 0..<63 {
            weight += histogram[level] / total
            sum += Float(level) * histogram[level] / total
            guard weight > 0, weight < 1 else { continue }
            let between = (mean * weight - sum) * (mean * weight - sum) / (weight * (1 - weight))
            if between > best { (best, threshold) = (between, level + 1) }
        }
        return Float(threshold) * 4
    }

    /// The parabola v = a + b·u + c·u² through most of the points: after each of up to four fits the farthest fifth is
    /// dropped.
    private static func parabola(_ points: [SIMD2<Float>]) -> SIMD3<Float>? {
        var kept = points
        var result: SIMD3<Float>?
        for _ in 0..<4 {
            guard kept.count >= 6 else { break }
            var system = [Double](repeating: 0, count: 12)
            for point in kept {
                let (u, v) = (Double(point.x), Double(point.y))
                let powers = [1, u, u * u]
                for i in 0..<3 {
                    for j in 0..<3 { system[i * 4 + j] += powers[i] * powers[j] }
                    system[i * 4 + 3] += powers[i] * v
                }
            }
            guard let solved = LinearSystem.solve(&system, unknowns: 3) else { break }
            let fit = SIMD3(Float(solved[0]), Float(solved[1]), Float(solved[2]))
            result = fit
            let errors = kept.map { abs($0.y - (fit.x + fit.y * $0.x + fit.z * $0.x * $0.x)) }
            let limit = max(errors.sorted()[errors.count * 8 / 10], 0.006)
            kept = zip(kept, errors).filter { $1 <= limit }.map(\.0)
        }
        return result
    }
}

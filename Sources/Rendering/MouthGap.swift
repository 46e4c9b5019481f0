import CKernels
import Face

/// The gap between the lips of one shape: where it begins and ends above each place along the mouth.
///
/// Works in the canonical plane of the lips, so that turned and tilted heads need no special care.
struct MouthGap {
    private static let tableLength = 96

    /// The canonical plane's depth.
    let depth: Float
    /// Between the inner corners, in canonical units.
    let left: Float
    let right: Float
    private(set) var upper: [Float]
    private(set) var lower: [Float]

    /// Reads the gap of `SpeakerPoints.mouthPoints` in canonical space.
    init(_ shape: [SIMD3<Float>]) {
        depth = (shape[MouthIndex.upperMiddle].z + shape[MouthIndex.lowerMiddle].z) / 2
        let start = shape[MouthIndex.rightInnerCorner]
        let end = shape[MouthIndex.leftInnerCorner]
        left = start.x
        right = max(end.x, start.x + 0.01)
        let tops = [start] + MouthIndex.upperInner.map { shape[$0] } + [end]
        let bottoms = [start] + MouthIndex.lowerInner.map { shape[$0] } + [end]
        upper = Self.table(tops, left, right)
        lower = Self.table(bottoms, left, right)
        for index in upper.indices where lower[index] < upper[index] {
            let middle = (lower[index] + upper[index]) / 2
            upper[index] = middle
            lower[index] = middle
        }
    }

    private static func table(_ points: [SIMD3<Float>], _ left: Float, _ right: Float) -> [Float] {
        var segment = 0
        return (0..<tableLength).map { index in
            let x = left + (right - left) * Float(index) / Float(tableLength - 1)
            while segment + 2 < points.count, points[segment + 1].x < x { segment += 1 }
            let (a, b) = (points[segment], points[segment + 1])
            let t = b.x > a.x ? min(max((x - a.x) / (b.x - a.x), 0), 1) : 0
            return a.y + (b.y - a.y) * t
        }
    }

    /// The gap as the kernels read it.
    func withKernelGap<Result>(softness: Float, _ body: (lipsmith_lip_gap) -> Result) -> Result {
        upper.withUnsafeBufferPointer { upper in
            lower.withUnsafeBufferPointer { lower in
                body(
                    lipsmith_lip_gap(
                        upper: upper.baseAddress!, lower: lower.baseAddress!, length: Int32(upper.count), left: left,
                        right: right, softness: softness))
            }
        }
    }

    /// The lips' inner edges above and below a place, and how far the place lies beyond the corners.
    @inline(__always)
    func edges(_ x: Float) -> (upper: Float, lower: Float, beyond: Float) {
        let position = (x - left) / (right - left) * Float(Self.tableLength - 1)
        let clamped = min(max(position, 0), Float(Self.tableLength - 1) - 0.001)
        let index = Int(clamped)
        let t = clamped - Float(index)
        return (
            upper[index] + (upper[index + 1] - upper[index]) * t,
            lower[index] + (lower[index + 1] - lower[index]) * t,
            max(max(left - x, x - right), 0)
        )
    }
}

/// The affine map between pixels and a plane of constant depth in canonical space.
struct CanonicalPlane {
    private let origin: SIMD2<Float>
    private let xAxis: SIMD2<Float>
    private let yAxis: SIMD2<Float>
    private let inverseDeterminant: Float

    init(_ pose: FacePose, depth: Float) {
        origin = pose.picture(SIMD3(0, 0, depth))
        xAxis = pose.picture(SIMD3(1, 0, depth)) - origin
        yAxis = pose.picture(SIMD3(0, 1, depth)) - origin
        let determinant = xAxis.x * yAxis.y - xAxis.y * yAxis.x
        inverseDeterminant = abs(determinant) > 1e-6 ? 1 / determinant : 0
    }

    @inline(__always)
    func canonical(_ pixel: SIMD2<Float>) -> SIMD2<Float> {
        let p = pixel - origin
        return SIMD2(p.x * yAxis.y - p.y * yAxis.x, p.y * xAxis.x - p.x * xAxis.y) * inverseDeterminant
    }

    @inline(__always)
    func pixel(_ point: SIMD2<Float>) -> SIMD2<Float> { origin + xAxis * point.x + yAxis * point.y }
}

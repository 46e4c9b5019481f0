import CKernels
import Face

/// The gap between the lips of one shape: the y of the upper and of the lower lip's inner edge for every x along the
/// mouth.
///
/// All places are in the canonical plane of the lips, so turned and tilted heads need no special treatment.
struct MouthGap {
    /// An edge at 96 x, evenly spaced between the corners: about 2 pixels apart for a mouth 200 pixels wide.
    /// Unmeasured.
    typealias Table = InlineArray<96, Float>

    /// The depth (canonical z) of the plane.
    let depth: Float
    /// The x of the inner corners, in canonical units.
    let left: Float
    let right: Float
    private var upper: Table
    private var lower: Table

    /// Reads the gap of `SpeakerPoints.mouthPoints` in canonical space.
    init(_ shape: [SIMD3<Float>]) {
        depth = (shape[MouthIndex.upperMiddle].z + shape[MouthIndex.lowerMiddle].z) / 2
        let (left, right) = (shape[MouthIndex.rightInnerCorner].x, shape[MouthIndex.leftInnerCorner].x)
        self.left = left
        self.right = max(right, left + 0.01)
        upper = Self.table(shape, along: MouthIndex.upperInnerEdge, left, self.right)
        lower = Self.table(shape, along: MouthIndex.lowerInnerEdge, left, self.right)
        for index in upper.indices where lower[index] < upper[index] {
            let middle = (lower[index] + upper[index]) / 2
            upper[index] = middle
            lower[index] = middle
        }
    }

    private static func table(
        _ shape: [SIMD3<Float>], along edge: [Int], _ left: Float, _ right: Float
    ) -> Table {
        var table = Table(repeating: 0)
        var segment = 0
        for index in table.indices {
            let x = left + (right - left) * Float(index) / Float(table.count - 1)
            while segment + 2 < edge.count, shape[edge[segment + 1]].x < x { segment += 1 }
            let (a, b) = (shape[edge[segment]], shape[edge[segment + 1]])
            let t = b.x > a.x ? min(max((x - a.x) / (b.x - a.x), 0), 1) : 0
            table[index] = a.y + (b.y - a.y) * t
        }
        return table
    }

    /// The edges as lists, upper and lower, evenly spaced from `left` to `right`.
    var tables: ([Float], [Float]) { (upper.indices.map { upper[$0] }, lower.indices.map { lower[$0] }) }

    /// The gap as the C kernels take it.
    ///
    /// - Parameter softness: The width of the edges' transition in canonical units.
    func withKernelGap<Result>(softness: Float, _ body: (lipsmith_lip_gap) -> Result) -> Result {
        upper.span.withUnsafeBufferPointer { upper in
            lower.span.withUnsafeBufferPointer { lower in
                body(
                    lipsmith_lip_gap(
                        upper: upper.baseAddress!, lower: lower.baseAddress!, length: Int32(upper.count), left: left,
                        right: right, softness: softness))
            }
        }
    }

    /// The lips' inner edges at an x, and how far the x lies beyond the corners (0 between them), in canonical units.
    @inline(__always)
    func edges(_ x: Float) -> (upper: Float, lower: Float, beyond: Float) {
        let last = Float(upper.count - 1)
        let clamped = min(max((x - left) / (right - left) * last, 0), last - 0.001)
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

    init(_ pose: FacePose, depth: Float) { self.init(depth: depth) { pose.picture($0) } }

    /// The plane under any affine map from canonical space to pixels.
    init(depth: Float, picture: (SIMD3<Float>) -> SIMD2<Float>) {
        origin = picture(SIMD3(0, 0, depth))
        xAxis = picture(SIMD3(1, 0, depth)) - origin
        yAxis = picture(SIMD3(0, 1, depth)) - origin
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

import Foundation

/// The similarity that takes a face from the picture into canonical space.
///
/// Canonical space has the distance of the outer eye corners as its unit, its origin between them, x to the right, y
/// down and z away from the camera, and holds the face upright and frontal. The way back drops z (weak perspective).
public struct FacePose: Sendable {
    /// Canonical units per pixel.
    public var scale: Float
    /// Rows of the rotation from the picture into canonical space.
    public var rotation: Rotation
    /// The shift after scaling and rotation, in canonical units.
    public var shift: SIMD3<Float>

    /// A rotation as three orthonormal rows.
    public struct Rotation: Sendable {
        /// The rows: the axes of the rotated space, seen in the original one.
        public var rows: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)

        /// The vector after the rotation.
        @inline(__always)
        public func apply(_ v: SIMD3<Float>) -> SIMD3<Float> {
            SIMD3((rows.0 * v).sum(), (rows.1 * v).sum(), (rows.2 * v).sum())
        }

        /// The vector after the inverse rotation.
        @inline(__always)
        public func applyInverse(_ v: SIMD3<Float>) -> SIMD3<Float> {
            rows.0 * v.x + rows.1 * v.y + rows.2 * v.z
        }

        /// The squared Frobenius distance of two rotations, 0…8.
        public func squaredDistance(_ other: Rotation) -> Float {
            let a = rows.0 - other.rows.0
            let b = rows.1 - other.rows.1
            let c = rows.2 - other.rows.2
            return (a * a).sum() + (b * b).sum() + (c * c).sum()
        }

        // A head is turned about its own axes first, then in the picture: a picture that is turned changes the tilt
        // alone.

        /// The turn of the head to the subject's left in radians: in an upright picture the nose then points to the
        /// right.
        public var yawRadians: Float { atan2(rows.0.z, rows.2.z) }
        /// The nod in radians, positive towards the chest.
        public var pitchRadians: Float { asin(min(max(rows.1.z, -1), 1)) }
        /// The tilt in radians, positive clockwise in the picture.
        public var rollRadians: Float { atan2(-rows.1.x, rows.1.y) }
    }

    /// The pose of a mesh of 468 points in pixels: fits its stable points (`Landmarks.stable`) to those of the mean
    /// face.
    public init(of landmarks: [SIMD3<Float>]) {
        self.init(
            from: Landmarks.stable.map { landmarks[$0] }, to: Landmarks.stable.map { MeanFace.points[$0] })
    }

    /// The similarity with the least squared error between two lists of points of equal length, at least three.
    ///
    /// Horn's closed form (J. Opt. Soc. Am. A 4, 629, 1987): the rotation is the eigenvector of the largest eigenvalue
    /// of a symmetric 4 × 4 matrix, read as a quaternion; a reflection cannot come out.
    public init(from source: [SIMD3<Float>], to target: [SIMD3<Float>]) {
        let count = Float(source.count)
        let sourceMean = source.reduce(.zero, +) / count
        let targetMean = target.reduce(.zero, +) / count
        var covariance = [[Double]](repeating: [0, 0, 0], count: 3)
        var sourceSpread: Float = 0
        for (p, q) in zip(source, target) {
            let a = p - sourceMean
            let b = q - targetMean
            sourceSpread += (a * a).sum()
            for i in 0..<3 { for j in 0..<3 { covariance[i][j] += Double(a[i]) * Double(b[j]) } }
        }
        let s = covariance
        let horn: [[Double]] = [
            [s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]],
            [s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]],
            [s[2][0] - s[0][2], s[0][1] + s[1][0], -s[0][0] + s[1][1] - s[2][2], s[1][2] + s[2][1]],
            [s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], -s[0][0] - s[1][1] + s[2][2]],
        ]
        let (value, q) = largestEigenvector(horn)
        let (w, x, y, z) = (Float(q[0]), Float(q[1]), Float(q[2]), Float(q[3]))
        rotation = Rotation(
            rows: (
                SIMD3(w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)),
                SIMD3(2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)),
                SIMD3(2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z)
            ))
        // For the best rotation the trace of rotated source against target is the eigenvalue itself.
        scale = max(Float(value) / max(sourceSpread, .leastNormalMagnitude), .leastNormalMagnitude)
        shift = targetMean - rotation.apply(sourceMean) * scale
    }

    /// The pose that maps every point of the picture onto itself: one canonical unit is one pixel.
    package static let identity = FacePose(
        scale: 1, rotation: Rotation(rows: (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))), shift: .zero)

    private init(scale: Float, rotation: Rotation, shift: SIMD3<Float>) {
        self.scale = scale
        self.rotation = rotation
        self.shift = shift
    }

    /// A point of the picture, in pixels, in canonical space.
    @inline(__always)
    public func canonical(_ point: SIMD3<Float>) -> SIMD3<Float> { rotation.apply(point) * scale + shift }

    /// A point of canonical space in the picture, in pixels.
    @inline(__always)
    public func picture(_ point: SIMD3<Float>) -> SIMD2<Float> {
        let turned = rotation.applyInverse((point - shift) / scale)
        return SIMD2(turned.x, turned.y)
    }

    /// The length of one canonical unit in pixels.
    public var unitPixels: Float { 1 / scale }
}

/// The largest eigenvalue of a symmetric matrix and its unit eigenvector, by cyclic Jacobi rotations.
private func largestEigenvector(_ matrix: [[Double]]) -> (value: Double, vector: [Double]) {
    let n = matrix.count
    var a = matrix
    var v = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0.0 } }
    for _ in 0..<30 {
        var offDiagonal = 0.0
        for p in 0..<n { for q in (p + 1)..<n { offDiagonal += a[p][q] * a[p][q] } }
        if offDiagonal < 1e-22 * (1 + a[0][0] * a[0][0]) { break }
        for p in 0..<n {
            for q in (p + 1)..<n where a[p][q] != 0 {
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta >= 0 ? 1 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot()
                let s = t * c
                for k in 0..<n {
                    (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
                }
                for k in 0..<n {
                    (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
                    (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q])
                }
            }
        }
    }
    let best = (0..<n).max { a[$0][$0] < a[$1][$1] }!
    return (a[best][best], (0..<n).map { v[$0][best] })
}

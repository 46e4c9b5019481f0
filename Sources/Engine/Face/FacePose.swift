import Foundation

/// The similarity that takes a face from the picture into canonical space.
///
/// Canonical space has the distance of the outer eye corners as its unit, its origin between them, x to the right, y
/// down and z away from the camera, and holds the face upright and frontal. The way back drops z (weak perspective).
public struct FacePose: BitwiseCopyable, Sendable {
    /// Canonical units per pixel.
    public var scale: Float
    /// Rows of the rotation from the picture into canonical space.
    public var rotation: Rotation
    /// The shift after scaling and rotation, in canonical units.
    public var shift: SIMD3<Float>

    /// A rotation as three orthonormal rows.
    public struct Rotation: BitwiseCopyable, Sendable {
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
        var (x, y, z) = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
        var sourceSpread: Float = 0
        for (p, q) in zip(source, target) {
            let a = p - sourceMean
            let b = q - targetMean
            sourceSpread += (a * a).sum()
            // The covariance, row by row.
            let row = SIMD3<Double>(b)
            x += Double(a.x) * row
            y += Double(a.y) * row
            z += Double(a.z) * row
        }
        let (value, q) = largestEigenvector([
            SIMD4(x.x + y.y + z.z, y.z - z.y, z.x - x.z, x.y - y.x),
            SIMD4(y.z - z.y, x.x - y.y - z.z, x.y + y.x, z.x + x.z),
            SIMD4(z.x - x.z, x.y + y.x, -x.x + y.y - z.z, y.z + z.y),
            SIMD4(x.y - y.x, z.x + x.z, y.z + z.y, -x.x - y.y + z.z),
        ])
        rotation = Self.rotation(SIMD4<Float>(q))
        // For the best rotation the trace of rotated source against target is the eigenvalue itself.
        scale = max(Float(value) / max(sourceSpread, .leastNormalMagnitude), .leastNormalMagnitude)
        shift = targetMean - rotation.apply(sourceMean) * scale
    }

    /// The rotation that a unit quaternion (w, x, y, z) stands for.
    private static func rotation(_ quaternion: SIMD4<Float>) -> Rotation {
        let (w, x, y, z) = (quaternion.x, quaternion.y, quaternion.z, quaternion.w)
        return Rotation(
            rows: (
                SIMD3(w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)),
                SIMD3(2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)),
                SIMD3(2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z)
            ))
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

/// The largest eigenvalue of a symmetric 4 × 4 matrix and its unit eigenvector, by cyclic Jacobi rotations.
private func largestEigenvector(_ matrix: InlineArray<4, SIMD4<Double>>) -> (value: Double, vector: SIMD4<Double>) {
    var a = matrix
    var v: InlineArray<4, SIMD4<Double>> = [SIMD4(1, 0, 0, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1)]
    for _ in 0..<30 {
        var offDiagonal = 0.0
        for p in 0..<4 { for q in (p + 1)..<4 { offDiagonal += a[p][q] * a[p][q] } }
        if offDiagonal < 1e-22 * (1 + a[0][0] * a[0][0]) { break }
        for p in 0..<4 {
            for q in (p + 1)..<4 where a[p][q] != 0 {
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta >= 0 ? 1 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot()
                let s = t * c
                for k in 0..<4 {
                    (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
                    (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q])
                }
                (a[p], a[q]) = (c * a[p] - s * a[q], s * a[p] + c * a[q])
            }
        }
    }
    var best = 0
    for place in 1..<4 where a[place][place] > a[best][best] { best = place }
    return (a[best][best], SIMD4(v[0][best], v[1][best], v[2][best], v[3][best]))
}

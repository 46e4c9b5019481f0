import Face
import Testing

@Suite("The pose of a face")
struct FacePoseTests {
    /// A rotation from three angles about x, y and z, built without the code under test.
    private static func rotation(_ x: Float, _ y: Float, _ z: Float) -> [SIMD3<Float>] {
        func product(_ a: [SIMD3<Float>], _ b: [SIMD3<Float>]) -> [SIMD3<Float>] {
            a.map { row in
                SIMD3(
                    row.x * b[0].x + row.y * b[1].x + row.z * b[2].x, row.x * b[0].y + row.y * b[1].y + row.z * b[2].y,
                    row.x * b[0].z + row.y * b[1].z + row.z * b[2].z)
            }
        }
        let (sx, cx) = (sine(x), cosine(x))
        let (sy, cy) = (sine(y), cosine(y))
        let (sz, cz) = (sine(z), cosine(z))
        let aboutX: [SIMD3<Float>] = [SIMD3(1, 0, 0), SIMD3(0, cx, -sx), SIMD3(0, sx, cx)]
        let aboutY: [SIMD3<Float>] = [SIMD3(cy, 0, sy), SIMD3(0, 1, 0), SIMD3(-sy, 0, cy)]
        let aboutZ: [SIMD3<Float>] = [SIMD3(cz, -sz, 0), SIMD3(sz, cz, 0), SIMD3(0, 0, 1)]
        return product(product(aboutZ, aboutY), aboutX)
    }

    private static func sine(_ angle: Float) -> Float {
        // Enough terms for angles of one turn.
        var (term, sum) = (angle, angle)
        for k in 1..<12 {
            term *= -angle * angle / Float((2 * k) * (2 * k + 1))
            sum += term
        }
        return sum
    }

    private static func cosine(_ angle: Float) -> Float { 1 - 2 * sine(angle / 2) * sine(angle / 2) }

    /// The mean face as a camera would see it: turned, scaled to pixels and moved.
    private static func seen(_ rows: [SIMD3<Float>], scale: Float, shift: SIMD3<Float>) -> [SIMD3<Float>] {
        MeanFace.points.map { point in
            SIMD3((rows[0] * point).sum(), (rows[1] * point).sum(), (rows[2] * point).sum()) * scale + shift
        }
    }

    @Test(
        "A turned, scaled and moved mean face is brought back to the mean face",
        arguments: [
            (Float(0), Float(0), Float(0)), (0.2, 0, 0), (0, 0.5, 0), (0, -0.5, 0), (0, 0, 0.6), (0.2, -0.4, 0.9),
            (-0.3, 0.3, -2.8),
        ])
    func recovers(x: Float, y: Float, z: Float) {
        let mesh = Self.seen(Self.rotation(x, y, z), scale: 180, shift: SIMD3(640, 360, 12))
        let pose = FacePose(of: mesh)
        #expect(abs(pose.unitPixels - 180) < 0.05)
        for (point, wanted) in zip(mesh, MeanFace.points) {
            let offset = pose.canonical(point) - wanted
            #expect((offset * offset).sum().squareRoot() < 2e-4)
        }
    }

    @Test("A point taken into canonical space and back lands on its pixel")
    func roundTrip() {
        let mesh = Self.seen(Self.rotation(0.2, -0.4, 0.3), scale: 90, shift: SIMD3(300, 200, 0))
        let pose = FacePose(of: mesh)
        for point in mesh {
            let back = pose.picture(pose.canonical(point))
            #expect(abs(back.x - point.x) < 0.01)
            #expect(abs(back.y - point.y) < 0.01)
        }
    }

    @Test("A picture that is turned changes the tilt of a head and neither its turn nor its nod")
    func turnedPicture() {
        let upright = FacePose(of: Self.seen(Self.rotation(0.15, -0.4, 0), scale: 100, shift: .zero)).rotation
        for angle: Float in [-2.8, -1.57, -0.5, 0.5, 1.57, 3.1] {
            let turned = FacePose(of: Self.seen(Self.rotation(0.15, -0.4, angle), scale: 100, shift: .zero)).rotation
            #expect(abs(turned.yawRadians - upright.yawRadians) < 1e-3)
            #expect(abs(turned.pitchRadians - upright.pitchRadians) < 1e-3)
            #expect(abs((turned.rollRadians - upright.rollRadians - angle).remainder(dividingBy: 2 * .pi)) < 1e-3)
        }
    }

    @Test("Yaw is positive when the nose points right in the picture, and as large as the turn")
    func yaw() {
        for angle: Float in [-0.6, -0.2, 0, 0.2, 0.6] {
            let mesh = Self.seen(Self.rotation(0, angle, 0), scale: 100, shift: SIMD3(400, 400, 0))
            let eyes = (mesh[Landmarks.rightEyeOuter] + mesh[Landmarks.leftEyeOuter]) / 2
            let nose = mesh[Landmarks.noseTip].x - eyes.x
            let yaw = FacePose(of: mesh).rotation.yawRadians
            #expect(abs(abs(yaw) - abs(angle)) < 1e-3)
            if angle != 0 { #expect((yaw > 0) == (nose > 0)) }
        }
    }

    @Test("Pitch is positive when the face looks down, and as large as the nod")
    func pitch() {
        for angle: Float in [-0.4, -0.1, 0.1, 0.4] {
            let mesh = Self.seen(Self.rotation(angle, 0, 0), scale: 100, shift: SIMD3(400, 400, 0))
            let eyes = (mesh[Landmarks.rightEyeOuter] + mesh[Landmarks.leftEyeOuter]) / 2
            let upright = (MeanFace.points[Landmarks.noseTip].y) * 100
            let pitch = FacePose(of: mesh).rotation.pitchRadians
            #expect(abs(abs(pitch) - abs(angle)) < 1e-3)
            #expect((pitch > 0) == (mesh[Landmarks.noseTip].y - eyes.y > upright * cosineBound(angle)))
        }
    }

    private func cosineBound(_ angle: Float) -> Float { Self.cosine(angle) }

    @Test("A mirrored face gives a proper rotation, never a reflection")
    func neverReflects() {
        let mesh = MeanFace.points.map { SIMD3(-$0.x, $0.y, $0.z) * 100 }
        let rows = FacePose(
            from: Landmarks.stable.map { mesh[$0] + SIMD3(Float($0 % 3), 0, 0) },
            to: Landmarks.stable.map { MeanFace.points[$0] }
        ).rotation.rows
        let determinant =
            rows.0.x * (rows.1.y * rows.2.z - rows.1.z * rows.2.y) - rows.0.y
            * (rows.1.x * rows.2.z - rows.1.z * rows.2.x)
            + rows.0.z * (rows.1.x * rows.2.y - rows.1.y * rows.2.x)
        #expect(abs(determinant - 1) < 1e-4)
    }

    @Test("The mean face is symmetric, has its eyes a unit apart and its origin between them")
    func meanFace() {
        #expect(MeanFace.points.count == 468)
        let (right, left) = (MeanFace.points[Landmarks.rightEyeOuter], MeanFace.points[Landmarks.leftEyeOuter])
        #expect(right == SIMD3(-0.5, 0, 0))
        #expect(left == SIMD3(0.5, 0, 0))
        for (upper, lower) in zip(Landmarks.upperInnerLip, Landmarks.lowerInnerLip) {
            #expect(abs(MeanFace.points[upper].x - MeanFace.points[lower].x) < 0.05)
        }
    }
}

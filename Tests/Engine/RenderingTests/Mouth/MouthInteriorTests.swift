import Face
import Rendering
import Testing

@Suite("Between lips that open wider than their picture")
struct MouthInteriorTests {
    private static let skin = SIMD3<Float>(150, 118, 140)
    private static let lip = SIMD3<Float>(100, 120, 150)
    private static let pose = FacePose(of: SyntheticSpeaker(curves: [MouthCurves()]).mesh(0))

    private func shape(_ opening: Float) -> [SIMD3<Float>] {
        MouthShape.drive(
            SyntheticSpeaker.neutral, MouthCurves(opening: opening, jaw: opening),
            mouthWidth: SyntheticSpeaker.mouthWidth
        ) { _ in .zero }
    }

    private func view(_ wanted: Float, from shown: Float, darkest: Float = 0) -> MouthInterior.View {
        MouthInterior(skin: Self.skin, lip: Self.lip, black: 16, darkest: darkest)
            .view(of: shape(wanted), pose: Self.pose, from: shape(shown), bankPose: Self.pose)
    }

    /// How much of what the picture shows is seen on the mouth's middle line, from the upper lip (0) to the lower (1).
    private func shares(_ wanted: Float, from shown: Float) -> [(alpha: Float, share: Float)] {
        let shape = shape(wanted)
        let (upper, lower) = (shape[MouthIndex.upperMiddle], shape[MouthIndex.lowerMiddle])
        let view = view(wanted, from: shown)
        return (1..<20).map { step in
            let y = upper.y + (lower.y - upper.y) * Float(step) / 20
            let point = view.point(SIMD2(upper.x, y), edges: (upper.y, lower.y, 0))
            return (point.alpha, point.rigidShare)
        }
    }

    @Test("The upper teeth hang from the upper lip, and under them it is dark")
    func teethStayAtTheLip() {
        let shares = shares(0.35, from: 0.11)
        #expect(shares[..<3].allSatisfy { $0.alpha > 0.9 && $0.share > 0.9 }, "\(shares)")
        #expect(shares[15].alpha > 0.9, "\(shares)")
        #expect(shares[15].share == 0, "\(shares)")
    }

    @Test("Lower teeth that the picture shows go down with the jaw")
    func lowerTeethFollow() {
        let shares = shares(0.45, from: 0.25)
        #expect(shares[16].share > 0.9, "\(shares)")
    }

    @Test("A picture of shut lips is not torn open: nothing of it is seen between them")
    func shutLipsStayOut() {
        #expect(shares(0.2, from: 0).allSatisfy { $0.share == 0 })
    }

    @Test("The cavity is as dark as the film allows, and slits are lighter than caves")
    func darkness() {
        let wide = view(0.4, from: 0.1)
        #expect(wide.cavity(0, depth: 0) < 45)
        #expect(view(0.4, from: 0.1, darkest: 70).cavity(0, depth: 0) == 70)
        #expect(view(0.04, from: 0).cavity(0, depth: 0) > wide.cavity(0, depth: 0) + 10)
    }
}

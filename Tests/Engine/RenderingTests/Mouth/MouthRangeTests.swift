import Face
import Rendering
import Testing

@Suite("A speaker's range and shut mouth")
struct MouthRangeTests {
    @Test("Rest is the own shut mouth, wherever it lies in the range", arguments: [-0.2, -0.07, 0, 0.05] as [Float])
    func rest(start: Float) {
        let range = MouthRange(opening: 0.2, widthStart: start, width: 0.2, jawStart: start / 2, jaw: 0.15)
        let (restWidth, restJaw) = (MouthRange.restWidth, MouthRange.restJaw)
        let rest = range.curves(opening: 0, width: restWidth, jaw: restJaw)
        #expect(abs(rest.opening) < 1e-6)
        #expect(abs(rest.width) < 1e-6)
        #expect(abs(rest.jaw) < 1e-6)
        // Either side of it still moves, and by at least a fifth of the range.
        let narrow = range.curves(opening: 0, width: 0, jaw: 0)
        let wide = range.curves(opening: 0, width: 1, jaw: 1)
        #expect(narrow.width <= -0.039)
        #expect(wide.width >= 0.039)
        #expect(narrow.jaw <= -0.029)
        #expect(wide.jaw >= 0.029)
    }

    @Test("The median speaker's range is a straight line")
    func median() {
        for share in stride(from: Float(-0.5), through: 1.5, by: 0.25) {
            let curves = MouthRange.median.curves(opening: share, width: share, jaw: share)
            #expect(abs(curves.width - (share - 0.45) * 0.16) < 1e-6)
            #expect(abs(curves.jaw - (share - 0.2) * 0.17) < 1e-6)
        }
    }

    @Test("Who speaks without a pause is shut only where the lips touch")
    func fewClosures() {
        let speaker = SyntheticSpeaker(
            curves: (0..<200).map { index in
                let isShut = (40..<46).contains(index) || (140..<146).contains(index)
                return MouthCurves(opening: isShut ? 0 : 0.05 + 0.01 * Float(index % 20))
            })
        let scene = speaker.scene
        #expect(abs(scene.ownCurves[43].opening) < 0.012)
        #expect(abs(scene.ownCurves[110].opening - speaker.curves[110].opening) < 0.03)
    }
}

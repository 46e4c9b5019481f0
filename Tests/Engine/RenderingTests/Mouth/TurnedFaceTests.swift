import Face
import Media
import Rendering
import TestSupport
import Testing

/// What is drawn into a turned picture is the turned drawing.
@Suite("Drawing into turned pictures")
struct TurnedFaceTests {
    /// The mean absolute difference of the luma where either frame was changed, and how many pixels that is.
    private static func difference(
        _ a: VideoFrame, _ b: VideoFrame, changedFrom source: VideoFrame
    ) -> (mean: Float, count: Int) {
        let planes = [a, b, source].map { TestPictures.planes($0)[0] }
        var (sum, count) = (0, 0)
        for index in planes[0].indices {
            let (p, q, s) = (Int(planes[0][index]), Int(planes[1][index]), Int(planes[2][index]))
            guard p != s || q != s else { continue }
            sum += abs(p - q)
            count += 1
        }
        return (Float(sum) / Float(max(count, 1)), count)
    }

    @Test("A filmed mouth", arguments: [1, 2, 3])
    func film(quarters: Int) throws {
        let upright = try RealSpeaker()
        let turned = RealSpeaker(
            frame: try TestPictures.turned(upright.frame, quarters: quarters),
            landmarks: TestPictures.turned(
                upright.landmarks, width: upright.frame.width, height: upright.frame.height, quarters: quarters))
        let curves = MouthCurves(opening: 0.9, width: 0.6, jaw: 0.9)
        for bank in [\RealSpeaker.bank, \RealSpeaker.emptyBank] {
            let wanted = try TestPictures.turned(
                upright.drawn(curves, bank: upright[keyPath: bank]).frame, quarters: quarters)
            let drawn = try turned.drawn(curves, bank: turned[keyPath: bank]).frame
            let found = Self.difference(drawn, wanted, changedFrom: turned.frame)
            #expect(found.count > 2000)
            #expect(found.mean < 1.5, "\(found)")
        }
    }

    @Test("A still face that speaks, blinks, feels and turns", arguments: [1, 2, 3])
    func still(quarters: Int) throws {
        let upright = try StillSpeaker()
        let turned = StillSpeaker(
            try TestPictures.turned(upright.frame, quarters: quarters),
            landmarks: TestPictures.turned(
                upright.landmarks, width: upright.frame.width, height: upright.frame.height, quarters: quarters))
        #expect(turned.portrait.isMouthOpen == upright.portrait.isMouthOpen)
        #expect(turned.portrait.wearsGlasses == upright.portrait.wearsGlasses)
        let pose = PortraitPose(
            mouth: MouthCurves(opening: 0.3, width: 0.05, jaw: 0.2), speaking: 1,
            turn: HeadTurn(yawRadians: 0.06, pitchRadians: -0.05, rollRadians: 0.03), blink: SIMD2(1, 0.5),
            offsets: EmotionShape(.happy).upperFace)
        let wanted = try TestPictures.turned(upright.drawn(pose), quarters: quarters)
        let found = Self.difference(try turned.drawn(pose), wanted, changedFrom: turned.frame)
        #expect(found.count > 20_000)
        #expect(found.mean < 1.5, "\(found)")
    }

    @Test("A shut mouth's colours are read from the clearest frame, whatever way the face lies")
    func reference() throws {
        let speaker = try StillSpeaker()
        let turned = try TestPictures.turned(speaker.frame, quarters: 1)
        let landmarks = TestPictures.turned(
            speaker.landmarks, width: speaker.frame.width, height: speaker.frame.height, quarters: 1)
        let small = speaker.landmarks.map { $0 * 0.8 }
        let kept = MouthReference(speaker.frame, landmarks: small, confidence: 1, betterThan: nil)
        #expect(MouthReference(turned, landmarks: landmarks, confidence: 1, betterThan: kept) != nil)
    }
}

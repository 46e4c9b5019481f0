import Face
import Media
import Rendering
import TestSupport
import Testing

@Suite("One still becomes another")
struct PortraitMorphTests {
    private let start: StillSpeaker
    private let end: StillSpeaker
    private let morph: PortraitMorph
    private let renderers: (PortraitRenderer, PortraitRenderer)

    /// The end is larger, mirrored, darker, and has a white wall on its left where the start's is grey.
    init() throws {
        start = try StillSpeaker("crop=400:400:25:0,scale=640:640,drawbox=w=120:h=200:c=gray:t=fill")
        end = try StillSpeaker(
            "crop=300:300:75:0,hflip,scale=640:640,eq=brightness=-0.15,drawbox=w=120:h=200:c=white:t=fill")
        morph = try #require(PortraitMorph(from: start.portrait, to: end.portrait))
        renderers = (PortraitRenderer(start.portrait), PortraitRenderer(end.portrait))
    }

    private func drawn(_ share: Float) throws -> VideoFrame { try morph.draw(share, PortraitPose(), renderers) }

    /// The mean luma of a square around a point.
    private static func luma(_ frame: VideoFrame, _ x: Float, _ y: Float) -> Float {
        var sum = 0
        for row in Int(y) - 6..<Int(y) + 6 {
            for column in Int(x) - 6..<Int(x) + 6 { sum += Int(frame.luma.base[row * frame.luma.stride + column]) }
        }
        return Float(sum) / 144
    }

    @Test("A change begins with the one picture and ends with the other, and two threads draw the same")
    func ends() throws {
        #expect(StillSpeaker.difference(try drawn(0), start.frame) == 0)
        #expect(StillSpeaker.difference(try drawn(1), end.frame) == 0)
        let others = (PortraitRenderer(start.portrait), PortraitRenderer(end.portrait))
        #expect(StillSpeaker.difference(try drawn(0.5), try morph.draw(0.5, PortraitPose(), others)) == 0)
    }

    @Test("On the way the face has a shape, size and place between both", arguments: [Float(0.35), 0.5, 0.65])
    func shape(share: Float) throws {
        let eased = share * share * share * (10 + share * (6 * share - 15))
        let points = try StillSpeaker.track(try drawn(share))
        let unit = start.portrait.unitPixels
        // The mesh of a face that is half one, half the other is a little uncertain.
        for point in [33, 263, 1, 61, 291, 152, 234, 454] {
            let (a, b) = (start.landmarks[point], end.landmarks[point])
            let wanted = SIMD2(a.x + (b.x - a.x) * eased, a.y + (b.y - a.y) * eased)
            #expect(abs(points[point].x - wanted.x) < 0.12 * unit, "\(point)")
            #expect(abs(points[point].y - wanted.y) < 0.12 * unit, "\(point)")
        }
    }

    @Test("The light of the face comes over steadily, before and after its detail does")
    func light() throws {
        func skin(_ frame: VideoFrame, _ landmarks: [SIMD3<Float>]) -> Float {
            (Self.luma(frame, landmarks[50].x, landmarks[50].y) + Self.luma(frame, landmarks[280].x, landmarks[280].y))
                / 2
        }
        let (first, last) = (skin(start.frame, start.landmarks), skin(end.frame, end.landmarks))
        #expect(first - last > 20)
        var before = first
        for share: Float in [0.2, 0.4, 0.6, 0.8] {
            let frame = try drawn(share)
            let now = skin(frame, try StillSpeaker.track(frame))
            #expect(now < before - 2, "\(share): \(now) of \(first)…\(last)")
            #expect(now > last - 4, "\(share): \(now) of \(first)…\(last)")
            before = now
        }
    }

    @Test("Far from the face only one of the pictures is seen, but for a moment")
    func background() throws {
        let (grey, white) = (Self.luma(start.frame, 20, 30), Self.luma(end.frame, 20, 30))
        #expect(white - grey > 80)
        let seen = try stride(from: Float(0.04), to: 1, by: 0.04).map { Self.luma(try drawn($0), 20, 30) }
        let mixed = seen.filter { $0 > grey + 12 && $0 < white - 12 }
        #expect(mixed.count <= 5, "\(seen)")
        #expect(seen.first.map { abs($0 - grey) < 12 } == true)
        #expect(seen.last.map { abs($0 - white) < 12 } == true)
    }

    @Test("Faces that lie quite otherwise do not meet")
    func unlike() throws {
        let turned = StillSpeaker(
            try TestPictures.turned(start.frame, quarters: 1),
            landmarks: TestPictures.turned(
                start.landmarks, width: start.frame.width, height: start.frame.height, quarters: 1))
        #expect(PortraitMorph(from: start.portrait, to: turned.portrait) == nil)
    }

    @Test("A still bears turns of some degrees: small ones as they are, no larger ones")
    func turnLimits() throws {
        let limits = TurnLimits(start.portrait)
        let degrees = Float.pi / 180
        for limit in [limits.left, limits.right, limits.up, limits.down, limits.tilt] {
            #expect(limit > 6 * degrees, "\(limits)")
            #expect(limit <= 15.01 * degrees, "\(limits)")
        }
        let small = HeadTurn(yawRadians: 2 * degrees, pitchRadians: -degrees, rollRadians: degrees, drop: 0.01)
        let shown = limits.apply(small)
        #expect(abs(shown.yawRadians - small.yawRadians) < 0.1 * degrees)
        #expect(shown.drop == small.drop)
        let large = limits.apply(HeadTurn(yawRadians: 40 * degrees, rollRadians: -1))
        #expect(large.yawRadians > 0)
        #expect(large.yawRadians < limits.right)
        #expect(large.rollRadians < 0)
        #expect(large.rollRadians > -limits.tilt)
        // Beside the frame's edge nothing can move.
        let narrow = try StillSpeaker("crop=120:400:165:0,scale=192:640")
        #expect(TurnLimits(narrow.portrait).right <= limits.right)
    }
}

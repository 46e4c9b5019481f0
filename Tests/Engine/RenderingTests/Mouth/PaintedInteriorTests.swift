import Face
import Media
import Rendering
import TestSupport
import Testing

@Suite("Mouths that never open in their clip")
struct PaintedInteriorTests {
    /// A still face whose mouth is shut: the portrait's, shut by the photo renderer.
    private struct ShutSpeaker {
        let frame: VideoFrame
        let landmarks: [SIMD3<Float>]
        let scene: SpeakerScene
        let plain: MouthBank
        let painted: MouthBank

        init() throws {
            let still = try TestPictures.portrait("crop=300:300:75:0,scale=640:640")
            let smiling = try #require(try TestFaces.tracker().track(still).faces.first)
            let portrait = Portrait(still: still, landmarks: smiling.landmarks)
            frame = try PortraitRenderer(portrait).draw(PortraitPose(speaking: 1))
            landmarks = try #require(try TestFaces.tracker().track(frame).faces.first).landmarks
            scene = SyntheticSpeaker.scene(Array(repeating: landmarks, count: 12))
            var builder = MouthBankBuilder()
            for number in 0..<12 { builder.add(frame, number: number, landmarks: landmarks) }
            plain = MouthBank(builder, scene: scene)
            let reference = try #require(
                MouthReference(frame, landmarks: landmarks, confidence: 1, betterThan: nil))
            painted = MouthBank(builder, scene: scene, painted: reference.interior(scene))
        }

        func drawn(_ bank: MouthBank, _ curves: MouthCurves, brighterBy: Int = 0) throws -> VideoFrame {
            let copy = try frame.copy()
            let luma = copy.luma
            for index in 0..<luma.stride * luma.height {
                luma.base[index] = UInt8(min(max(Int(luma.base[index]) + brighterBy, 16), 235))
            }
            let instruction = MouthPlanner(scene: scene, bank: bank).plan(rows: [5], curves: [curves])[0]
            try MouthRenderer().draw(instruction, into: copy, scene: scene, bank: bank)
            return copy
        }

        /// The luma of the brightest tenth between the lips that the networks see in a drawn frame.
        func teeth(_ frame: VideoFrame) throws -> Float {
            let points = try #require(try TestFaces.tracker().track(frame).faces.first).landmarks
            var values: [UInt8] = []
            for (upper, lower) in zip(Landmarks.upperInnerLip, Landmarks.lowerInnerLip).dropFirst(2).dropLast(2) {
                for step in 2...8 {
                    let place = points[upper] + (points[lower] - points[upper]) * Float(step) / 10
                    values.append(frame.luma.base[Int(place.y) * frame.luma.stride + Int(place.x)])
                }
            }
            let sorted = values.sorted()
            let top = sorted[(sorted.count * 9 / 10)...]
            return top.reduce(0) { $0 + Float($1) } / Float(top.count)
        }
    }

    private static let open = MouthCurves(opening: 1, width: 0.5, jaw: 1)

    @Test("An opened mouth shows teeth that a cavity does not have")
    func teeth() throws {
        let speaker = try ShutSpeaker()
        #expect(!speaker.painted.hasMovingMouth)
        let painted = try speaker.teeth(try speaker.drawn(speaker.painted, Self.open))
        let plain = try speaker.teeth(try speaker.drawn(speaker.plain, Self.open))
        #expect(painted > plain + 40, "\(painted) against \(plain)")
    }

    @Test("What is painted stands in the light of the frame, not in that of the one it was read from")
    func light() throws {
        let speaker = try ShutSpeaker()
        let usual = try speaker.teeth(try speaker.drawn(speaker.painted, Self.open))
        let darker = try speaker.teeth(try speaker.drawn(speaker.painted, Self.open, brighterBy: -50))
        #expect(darker < usual - 25, "\(darker) against \(usual)")
    }

    @Test("A shut mouth is not painted into")
    func shut() throws {
        let speaker = try ShutSpeaker()
        let rest = MouthCurves(opening: 0, width: MouthRange.restWidth, jaw: MouthRange.restJaw)
        let painted = TestPictures.planes(try speaker.drawn(speaker.painted, rest))[0]
        let plain = TestPictures.planes(try speaker.drawn(speaker.plain, rest))[0]
        let changed = painted.indices.count { abs(Int(painted[$0]) - Int(plain[$0])) > 12 }
        #expect(changed < 40, "\(changed)")
    }

    @Test("The clearest frame is kept: a larger face replaces a smaller one, a turned one does not")
    func reference() throws {
        let speaker = try ShutSpeaker()
        func reference(_ scale: SIMD3<Float>, known: MouthReference?) -> MouthReference? {
            let middle = SIMD3<Float>(320, 320, 0)
            return MouthReference(
                speaker.frame, landmarks: speaker.landmarks.map { ($0 - middle) * scale + middle }, confidence: 1,
                betterThan: known)
        }
        let small = try #require(reference(SIMD3(0.5, 0.5, 0.5), known: nil))
        #expect(reference(SIMD3(1, 1, 1), known: small) != nil)
        #expect(reference(SIMD3(0.52, 0.52, 0.52), known: small) == nil)
        #expect(reference(SIMD3(0.4, 1, 1), known: small) == nil)
    }
}

import Face
import Media
import Rendering
import TestSupport
import Testing

@Suite("Blending in two bands")
struct FineBlendTests {
    /// A speaker with noise all over, as film has it, and its scene and bank.
    private struct GrainySpeaker {
        let frame: VideoFrame
        let landmarks: [SIMD3<Float>]
        let scene: SpeakerScene
        let bank: MouthBank

        init() throws {
            frame = try TestPictures.portrait("crop=300:300:75:0,scale=640:640,noise=alls=24:allf=t:all_seed=5")
            landmarks = try #require(try TestFaces.tracker().track(frame).faces.first).landmarks
            scene = SyntheticSpeaker.scene(Array(repeating: landmarks, count: 12))
            var builder = MouthBankBuilder()
            let other = try TestPictures.portrait("crop=300:300:75:0,scale=640:640,noise=alls=24:allf=t:all_seed=9")
            for number in 0..<12 { builder.add(other, number: number, landmarks: landmarks) }
            bank = MouthBank(builder, scene: scene)
        }

        func drawn(isFine: Bool, into frame: VideoFrame? = nil) throws -> VideoFrame {
            let copy = try (frame ?? self.frame).copy()
            let instruction = MouthPlanner(scene: scene, bank: bank).plan(
                rows: [5], curves: [MouthCurves(opening: 0.5, width: 0.5, jaw: 0.4)])[0]
            try MouthRenderer(isFine: isFine).draw(instruction, into: copy, scene: scene, bank: bank)
            return copy
        }

        /// The mean square of the luma's Laplacian at some distance from the lips, in face units.
        func grain(_ frame: VideoFrame, outside distance: ClosedRange<Float>) -> Float {
            let unit = FacePose(of: landmarks).unitPixels
            let luma = frame.luma
            var (sum, count): (Float, Float) = (0, 0)
            for point in Landmarks.outerLips {
                let middle = (landmarks[61] + landmarks[291]) / 2
                let ray = SIMD2(landmarks[point].x - middle.x, landmarks[point].y - middle.y)
                let direction = ray / (ray * ray).sum().squareRoot()
                var way = distance.lowerBound * unit
                while way < distance.upperBound * unit {
                    let (x, y) = (
                        Int(landmarks[point].x + direction.x * way), Int(landmarks[point].y + direction.y * way)
                    )
                    let at = luma.base + y * luma.stride + x
                    let value =
                        4 * Float(at[0]) - Float(at[1]) - Float(at[-1]) - Float(at[luma.stride])
                        - Float(at[-luma.stride])
                    sum += value * value
                    count += 1
                    way += 1
                }
            }
            return sum / count
        }
    }

    // Two different noises mixed half and half have half the power.
    @Test("The ring around the mouth keeps the grain of the film, which mixing would wipe out")
    func grain() throws {
        let speaker = try GrainySpeaker()
        let ring: ClosedRange<Float> = 0.02...0.07
        let own = speaker.grain(speaker.frame, outside: ring)
        let plain = speaker.grain(try speaker.drawn(isFine: false), outside: ring) / own
        let fine = speaker.grain(try speaker.drawn(isFine: true), outside: ring) / own
        // Resampling takes the rest of a noise that is finer than any film's.
        #expect(fine > 1.25 * plain, "\(fine) against \(plain)")
        #expect(fine < 1.2, "\(fine) against \(plain)")
    }

    @Test("A sharp mouth is softened in a frame that is blurred")
    func blur() throws {
        let speaker = try GrainySpeaker()
        let blurred = try TestPictures.portrait("crop=300:300:75:0,scale=640:640,gblur=sigma=3")
        let lips: ClosedRange<Float> = -0.06...(-0.01)
        let plain = speaker.grain(try speaker.drawn(isFine: false, into: blurred), outside: lips)
        let fine = speaker.grain(try speaker.drawn(isFine: true, into: blurred), outside: lips)
        #expect(fine < 0.6 * plain, "\(fine) against \(plain)")
    }

    @Test("Fine blending keeps every promise about the pixels outside")
    func outside() throws {
        let speaker = try RealSpeaker()
        let copy = try speaker.frame.copy()
        let instruction = MouthPlanner(scene: speaker.scene, bank: speaker.bank).plan(
            rows: [5], curves: [MouthCurves(opening: 0.9, width: 0.6, jaw: 0.9)])[0]
        let box = try #require(
            try MouthRenderer(isFine: true).draw(
                instruction, into: copy, scene: speaker.scene, bank: speaker.bank))
        let (before, after) = (speaker.frame.luma, copy.luma)
        for y in 0..<before.height {
            for x in 0..<before.width where before.base[y * before.stride + x] != after.base[y * after.stride + x] {
                guard box.contains(SIMD2(Float(x), Float(y))) else {
                    Issue.record("changed at \(x), \(y)")
                    return
                }
            }
        }
    }
}

import Face
import Media
import Rendering
import TestSupport
import Testing

@Suite("Drawing a mouth into a real picture")
struct MouthRendererTests {
    private static let talking = MouthCurves(opening: 0.9, width: 0.6, jaw: 0.9)

    /// The places, in luma pixels, where two frames differ in any plane.
    private func changes(_ a: VideoFrame, _ b: VideoFrame) -> [SIMD2<Float>] {
        let width = a.width
        return zip(TestPictures.planes(a), TestPictures.planes(b)).enumerated().flatMap { index, planes in
            let (step, columns): (Float, Int) = index == 0 ? (1, width) : (2, width / 2)
            return planes.0.indices.filter { planes.0[$0] != planes.1[$0] }.map { at in
                SIMD2(Float(at % columns) * step, Float(at / columns) * step) + (step - 1) / 2
            }
        }
    }

    @Test("Pixels outside the region that is told are the source's own, bit for bit")
    func outsideIsUntouched() throws {
        let speaker = try RealSpeaker()
        let (frame, region) = try speaker.drawn(Self.talking, bank: speaker.bank)
        let box = try #require(region)
        let changed = changes(speaker.frame, frame)
        #expect(changed.count > 2000)
        #expect(changed.allSatisfy { box.contains($0) })
        #expect(box.area < 0.5 * Float(frame.width * frame.height))
    }

    @Test("The bent face stays inside its ellipse: nothing changes outside, bit for bit")
    func outsideOfEllipseIsUntouched() throws {
        let speaker = try RealSpeaker()
        let (frame, _) = try speaker.drawn(Self.talking, bank: speaker.emptyBank)
        let unit = FacePose(of: speaker.landmarks).unitPixels
        let lips = Landmarks.lips.map { SIMD2(speaker.landmarks[$0].x, speaker.landmarks[$0].y) }
        let center = lips.reduce(.zero, +) / Float(lips.count) + SIMD2(0, 0.05 * unit)
        let changed = changes(speaker.frame, frame)
        #expect(changed.count > 2000)
        #expect(
            changed.allSatisfy { point in
                let offset = (point - center) / unit
                let place = offset / SIMD2(1.25, offset.y < 0 ? 0.72 : 1.35)
                return (place * place).sum() <= 1
            })
        // The ellipse ends under the eyes.
        let eyes = Int(speaker.landmarks[Landmarks.rightEyeOuter].y)
        let (original, drawn) = (TestPictures.planes(speaker.frame)[0], TestPictures.planes(frame)[0])
        let largest = (0..<eyes * frame.width).map { abs(Int(original[$0]) - Int(drawn[$0])) }.max() ?? 0
        #expect(largest == 0)
    }

    @Test("A frame in which nothing is to be shown is not touched")
    func noStrength() throws {
        let speaker = try RealSpeaker()
        var instruction = MouthPlanner(scene: speaker.scene, bank: speaker.bank).plan(
            rows: [5], curves: [Self.talking])[0]
        instruction.strength = 0
        let copy = try speaker.frame.copy()
        #expect(
            try MouthRenderer().draw(instruction, into: copy, scene: speaker.scene, bank: speaker.bank) == nil)
        #expect(changes(speaker.frame, copy).isEmpty)
    }

    @Test("The frame that others share is not drawn into: it is made writable first")
    func sharedFrame() throws {
        let speaker = try RealSpeaker()
        let before = TestPictures.planes(speaker.frame)
        _ = try speaker.drawn(Self.talking, bank: speaker.bank)
        #expect(TestPictures.planes(speaker.frame) == before)
    }

    @Test("The same instruction gives the same pixels, whatever was drawn before")
    func deterministic() throws {
        let speaker = try RealSpeaker()
        let wanted = TestPictures.planes(try speaker.drawn(Self.talking, bank: speaker.bank).frame)
        let renderer = MouthRenderer()
        _ = try speaker.drawn(MouthCurves(opening: 0.2), bank: speaker.bank, renderer: renderer)
        let small = try RealSpeaker("crop=200:200:125:20")
        _ = try small.drawn(Self.talking, bank: small.bank, renderer: renderer)
        let again = try speaker.drawn(Self.talking, bank: speaker.bank, renderer: renderer)
        #expect(TestPictures.planes(again.frame) == wanted)
    }

    @Test("Threads that draw at the same time give the pixels that one thread gives")
    func threads() async throws {
        let speaker = try RealSpeaker()
        let openings: [Float] = [0, 0.2, 0.4, 0.6, 0.8, 1]
        let alone = try openings.map {
            TestPictures.planes(try speaker.drawn(MouthCurves(opening: $0), bank: speaker.bank).frame)
        }
        try await withThrowingTaskGroup(of: (Int, [[UInt8]]).self) { group in
            for _ in 0..<3 {
                for (index, opening) in openings.enumerated() {
                    group.addTask {
                        let drawn = try speaker.drawn(MouthCurves(opening: opening), bank: speaker.bank)
                        return (index, TestPictures.planes(drawn.frame))
                    }
                }
            }
            for try await (index, planes) in group { #expect(planes == alone[index]) }
        }
    }

    @Test(
        "Read again by the networks, the drawn mouth is shut when told so and opens as far as told",
        arguments: [true, false])
    func opensAsTold(hasBank: Bool) throws {
        let speaker = try RealSpeaker()
        let bank = hasBank ? speaker.bank : speaker.emptyBank
        let gaps = try [Float(0), 0.4, 0.8, 1.2].map { opening -> Float in
            let drawn = try speaker.drawn(
                MouthCurves(opening: opening, width: 0.5, jaw: 0.2 + 0.8 * opening), bank: bank)
            let face = try #require(try TestFaces.tracker().track(drawn.frame).faces.first)
            let points = face.landmarks
            let eyes = points[Landmarks.leftEyeOuter] - points[Landmarks.rightEyeOuter]
            let gap = points[Landmarks.lowerLipMiddle].y - points[Landmarks.upperLipMiddle].y
            return gap / (eyes * eyes).sum().squareRoot()
        }
        // Bending alone cannot take the teeth of a smile away; a little of the gap is left.
        #expect(gaps[0] < (hasBank ? 0.06 : 0.075), "\(gaps)")
        #expect(gaps[3] - gaps[0] > 0.06, "\(gaps)")
        for (a, b) in zip(gaps, gaps.dropFirst()) { #expect(b > a, "\(gaps)") }
    }

    // Small faces, faces at the edge and turned faces go through other branches of the geometry.
    @Test(
        "Odd places of the face keep the promise too",
        arguments: [
            "scale=256:256", "crop=120:180:165:0,scale=240:360", "crop=160:150:75:40,scale=320:300",
            "rotate=25*PI/180,crop=360:360:120:0",
        ])
    func oddPlaces(filters: String) throws {
        let speaker = try RealSpeaker(filters)
        for bank in [speaker.bank, speaker.emptyBank] {
            let (frame, region) = try speaker.drawn(Self.talking, bank: bank)
            let box = try #require(region)
            let changed = changes(speaker.frame, frame)
            #expect(!changed.isEmpty)
            #expect(changed.allSatisfy { box.contains($0) })
        }
    }
}

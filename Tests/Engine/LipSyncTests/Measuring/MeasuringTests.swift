import Face
import LipSync
import Media
import Testing

@Suite("Which frames are read back")
struct MeasuredFramesTests {
    @Test(
        "A seventh at most, closures first, the rest in pairs over the whole length",
        arguments: [0, 6, 7, 50, 500, 9_001])
    func budget(count: Int) {
        let closures = stride(from: 3, to: count, by: 40).map { $0 }
        let frames = MeasuredFrames(frameCount: count, closures: closures)
        #expect(frames.frames.count <= count / 7)
        #expect(frames.frames == Set(frames.frames).sorted())
        #expect(frames.frames.allSatisfy { (0..<count).contains($0) })
        #expect(frames.pairs.allSatisfy { frames.frames.contains($0) })
        #expect(frames.pairs.allSatisfy { frames.frames.contains($0 + 1) })
    }

    @Test("All closures are read back where they are few, an even choice of them where they are many")
    func closures() throws {
        let few = MeasuredFrames(frameCount: 500, closures: [10, 20, 499])
        #expect([10, 20, 499].allSatisfy(few.frames.contains))
        let many = MeasuredFrames(frameCount: 700, closures: Array(stride(from: 0, to: 700, by: 3)))
        #expect(many.frames.count { $0 % 3 == 0 } >= 60)
        #expect(try #require(many.frames.first) < 20)
        #expect(try #require(many.frames.last) > 680)
        #expect(!many.pairs.isEmpty)
    }

    @Test("Frames beyond the output are left out")
    func beyond() {
        #expect(MeasuredFrames(frameCount: 70, closures: [-1, 70, 71]).frames.allSatisfy { (0..<70).contains($0) })
    }
}

@Suite("What is read off pixels")
struct MouthPixelsTests {
    private func frame(_ value: (_ x: Int, _ y: Int) -> UInt8) throws -> VideoFrame {
        let frame = try VideoFrame(width: 64, height: 48)
        for y in 0..<48 { for x in 0..<64 { frame.luma.base[y * frame.luma.stride + x] = value(x, y) } }
        return frame
    }

    private let square: [SIMD2<Float>] = [SIMD2(10, 10), SIMD2(30, 10), SIMD2(30, 30), SIMD2(10, 30)]

    @Test("A flat picture has no detail, a chequered one the variance of its Laplacian")
    func detail() throws {
        #expect(MouthPixels.detail(try frame { _, _ in 90 }.luma, inside: square) == 0)
        // Each sample differs from its four neighbours by 10, in turn up and down.
        let chequered = try frame { x, y in (x + y) % 2 == 0 ? 100 : 110 }
        #expect(abs(MouthPixels.detail(chequered.luma, inside: square) - 1600) < 1)
    }

    @Test("Polygons at and beyond the picture's edge are measured as far as they go")
    func edges() throws {
        let frame = try frame { x, _ in UInt8(x) }
        for shift: Float in [-500, -20, 40, 500] {
            let moved = square.map { $0 + SIMD2(shift, shift) }
            #expect(MouthPixels.detail(frame.luma, inside: moved) >= 0)
            #expect(MouthPixels.gradient(frame.luma, around: moved, unit: 50) >= 0)
        }
        #expect(MouthPixels.detail(frame.luma, inside: []) == 0)
    }

    @Test("Exactly the samples that differ outside the ellipse are counted")
    func changes() throws {
        let before = try frame { x, y in UInt8((x * 3 + y) % 200) }
        let after = try before.copy()
        let (center, radius) = (SIMD2<Float>(32, 24), SIMD2<Float>(10, 8))
        after.luma.base[24 * after.luma.stride + 32] ^= 1
        #expect(MouthPixels.changes(from: before, to: after, center: center, radius: radius) == 0)
        after.luma.base[24 * after.luma.stride + 43] ^= 1
        after.luma.base[2 * after.luma.stride + 32] ^= 1
        after.blueChroma.base[0] ^= 1
        #expect(MouthPixels.changes(from: before, to: after, center: center, radius: radius) == 3)
    }
}

@Suite("Timecodes and writing systems")
struct ReportNotesTests {
    @Test(
        "Frames are counted at the nearest whole rate",
        arguments: [
            (0, Rational(25), "00:00:00:00"), (112, Rational(25), "00:00:04:12"),
            (90_061, Rational(25), "01:00:02:11"), (30, Rational(30000, 1001), "00:00:01:00"),
            (59, Rational(60), "00:00:00:59"),
        ])
    func timecodes(frame: Int, rate: Rational, text: String) {
        #expect(GapFinder.timecode(frame, rate) == text)
    }

    @Test("The letters of a text are told by their writing systems")
    func scripts() {
        #expect(TextNote("Hello, 12!", voice: "v", language: nil).scripts == ["Latin": 1])
        #expect(TextNote("Привет мир ok", voice: "v", language: "ru").scripts == ["Cyrillic": 0.818, "Latin": 0.182])
        #expect(TextNote("你好かなカナ", voice: "v", language: "ja").scripts["Han"] == 0.333)
        #expect(TextNote("123 …", voice: "v", language: nil).scripts.isEmpty)
    }
}

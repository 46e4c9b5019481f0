import CAllocationCount
import Face
import Media
import TestSupport
import Testing
import Watermark

@Suite("Painting a mark")
struct WatermarkPainterTests {
    private static let face = SIMD2<Float>(160, 130)

    /// The mean face, 100 pixels a unit, in the middle of a picture.
    private static func points(_ meshPoints: [Int], at middle: SIMD2<Float> = face) -> [SIMD2<Float>] {
        meshPoints.map { SIMD2(MeanFace.points[$0].x, MeanFace.points[$0].y) * 100 + middle }
    }

    private static func skin(_ level: UInt8 = 130, isFullRange: Bool = false) throws -> VideoFrame {
        var generator = SplitMix(seed: 5)
        let frame = try VideoFrame(width: 320, height: 320, isFullRange: isFullRange)
        for index in 0..<frame.luma.stride * 320 {
            frame.luma.base[index] = level &+ UInt8.random(in: 0...4, using: &generator)
        }
        return frame
    }

    private static func painter(_ points: [Int] = MarkedFace.renderedPoints) -> WatermarkPainter {
        WatermarkPainter(key: .standard, identifier: 77, meshPoints: points)
    }

    @Test("Only luma of the lower face changes, by a few levels")
    func region() throws {
        let (before, after) = (try Self.skin(), try Self.skin())
        Self.painter().paint(into: after, points: Self.points(MarkedFace.renderedPoints), seconds: 0)
        let (old, new) = (TestPictures.planes(before), TestPictures.planes(after))
        #expect(old[1] == new[1])
        #expect(old[2] == new[2])
        var changed = 0
        for (index, pair) in zip(old[0], new[0]).enumerated() where pair.0 != pair.1 {
            changed += 1
            let place = (SIMD2(Float(index % 320), Float(index / 320)) - Self.face) / 100
            // The ellipse, and the width of a pixel of the patch.
            let offset = (place - SIMD2(0, 0.86)) / SIMD2(0.575, 0.515)
            #expect((offset * offset).sum() < 1)
            #expect(abs(Int(pair.0) - Int(pair.1)) <= 8)
        }
        #expect(changed > 3000)
    }

    @Test("The same frame, points and time give the same pixels, whatever was drawn before")
    func stateless() throws {
        let (first, second) = (try Self.skin(), try Self.skin())
        let points = Self.points(MarkedFace.renderedPoints)
        Self.painter().paint(into: first, points: points, seconds: 1.24)
        let used = Self.painter()
        used.paint(
            into: try Self.skin(90), points: Self.points(MarkedFace.renderedPoints, at: SIMD2(140, 60)), seconds: 0)
        used.paint(into: second, points: points, seconds: 1.24)
        #expect(TestPictures.planes(first) == TestPictures.planes(second))
    }

    @Test("The mark swings: half a swing later it is the opposite, a quarter later it is gone")
    func swing() throws {
        let points = Self.points(MarkedFace.renderedPoints)
        func luma(_ swings: Double) throws -> [Int] {
            let frame = try Self.skin()
            Self.painter().paint(into: frame, points: points, seconds: swings / MarkWave.frequency)
            return TestPictures.planes(frame)[0].map { Int($0) }
        }
        let still = TestPictures.planes(try Self.skin())[0].map { Int($0) }
        let (crest, trough) = (try luma(3), try luma(3.5))
        #expect(try luma(0.25) == still)
        // Halves are rounded up on both sides.
        for index in still.indices { #expect(abs(crest[index] + trough[index] - 2 * still[index]) <= 1) }
    }

    @Test("Nothing is moved beyond black and white of the frame's range", arguments: [false, true])
    func limits(isFullRange: Bool) throws {
        let (lowest, highest) = isFullRange ? (0, 255) : (16, 235)
        for level in [UInt8(lowest), UInt8(highest - 4)] {
            let frame = try Self.skin(level, isFullRange: isFullRange)
            Self.painter().paint(into: frame, points: Self.points(MarkedFace.renderedPoints), seconds: 0)
            let luma = TestPictures.planes(frame)[0].map { Int($0) }
            #expect(luma.allSatisfy { (lowest...highest).contains($0) })
        }
        let outside = try Self.skin(240)
        Self.painter().paint(into: outside, points: Self.points(MarkedFace.renderedPoints), seconds: 0)
        #expect(TestPictures.planes(outside)[0].allSatisfy { (235...244).contains($0) })
    }

    @Test("Points that are no face change nothing")
    func noFace() throws {
        let frame = try Self.skin()
        let painter = Self.painter()
        let count = MarkedFace.renderedPoints.count
        for points in [
            [], Array(repeating: SIMD2<Float>(50, 50), count: count),
            Array(repeating: SIMD2(Float.nan, 1), count: count),
            Array(repeating: SIMD2(Float.infinity, 1), count: count),
            Self.points(MarkedFace.renderedPoints).map { $0 * 1e30 },
            Self.points(MarkedFace.renderedPoints, at: SIMD2(4000, -4000)),
        ] { painter.paint(into: frame, points: points, seconds: 0) }
        #expect(TestPictures.planes(frame) == TestPictures.planes(try Self.skin()))
    }

    @Test(
        "Faces at the picture's border and beyond are marked where they are seen",
        arguments: [SIMD2<Float>(-20, 100), SIMD2(310, 250), SIMD2(160, -120)])
    func border(place: SIMD2<Float>) throws {
        let frame = try Self.skin()
        Self.painter().paint(into: frame, points: Self.points(MarkedFace.renderedPoints, at: place), seconds: 0)
        let untouched = TestPictures.planes(try Self.skin())[0]
        #expect(TestPictures.planes(frame)[0] != untouched)
    }

    @Test("Once its memory has grown, a painter asks for no more")
    func allocations() throws {
        let frame = try Self.skin()
        let painter = Self.painter()
        let points = Self.points(MarkedFace.renderedPoints)
        painter.paint(into: frame, points: points, seconds: 0)
        lipsmith_allocations_start()
        for number in 0..<10 { painter.paint(into: frame, points: points, seconds: Double(number) / 25) }
        #expect(lipsmith_allocations_stop() == 0)
    }
}

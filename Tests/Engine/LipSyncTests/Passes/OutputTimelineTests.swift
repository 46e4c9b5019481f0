import LipSync
import Media
import Testing

@Suite("Pieces of a clip and its parts")
struct OutputTimelineTests {
    private static let sampleRate = 48_000

    private func timeline(
        _ parts: [(Range<Int>, LengthRule, Double)], frames: Int, rate: Rational = Rational(25)
    ) -> OutputTimeline {
        OutputTimeline(
            parts: parts.map {
                .init(frames: $0.0, mode: $0.1, sampleCount: Int(($0.2 * Double(Self.sampleRate)).rounded()))
            }, clipFrameCount: frames, frameRate: rate, sampleRate: Self.sampleRate)
    }

    // A clip of 12 s with one segment from 2 to 6 s. Sounds are placed by whole frames: 62.5 of them are 63.
    @Test(
        "The contract's examples come out",
        arguments: [
            (LengthRule.cutOff, 8.64, 300), (.loop, 8.64, 416), (.bounce, 8.64, 416), (.remap, 8.64, 416),
            (.silence, 2.5, 300), (.loop, 2.5, 263), (.bounce, 2.5, 263), (.remap, 2.5, 263), (.cutOff, 2.5, 263),
            (.cutOff, 4, 300), (.silence, 8.64, 416),
        ])
    func examples(mode: LengthRule, sound: Double, frames: Int) {
        let timeline = timeline([(50..<150, mode, sound)], frames: 300)
        #expect(timeline.frameCount == frames)
        #expect(timeline.pieces.map(\.part) == [nil, 0, nil])
        #expect((0..<50).map(timeline.sourceFrame) == Array(0..<50))
        #expect((frames - 150..<frames).map(timeline.sourceFrame) == Array(150..<300))
        #expect((50..<frames - 150).allSatisfy { (50..<150).contains(timeline.sourceFrame(at: $0)) })
        #expect(timeline.sourceFrame(at: 50) == 50)
    }

    @Test("A segment at the start or the end, two that touch, one without length and the whole clip as a segment")
    func places() {
        #expect(timeline([(0..<10, .loop, 1)], frames: 40).pieces.map(\.part) == [0, nil])
        #expect(timeline([(30..<40, .loop, 1)], frames: 40).pieces.map(\.part) == [nil, 0])
        #expect(timeline([(0..<40, .loop, 1)], frames: 40).pieces.map(\.part) == [0])
        #expect(timeline([(0..<10, .loop, 1), (10..<20, .loop, 1)], frames: 40).pieces.map(\.part) == [0, 1, nil])
        let empty = timeline([(10..<10, .loop, 1), (20..<25, .cutOff, 1)], frames: 40)
        #expect(empty.pieces.map(\.part) == [nil, 1, nil])
        #expect((0..<40).map(empty.sourceFrame) == Array(0..<40))
        #expect(timeline([(40..<40, .loop, 1)], frames: 40).pieces.map(\.part) == [nil])
    }

    @Test(
        "Sound and picture of every piece begin together, however many there are",
        arguments: [
            Rational(24000, 1001), Rational(30000, 1001), Rational(25), Rational(60000, 1001), Rational(1000, 33),
        ], [48_000, 44_100, 22_050])
    func drift(rate: Rational, sampleRate: Int) {
        let parts = (0..<400).map { number in
            OutputTimeline.Part(
                frames: number * 50 + 7..<number * 50 + 30, mode: LengthRule.allCases[number % 5],
                sampleCount: sampleRate / 3 + number * 97)
        }
        let timeline = OutputTimeline(parts: parts, clipFrameCount: 20_011, frameRate: rate, sampleRate: sampleRate)
        var frame = 0
        var sample = 0
        for piece in timeline.pieces {
            #expect(piece.firstFrame == frame)
            #expect(piece.firstSample == sample)
            let seconds = Double(frame) / rate.value
            #expect(abs(Double(sample) / Double(sampleRate) - seconds) <= 0.5001 / Double(sampleRate))
            frame = piece.frames.upperBound
            sample = piece.samples.upperBound
        }
        #expect(timeline.frameCount == frame)
        #expect(timeline.sampleCount == sample)
        let passing = timeline.pieces.filter { $0.part == nil }.reduce(0) { $0 + $1.timeline.frameCount }
        #expect(passing == 20_011 - 400 * 23)
    }

    @Test("The whole clip as the only part keeps its sound to the sample")
    func whole() {
        let timeline = OutputTimeline(
            whole: .init(frames: 0..<100, mode: .bounce, sampleCount: 12_345), frameRate: Rational(25),
            sampleRate: 48_000)
        #expect(timeline.sampleCount == 12_345)
        #expect(timeline.frameCount == 6)
    }
}

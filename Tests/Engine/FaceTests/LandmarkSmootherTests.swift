import Face
import Testing

@Suite("Smoothing of landmark tracks")
struct LandmarkSmootherTests {
    private static let rates: [Double] = [23.976, 25, 29.97, 50, 60, 120]

    private func smoothed(_ values: [Float], rate: Double) -> [Float] {
        var copy = values
        LandmarkSmoother.smooth(&copy, rowLength: 1, framesPerSecond: rate)
        return copy
    }

    @Test("The weights sum to one, are symmetric and odd in number", arguments: rates)
    func kernel(rate: Double) {
        let weights = LandmarkSmoother.kernel(framesPerSecond: rate)
        #expect(weights.count % 2 == 1)
        #expect(abs(weights.reduce(0, +) - 1) < 1e-5)
        for (a, b) in zip(weights, weights.reversed()) { #expect(abs(a - b) < 1e-6) }
    }

    @Test("The window lasts about the same time at every rate")
    func window() {
        for rate in Self.rates {
            let half = Double(LandmarkSmoother.kernel(framesPerSecond: rate).count / 2) / rate
            #expect(half > 0.055, "\(rate)")
            #expect(half < 0.09, "\(rate)")
        }
    }

    @Test("A parabola stays as it is, to its very ends", arguments: rates)
    func keepsParabolas(rate: Double) {
        let track = (0..<60).map { (index: Int) -> Float in
            let x = Float(index)
            return 300 + 4 * x - 0.05 * x * x
        }
        for (a, b) in zip(smoothed(track, rate: rate), track) { #expect(abs(a - b) < 2e-3) }
    }

    @Test("A symmetric bump keeps its place: nothing lags", arguments: rates)
    func doesNotLag(rate: Double) {
        let center = 40
        let track = (0..<81).map { index -> Float in
            let x = Float(index - center) / Float(rate / 8)
            return 1 / (1 + x * x)
        }
        let result = smoothed(track, rate: rate)
        #expect(result.indices.max { result[$0] < result[$1] } == center)
        for offset in 1...30 { #expect(abs(result[center - offset] - result[center + offset]) < 1e-5) }
    }

    @Test("Noise shrinks, and rows of several numbers do not mix")
    func shrinksNoise() {
        var state: UInt64 = 9
        func noise() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24) - 0.5
        }
        var rows: [Float] = []
        for frame in 0..<400 { rows += [Float(frame), noise(), 7] }
        var result = rows
        LandmarkSmoother.smooth(&result, rowLength: 3, framesPerSecond: 25)
        func power(_ values: [Float]) -> Float {
            stride(from: 1, to: values.count, by: 3).reduce(0) { $0 + values[$1] * values[$1] }
        }
        #expect(power(result) < 0.6 * power(rows))
        for frame in 0..<400 {
            #expect(abs(result[3 * frame] - Float(frame)) < 1e-2)
            #expect(abs(result[3 * frame + 2] - 7) < 1e-4)
        }
    }

    @Test("In films of few frames a second, lips that shut for one frame stay shut", arguments: [10.0, 12, 15, 20])
    func keepsFastClosures(rate: Double) {
        let track: [Float] = [9, 8, 9, 9, 0, 9, 8, 9, 9]
        #expect(smoothed(track, rate: rate) == track)
    }

    @Test("Tracks of no, one and few frames pass")
    func shortTracks() {
        for count in 0...4 {
            let track = (0..<count).map { Float($0 * $0) }
            #expect(smoothed(track, rate: 25) == track)
        }
    }
}

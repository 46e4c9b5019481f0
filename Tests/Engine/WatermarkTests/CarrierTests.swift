import Testing
import Watermark

@Suite("Carriers of a mark")
struct CarrierTests {
    // Another number would be another mark, which finds none of the marks that were painted before.
    @Test("Their number belongs to the mark's format")
    func count() { #expect(CarrierBasis.standard.count == 297) }

    private static func pattern(_ carrier: Int) -> [Float] {
        var weights = [Float](repeating: 0, count: CarrierBasis.standard.count)
        weights[carrier] = 1
        return CarrierBasis.standard.pattern(weights)
    }

    private static func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test("They are orthonormal and vanish outside the window")
    func orthonormal() {
        let carriers = [0, 1, 7, 100, 295, 296]
        let patterns = carriers.map(Self.pattern)
        for (a, first) in patterns.enumerated() {
            for (b, second) in patterns.enumerated() {
                #expect(abs(Self.product(first, second) - (a == b ? 1 : 0)) < 1e-3, "\(carriers[a]) \(carriers[b])")
            }
            let outside = zip(first, PatchWindow.standard.values).filter { $0.1 == 0 }
            #expect(outside.allSatisfy { $0.0 == 0 })
        }
    }

    @Test("A picture's shares are its products with the patterns")
    func project() throws {
        var generator = SplitMix(seed: 8)
        let picture = (0..<FacePatch.count).map { _ in generator.bell() }
        var shares: [Float] = [42]
        CarrierBasis.standard.project(picture, into: &shares)
        try #require(shares.count == 1 + CarrierBasis.standard.count)
        #expect(shares[0] == 42)
        for carrier in [0, 1, 7, 100, 295, 296] {
            #expect(abs(shares[1 + carrier] - Self.product(Self.pattern(carrier), picture)) < 2e-3, "\(carrier)")
        }
    }

    @Test("A wave of any phase is fitted, whatever the drift and a burst")
    func wave() {
        let times = (0..<125).map { Double($0) / 25 + 0.3 }
        var values: [Float] = []
        for (row, time) in times.enumerated() {
            let swing = MarkWave.value(atSeconds: time)
            let quarter = MarkWave.value(atSeconds: time - 0.25 / MarkWave.frequency)
            values.append(3 * swing + Float(time * time) - 2)
            values.append(-2 * quarter + 5 + (row == 60 ? 40 : 0))
        }
        let fit = WaveFit(times[...], values[...], carrierCount: 2, frequency: MarkWave.frequency)
        #expect(abs(fit.amplitudes[0].x - 3) < 0.05)
        #expect(abs(fit.amplitudes[0].y) < 0.05)
        #expect(abs(fit.amplitudes[1].x) < 0.3)
        #expect(abs(fit.amplitudes[1].y - 2) < 0.3)
    }
}

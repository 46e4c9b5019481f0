/// The swing of every carrier at the mark's frequency, as the clip would show it at one speed: what is left when the face
/// itself and the noise that carriers share are taken out.
struct CarrierSpectrum: Sendable {
    let speed: Double
    /// Real and imaginary part of each carrier's amplitude.
    let values: [SIMD2<Float>]

    /// Drift is fitted in pieces of at most about this length in seconds (Lipsmith's watermark study).
    private static let pieceSeconds = 6.0
    /// The fewest frames of a piece; a drift and a wave have up to 27 unknowns, in 6 seconds 10.
    static let leastFrames = 20

    /// - Returns: `nil` where no piece has frames enough.
    init?(_ track: CarrierTrack, speed: Double) {
        let count = track.carrierCount
        let frequency = MarkWave.frequency * speed
        var sum = [SIMD2<Float>](repeating: .zero, count: count)
        var rests: [Float] = []
        for rows in Self.pieces(track) where rows.count >= Self.leastFrames {
            let fit = WaveFit(
                track.times[rows], track.values[rows.lowerBound * count..<rows.upperBound * count],
                carrierCount: count, frequency: frequency)
            for carrier in 0..<count { sum[carrier] += fit.amplitudes[carrier] * Float(rows.count) }
            rests += fit.rests
        }
        guard !rests.isEmpty else { return nil }
        let frameCount = Float(rests.count / count)
        self.speed = speed
        values = Whitening(rests, count: count).apply(sum.map { $0 / frameCount })
    }

    /// Frames that are fitted together: equal pieces of the whole time.
    private static func pieces(_ track: CarrierTrack) -> [Range<Int>] {
        guard let first = track.times.first else { return [] }
        let pieceCount = max(1, Int((track.durationSeconds / pieceSeconds).rounded()))
        let length = track.durationSeconds / Double(pieceCount)
        var start = 0
        return (1...pieceCount).map { piece in
            let end =
                piece == pieceCount
                ? track.times.count
                : track.times.firstIndex { $0 >= first + Double(piece) * length } ?? track.times.count
            defer { start = end }
            return start..<max(start, end)
        }
    }
}

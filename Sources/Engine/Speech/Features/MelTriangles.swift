import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Triangular bands, evenly spaced on a mel scale, over the bins of `SoundSpectra`.
struct MelTriangles {
    /// For each band its first bin and the weights from there on.
    let bands: [(firstBin: Int, weights: [Float])]

    /// The 80 bands up to 8 kHz that Whisper hears: Slaney's scale (linear to 1 kHz, logarithmic above), each of area 1.
    static let whisper = MelTriangles(
        edges: {
            let (hertzPerMel, knee, step) = (200.0 / 3, 1000.0, log(6.4) / 27)
            let top = knee / hertzPerMel + log(8000 / knee) / step
            return (0...81).map { number in
                let mel = top * Double(number) / 81
                return mel < knee / hertzPerMel ? mel * hertzPerMel : knee * exp((mel - knee / hertzPerMel) * step)
            }
        }(), isOfUnitArea: true)

    /// The 40 bands between 60 and 7600 Hz, each with a top of 1, whose mean power is a sound's level.
    static let level = MelTriangles(
        edges: {
            func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
            let (lowest, highest) = (mel(60), mel(7600))
            return (0...41).map { 700 * (pow(10, (lowest + (highest - lowest) * Double($0) / 41) / 2595) - 1) }
        }(), isOfUnitArea: false)

    /// - Parameter edges: Where bands begin, have their top and end, in hertz: band `k` uses three from `k` on.
    private init(edges: [Double], isOfUnitArea: Bool) {
        bands = (0..<edges.count - 2).map { band in
            let (start, middle, end) = (edges[band], edges[band + 1], edges[band + 2])
            let top = isOfUnitArea ? 2 / (end - start) : 1
            let weights = (0..<SoundSpectra.binCount).map { bin in
                let frequency = Double(bin * LevelMeter.sampleRate) / Double(SoundSpectra.windowLength)
                let height = min((frequency - start) / (middle - start), (end - frequency) / (end - middle))
                return Float(max(0, height) * top)
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? first
            return (first, Array(weights[first...last]))
        }
    }

    /// Gives the power in each band, one after the other.
    func forEachPower(in spectrum: [Float], _ body: (Float) -> Void) {
        for (firstBin, weights) in bands {
            var sum: Float = 0
            for (offset, weight) in weights.enumerated() { sum += weight * spectrum[firstBin + offset] }
            body(sum)
        }
    }
}

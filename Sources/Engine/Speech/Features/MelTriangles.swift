import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Triangular bands, evenly spaced on a mel scale, over the bins of `SoundSpectra`.
struct MelTriangles {
    /// For each band its first bin and the weights from there on.
    let bands: [(firstBin: Int, weights: [Float])]

    /// Whisper's 80 bands from 0 to 8 kHz: Slaney's scale (200/3 Hz per mel up to 1 kHz, logarithmic above with 27 mels
    /// per factor of 6.4), each triangle of area 1.
    static let whisper = MelTriangles(
        edges: {
            let (hertzPerMel, knee, step) = (200.0 / 3, 1000.0, log(6.4) / 27)
            let top = knee / hertzPerMel + log(8000 / knee) / step
            return (0...81).map { number in
                let mel = top * Double(number) / 81
                return mel < knee / hertzPerMel ? mel * hertzPerMel : knee * exp((mel - knee / hertzPerMel) * step)
            }
        }(), isOfUnitArea: true)

    /// The 40 bands from 60 to 7600 Hz that `LevelMeter` averages (Lipsmith's speech-to-mouth study): O'Shaughnessy's
    /// mel scale, each triangle of height 1.
    static let level = MelTriangles(
        edges: {
            func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
            let (lowest, highest) = (mel(60), mel(7600))
            return (0...41).map { 700 * (pow(10, (lowest + (highest - lowest) * Double($0) / 41) / 2595) - 1) }
        }(), isOfUnitArea: false)

    /// - Parameters:
    ///   - edges: In hertz, ascending: band `k` begins at edge `k`, has its peak at `k + 1` and ends at `k + 2`.
    ///   - isOfUnitArea: Whether triangles have area 1 (in Hz) instead of height 1.
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

    /// Gives the power in each band to `body`, lowest band first.
    ///
    /// - Parameter spectrum: A power spectrum of `SoundSpectra`.
    func forEachPower(in spectrum: [Float], _ body: (Float) -> Void) {
        for (firstBin, weights) in bands {
            var sum: Float = 0
            for (offset, weight) in weights.enumerated() { sum += weight * spectrum[firstBin + offset] }
            body(sum)
        }
    }
}

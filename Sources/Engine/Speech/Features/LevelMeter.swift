import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Loudness of 16 kHz sound: the mean of 40 mel band powers, every 10 ms, streaming.
///
/// High frequencies count as after a first difference of 0.97 (the features of Lipsmith's speech-to-mouth study). A
/// full-scale sine reads about +20 dB; `floorDecibels` is digital silence.
package struct LevelMeter {
    /// Samples per second the meter expects.
    package static let sampleRate = 16_000
    /// What digital silence reads, in decibels: far under the noise of 16-bit sound, so quiet speech keeps its shape.
    private static let floorDecibels: Float = -100
    private static let difference = 0.97

    /// The values so far, in decibels; value `k` belongs to the window around sample 160 `k`. Empty sound has no value,
    /// any other n / 160 + 1.
    package private(set) var levels: [Float] = []

    private var spectra = SoundSpectra()
    private var sampleCount = 0

    /// One weight a bin: the mean of the triangles, and what the first difference leaves of the bin.
    private static let weights: [Float] = {
        var sums = [Double](repeating: 0, count: SoundSpectra.binCount)
        for (firstBin, weights) in MelTriangles.level.bands {
            for (offset, weight) in weights.enumerated() {
                sums[firstBin + offset] += Double(weight) / Double(MelTriangles.level.bands.count)
            }
        }
        return sums.indices.map { bin in
            let angle = 2 * Double.pi * Double(bin) / Double(SoundSpectra.windowLength)
            let kept = 1 + difference * difference - 2 * difference * cos(angle)
            // The scale is that of a spectrum of 512 bins, which has more of them in each triangle.
            return Float(sums[bin] * kept * 512 / Double(SoundSpectra.windowLength))
        }
    }()

    /// Makes a meter at the start of a sound.
    package init() {}

    /// Takes the next samples, −1…1.
    package mutating func append(_ samples: ArraySlice<Float>) {
        sampleCount += samples.count
        spectra.append(samples)
        measure()
    }

    /// Ends the sound: pads the last windows with silence.
    package mutating func finish() {
        spectra.finish()
        measure()
        let count = sampleCount > 0 ? sampleCount / SoundSpectra.hop + 1 : 0
        levels.removeLast(max(0, levels.count - count))
    }

    private mutating func measure() {
        while let spectrum = spectra.next() { levels.append(Self.level(spectrum)) }
    }

    private static func level(_ spectrum: [Float]) -> Float {
        var mean: Float = 0
        for index in weights.indices { mean += weights[index] * spectrum[index] }
        return 10 * log10(mean + pow(10, floorDecibels / 10))
    }
}

import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Measures the loudness of a stream of 16 kHz sound: the mean of 40 mel band powers in decibels, every 10 ms.
///
/// The bands, the pre-emphasis and the scale are the features of Lipsmith's speech-to-mouth study. A full-scale sine
/// reads about +20 dB, digital silence `floorDecibels`.
package struct LevelMeter {
    /// Samples per second the meter expects.
    package static let sampleRate = 16_000
    /// The level of digital silence, in decibels: far below the noise of 16-bit sound, so that quiet speech keeps its
    /// shape.
    private static let floorDecibels: Float = -100
    /// Pre-emphasis: the share of the sample before that is subtracted from each sample (the study's value).
    private static let difference = 0.97

    /// The values so far, in decibels; value `k` belongs to the window around sample 160 `k`. Empty sound has no value,
    /// any other n / 160 + 1.
    package private(set) var levels: [Float] = []

    private var spectra = SoundSpectra()
    private var sampleCount = 0

    /// The weight of each bin: the mean of the bands' triangles times the power response of the pre-emphasis.
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
            // The study's spectrum had 512 points, so more bins in each triangle; this factor keeps its scale.
            return Float(sums[bin] * kept * 512 / Double(SoundSpectra.windowLength))
        }
    }()

    package init() {}

    /// Takes the next samples, −1…1.
    package mutating func append(_ samples: ArraySlice<Float>) {
        sampleCount += samples.count
        spectra.append(samples)
        measure()
    }

    /// Ends the sound: the last windows are padded with silence, and `levels` is complete.
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

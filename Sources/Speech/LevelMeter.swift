import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Loudness of 16 kHz sound as a mouth model hears it: the mean of 40 mel band powers, every 10 ms, streaming.
///
/// First difference 0.97, Hann window of 25 ms, 512-point power spectrum, 40 triangular mel bands from 60 to 7600 Hz
/// (the features of Lipsmith's speech-to-mouth study). For the loudness the 40 triangles are summed into one weight per
/// spectrum bin. A full-scale sine reads about +20 dB; `floorDecibels` is digital silence. The bands themselves are what
/// the mouth network hears; they are kept on request.
package struct LevelMeter {
    /// Samples per second the meter expects.
    package static let sampleRate = 16_000
    /// Samples from one value to the next (10 ms).
    static let hop = 160
    /// What digital silence reads, in decibels: far under the noise of 16-bit sound, so quiet speech keeps its shape.
    static let floorDecibels: Float = -100

    private static let window = 400
    static let transformSize = 512
    private static let difference: Float = 0.97

    /// The values so far, in decibels; value `k` belongs to the window around sample 160 `k`.
    package private(set) var levels: [Float] = []
    /// The bands of those moments, when they are kept.
    package private(set) var bands: MelBands?

    private var transform = FastFourierTransform(size: Self.transformSize)
    private let hann: [Float]
    private let weights: [Float]
    private var power: [Float]
    private var frame: [Float]
    /// Differenced samples not yet out of every window; begins with half a window of silence before the sound.
    private var pending = [Float](repeating: 0, count: Self.window / 2)
    private var previous: Float = 0
    private var sampleCount = 0

    /// Makes a meter at the start of a sound.
    package init(keepsBands: Bool = false) {
        hann = (0..<Self.window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Self.window - 1))) }
        let triangles = MelTriangles()
        weights = triangles.meanWeights
        if keepsBands { bands = MelBands(triangles) }
        power = [Float](repeating: 0, count: Self.transformSize / 2 + 1)
        frame = [Float](repeating: 0, count: Self.window)
    }

    /// Takes the next samples, −1…1.
    package mutating func append(_ samples: ArraySlice<Float>) {
        pending.reserveCapacity(pending.count + samples.count)
        for sample in samples {
            pending.append(sample - Self.difference * previous)
            previous = sample
        }
        sampleCount += samples.count
        measureCompleteFrames(limit: .max)
    }

    /// Ends the sound: pads the last windows with silence. Empty sound has no value, any other n / 160 + 1.
    package mutating func finish() {
        guard sampleCount > 0 else { return }
        let total = sampleCount / Self.hop + 1
        pending.append(contentsOf: [Float](repeating: 0, count: 2 * Self.window))
        measureCompleteFrames(limit: total)
        pending.removeAll()
    }

    private mutating func measureCompleteFrames(limit: Int) {
        var start = 0
        while start + Self.window <= pending.count, levels.count < limit {
            for index in 0..<Self.window { frame[index] = pending[start + index] * hann[index] }
            transform.powerSpectrum(of: frame, into: &power)
            var mean: Float = 0
            for index in weights.indices { mean += weights[index] * power[index] }
            levels.append(10 * log10(mean + 1e-10))
            bands?.append(power)
            start += Self.hop
        }
        pending.removeFirst(min(start, pending.count))
    }
}

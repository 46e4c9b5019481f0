import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Normalises the loudness of a window of mel bands, since the network's curves would otherwise depend on it.
///
/// Whisper normalises by the loudest value of a whole sound. Here that of a window of 12 s is used, and stretches that
/// are far softer are amplified, so that a quiet second speaker moves the mouth as far as a loud first one.
/// Training/MouthNetwork/features.py does the same; the network is trained with these constants, so they must not be
/// changed here alone.
enum SpeechLevel {
    /// The value to which the loudest one of a window is moved, as base-10 logarithm of a power
    /// (docs/mouth-network.md).
    static let loudest: Float = 0.5
    /// Lower values are raised to this one: 80 dB below the loudest, Whisper's own range.
    static let floor: Float = loudest - 8
    /// The local loudness is the largest value within this many moments of 10 ms on either side (2 s), …
    private static let stretch = 200
    /// … averaged over this many moments on either side (1 s). Both unmeasured.
    private static let smoothing = 100
    /// Differences of up to 12 dB from the loudest value are kept, as base-10 logarithm of a power: louder speech opens
    /// the mouth further. Chosen for that reason, not for a better figure (docs/mouth-network.md).
    private static let kept: Float = 1.2
    /// The largest amplification: 30 dB, as base-10 logarithm of a power. Unmeasured.
    private static let mostLift: Float = 3
    /// No reference is lower than this base-10 logarithm of a power, so that the rounding noise of 16-bit sound stays
    /// far below speech.
    private static let quietest: Float = -7

    /// The base-10 logarithm of a power. That of digital silence (−16) lies below every floor.
    static func logarithm(_ power: Float) -> Float { log10(max(power, 1e-16)) }

    /// A logarithm in the scale of Whisper's input.
    static func scaled(_ value: Float) -> Float { (value + 4) / 4 }

    /// Writes the normalised moments of `bands` into `window`, from moment `place` on.
    ///
    /// - Parameter bands: `bandCount` base-10 logarithms of powers for each moment.
    static func level(_ bands: ArraySlice<Float>, bandCount: Int, into window: inout [Float], at place: Int) {
        let count = bands.count / bandCount
        guard count > 0 else { return }
        let loudness = (0..<count).map { moment in
            let start = bands.startIndex + moment * bandCount
            return bands[start..<start + bandCount].reduce(-Float.infinity) { max($0, $1) }
        }
        let references = references(loudness)
        for moment in 0..<count {
            let shift = loudest - references[moment]
            let start = bands.startIndex + moment * bandCount
            for band in 0..<bandCount {
                window[(place + moment) * bandCount + band] = scaled(max(bands[start + band] + shift, floor))
            }
        }
    }

    /// For each moment the value that is moved to `loudest`, given the loudest band of each moment.
    static func references(_ loudness: [Float]) -> [Float] {
        let highest = Statistics.slidingMaximum(loudness, radius: stretch)
        let loudest = loudness.max() ?? 0
        let least = max(loudest - mostLift, quietest)
        return Statistics.smoothedHoldingEnds(highest, radius: smoothing).map { max(min($0 + kept, loudest), least) }
    }
}

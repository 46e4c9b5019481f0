import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Brings the mel bands of a window to one level: the network knows how loud a sound is, lips do not.
///
/// Whisper's own law moves the loudest value of a whole sound. Here that of a window of 12 s is moved, and stretches far
/// softer than it are lifted, so that a quiet second speaker moves the mouth as far as a loud first one.
/// Training/MouthNetwork/features.py does the same.
enum SpeechLevel {
    /// What the loudest value of a window is moved to, as a base-10 logarithm of a power.
    static let loudest: Float = 0.5
    /// The least value that is kept, likewise: 80 dB under the loudest.
    static let floor: Float = loudest - 8
    /// How loud it is around a moment: the loudest one within 2 s, averaged over 1 s on either side; moments of 10 ms.
    private static let stretch = 200
    private static let smoothing = 100
    /// What is up to 12 dB softer than the loudest of its window stays so: who speaks up opens the mouth further.
    private static let kept: Float = 1.2
    /// Nothing is lifted by more than 30 dB.
    private static let mostLift: Float = 3
    /// No reference is lower: the rounding noise of 16-bit sound stays far below speech.
    private static let quietest: Float = -7

    /// The base-10 logarithm of a power; that of digital silence lies below every floor.
    static func logarithm(_ power: Float) -> Float { log10(max(power, 1e-16)) }

    /// The form in which Whisper takes a value.
    static func scaled(_ value: Float) -> Float { (value + 4) / 4 }

    /// Writes the levelled moments of `bands` into `window` from moment `place` on.
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

    /// What is taken for the loudest value around each moment.
    static func references(_ loudness: [Float]) -> [Float] {
        let highest = Statistics.slidingMaximum(loudness, radius: stretch)
        let loudest = loudness.max() ?? 0
        let least = max(loudest - mostLift, quietest)
        return Statistics.smoothedHoldingEnds(highest, radius: smoothing).map { max(min($0 + kept, loudest), least) }
    }
}

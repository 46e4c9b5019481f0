/// espeak-ng begins a voiceless stop with its burst: the silence before it, in which the mouth is shut already, counts
/// to the sound before. This finds where the closure begins.
enum StopClosure {
    private static let stops: Set<Unicode.Scalar> = ["p", "t", "k", "q", "c", "ʈ"]
    /// Steps in which loudness is looked at, in seconds.
    private static let stepSeconds = 0.0025
    /// The burst's own rise may lie before its event.
    private static let riseSeconds = 0.02
    /// Shorter silences are no closures.
    private static let leastSeconds = 0.015
    /// The longest closure inside a word: a doubled stop.
    private static let mostSeconds = 0.2
    /// After a pause nobody sees how long a mouth has been shut.
    private static let mostAfterPauseSeconds = 0.06
    /// What counts as silence, in steps of 16-bit sound.
    private static let quietAmplitude: Int16 = 60

    /// Whether a phone in IPA is a voiceless stop, or begins as one.
    static func isStop(_ phone: String) -> Bool { phone.unicodeScalars.first.map(stops.contains) ?? false }

    /// The sample with which the closure before a burst begins; the burst's own where there is none.
    ///
    /// - Parameters:
    ///   - earliest: The beginning of the sound before, which keeps at least half of its length.
    ///   - followsPause: Whether that is a pause.
    static func start(
        before burst: Int, earliest: Int, followsPause: Bool, samples: [Int16], sampleRate: Int
    ) -> Int {
        let step = max(1, Int(stepSeconds * Double(sampleRate)))
        let most = Int((followsPause ? mostAfterPauseSeconds : mostSeconds) * Double(sampleRate))
        let limit = max(followsPause ? earliest : (earliest + burst) / 2, burst - most, 0)
        var position = min(burst, samples.count)
        let riseLimit = position - Int(riseSeconds * Double(sampleRate))
        while position - step >= max(limit, riseLimit), !isQuiet(samples[position - step..<position]) {
            position -= step
        }
        let end = position
        while position - step >= limit, isQuiet(samples[position - step..<position]) { position -= step }
        return Double(end - position) >= leastSeconds * Double(sampleRate) ? position : burst
    }

    private static func isQuiet(_ samples: ArraySlice<Int16>) -> Bool {
        samples.allSatisfy { abs(Int($0)) <= Int(quietAmplitude) }
    }
}

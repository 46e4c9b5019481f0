/// Finds the start of the closure before a voiceless stop. espeak-ng begins such a stop with its burst; the silence
/// before it, in which the mouth is shut already, belongs to the phone before.
///
/// The numbers are unmeasured.
enum StopClosure {
    /// Voiceless stops in IPA.
    private static let stops: Set<Unicode.Scalar> = ["p", "t", "k", "q", "c", "ʈ"]
    /// The step of the loudness measurement, in seconds.
    private static let stepSeconds = 0.0025
    /// How far the rise of the burst may lie before its event, in seconds.
    private static let riseSeconds = 0.02
    /// The shortest silence that counts as closure, in seconds.
    private static let leastSeconds = 0.015
    /// The longest closure inside a word (a doubled stop), in seconds.
    private static let mostSeconds = 0.2
    /// The longest closure after a pause, in seconds: there its start is not audible.
    private static let mostAfterPauseSeconds = 0.06
    /// The largest amplitude that counts as silence, in steps of 16-bit sound.
    private static let quietAmplitude: Int16 = 60

    /// Whether a phone in IPA is a voiceless stop, or begins as one.
    static func isStop(_ phone: String) -> Bool { phone.unicodeScalars.first.map(stops.contains) ?? false }

    /// The sample at which the closure before a burst begins; that of the burst when there is no closure.
    ///
    /// - Parameters:
    ///   - earliest: The start of the phone before, which keeps at least half of its length.
    ///   - followsPause: Whether the phone before is a pause.
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

/// The frames in which a voice speaks, sings or whispers. The mouth moves there and rests elsewhere, whatever else is
/// heard.
package struct SpeechMask: Sendable {
    /// For each frame of 10 ms, with padding on both sides, whether a voice is heard within `margin` of it.
    package let frames: [Bool]

    /// The network's probability of a voice is averaged over this many values of 20 ms on either side (0.24 s), so that
    /// pauses between words are part of speech. With `threshold` right on all 19 development sounds, song and whisper
    /// included, and on made music, noise and tones.
    private static let reach = 12
    /// The mean probability above which there is a voice; see `reach`.
    private static let threshold: Float = 0.3
    /// Speech is extended by this many frames of 10 ms on either side: the mouth opens before the voice and shuts after
    /// it. 160 ms in section 2, step 8 of Lipsmith's speech-to-mouth study.
    private static let margin = 16
    /// Pauses between known phones of fewer frames are part of speech: 200 ms, same step of the study.
    private static let shortestPause = 20
    /// Sound with less voice than this, in seconds, has no speech. Unmeasured.
    private static let leastSeconds = 0.1

    /// The frames in which the network hears a voice.
    ///
    /// The loudness is not used: it cannot distinguish rhythm from syllables.
    ///
    /// - Parameters:
    ///   - count: Frames of 10 ms without the padding.
    ///   - padding: Frames before and after them.
    init(_ learned: LearnedMotion, count: Int, padding: Int) {
        var frames = [Bool](repeating: false, count: count + 2 * padding)
        for (index, isVoiced) in Self.voiced(learned).enumerated() where isVoiced {
            let near = 2 * index + padding - Self.margin..<2 * index + padding + Self.margin + 2
            for near in near.clamped(to: frames.indices) { frames[near] = true }
        }
        self.frames = frames
    }

    /// The frames in which known phones are spoken; parameters as above.
    init(_ phones: [TimedPhone], count: Int, padding: Int) {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        var frames = [Bool](repeating: false, count: count + 2 * padding)
        var end: Int?
        for phone in phones where phone.phone != TimedPhone.silence {
            var start = Int(phone.startSeconds * rate) + padding - Self.margin
            if let end, start - end < Self.shortestPause { start = end }
            let stop = Int((phone.endSeconds * rate).rounded(.up)) + padding + Self.margin
            for index in (start..<max(start, stop)).clamped(to: frames.indices) { frames[index] = true }
            end = stop
        }
        self.frames = frames
    }

    /// Whether the network hears a voice for at least `leastSeconds` in all.
    static func isSpoken(_ learned: LearnedMotion) -> Bool {
        Double(voiced(learned).count { $0 }) / Double(LearnedMotion.framesPerSecond) >= leastSeconds
    }

    /// Whether known phones, without silence, last at least `leastSeconds` in all.
    static func isSpoken(_ phones: [TimedPhone]) -> Bool {
        phones.reduce(0) { $1.phone == TimedPhone.silence ? $0 : $0 + $1.endSeconds - $1.startSeconds } >= leastSeconds
    }

    private static func voiced(_ learned: LearnedMotion) -> [Bool] {
        Statistics.boxSmoothed(learned.silence.map { 1 - $0 }, radius: reach).map { $0 > threshold }
    }
}

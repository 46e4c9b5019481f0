/// When somebody speaks, sings or whispers: there the mouth moves, elsewhere it rests, whatever is heard.
package struct SpeechMask: Sendable {
    /// For each frame of 10 ms, with padding on both sides, whether a voice is near.
    package let frames: [Bool]

    /// Half the time over which the network's opinion is averaged: pauses between words are part of speech. Values of 20 ms.
    private static let reach = 12
    /// The mean probability of a voice from which on somebody speaks.
    private static let threshold: Float = 0.3
    /// The mouth opens before the voice and shuts behind it; frames of 10 ms.
    private static let margin = 16
    /// Shorter pauses between known phones are part of speech; frames.
    private static let shortestPause = 20
    /// Less of a voice than this in all is none, seconds.
    private static let leastSeconds = 0.1

    /// Where the network hears a voice.
    ///
    /// Loudness alone cannot tell rhythm from syllables. On the development sounds all of speech, singing and whispering is
    /// found, and none of made music, noise or tones (docs/mouth-network.md).
    init(_ learned: LearnedMotion, count: Int, padding: Int) {
        var frames = [Bool](repeating: false, count: count + 2 * padding)
        for (index, isVoiced) in Self.voiced(learned).enumerated() where isVoiced {
            let near = 2 * index + padding - Self.margin..<2 * index + padding + Self.margin + 2
            for near in near.clamped(to: frames.indices) { frames[near] = true }
        }
        self.frames = frames
    }

    /// Where known phones are spoken.
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

    /// Whether the network hears a voice for long enough.
    static func isSpoken(_ learned: LearnedMotion) -> Bool {
        Double(voiced(learned).count { $0 }) / Double(LearnedMotion.framesPerSecond) >= leastSeconds
    }

    /// Whether known phones last long enough.
    static func isSpoken(_ phones: [TimedPhone]) -> Bool {
        phones.reduce(0) { $1.phone == TimedPhone.silence ? $0 : $0 + $1.endSeconds - $1.startSeconds } >= leastSeconds
    }

    private static func voiced(_ learned: LearnedMotion) -> [Bool] {
        Statistics.boxSmoothed(learned.silence.map { 1 - $0 }, radius: reach).map { $0 > threshold }
    }
}

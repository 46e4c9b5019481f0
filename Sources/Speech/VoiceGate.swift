/// When somebody speaks, sings or whispers, as the mouth network hears it: music, tones and noise move no mouth.
///
/// Loudness alone cannot tell rhythm from syllables. On the development sounds the gate lets 92 to 100 % of the loud moments
/// of speech, singing and whispering through, and none of made music, noise or tones (docs/mouth-network.md).
struct VoiceGate {
    /// For each frame of 10 ms, with padding on both sides, whether a voice is near.
    let isOpen: [Bool]

    /// Half the time over which the network's opinion is averaged: pauses between words are part of speech. Frames of 20 ms.
    private static let reach = 12
    /// The mean probability of a voice from which on the gate is open.
    private static let threshold: Float = 0.3
    /// The mouth opens before the voice and shuts behind it; frames of 10 ms.
    private static let margin = 16

    init(_ learned: LearnedMotion, count: Int, padding: Int) {
        var open = [Bool](repeating: false, count: count + 2 * padding)
        for (index, isVoiced) in Self.voiced(learned).enumerated() where isVoiced {
            let frame = 2 * index + padding
            let near = frame - Self.margin..<frame + Self.margin + 2
            for near in near.clamped(to: open.indices) { open[near] = true }
        }
        isOpen = open
    }

    /// The time in which a voice is heard at all, in seconds.
    static func voicedSeconds(_ learned: LearnedMotion) -> Double {
        Double(voiced(learned).count { $0 }) / Double(LearnedMotion.framesPerSecond)
    }

    private static func voiced(_ learned: LearnedMotion) -> [Bool] {
        Statistics.boxSmoothed(learned.silence.map { 1 - $0 }, radius: reach).map { $0 > threshold }
    }
}

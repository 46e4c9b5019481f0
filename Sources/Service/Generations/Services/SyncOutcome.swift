/// What becomes of a clip and a sound of different lengths in one sync mode.
public struct SyncOutcome: Hashable, Sendable {
    public let mode: SyncMode
    /// Length of the output in seconds.
    public let outputSeconds: Double
    /// One sentence about it.
    public let sentence: String

    /// The outcomes of all modes.
    public static func all(videoSeconds: Double, soundSeconds: Double, framesPerSecond: Double) -> [SyncOutcome] {
        SyncMode.allCases.map { mode in
            let output = mode.outputSeconds(
                video: videoSeconds, voice: soundSeconds, framesPerSecond: framesPerSecond)
            let isEqual = abs(videoSeconds - soundSeconds) * framesPerSecond < 0.5
            return SyncOutcome(
                mode: mode, outputSeconds: output,
                sentence: isEqual
                    ? "Clip and sound are equally long." : mode.sentence(video: videoSeconds, sound: soundSeconds))
        }
    }
}

extension SyncMode {
    fileprivate func sentence(video: Double, sound: Double) -> String {
        let difference = Self.shown(abs(video - sound))
        let isSoundLonger = sound > video
        switch self {
        case .bounce, .loop, .cutOff:
            guard isSoundLonger else { return "The clip ends with the sound; its last \(difference) are left out." }
            if self == .cutOff {
                return "The sound ends with the clip; its last \(difference) are not heard."
            }
            return self == .bounce
                ? "The clip plays forward and backward until the sound ends, \(difference) longer than it is."
                : "The clip starts again until the sound ends, \(difference) longer than it is."
        case .silence:
            return isSoundLonger
                ? "The clip's last picture stays for another \(difference), until the sound ends."
                : "The sound is followed by \(difference) of silence, until the clip ends."
        case .remap:
            guard video > 0, sound > 0 else { return "The clip's speed cannot be matched to the sound." }
            let percent = Int((video / sound * 100).rounded())
            return "The clip plays at \(percent) % of its speed, so that it ends with the sound."
        }
    }

    private static func shown(_ seconds: Double) -> String {
        let tenths = (seconds * 10).rounded() / 10
        return tenths < 0.1 ? "fraction of a second" : "\(tenths) s"
    }
}

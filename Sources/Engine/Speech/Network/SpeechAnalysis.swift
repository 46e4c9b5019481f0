/// One phone with its place in the sound.
public struct TimedPhone: Codable, Hashable, Sendable {
    /// The phone that stands for silence, noise and fillers.
    public static let silence = "SIL"

    /// ARPAbet without stress, or `SIL`.
    public var phone: String
    /// Where it begins, in seconds from the start of the sound.
    public var startSeconds: Double
    /// Where it ends (not included), in seconds from the start of the sound.
    public var endSeconds: Double

    public init(phone: String, startSeconds: Double, endSeconds: Double) {
        self.phone = phone
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
    }
}

/// Everything that `MouthModel` needs of a sound: the encoder's curves, loudness, and phones where they are known.
public struct SpeechAnalysis: Codable, Sendable {
    /// Length of the sound in seconds.
    public var durationSeconds: Double
    /// Known phones in order of time, without gaps, from 0 to `durationSeconds`; empty when they are not known.
    public var phones: [TimedPhone]
    /// Loudness in decibels: 10 log10 of the mean of 40 mel band powers, one value per 10 ms, unsmoothed.
    ///
    /// Value `k` belongs to the 25 ms of sound around `k` × 10 ms. See `LevelMeter` for the scale.
    public var levels: [Float]
    /// False for empty sound, digital silence, and sound with less than 0.1 s of voice or of known phones.
    public var hasSpeech: Bool
    /// True when no sample exceeds half a step of 16-bit sound, and for empty sound.
    public var isDigitallySilent: Bool
    /// Loudness of speech (95th percentile) over that of the background (3rd percentile), in decibels.
    ///
    /// Under 15 dB lips become noticeably worse, under 5 dB poor (Lipsmith's speech-to-mouth study). Sound without
    /// any pause reads too low.
    public var signalToNoiseDecibels: Float
    /// Whether `phones` are known, as from a synthesiser.
    public var phonesAreExact: Bool
    /// The encoder's curves; `nil` when no encoder was used.
    public var learned: LearnedMotion?

    /// For analyses that do not come from `SpeechAnalyzer`.
    public init(
        durationSeconds: Double, phones: [TimedPhone], levels: [Float], hasSpeech: Bool, isDigitallySilent: Bool,
        signalToNoiseDecibels: Float, phonesAreExact: Bool = false, learned: LearnedMotion? = nil
    ) {
        self.durationSeconds = durationSeconds
        self.phones = phones
        self.levels = levels
        self.hasSpeech = hasSpeech
        self.isDigitallySilent = isDigitallySilent
        self.signalToNoiseDecibels = signalToNoiseDecibels
        self.phonesAreExact = phonesAreExact
        self.learned = learned
    }

    /// Analysis frames per second: of `levels` and of all mouth curves before sampling.
    package static let framesPerSecond = 100
}

/// Analyses a stream of sound for `MouthModel`. Memory grows by some kilobytes a second only.
///
///     var analyzer = SpeechAnalyzer(encoder: network)
///     for block in blocks { try analyzer.append(block) }
///     let analysis = try analyzer.finish()
///
/// Samples are 16 kHz mono in −1…1, in blocks of any length; the result does not depend on the block length. Samples
/// that are not numbers count as silence.
public struct SpeechAnalyzer {
    /// Sound whose peak is at most this (half a step of 16-bit sound) is digital silence.
    private static let inaudiblePeak: Float = 0.5 / 32768
    /// Larger samples are limited to this (files of floating point may hold any number), so that powers stay finite.
    private static let largestSample: Float = 1000
    /// The least signal-to-noise ratio in decibels for known phones: far above the 15 dB below which motion is reduced,
    /// since known phones are certain whatever noise accompanies them.
    private static let knownSignalToNoise: Float = 40

    private let phones: [TimedPhone]?
    private var listener: any SpeechListener
    private var meter = LevelMeter()
    private var sampleCount = 0
    private var peak: Float = 0
    private var isFinished = false

    /// Begins a sound.
    ///
    /// - Parameters:
    ///   - encoder: Is used by this analyser alone until `finish`.
    ///   - phones: The phones of the sound where a synthesiser gave them, in seconds from the sound's start.
    public init(encoder: any SpeechEncoder, phones: [TimedPhone]? = nil) {
        self.phones = phones
        listener = encoder.listen()
    }

    /// Takes the next block of samples.
    ///
    /// - Throws: `SpeechError.alreadyFinished`, and `InferenceError` when the encoder fails.
    public mutating func append(_ samples: [Float]) throws {
        guard !isFinished else { throw SpeechError.alreadyFinished }
        let usable = samples.map { $0.isFinite ? max(-Self.largestSample, min(Self.largestSample, $0)) : 0 }
        for sample in usable { peak = max(peak, abs(sample)) }
        meter.append(usable[...])
        try listener.append(usable[...])
        sampleCount += usable.count
    }

    /// Ends the sound and returns its analysis. The analyser cannot be used afterwards.
    ///
    /// - Throws: `SpeechError.alreadyFinished`, and `InferenceError` when the encoder fails.
    public mutating func finish() throws -> SpeechAnalysis {
        guard !isFinished else { throw SpeechError.alreadyFinished }
        isFinished = true
        meter.finish()
        let learned = try listener.finish()
        let duration = Double(sampleCount) / Double(LevelMeter.sampleRate)
        let known = phones.map { TimedPhone.gapless($0, durationSeconds: duration) }
        let isSilent = peak <= Self.inaudiblePeak
        let isSpoken = known.map(SpeechMask.isSpoken) ?? SpeechMask.isSpoken(learned)
        let signalToNoise = SignalToNoise.decibels(meter.levels)
        return SpeechAnalysis(
            durationSeconds: duration, phones: known ?? [], levels: meter.levels, hasSpeech: !isSilent && isSpoken,
            isDigitallySilent: isSilent,
            signalToNoiseDecibels: known == nil ? signalToNoise : max(signalToNoise, Self.knownSignalToNoise),
            phonesAreExact: known != nil, learned: learned)
    }
}

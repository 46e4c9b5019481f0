/// Turns a stream of sound into what the mouth models need, with bounded memory for hours of it.
///
/// Feed 16 kHz mono samples in −1…1 in blocks of any length; the result does not depend on the block length. Samples that
/// are not numbers count as silence.
public struct SpeechAnalyzer {
    /// No sample over this peak (half a step of 16-bit sound) is digital silence.
    private static let inaudiblePeak: Float = 0.5 / 32768
    /// Files of floating point may hold any number; powers of these must stay numbers.
    private static let largestSample: Float = 1000
    /// What a synthesiser says is certain, whatever lies under it.
    private static let knownSignalToNoise: Float = 40

    private let phones: [TimedPhone]?
    private var listener: any SpeechListener
    private var meter = LevelMeter()
    private var sampleCount = 0
    private var peak: Float = 0
    private var isFinished = false

    /// Begins a sound that the encoder hears.
    ///
    /// - Parameter phones: What is said, in seconds from the sound's start, where a synthesiser told it.
    public init(encoder: any SpeechEncoder, phones: [TimedPhone]? = nil) {
        self.phones = phones
        listener = encoder.listen()
    }

    /// Takes the next block.
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

    /// Ends the sound and gives the whole analysis. The analyser cannot be used afterwards.
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

/// Measures a sound whose phones are known already, from a synthesiser: nothing is recognised.
///
/// Feed 16 kHz mono samples in −1…1 in blocks of any length. Memory grows with the loudness curve alone.
public struct KnownSpeech {
    private let phones: [TimedPhone]
    private let network: MouthNetwork?
    private var meter: LevelMeter
    private var sampleCount = 0
    private var peak: Float = 0

    /// Begins a sound with these phones, in seconds from its start.
    ///
    /// With a network the analysis also holds what that hears.
    public init(phones: [TimedPhone], network: MouthNetwork? = nil) {
        self.phones = phones
        self.network = network
        meter = LevelMeter(keepsBands: network != nil)
    }

    /// Takes the next block. Samples that are not numbers count as silence.
    public mutating func append(_ samples: [Float]) {
        let finite = samples.map { $0.isFinite ? $0 : 0 }
        for sample in finite { peak = max(peak, abs(sample)) }
        meter.append(finite[...])
        sampleCount += finite.count
    }

    /// Ends the sound and gives the whole analysis.
    ///
    /// Throws `InferenceError` when the network fails.
    public mutating func finish() throws -> SpeechAnalysis {
        meter.finish()
        let duration = Double(sampleCount) / Double(LevelMeter.sampleRate)
        let phones = TimedPhone.gapless(self.phones, durationSeconds: duration)
        let activity = SpeechActivity(levels: meter.levels)
        let isSilent = peak <= SpeechAnalyzer.inaudiblePeak
        return SpeechAnalysis(
            durationSeconds: duration, phones: phones, levels: meter.levels,
            hasSpeech: !isSilent && activity.containsSpeech(phones: phones), isDigitallySilent: isSilent,
            // What a synthesiser says is certain, whatever lies under it.
            signalToNoiseDecibels: max(activity.signalToNoise, 40), phonesAreExact: true,
            learned: try meter.bands.flatMap { try network?.motion($0) })
    }
}

/// Turns a stream of sound into phones and loudness, with bounded memory for hours of it.
///
/// Feed 16 kHz mono samples in −1…1 in blocks of any length; the result does not depend on the block length. The
/// recogniser hears utterances of 20 to 60 s that are cut at the quietest moment; phone times count from the start of
/// the sound all the same. Not safe for two threads at once.
public final class SpeechAnalyzer: @unchecked Sendable {
    /// No sample over this peak (half a step of 16-bit sound) is digital silence.
    static let inaudiblePeak: Float = 0.5 / 32768

    /// An utterance never grows longer than this, in samples.
    private static let longestUtterance = 60 * LevelMeter.sampleRate
    /// Where in a full buffer the cut may lie, in analysis frames from its start.
    private static let cutRange = 2000..<4000

    private let recognizer: PhoneRecognizer
    private let network: MouthNetwork?
    private var meter: LevelMeter
    private var assembler = PhoneAssembler()
    private var buffer: [Float] = []
    private var bufferStartFrame = 0
    private var sampleCount = 0
    private var peak: Float = 0
    private var isFinished = false

    /// Loads the recogniser's model from `modelFolder`, the folder named by `LIPSMITH_SPEECH_MODEL`, or Debian's.
    ///
    /// With a network the analysis also holds what that hears; without one the mouth follows the phones alone.
    ///
    /// Throws `SpeechError` (`modelMissing`, `modelUnusable`).
    public init(modelFolder: String? = nil, network: MouthNetwork? = nil) throws {
        self.network = network
        meter = LevelMeter(keepsBands: network != nil)
        recognizer = try PhoneRecognizer(model: SpeechModel(folder: modelFolder))
    }

    /// Samples now held back for the recogniser: never more than 60 s of them.
    package var bufferedSampleCount: Int { buffer.count }

    /// Takes the next block. Now and then this recognises an utterance, which takes a second or two.
    ///
    /// Samples that are not numbers count as silence.
    public func append(_ samples: [Float]) throws {
        guard !isFinished else { throw Self.finishedError }
        var rest = samples[...]
        while !rest.isEmpty {
            // Filling up to the exact limit makes the cuts independent of the caller's block length.
            let block = rest.prefix(Self.longestUtterance - buffer.count)
            rest = rest.dropFirst(block.count)
            take(block)
            if buffer.count == Self.longestUtterance { try recognizeFirstPart() }
        }
    }

    /// Ends the sound and gives the whole analysis. The analyser cannot be used afterwards.
    ///
    /// Throws `SpeechError`, and `InferenceError` when the network fails.
    public func finish() throws -> SpeechAnalysis {
        guard !isFinished else { throw Self.finishedError }
        isFinished = true
        meter.finish()
        assembler.append(try recognizer.phones(in: buffer), from: bufferStartFrame)
        buffer = []
        let duration = Double(sampleCount) / Double(LevelMeter.sampleRate)
        let phones = assembler.finish(durationSeconds: duration)
        let activity = SpeechActivity(levels: meter.levels)
        let isSilent = peak <= Self.inaudiblePeak
        let learned = try meter.bands.flatMap { try network?.motion($0) }
        let hasVoice = learned.map { VoiceGate.voicedSeconds($0) >= 0.1 } ?? true
        return SpeechAnalysis(
            durationSeconds: duration, phones: phones, levels: meter.levels,
            hasSpeech: !isSilent && hasVoice && activity.containsSpeech(phones: phones), isDigitallySilent: isSilent,
            signalToNoiseDecibels: activity.signalToNoise, learned: learned)
    }

    private func take(_ block: ArraySlice<Float>) {
        let first = buffer.count
        for sample in block {
            let finite = sample.isFinite ? sample : 0
            peak = max(peak, abs(finite))
            buffer.append(finite)
        }
        meter.append(buffer[first...])
        sampleCount += block.count
    }

    /// Recognises the full buffer up to the quietest moment between 20 and 40 s; the rest begins the next utterance.
    ///
    /// So every utterance but the only one of a short sound has at least 20 s: the recogniser takes the mean of the
    /// utterance off its features, which needs some variety of phones.
    private func recognizeFirstPart() throws {
        let range = (bufferStartFrame + Self.cutRange.lowerBound)..<(bufferStartFrame + Self.cutRange.upperBound)
        let cut = Self.quietestFrame(of: meter.levels, in: range)
        let sampleCut = (cut - bufferStartFrame) * LevelMeter.hop
        assembler.append(try recognizer.phones(in: Array(buffer[..<sampleCut])), from: bufferStartFrame)
        buffer.removeFirst(sampleCut)
        bufferStartFrame = cut
    }

    /// The middle of the quietest 0.3 s; the first one of equals.
    static func quietestFrame(of levels: [Float], in range: Range<Int>) -> Int {
        let width = 30
        var sum = levels[range.lowerBound..<range.lowerBound + width].reduce(0.0) { $0 + Double($1) }
        var best = (sum: sum, start: range.lowerBound)
        for start in range.lowerBound + 1..<range.upperBound - width {
            sum += Double(levels[start + width - 1]) - Double(levels[start - 1])
            if sum < best.sum - 1e-6 { best = (sum, start) }
        }
        return best.start + width / 2
    }

    private static var finishedError: SpeechError {
        SpeechError(
            .alreadyFinished, message: "The analysis has already been finished.",
            suggestion: "Make a new SpeechAnalyzer for each sound.")
    }
}

import CPocketSphinx

/// PocketSphinx in phone-loop mode: what phones follow each other, with their times, without any words.
///
/// US-English acoustic model with its phone language model, language weight 2: the settings of Lipsmith's
/// speech-to-mouth study. Its beams of 1e-20 are narrower here, 1e-12 for states and 1e-8 for the ways out of a phone,
/// each of which asks the language model about all phones: a few phones differ, the finished track follows real lips as
/// well (docs/benchmarks.md). Works on other languages with the nearest English phones. One thread at a time.
final class PhoneRecognizer {
    /// A phone in frames of 10 ms from the start of its utterance; `end` is not included.
    struct Segment: Equatable {
        var phone: String
        var start: Int
        var end: Int
    }

    private let decoder: OpaquePointer

    /// Loads the model (0.1 to 0.6 s).
    init(model: SpeechModel) throws {
        guard
            let decoder = lipsmith_pocketsphinx_open(
                model.acousticModel, model.phoneLanguageModel, "2", "1e-12", "1e-8")
        else {
            throw SpeechError(
                .modelUnusable, message: "The speech model could not be loaded.",
                suggestion: "Reinstall Debian's package pocketsphinx-en-us.", detail: Self.lastError())
        }
        self.decoder = decoder
    }

    deinit {
        lipsmith_pocketsphinx_close(decoder)
    }

    /// The phones of one utterance of 16 kHz sound of at most a minute; may leave gaps, mostly at its end.
    func phones(in samples: [Float]) throws -> [Segment] {
        guard let scaled = Self.normalized(samples) else { return [] }
        let status = scaled.withUnsafeBufferPointer {
            lipsmith_pocketsphinx_decode(decoder, $0.baseAddress, $0.count)
        }
        guard status == 0 else {
            throw SpeechError(
                .recognitionFailed, message: "The speech recogniser failed.",
                suggestion: "Check that the sound plays, and report the problem if it does.", detail: Self.lastError())
        }
        var found: [Segment] = []
        var segment = lipsmith_pocketsphinx_segment()
        while lipsmith_pocketsphinx_next_segment(decoder, &segment) == 1 {
            let start = Int(segment.first_frame)
            let end = Int(segment.last_frame) + 1
            guard let name = segment.name, end > start else { continue }
            found.append(Segment(phone: Self.plainPhone(String(cString: name)), start: start, end: end))
        }
        return found
    }

    /// ARPAbet without stress; noise and fillers such as `+NSN+` or `<sil>` become `SIL`.
    static func plainPhone(_ name: String) -> String {
        let letters = String(name.uppercased().filter { $0.isLetter && $0.isASCII })
        return MouthTargets.classes[letters] == nil ? TimedPhone.silence : letters
    }

    /// 16-bit samples brought to an effective value of 0.07 of full scale; nil when there is nothing to hear.
    ///
    /// Only samples over 2 % of the peak count, so that pauses do not make speech louder. This is done per utterance,
    /// which lets a whisper at −50 dB be recognised like a voice close to the microphone.
    static func normalized(_ samples: [Float]) -> [Int16]? {
        let peak = samples.reduce(0) { max($0, abs($1)) }
        guard peak > SpeechAnalyzer.inaudiblePeak else { return nil }
        var sum = 0.0
        var count = 0
        for sample in samples where abs(sample) > 0.02 * peak {
            sum += Double(sample) * Double(sample)
            count += 1
        }
        let gain = Float(0.07 / (sum / Double(count)).squareRoot())
        return samples.map { Int16(max(-1, min(1, $0 * gain)) * 32767) }
    }

    private static func lastError() -> String {
        String(cString: lipsmith_pocketsphinx_last_error())
    }
}

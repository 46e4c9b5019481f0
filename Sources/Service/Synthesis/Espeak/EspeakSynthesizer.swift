import CEspeak
import Speech

/// Speaks texts with the library espeak-ng, which (unlike its program) reports the time of every phone.
///
/// The library has global state, so there must be one instance at a time, on one thread. It is loaded in a confined
/// child only, since texts are untrusted.
public final class EspeakSynthesizer {
    /// The library's file name in Debian, with the version of its interface.
    public static let libraryName = "libespeak-ng.so.1"
    /// The library's default pace in words a minute.
    private static let wordsPerMinute = 175.0
    /// The longest sound of one order, in seconds: 5,000 characters spoken slowly are shorter.
    private static let longestSeconds = 3600

    private let engine: OpaquePointer

    /// Loads the library.
    ///
    /// - Throws: `SynthesisFailure` of code `missing`.
    public init(library: String = EspeakSynthesizer.libraryName) throws(SynthesisFailure) {
        var message = [CChar](repeating: 0, count: 512)
        guard let engine = lipsmith_espeak_open(library, &message, message.count) else {
            let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw SynthesisFailure(.missing, detail: text)
        }
        self.engine = engine
    }

    deinit { lipsmith_espeak_close(engine) }

    /// Carries out an order of the parent process.
    public func answer(_ order: SynthesisOrder) -> SynthesisAnswer {
        guard let voice = order.voice else { return SynthesisAnswer(voices: voices(), variants: variants()) }
        do {
            return order.tellsPhonemes
                ? SynthesisAnswer(clauses: try clauses(of: order.pieces, voice: voice))
                : SynthesisAnswer(pieces: try speak(order, voice: voice))
        } catch {
            return SynthesisAnswer(failure: error)
        }
    }

    /// All voices in the library's order.
    public func voices() -> [EspeakVoice] {
        var found: [EspeakVoice] = []
        var entry = lipsmith_espeak_voice()
        while lipsmith_espeak_voice_at(engine, found.count, &entry) == 1 {
            let gender = entry.gender == 1 ? "male" : entry.gender == 2 ? "female" : nil
            found.append(
                EspeakVoice(
                    name: String(cString: entry.name).replacing("_", with: " "),
                    language: String(cString: entry.language).lowercased(),
                    identifier: String(cString: entry.identifier), gender: gender))
        }
        return found
    }

    /// The names of the variants, which may follow a voice's identifier (`+f3`).
    public func variants() -> [String] {
        var found: [String] = []
        var entry = lipsmith_espeak_voice()
        var index = 0
        while lipsmith_espeak_variant_at(engine, index, &entry) == 1 {
            let file = String(cString: entry.identifier)
            if file.hasPrefix("!v/") { found.append(String(file.dropFirst(3))) }
            index += 1
        }
        return found
    }

    private func clauses(of texts: [String], voice: String) throws(SynthesisFailure) -> [[PhonemeClause]] {
        guard lipsmith_espeak_select(engine, voice) == 0 else { throw SynthesisFailure(.voiceNotFound, detail: voice) }
        return texts.map { ClauseReader(text: $0).clauses { lipsmith_espeak_phonemes(engine, &$0) } }
    }

    private func speak(_ order: SynthesisOrder, voice: String) throws(SynthesisFailure) -> [SpokenPiece] {
        guard lipsmith_espeak_select(engine, voice) == 0 else { throw SynthesisFailure(.voiceNotFound, detail: voice) }
        let pace = order.pace.isFinite ? order.pace : 1
        let rate = min(max((Self.wordsPerMinute * pace).rounded(), 80), 450)
        guard lipsmith_espeak_set_rate(engine, Int32(rate)) == 0 else {
            throw SynthesisFailure(.failed, detail: "the pace is refused")
        }
        var pieces: [SpokenPiece] = []
        var sampleCount = 0
        for (index, text) in order.pieces.enumerated() {
            let sampleRate = Int(lipsmith_espeak_sample_rate(engine))
            let take = Take(limit: Self.longestSeconds * sampleRate - sampleCount)
            let result = lipsmith_espeak_speak(
                engine, text,
                { context, samples, count in
                    Take.from(context).append(UnsafeBufferPointer(start: samples, count: count)) ? 0 : 1
                }, { context, phone, sample in Take.from(context).begin(phone, sample) },
                Unmanaged.passUnretained(take).toOpaque())
            guard !take.isFull else { throw SynthesisFailure(.tooLong, detail: "piece \(index)") }
            guard result == 0 else { throw SynthesisFailure(.failed, detail: "espeak_Synth: \(result)") }
            sampleCount += take.samples.count
            let path = "\(order.pathPrefix)\(index).wav"
            try WaveFile(sampleRate: sampleRate, samples: take.samples).write(to: path)
            pieces.append(
                SpokenPiece(
                    path: path, durationSeconds: Double(take.samples.count) / Double(sampleRate),
                    phones: take.phones(sampleRate: sampleRate)))
        }
        return pieces
    }
}

/// The samples and events that the library reports while it speaks one text.
private final class Take {
    private let limit: Int
    private var starts: [(phone: String, sample: Int)] = []
    private(set) var samples: [Int16] = []
    private(set) var isFull = false

    init(limit: Int) { self.limit = limit }

    static func from(_ context: UnsafeMutableRawPointer?) -> Take {
        guard let context else { preconditionFailure("the synthesiser lost its context") }
        return Unmanaged<Take>.fromOpaque(context).takeUnretainedValue()
    }

    /// Adds samples; `false` when the sound would become longer than `longestSeconds`.
    func append(_ more: UnsafeBufferPointer<Int16>) -> Bool {
        guard samples.count + more.count <= limit else {
            isFull = true
            return false
        }
        samples += more
        return true
    }

    func begin(_ phone: UnsafePointer<CChar>?, _ sample: Int64) {
        guard let phone else { return }
        starts.append((String(cString: phone), Int(sample)))
    }

    /// The phones in seconds: each lasts until the next one begins.
    func phones(sampleRate: Int) -> [TimedPhone] {
        var starts = starts
        for index in starts.indices.dropFirst() where StopClosure.isStop(starts[index].phone) {
            starts[index].sample = StopClosure.start(
                before: starts[index].sample, earliest: starts[index - 1].sample,
                followsPause: InternationalPhones.mouthPhones(of: starts[index - 1].phone).isEmpty, samples: samples,
                sampleRate: sampleRate)
        }
        var spans: [PhoneSpan] = []
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1].sample : samples.count
            spans.append(
                PhoneSpan(
                    phones: InternationalPhones.mouthPhones(of: start.phone),
                    startSeconds: Double(start.sample) / Double(sampleRate),
                    endSeconds: Double(end) / Double(sampleRate)))
        }
        return PhoneSpan.gapless(spans, durationSeconds: Double(samples.count) / Double(sampleRate))
    }
}

import Foundation
import Generations
import LipSync
import Queues
import Speech
import Synthesis

/// The voices of this machine: lists them, and speaks texts into files.
actor LocalVoices {
    /// A sound whose peak (0…1) is below this is silent: the voice knew nothing of the text. Unmeasured.
    static let audiblePeak = 0.003

    /// Samples a second of what is mixed.
    static let sampleRate = 48_000

    private let engines: [(provider: String, engine: any LocalEngine)]
    private let children: SpeechChildren
    /// Synthesisers keep a core busy each; a crowd of requests waits in line.
    private nonisolated let line = FairSemaphore(places: 2, placesPerOwner: 1)
    private var listing: Task<[LocalVoice], any Error>?

    init(engines: [(provider: String, engine: any LocalEngine)], children: SpeechChildren) {
        self.engines = engines
        self.children = children
    }

    /// All voices: Piper's, Kokoro's, flite's, espeak-ng's by language, then experimental ones. They are listed once and
    /// cached.
    func voices() async throws -> [LocalVoice] {
        if let listing { return try await listing.value }
        let task = Task { [engines] in
            var found: [[LocalVoice]] = []
            for (_, engine) in engines { found.append(try await engine.voices()) }
            let providers = Set(found.joined().map(\.voice.provider))
            let usable = zip(engines, found).filter { pair in
                pair.0.engine.neededProvider.map(providers.contains) ?? true
            }.flatMap(\.1)
            return usable.filter { !$0.isExperimental } + usable.filter(\.isExperimental)
        }
        listing = task
        do {
            let voices = try await task.value
            // On a busy machine a synthesiser may have failed; then the list is not cached.
            if voices.isEmpty { listing = nil }
            return voices
        } catch {
            listing = nil
            throw error
        }
    }

    /// The voice with an id, listed or made of listed ones; `nil` when there is none.
    func voice(_ id: String) async throws -> LocalVoice? {
        let voices = try await voices()
        if let voice = voices.first(where: { $0.voice.id == id }) { return voice }
        for (provider, engine) in engines {
            if let voice = engine.derived(id, from: voices.filter({ $0.voice.provider == provider })) { return voice }
        }
        return nil
    }

    /// The best voice of a language; `nil` when none speaks it.
    ///
    /// - Parameter gender: `male` or `female`; where no voice of the language has it, any.
    func voice(forLanguage code: String, gender: String? = nil) async throws -> LocalVoice? {
        // Languages for which the synthesisers use another code.
        let names = ["zh": "cmn", "no": "nb", "jv": "jw"]
        let wanted = names[code] ?? code
        let voices = try await voices().filter { voice in
            voice.voice.language == wanted || voice.voice.language?.hasPrefix(wanted + "-") == true
        }
        let exact = voices.filter { $0.voice.language == wanted }
        guard let best = exact.first ?? voices.first else { return nil }
        guard let gender else { return best }
        let provider = voices.filter { $0.voice.provider == best.voice.provider }
        if let voice = provider.first(where: { $0.voice.gender == gender }) { return voice }
        // espeak-ng's voices have no gender but by their variants.
        if gender == "female", let variant = try await self.voice("\(best.voice.id)+f3") { return variant }
        return best
    }

    /// Speaks a script into a WAV file that must not exist.
    ///
    /// - Parameter manner: Pace and pitch.
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func speak(
        _ script: String, voice: LocalVoice, manner: SpeechManner = SpeechManner(), into path: String
    ) async throws -> SoundFacts {
        let pieces = ScriptPiece.pieces(of: script)
        guard pieces.contains(where: { !$0.text.isEmpty }) else { throw Self.unspeakable }
        return try await SpeechFolder.with(for: path) { folder in
            var rest = try await speak(
                pieces.map(\.text).filter { !$0.isEmpty }, voice: voice, manner: manner, in: folder, name: "piece-")[
                    ...]
            var start = 0.0
            var laid: [SoundMix.Voice] = []
            for piece in pieces {
                if !piece.text.isEmpty, let sound = rest.popFirst() ?? nil {
                    laid.append(
                        SoundMix.Voice(
                            path: sound.path, startSeconds: start, durationSeconds: sound.durationSeconds,
                            phones: sound.phones))
                    start += sound.durationSeconds + (piece.pauseSeconds > 0 || rest.isEmpty ? 0 : sound.pauseSeconds)
                }
                start += piece.pauseSeconds
            }
            let mixed = folder.output("speech.wav")
            var mix = SoundMix(outputPath: mixed, voices: laid, loudness: SoundMix.speechLoudness)
            mix.leastSeconds = start
            let seconds = start
            let facts = try await line.pass(owner: WorkOwner.current?.rawValue) { [children, mix] in
                try await children.mix(mix, in: folder, timeLimit: .seconds(60) + .seconds(seconds / 10))
            }
            guard facts.peak > Self.audiblePeak else { throw Self.unspeakable }
            try await folder.release(mixed, to: path)
            return facts
        }
    }

    /// Speaks pieces into files of a folder; nil in place of those that the voice cannot say, where it can say others.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func speak(
        _ pieces: [String], voice: LocalVoice, manner: SpeechManner, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece?] {
        guard let engine = engines.first(where: { $0.provider == voice.voice.provider })?.engine else {
            throw GenerationError(.voiceNotFound, field: .voice)
        }
        do {
            if engine.takesTurns {
                return try await engine.speak(pieces, voice: voice, manner: manner, in: folder, name: name)
            }
            return try await line.pass(owner: WorkOwner.current?.rawValue) {
                try await engine.speak(pieces, voice: voice, manner: manner, in: folder, name: name)
            }
        } catch let failure as SynthesisFailure {
            children.log("speech_failed", "\(voice.voice.id): \(failure)")
            throw Self.error(failure)
        }
    }

    private static func error(_ failure: SynthesisFailure) -> GenerationError {
        let detail = failure.description
        return switch failure.code {
        case .missing:
            GenerationError(.partUnavailable, "The synthesiser cannot be started.", detail: detail)
        case .voiceNotFound: GenerationError(.voiceNotFound, field: .voice, detail: detail)
        case .nothingToSay: unspeakable
        case .tooLong:
            GenerationError(.textTooLong, "The script takes too long to speak.", detail: detail)
        case .storage: GenerationError(.storageFailed, detail: detail)
        case .failed: GenerationError(.processingFailed, "The text could not be spoken.", detail: detail)
        }
    }

    /// The error for a script of punctuation, or of letters that the voice does not know.
    static var unspeakable: GenerationError {
        GenerationError(
            .requestInvalid, "The script has nothing that the voice can say.",
            suggestion: "Write words in the voice's language.", field: .script)
    }
}

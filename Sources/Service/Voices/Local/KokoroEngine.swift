import Generations
import LipSync
import Synthesis

/// Kokoro: a network that sounds like people, in a few languages; reports the time of every phone.
///
/// espeak-ng, in a child of its own, tells how a text is pronounced; the network, in another, speaks it.
struct KokoroEngine: LocalEngine {
    static let provider = "kokoro"
    private static let prefix = "kokoro-"

    /// A voice of the network.
    private struct Speaker {
        /// As in ids.
        var name: String
        /// As in files.
        var file: String
        var gender: String
    }

    private static let speakers = [
        Speaker(name: "kumo", file: "jm_kumo", gender: "male"),
        Speaker(name: "alpha", file: "jf_alpha", gender: "female"),
        Speaker(name: "gongitsune", file: "jf_gongitsune", gender: "female"),
        Speaker(name: "nezumi", file: "jf_nezumi", gender: "female"),
        Speaker(name: "tebukuro", file: "jf_tebukuro", gender: "female"),
    ]

    /// Languages beside English, by their code in ids, and espeak-ng's code for each.
    private static let languages = [
        (code: "es", espeak: "es"), (code: "fr", espeak: "fr"), (code: "it", espeak: "it"),
        (code: "pt-br", espeak: "pt-br"),
        (code: "hi", espeak: "hi"), (code: "de", espeak: "de"),
    ]

    let children: SpeechChildren
    /// Holds the network, if there is one.
    let folder: String?

    /// - Parameter installation: Where the network lies, if it was set up.
    init(children: SpeechChildren, installation: Installation? = .find()) {
        self.children = children
        folder = installation.flatMap { $0.hasVoiceNetwork ? $0.voiceFolder : nil }
    }

    func voices() async throws -> [LocalVoice] {
        // Without espeak-ng nobody says how a text is pronounced.
        guard folder != nil, try await !EspeakEngine(children: children).voices().isEmpty else { return [] }
        let english = Self.speakers.map { Self.voice($0.name, [$0], language: "en-us", code: nil) }
        let others = Self.languages.flatMap { language in
            // The two that speak clearest; the others differ in timbre alone.
            Self.speakers.prefix(2).map {
                Self.voice($0.name, [$0], language: language.espeak, code: language.code)
            }
        }
        return english + others
    }

    /// A blend of two to four voices: `kokoro-alpha:0.5+gongitsune:0.5`.
    static func blend(_ id: String) -> LocalVoice? {
        guard id.hasPrefix(prefix) else { return nil }
        let parts = id.dropFirst(prefix.count).split(separator: "+", omittingEmptySubsequences: false)
        var found: [(speaker: Speaker, weight: Substring)] = []
        for part in parts {
            let words = part.split(separator: ":", maxSplits: 1)
            guard words.count == 2, let weight = Float(words[1]), (0...1).contains(weight),
                let speaker = speakers.first(where: { $0.name == words[0] })
            else { return nil }
            found.append((speaker, words[1]))
        }
        guard (2...4).contains(found.count) else { return nil }
        var voice = voice(String(id.dropFirst(prefix.count)), found.map(\.speaker), language: "en-us", code: nil)
        voice.engineName = "en-us " + found.map { "\($0.speaker.file):\($0.weight)" }.joined(separator: "+")
        return voice
    }

    private static func voice(_ name: String, _ speakers: [Speaker], language: String, code: String?) -> LocalVoice {
        let genders = Set(speakers.map(\.gender))
        return LocalVoice(
            voice: Voice(
                id: prefix + (code.map { "\($0)-" } ?? "") + name, name: name.prefix(1).uppercased() + name.dropFirst(),
                provider: provider, language: code ?? language, gender: genders.count == 1 ? genders.first : nil),
            // Both are asked for when a text is spoken.
            engineName: "\(language) \(speakers[0].file)")
    }

    func speak(
        _ pieces: [String], voice: LocalVoice, pace: Double, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece] {
        let words = voice.engineName.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { throw SynthesisFailure(.voiceNotFound, detail: voice.engineName) }
        let (language, style) = (words[0], words[1])
        // A sentence is a run: its melody is made as a whole.
        let sentences = pieces.map { piece in
            ScriptText.sentences(of: ReadingText.spelled(piece, language: language)).filter(ScriptText.isSpeakable)
        }
        let answer = try await children.speak(
            SynthesisOrder(phonemesOf: sentences.flatMap { $0 }, voice: language), in: nil, timeLimit: .speaking(pieces)
        )
        var clauses = (answer.clauses ?? [])[...]
        guard clauses.count == sentences.reduce(0, { $0 + $1.count }) else {
            throw SynthesisFailure(.failed, detail: "espeak-ng told the phonemes of \(clauses.count) sentences")
        }
        let runs = sentences.map { sentences in
            sentences.flatMap { _ in
                VoiceSymbols.runs(NetworkPhonemes.symbols(of: clauses.removeFirst(), language: language))
            }
        }
        guard runs.allSatisfy({ !$0.isEmpty }) else {
            throw SynthesisFailure(.nothingToSay, detail: "no phonemes")
        }
        let order = NetworkOrder(voice: style, pace: pace, pieces: runs, pathPrefix: folder.output(name))
        // Twice as fast as real time on one idle core, where the others are a hundred times as fast.
        return try await children.speak(order, in: folder, timeLimit: .speaking(pieces) * 5).pieces ?? []
    }
}

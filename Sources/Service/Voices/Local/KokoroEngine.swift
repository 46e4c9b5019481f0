import Generations
import LipSync
import Queues
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

    /// Languages beside English, by espeak-ng's codes.
    private static let languages = ["es", "fr", "it", "pt-br", "hi", "de"]
    private static let english = "en-us"
    /// The longest sound of one text: 5,000 characters spoken slowly are shorter.
    private static let longestSeconds = 3600.0
    /// The network never heard it.
    private static let experimentalLanguage = "de"

    let children: SpeechChildren
    private let network: NetworkChildren
    private let isInstalled: Bool

    /// - Parameter installation: Where the network lies, if it was set up.
    init(children: SpeechChildren, network: NetworkChildren, installation: Installation? = .find()) {
        self.children = children
        self.network = network
        isInstalled = installation.map { VoiceNetwork.isInstalled(in: $0.voiceFolder) } ?? false
    }

    var takesTurns: Bool { true }
    /// espeak-ng tells how a text is pronounced.
    var neededProvider: String? { EspeakEngine.provider }

    func voices() async throws -> [LocalVoice] {
        guard isInstalled else { return [] }
        let defaults = [
            Self.voice("man", style: "jm_kumo", gender: "male", language: Self.english),
            // Clearer than either alone (word errors 2.6 % against 5.2 % of Alpha), at a natural pace.
            Self.voice(
                "woman", style: "jf_alpha:0.5+jf_gongitsune:0.5", gender: "female", language: Self.english),
        ]
        let english = Self.speakers.map {
            Self.voice($0.name, style: $0.file, gender: $0.gender, language: Self.english)
        }
        let others = Self.languages.flatMap { language in
            // The two that speak clearest; the others differ in timbre alone.
            Self.speakers.prefix(2).map { speaker in
                var voice = Self.voice(
                    speaker.name, style: speaker.file, gender: speaker.gender, language: language,
                    idPrefix: language + "-")
                voice.isExperimental = language == Self.experimentalLanguage
                return voice
            }
        }
        return defaults + english + others
    }

    /// A blend of two to four voices: `kokoro-alpha:0.5+gongitsune:0.5`.
    func derived(_ id: String, from listed: [LocalVoice]) -> LocalVoice? {
        guard !listed.isEmpty, id.hasPrefix(Self.prefix) else { return nil }
        let name = id.dropFirst(Self.prefix.count)
        var parts: [(speaker: Speaker, weight: Float)] = []
        for part in name.split(separator: "+", omittingEmptySubsequences: false) {
            let words = part.split(separator: ":", maxSplits: 1)
            guard words.count == 2, let weight = Float(words[1]), (0...1).contains(weight),
                let speaker = Self.speakers.first(where: { $0.name == words[0] })
            else { return nil }
            parts.append((speaker, weight))
        }
        guard (2...4).contains(parts.count), abs(parts.reduce(0) { $0 + $1.weight } - 1) < 0.01 else { return nil }
        let genders = Set(parts.map(\.speaker.gender))
        return Self.voice(
            String(name), style: parts.map { "\($0.speaker.file):\($0.weight)" }.joined(separator: "+"),
            gender: genders.count == 1 ? genders.first : nil, language: Self.english)
    }

    private static func voice(
        _ name: String, style: String, gender: String?, language: String, idPrefix: String = ""
    ) -> LocalVoice {
        LocalVoice(
            voice: Voice(
                id: prefix + idPrefix + name, name: name.prefix(1).uppercased() + name.dropFirst(), provider: provider,
                language: language, gender: gender), engineName: style)
    }

    func speak(
        _ pieces: [String], voice: LocalVoice, manner: SpeechManner, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece?] {
        let language = voice.voice.language ?? Self.english
        guard pieces.allSatisfy(ReadableLetters.arePrevalent) else {
            throw SynthesisFailure(.nothingToSay, detail: "letters that cannot be read")
        }
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
        // The network needs memory by the length of the sound, which is longer at a slow pace.
        let longestRun = Int(Double(VoiceSymbols.longestRun) * min(manner.pace, 1))
        let runs = sentences.map { sentences in
            sentences.flatMap { _ in
                VoiceSymbols.runs(
                    NetworkPhonemes.symbols(of: clauses.removeFirst(), language: language), limit: longestRun)
            }
        }
        guard runs.allSatisfy({ !$0.isEmpty }) else {
            throw SynthesisFailure(.nothingToSay, detail: "no phonemes")
        }
        var spoken: [SpokenPiece?] = []
        var seconds = 0.0
        for (index, runs) in runs.enumerated() {
            guard seconds < Self.longestSeconds else { throw SynthesisFailure(.tooLong, detail: "piece \(index)") }
            var joined = JoinedTakes()
            for run in runs {
                let take = try await network.speak(
                    NetworkOrder(
                        voice: voice.engineName, pace: manner.pace, pitch: manner.pitch, symbols: run))
                joined.append(take, symbols: run, pace: manner.pace)
            }
            seconds += joined.durationSeconds
            spoken.append(try await Self.write(joined, to: folder.output("\(name)\(index).wav")))
        }
        return spoken
    }

    private static func write(_ joined: JoinedTakes, to path: String) async throws -> SpokenPiece {
        try await BlockingWork.run {
            try WaveFile(sampleRate: VoiceNetwork.sampleRate, samples: joined.samples).write(to: path)
        }
        return SpokenPiece(
            path: path, durationSeconds: joined.durationSeconds, phones: joined.phones,
            pauseSeconds: joined.pauseSeconds)
    }
}

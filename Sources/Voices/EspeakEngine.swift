import Generations
import Synthesis

/// espeak-ng: some hundred languages, sounds like a machine, tells the time of every phone.
struct EspeakEngine: LocalEngine {
    static let prefix = "espeak-"

    let children: SpeechChildren

    func voices() async throws -> [LocalVoice] {
        let found: [EspeakVoice]
        do {
            found = try await children.speak(SynthesisOrder(), in: nil, timeLimit: .seconds(30)).voices ?? []
        } catch let failure as SynthesisFailure {
            children.log("espeak_missing", failure.description)
            return []
        }
        // Voices of the mbrola program need files that are not there.
        return found.filter { !$0.identifier.hasPrefix("mb/") }.map { voice in
            let file = voice.identifier.split(separator: "/").last.map(String.init) ?? voice.identifier
            return LocalVoice(
                voice: Voice(
                    id: Self.prefix + file.lowercased(), name: voice.name, provider: "espeak-ng",
                    language: voice.language, gender: voice.gender), engineName: voice.identifier)
        }
    }

    /// A voice in another timbre: `espeak-de+f3` is the voice `espeak-de` as a woman.
    static func variant(_ name: Substring, of base: LocalVoice) -> LocalVoice? {
        let letters = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
        }
        guard letters, (1...16).contains(name.utf8.count), base.voice.provider == "espeak-ng" else { return nil }
        let gender = name.first == "f" ? "female" : name.first == "m" ? "male" : base.voice.gender
        return LocalVoice(
            voice: Voice(
                id: "\(base.voice.id)+\(name)", name: "\(base.voice.name), \(name)", provider: base.voice.provider,
                language: base.voice.language, gender: gender), engineName: "\(base.engineName)+\(name)")
    }

    func speak(
        _ pieces: [String], voice: LocalVoice, pace: Double, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece] {
        let order = SynthesisOrder(
            voice: voice.engineName, pace: pace, pieces: pieces, pathPrefix: folder.output(name))
        return try await children.speak(order, in: folder, timeLimit: .speaking(pieces)).pieces ?? []
    }
}

import Generations
import Synthesis

/// espeak-ng: about a hundred languages; sounds synthetic; reports the time of every phone.
struct EspeakEngine: LocalEngine {
    static let provider = "espeak-ng"
    static let prefix = "espeak-"

    let children: SpeechChildren

    func voices() async throws -> [LocalVoice] {
        let answer: SynthesisAnswer
        do {
            answer = try await children.speak(SynthesisOrder(), in: nil, timeLimit: .seconds(30))
        } catch let failure as SynthesisFailure {
            children.log("espeak_missing", failure.description)
            return []
        }
        // Voices of the mbrola program need files that are not installed.
        return (answer.voices ?? []).filter { !$0.identifier.hasPrefix("mb/") }.map { voice in
            let file = voice.identifier.split(separator: "/").last.map(String.init) ?? voice.identifier
            return LocalVoice(
                voice: Voice(
                    id: Self.prefix + file.lowercased(), name: voice.name, provider: Self.provider,
                    language: voice.language, gender: voice.gender), engineName: voice.identifier,
                variants: answer.variants ?? [])
        }
    }

    /// A variant of a voice in another timbre: `espeak-de+f3` is the voice `espeak-de` as a woman.
    func derived(_ id: String, from listed: [LocalVoice]) -> LocalVoice? {
        guard let plus = id.firstIndex(of: "+"), let base = listed.first(where: { $0.voice.id == id[..<plus] }) else {
            return nil
        }
        let name = id[id.index(after: plus)...]
        guard base.variants.contains(String(name)) else { return nil }
        // f1 … f5 are women and m1 … m8 men; the names of the others do not tell.
        let isNumbered = name.count == 2 && name.last?.isNumber == true
        let gender = isNumbered && name.first == "f" ? "female" : isNumbered && name.first == "m" ? "male" : nil
        return LocalVoice(
            voice: Voice(
                id: "\(base.voice.id)+\(name)", name: "\(base.voice.name), \(name)", provider: base.voice.provider,
                language: base.voice.language, gender: gender), engineName: "\(base.engineName)+\(name)")
    }

    func speak(
        _ pieces: [String], voice: LocalVoice, manner: SpeechManner, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece?] {
        let language = voice.voice.language ?? ""
        let order = SynthesisOrder(
            voice: voice.engineName, pace: manner.pace,
            pieces: pieces.map { ReadingText.spelled($0, language: language) }, pathPrefix: folder.output(name))
        return try await children.speak(order, in: folder, timeLimit: .speaking(pieces)).pieces ?? []
    }
}

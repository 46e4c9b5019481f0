import Foundation
import Generations

/// Speaks by writing down what it should say.
struct StubVoices: VoiceProvider {
    var capabilities: VoiceCapabilities { VoiceCapabilities(dubs: true, longestDubSeconds: 60) }

    func voices() async throws -> [Voice] { [] }

    func voice(_ id: String) async throws -> Voice { Voice(id: id, name: id, provider: "stub") }

    func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound {
        try "audio 2.0 \(request.script)".write(toFile: path, atomically: true, encoding: .utf8)
        return SpokenSound(durationSeconds: 2)
    }

    func clone(_ sample: String, name: String, mark: String?) async throws -> Voice {
        throw GenerationError(.notOffered)
    }

    func removeVoice(_ id: String) async throws {}

    func checkDub(_ parameters: DubParameters) async throws {}

    func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {
        let heard = try String(contentsOfFile: source, encoding: .utf8)
        try "audio 3.0 \(parameters.targetLanguage) \(heard)".write(
            toFile: path, atomically: true, encoding: .utf8)
    }
}

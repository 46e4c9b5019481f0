import Generations
import WebInterface

/// The server's voices, also under the names of OpenAI's.
struct SpokenVoices: Sendable {
    let directory: OrganisationVoices

    /// OpenAI's voices and who speaks in their place: the first that the server has.
    private static let names: [String: [String]] = {
        let women = ["kokoro-woman", "flite-slt", "espeak-en-us+f3"]
        let men = ["kokoro-man", "flite-rms", "espeak-en-us"]
        return [
            "alloy": women, "coral": ["kokoro-gongitsune"] + women, "nova": ["kokoro-alpha"] + women,
            "sage": ["kokoro-nezumi"] + women, "shimmer": ["kokoro-alpha:0.5+nezumi:0.5"] + women,
            "ballad": ["kokoro-tebukuro"] + women, "marin": ["kokoro-gongitsune:0.5+nezumi:0.5"] + women,
            "ash": men, "echo": men, "fable": men, "onyx": men, "verse": men, "cedar": men,
        ]
    }()

    /// The voice of a name: the server's own, one by its UUID, one that the operator has chosen for it, or one that stands for
    /// OpenAI's.
    ///
    /// - Throws: `GenerationError` of code `voiceNotFound`.
    func voice(_ name: String, organisation: OrganisationID) async throws -> Voice {
        do {
            return try await directory.voice(name, organisation: organisation)
        } catch let error as GenerationError where error.code == .voiceNotFound {
            for id in Self.names[name.lowercased()] ?? [] {
                if let voice = try? await directory.voice(id, organisation: organisation) { return voice }
            }
            let listed = try await directory.voices(for: organisation)
            if let voice = listed.first(where: { $0.voice.uuid == name }) { return voice.voice }
            throw GenerationError(
                .voiceNotFound, "There is no voice of that name; GET /v1/audio/voices lists those that there are.",
                field: .voice)
        }
    }
}

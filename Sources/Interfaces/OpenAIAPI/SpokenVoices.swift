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

    /// The voice of a name: one that the operator has chosen for it, one of this machine by its id or its UUID, one that stands
    /// for OpenAI's, or one of a provider.
    ///
    /// - Throws: `GenerationError`, of code `voiceNotFound` where there is none.
    func voice(_ name: String, organisation: OrganisationID) async throws -> Voice {
        if let provider = directory.provider, !provider.mappedNames.contains(name) {
            let own = try await provider.ownVoices()
            if let voice = own.first(where: { $0.id == name }) ?? own.first(where: { $0.uuid == name.lowercased() }) {
                return voice
            }
            for id in Self.names[name.lowercased()] ?? [] {
                if let voice = try await found(id, organisation: organisation) { return voice }
            }
        }
        if let voice = try await found(name, organisation: organisation) { return voice }
        let listed = try await directory.voices(for: organisation)
        if let voice = listed.first(where: { $0.voice.uuid == name.lowercased() }) { return voice.voice }
        throw GenerationError(
            .voiceNotFound, "There is no voice of that name; GET /v1/audio/voices lists those that there are.",
            suggestion: "", field: .voice)
    }

    private func found(_ name: String, organisation: OrganisationID) async throws -> Voice? {
        do { return try await directory.voice(name, organisation: organisation) } catch let error as GenerationError
            where error.code == .voiceNotFound
        {
            return nil
        }
    }
}

import Generations
import Text
import WebInterface

/// The voices of the server under the ids of this interface.
struct V3Voices: Sendable {
    let directory: OrganisationVoices

    /// The voices that an organisation may use, by their UUIDs; those of everybody for nil.
    func voices(for organisation: OrganisationID?) async throws -> [(uuid: String, voice: Voice)] {
        guard let organisation else {
            // Nobody has made a voice under no name.
            return try await directory.voices(for: OrganisationID(rawValue: "")).map { ($0.voice.uuid, $0.voice) }
        }
        return try await directory.voices(for: organisation).map { voice, record in
            (record?.asset?.rawValue ?? voice.uuid, voice)
        }
    }

    /// The voice of an id such as `voice_<uuid>`, of a bare UUID, or of the server's own name for it; nil for none.
    func voice(_ id: String, organisation: OrganisationID) async throws -> Voice? {
        let uuid = V3ID.uuid(id, prefix: "voice_")
        return try await voices(for: organisation).first { $0.uuid == uuid || $0.voice.id == id }?.voice
    }

    /// A voice as the lists show it.
    static func json(_ uuid: String, _ voice: Voice, base: String) -> JSONValue {
        var labels: [String: JSONValue] = ["engine": .string(voice.provider)]
        labels["gender"] = voice.gender.map(JSONValue.string)
        labels["language"] = voice.language.map(JSONValue.string)
        return [
            "id": .string(V3ID.voice(uuid)), "name": .string(voice.name),
            "preview_url": .text(VoicePreviews.url(of: voice, base: base)), "labels": .object(labels),
        ]
    }

    /// Voices that a description in plain words fits, the best first; those that have none of its words are left out.
    static func search(
        _ words: String, among voices: [(uuid: String, voice: Voice)]
    ) -> [(uuid: String, voice: Voice)] {
        let wanted = Set(Self.words(words))
        let scored = voices.map { entry in
            let voice = entry.voice
            let known = Set(
                Self.words("\(voice.name) \(voice.id) \(voice.provider) \(voice.gender ?? "") \(voice.language ?? "")")
                    + (voice.language.map(names) ?? []))
            return (entry, wanted.intersection(known).count)
        }
        // The sort keeps the order of those that fit equally well.
        return scored.filter { $0.1 > 0 }.enumerated().sorted {
            ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
        }.map(\.element.0)
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// What a language's code is called in English.
    private static func names(_ code: String) -> [String] {
        languages[String(code.prefix { $0 != "-" })].map { [$0] } ?? []
    }

    private static let languages = [
        "ar": "arabic", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
        "es": "spanish", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "it": "italian",
        "ja": "japanese", "ko": "korean", "nb": "norwegian", "nl": "dutch", "pl": "polish", "pt": "portuguese",
        "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish", "uk": "ukrainian", "vi": "vietnamese",
        "zh": "chinese", "cmn": "chinese",
    ]
}

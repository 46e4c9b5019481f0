import Generations
import Text
import Time
import WebInterface

/// The server's voices under the identifiers that this interface needs: UUIDs, made of the voices' own names so that
/// they are the same for ever.
struct HedraVoices: Sendable {
    /// The voice of all published examples; whoever asks for it gets the server's first English voice, or the first of
    /// the language that the request names.
    static let exampleID = "f412c62f-e94f-41c0-bfc6-97f63289941c"

    let directory: OrganisationVoices
    /// What voices show as their time that were always there.
    let startedAt: Timestamp

    /// Who speaks; nil where nobody does.
    var provider: (any VoiceProvider)? { directory.provider }

    /// The voices that an organisation may use.
    func voices(for organisation: OrganisationID) async throws -> [ListedVoice] {
        try await directory.voices(for: organisation).map { voice, record in
            ListedVoice(
                id: record?.asset?.rawValue ?? voice.uuid, voice: voice,
                createdAt: record?.createdAt ?? startedAt)
        }
    }

    /// The voice of an identifier, for a language by its code.
    ///
    /// - Throws: `Refusal` where there is none.
    func voice(_ id: String, language: String?, organisation: OrganisationID) async throws -> Voice {
        let voices = try await voices(for: organisation)
        if id == Self.exampleID {
            let spoken = voices.map(\.voice)
            func first(_ code: String) -> Voice? {
                let codes = [code] + (Vocabulary.otherCodes[code] ?? [])
                return codes.lazy.compactMap { code in
                    spoken.first { $0.language == code } ?? spoken.first { $0.language?.hasPrefix(code + "-") == true }
                }.first
            }
            if let voice = first(language ?? "en") ?? first("en") ?? voices.first?.voice { return voice }
        }
        guard let known = voices.first(where: { $0.id == id }) else {
            throw Refusal(.notFound, "voice \(id) does not exist", suggestion: "Choose a voice of GET /voices.")
        }
        return known.voice
    }
}

/// A voice under the identifier that this interface gives it.
struct ListedVoice: Sendable {
    /// The promised one for a voice that was made through this interface, else one made of the voice's own name.
    let id: String
    let voice: Voice
    /// When it was made here, or when the server started.
    let createdAt: Timestamp

    /// The voice as an asset.
    ///
    /// - Parameter base: The beginning of addresses in the answer.
    func json(base: String) -> JSONValue {
        var labels: [(String, String)] = []
        if let gender = voice.gender { labels.append(("gender", gender)) }
        if let language = voice.language {
            labels.append(("accent", language))
            labels.append(("language", language))
        }
        labels.append(("engine", voice.provider))
        return [
            "id": .string(id), "type": "voice", "name": .string(voice.name), "thumbnail_url": "",
            "description": .null, "is_favorite": false, "recent": false,
            "created_at": .string(createdAt.iso8601), "favorited_at": .null,
            "asset": [
                "type": "voice", "external_id": .string(voice.id),
                "labels": .array(labels.map { ["name": .string($0.0), "value": .string($0.1)] }),
                "preview_url": .text(VoicePreviews.url(of: voice, base: base)), "source": .string(voice.provider),
            ],
        ]
    }
}

import Generations
import HTTP
import Text
import WebInterface

/// Voices: which there are, and making one of a sample.
struct VoiceController: Sendable {
    let voices: OrganisationVoices
    let cloning: VoiceCloning

    var endpoints: [Endpoint] {
        let body = Schema.object(["name": .string(1...100), "sample": .uuid], required: ["name", "sample"])
        return [
            Endpoint(
                .get, "/v1/voices", id: "listVoices", tag: "Lists", summary: "List the voices that speak texts.",
                parameters: PageQuery<Voice>.parameters, answer: .json(.page(of: .named("Voice")))
            ) { call in
                let query = try PageQuery<Voice>(call, hasUUIDs: false)
                let page = try query.page(of: try await voices.voices(for: call.organisation)) {
                    Identifier(rawValue: $0.voice.id)
                }
                return .page(
                    page.items.map { Self.json($0.voice, isCloned: $0.record != nil, base: call.base) },
                    next: page.nextCursor { Identifier<Voice>(rawValue: $0.voice.id) })
            },
            Endpoint(
                .post, "/v1/voices", id: "createVoice", tag: "Lists",
                summary: "Make a voice of a stored sound, where a provider makes them.", body: [.json(body)],
                statuses: [201], answer: .json(.named("Voice"))
            ) { call in
                var reader = try await call.fields(["name", "sample"])
                let name = reader.text("name", isRequired: true, most: 100, least: 1) ?? ""
                let sample = reader.uuid("sample", isRequired: true) ?? ""
                try reader.check()
                do {
                    let voice = try await cloning.make(
                        name, of: .asset(AssetID(rawValue: sample)), organisation: call.organisation)
                    return .json(Self.json(voice, isCloned: true, base: call.base), status: .created)
                } catch let error as GenerationError where error.field == .asset {
                    let code = error.code == .assetForeign ? GenerationError(.assetNotFound) : error
                    throw GenerationError(code, field: .named("sample"))
                }
            },
            Endpoint(
                .delete, "/v1/voices/{id}", id: "deleteVoice", tag: "Lists",
                summary: "Delete a voice that was made here.", statuses: [204], idSchema: .string
            ) { call in
                try await cloning.remove(call.parameter(), organisation: call.organisation)
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static func json(_ voice: Voice, isCloned: Bool, base: String) -> JSONValue {
        [
            "id": .string(voice.id), "name": .string(voice.name), "language": .text(voice.language),
            "gender": .text(voice.gender), "provider": .string(voice.provider),
            "sampleUrl": .text(VoicePreviews.url(of: voice, base: base)), "isCloned": .bool(isCloned),
        ]
    }
}

import Generations
import HTTP
import Text
import WebInterface

/// Voices: which there are, and making one of a sample.
struct VoiceController: Sendable {
    let voices: OrganisationVoices
    let cloning: VoiceCloning

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/voices", id: "VoicesController_getVoices", tag: "Voices",
                summary: "List the voices that speak text.",
                parameters: [
                    .query("provider", .oneWord(of: [SyncAPI.providerName]), "Only those of this provider.")
                ], answer: .json(.list(of: .named("Voice")))
            ) { call in
                // All voices are chosen under the one name that the interface has for providers.
                if let name = call.request.query["provider"], !name.isEmpty, name != SyncAPI.providerName {
                    return .json([])
                }
                return .json(
                    .array(try await voices.voices(for: call.organisation).map { Self.json($0.voice, call.base) }))
            },
            Endpoint(
                .get, "/v2/voices/{id}", id: "VoicesController_getVoice", tag: "Voices", summary: "Get a voice.",
                answer: .json(.named("Voice")), idSchema: .string
            ) { call in
                let voice = try await voices.voice(call.parameter(), organisation: call.organisation)
                return .json(Self.json(voice, call.base))
            },
            Endpoint(
                .post, "/v2/voices", id: "VoicesController_cloneVoice", tag: "Voices",
                summary: "Make a voice of a sample.",
                body: [
                    .json(
                        .object(
                            [
                                "name": .string(1...100), "url": .address, "assetId": .uuid,
                                "provider": .oneWord(of: [SyncAPI.providerName]),
                            ], required: ["name"]))
                ], statuses: [201], answer: .json(.named("Voice"))
            ) { call in
                let body = try CloneBody(try await call.fields())
                let voice = try await cloning.make(body.name, of: body.sample, organisation: call.organisation)
                return .json(Self.json(voice, call.base), status: .created)
            },
            Endpoint(
                .delete, "/v2/voices/{id}", id: "VoicesController_deleteVoice", tag: "Voices",
                summary: "Delete a voice that was made here.", answer: .json(.boolean), idSchema: .string
            ) { call in
                try await cloning.remove(call.parameter(), organisation: call.organisation)
                return .json(true)
            },
        ]
    }

    private static func json(_ voice: Voice, _ base: String) -> JSONValue {
        [
            "id": .string(voice.id), "voiceId": .string(voice.id), "name": .string(voice.name),
            "provider": .string(SyncAPI.providerName), "engine": .string(voice.provider),
            "language": .text(voice.language),
            "gender": .text(voice.gender), "previewUrl": .text(VoicePreviews.url(of: voice, base: base)),
        ]
    }
}

/// The body of a request for a voice of a sample.
private struct CloneBody {
    let name: String
    let sample: VoiceCloning.Sample

    init(_ fields: FieldReader) throws {
        var reader = fields
        name = reader.text("name") ?? ""
        if !(1...100).contains(name.count) { reader.report("name", "must have 1 to 100 characters.") }
        if let provider = reader.text("provider"), provider != SyncAPI.providerName {
            reader.report("provider", "must be elevenlabs.")
        }
        let asset = reader.text("assetId")
        let url = reader.text("url")
        if asset == nil, url == nil {
            reader.report("url", "or assetId must be given.")
        } else if asset == nil, let url, let problem = WebAddress.problem(in: url) {
            reader.report("url", problem)
        }
        try reader.check()
        guard let asset else {
            sample = .url(url ?? "")
            return
        }
        guard let id = AssetID(parsing: asset) else { throw SyncError(.invalidAssetIdFormat, field: "assetId") }
        sample = .asset(id)
    }
}

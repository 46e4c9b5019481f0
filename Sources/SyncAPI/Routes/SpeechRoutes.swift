import Generations
import HTTP

/// Voices and speech. Without a voice provider there is nothing to list, and whatever needs one is refused with a code.
extension SyncAPI {
    var speechEndpoints: [Endpoint] {
        let speech: [(String, Schema)] = [
            (
                "application/json",
                .object(
                    [
                        "script": .string(1...5000), "voiceId": .string, "provider": .oneWord(of: ["elevenlabs"]),
                        "stability": .number(0...1), "similarityBoost": .number(0...1),
                    ], required: ["script", "voiceId"])
            )
        ]
        return [
            Endpoint(
                .get, "/v2/voices",
                Operation(
                    id: "VoicesController_getVoices", tag: "Voices", summary: "List the voices that speak text.",
                    parameters: [.query("provider", .string, "Only those of this provider.")],
                    content: .json(.list(of: .named("Voice"))))
            ) { call in
                let provider = call.request.query["provider"]
                let voices = try await self.voices?.voices() ?? []
                return .json(.array(voices.filter { provider == nil || $0.provider == provider }.map(Self.json)))
            },
            Endpoint(
                .get, "/v2/voices/{id}",
                Operation(
                    id: "VoicesController_getVoice", tag: "Voices", summary: "Get a voice.",
                    content: .json(.named("Voice")))
            ) { call in
                let id = call.request.parameters["id"]
                guard let voice = try await self.voices?.voices().first(where: { $0.id == id }) else {
                    throw GenerationError(.voiceNotFound)
                }
                return .json(Self.json(voice))
            },
            Endpoint(
                .post, "/v2/voices",
                Operation(
                    id: "VoicesController_cloneVoice", tag: "Voices", summary: "Make a voice of a sample.",
                    body: [
                        (
                            "application/json",
                            .object(
                                ["name": .string, "url": .address, "assetId": .uuid, "provider": .string],
                                required: ["name"])
                        )
                    ], success: 201, content: .json(.named("Voice")))
            ) { call in
                _ = try await members(of: call)
                throw Self.notOffered("This installation cannot make voices of samples.")
            },
            Endpoint(
                .delete, "/v2/voices/{id}",
                Operation(
                    id: "VoicesController_deleteVoice", tag: "Voices", summary: "Delete a voice that was made here.",
                    content: .json(.boolean))
            ) { _ in throw GenerationError(.voiceNotFound) },
            Endpoint(
                .post, "/v2/tts",
                Operation(
                    id: "TtsController_create", tag: "Text-to-Speech", summary: "Speak a text.", body: speech,
                    content: .json(.object(["id": .string, "url": .string, "duration": .number])))
            ) { call in
                _ = try await members(of: call)
                throw Self.notOffered("This installation speaks no text.")
            },
            Endpoint(
                .post, "/v2/tts/jobs",
                Operation(
                    id: "TtsController_createJob", tag: "Text-to-Speech", summary: "Speak a text later.", body: speech,
                    success: 202, content: .json(.object))
            ) { call in
                _ = try await members(of: call)
                throw Self.notOffered("This installation speaks no text.", status: 503)
            },
            Endpoint(
                .get, "/v2/tts/jobs/{id}",
                Operation(
                    id: "TtsController_getJob", tag: "Text-to-Speech", summary: "Get a speaking job.",
                    content: .json(.object))
            ) { _ in throw HTTPError(.notFound, "not_found", "There is no such job.") },
        ]
    }

    private static func json(_ voice: Voice) -> JSONValue {
        [
            "id": .string(voice.id), "voiceId": .string(voice.id), "name": .string(voice.name),
            "provider": .string(voice.provider), "previewUrl": voice.previewURL.map(JSONValue.string) ?? .null,
        ]
    }

    private static func notOffered(_ message: String, status: Int = 422) -> GenerationError {
        GenerationError(.planFeatureUnavailable, message, status: status)
    }
}

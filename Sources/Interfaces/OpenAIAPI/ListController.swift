import Generations
import HTTP
import Text
import WebInterface

/// Lists by which clients fill their menus.
struct ListController: Sendable {
    /// What speaks, under the names that clients have in their settings.
    private static let models = ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"]

    let voices: SpokenVoices

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/models", summary: "List the models.") { _ in
                let models = Self.models.map { name -> JSONValue in
                    ["id": .string(name), "object": "model", "created": 0, "owned_by": "lipsmith"]
                }
                return .json(["object": "list", "data": .array(models)])
            },
            // Not OpenAI's, but of local speech servers, as the next one is.
            Endpoint(.get, "/v1/audio/models", summary: "List the models that speak.") { _ in
                .json(["models": .array(Self.models.map { ["id": .string($0)] })])
            },
            Endpoint(.get, "/v1/audio/voices", summary: "List the voices.") { call in
                let listed = try await voices.directory.voices(for: call.organisation).map(\.voice)
                return .json([
                    "voices": .array(
                        listed.map {
                            [
                                "id": .string($0.id), "name": .string($0.name), "language": .text($0.language),
                                "gender": .text($0.gender),
                            ]
                        })
                ])
            },
        ]
    }
}

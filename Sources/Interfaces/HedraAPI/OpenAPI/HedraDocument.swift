import Generations

/// The public description of this interface.
enum HedraDocument {
    /// A parameter of the query or the path.
    private struct Parameter {
        var name: String
        var place = "query"
        var isRequired = false
        var shape: Shape

        var json: JSONValue {
            [
                "name": .string(name), "in": .string(place), "required": .bool(isRequired), "schema": shape.json,
            ]
        }
    }

    /// The document of the routes below a prefix.
    static func make(prefix: String) -> JSONValue {
        let generation = Parameter(name: "generation_id", place: "path", isRequired: true, shape: .uuid)
        let asset = Parameter(name: "id", place: "path", isRequired: true, shape: .uuid)
        let types = Vocabulary.assetTypes + Vocabulary.generationTypes.filter { !Vocabulary.assetTypes.contains($0) }
        let upload: JSONValue = [
            "required": true,
            "content": [
                "multipart/form-data": ["schema": Shape.object(["file": .file], required: ["file"]).json]
            ],
        ]
        let paths: [String: JSONValue] = [
            "/models": [
                "get": operation(
                    "listModels", "List the models.",
                    [Parameter(name: "types", shape: .list(.word(Vocabulary.generationTypes)))],
                    .list(.named("AIModel")))
            ],
            "/voices": ["get": operation("listVoices", "List the voices.", [], .list(.named("Asset")))],
            "/assets": [
                "get": operation(
                    "listAssets", "List media, newest first.",
                    [
                        Parameter(name: "type", isRequired: true, shape: .word(Vocabulary.assetTypes)),
                        Parameter(name: "ids", shape: .text),
                    ], .list(.named("Asset"))),
                "post": operation(
                    "createAsset", "Announce a medium.", [], .named("CreatedAsset"), body: json(.named("CreateAsset"))),
            ],
            "/assets/{id}": ["get": operation("getAsset", "Get a medium.", [asset], .named("Asset"))],
            "/assets/{id}/upload": [
                "post": operation("uploadAsset", "Send the file of a medium.", [asset], .named("Asset"), body: upload)
            ],
            "/generations": [
                "get": operation(
                    "listGenerations", "List generations, newest first.",
                    [
                        Parameter(name: "type", shape: .word(types)), Parameter(name: "created_before", shape: .time),
                        Parameter(name: "created_after", shape: .time), Parameter(name: "prompt_query", shape: .text),
                        Parameter(name: "agent_thread_id", shape: .uuid), Parameter(name: "ids", shape: .text),
                        Parameter(name: "limit", shape: .integer(1...10_000)),
                        Parameter(name: "offset", shape: .integer(0...1_000_000)),
                    ], .named("Generations")),
                "post": operation(
                    "generateAsset", "Order a generation.", [], .named("CreatedGeneration"),
                    body: json(.either(HedraShapes.requests.map { .named($0) }))),
            ],
            "/generations/{generation_id}/status": [
                "get": operation("getStatus", "Look at a generation.", [generation], .named("Status"))
            ],
            "/billing/credits": ["get": operation("getCredits", "Get the balance.", [], .named("Credits"))],
        ]
        return [
            "openapi": "3.0.3",
            "info": [
                "title": "Lipsmith", "version": "2",
                "description": "Talking pictures on your own machine, compatible with Hedra's public web API.",
            ],
            "security": [["apiKey": []]],
            "paths": .object(
                Dictionary(uniqueKeysWithValues: paths.map { (prefix + $0.key, $0.value) })),
            "components": [
                "securitySchemes": ["apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"]],
                "schemas": .object(HedraShapes.all.mapValues(\.json)),
            ],
        ]
    }

    private static func json(_ shape: Shape) -> JSONValue {
        ["required": true, "content": ["application/json": ["schema": shape.json]]]
    }

    private static func operation(
        _ name: String, _ summary: String, _ parameters: [Parameter], _ answer: Shape, body: JSONValue? = nil
    ) -> JSONValue {
        let failure: JSONValue = [
            "description": "Refused; `messages` and `detail` say why.",
            "content": ["application/json": ["schema": Shape.named("Error").json]],
        ]
        var members: [String: JSONValue] = [
            "operationId": .string(name), "summary": .string(summary),
            "parameters": .array(parameters.map(\.json)),
            "responses": [
                "200": ["description": "Done.", "content": ["application/json": ["schema": answer.json]]],
                "4XX": failure, "5XX": failure,
            ],
        ]
        members["requestBody"] = body
        return .object(members)
    }
}

import Generations
import Text
import WebInterface

/// The named schemas of the public document.
enum WireSchemas {
    private static let all: [String: Schema] = [
        "Error": error, "Generation": generation, "CreateGeneration": create, "CreateGenerationForm": createForm,
        "InputItem": input, "Options": options, "Segment": segment, "SpeakerDetection": speaker, "Model": model,
        "CatalogEntry": catalogEntry, "CostEstimate": cost, "Asset": asset, "AssetPage": assetPage,
        "Project": project, "ProjectPage": projectPage, "Batch": batch, "Voice": voice, "SpeechJob": speechJob,
    ]

    /// The description of this interface.
    static func document(version: String) -> OpenAPIDocument {
        OpenAPIDocument(
            version: version, summary: "Lip synchronisation on your own machine, compatible with Sync's API v2.",
            keys: ["apiKey": OpenAPIDocument.headerKey("x-api-key"), "bearer": ["type": "http", "scheme": "bearer"]],
            schemas: all, refusal: "Refused; `message` and, where there is one, `errorCode` say why.")
    }

    /// Of what ComfyUI's own nodes call.
    static let comfyDocument: OpenAPIDocument = {
        var document = Self.document(version: "1")
        document.summary = "Lip synchronisation for the nodes of ComfyUI, as they call it."
        return document
    }()

    /// Of fal's queue.
    static let falDocument: OpenAPIDocument = {
        var document = OpenAPIDocument(
            version: "1", summary: "fal's queue for Sync's models, on your own machine.",
            keys: ["key": OpenAPIDocument.headerKey("Authorization")], schemas: [:],
            refusal: "Refused; `detail` says why.")
        let addresses: [String: Schema] = [
            "request_id": .uuid, "response_url": .string, "status_url": .string, "cancel_url": .string,
            "queue_position": .integer, "status": .oneWord(of: ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]),
        ]
        document.schemas = [
            "Error": .object(
                [
                    "detail": .either([.string, .list(of: .object)]), "message": .string, "error_type": .string,
                    "status": .string,
                ]),
            "Submitted": .object(
                addresses.merging(["gateway_request_id": .uuid]) { $1 },
                required: ["request_id", "response_url", "status_url", "cancel_url"]),
            "QueueStatus": .object(
                addresses.merging([
                    "logs": Schema.list(of: .object).nullable, "metrics": .object, "error": .string,
                    "error_type": .string,
                ]) { $1 }, required: ["status"]),
        ]
        return document
    }()

    static let statusNames = ["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"]
    static let models = SyncModels.all.map(\.model.name)

    private static let error = Schema.object(
        [
            "statusCode": .integer, "message": .either([.string, .list(of: .string)]), "errorCode": .string,
            "error": .string, "suggestion": .string, "field": .string, "requestId": .string,
        ], required: ["statusCode", "message"])

    private static let generation = Schema.object(
        [
            "id": .uuid, "createdAt": .time, "status": .oneWord(of: statusNames), "model": .string,
            "input": .list(of: .object), "options": .object.nullable, "segments": Schema.list(of: .object).nullable,
            "webhookUrl": .string.nullable, "outputUrl": .string.nullable, "segmentOutputUrl": .string.nullable,
            "outputDuration": .number.nullable, "outputFileName": .string.nullable, "projectId": .string.nullable,
            "synthesizedAudioUrl": .string.nullable, "error": .string.nullable, "errorCode": .string.nullable,
            "error_code": .string.nullable, "progress_percent": .number,
        ], required: ["id", "createdAt", "status", "model", "input"])

    private static let speechProvider = Schema.object(
        [
            "name": .oneWord(of: ["elevenlabs"]), "voiceId": .string,
            "script": .string(1...SpeakableText.mostCharacters),
            "stability": .number(0...1).defaulting(to: 0.5), "similarityBoost": .number(0...1).defaulting(to: 0.75),
        ], required: ["name", "voiceId", "script"])

    private static let input = Schema.object(
        [
            "type": Schema.oneWord(of: MediaKind.self)
                .described("One video, or with sync-3 one image (JPEG, PNG or WebP); and a voice as audio or text."),
            "url": .address.described("Where the medium is fetched from."),
            "assetId": .uuid.described("The medium as an asset, in place of an address."),
            "refId": .string.described("The name by which segments refer to a sound or text."),
            "provider": speechProvider.described("Who speaks a text."),
        ], required: ["type"])

    private static let speaker = Schema.object([
        "auto_detect": .boolean.described("Whether the server finds out who speaks; not in an image."),
        "frame_number": .integer(0...100_000_000),
        "coordinates": Schema.list(of: .number, 2...2)
            .described("A pixel inside the face in that frame; an image has frame 0 alone."),
        "bounding_boxes": Schema.list(of: Schema.list(of: .number, 4...4).nullable)
            .described("The face in each frame; of an image, the first box."),
        "bounding_boxes_url": .address,
    ])

    private static let commonOptions: [String: Schema] = [
        "sync_mode": .oneWord(of: SyncMode.self)
            .described("What happens when picture and sound differ in length."),
        "temperature": .number(0...1).described("How lively the mouth moves."),
        "occlusion_detection_enabled": .boolean.described("Whether things in front of the mouth are kept."),
        "active_speaker_detection": .named("SpeakerDetection"),
    ]

    private static let options = Schema.object(
        commonOptions.merging([
            "model_mode": Schema.oneWord(of: ModelMode.self).defaulting(to: "face")
                .described("What react-1 may change; other models ignore it."),
            "prompt": Schema.oneWord(of: Emotion.self)
                .described("What the face shows with react-1; other models ignore it."),
            "i2v_prompt": Schema.string.described("How a picture moves: words for feeling, movement and camera."),
        ]) { $1 })

    private static let segment = Schema.object(
        [
            "startTime": .number(0...100_000), "endTime": .number(0...100_000),
            "audioInput": .object(
                ["refId": .string(1...256), "startTime": .number(0...100_000), "endTime": .number(0...100_000)],
                required: ["refId"]),
            "optionsOverride": .object(commonOptions),
        ], required: ["startTime", "endTime", "audioInput"])

    private static let dub = Schema.object(
        [
            "providerName": .oneWord(of: ["elevenlabs"]), "targetLang": .oneWord(of: DubLanguages.codes.sorted()),
            "sourceLang": Schema.oneWord(of: ["auto"] + DubLanguages.codes.sorted()).defaulting(to: "auto"),
            "dropBackgroundAudio": .boolean, "numSpeakers": .integer(0...50),
        ], required: ["targetLang"])

    static let create = Schema.object(
        [
            "model": .oneWord(of: models), "input": .list(of: .named("InputItem"), 1...100),
            "options": .named("Options"), "segments": .list(of: .named("Segment"), 0...500), "webhookUrl": .address,
            "outputFileName": .string(0...255), "projectId": .uuid, "dubParams": dub,
        ], required: ["model", "input"])

    static let createForm = Schema.object(
        [
            "model": .string, "video": .file, "image": .file, "audio": .file,
            "input": .string.described("A JSON list of input items, or one item for each field of this name."),
            "options": .string.described("A JSON object."), "segments": .string.described("A JSON list."),
            "webhookUrl": .string, "outputFileName": .string, "projectId": .string, "dubParams": .string,
        ], required: ["model"])

    private static let model = Schema.object(
        [
            "id": .string, "name": .string, "type": .oneWord(of: ["lipsync", "react"]), "version": .string,
            "description": .string, "deprecatedAt": .time.nullable,
        ], required: ["id", "name", "type", "version"])

    private static let catalogEntry = Schema.object(
        ["code": .string, "message": .string, "suggestion": .string], required: ["code", "message", "suggestion"])

    private static let cost = Schema.object(
        ["estimatedFrameCount": .integer, "estimatedGenerationCost": .number, "estimatedCredits": .number.nullable],
        required: ["estimatedFrameCount", "estimatedGenerationCost"])

    private static let asset = Schema.object(
        [
            "id": .uuid, "createdAt": .time, "updatedAt": .time, "name": .string, "url": .string,
            "size": .integer.nullable, "format": .string.nullable, "type": .oneWord(of: ["AUDIO", "VIDEO", "IMAGE"]),
            "inputType": .oneWord(of: SyncAssetOrigin.self), "durationSeconds": .number.nullable,
            "thumbnailUrl": .string.nullable, "visibility": .oneWord(of: SyncVisibility.self),
            "width": .integer.nullable, "height": .integer.nullable,
        ], required: ["id", "createdAt", "updatedAt", "name", "url", "type", "inputType", "visibility"])

    private static let assetPage = Schema.object(
        ["items": .list(of: .named("Asset")), "nextCursor": .string.nullable, "totalCount": .integer],
        required: ["items", "totalCount"])

    private static let project = Schema.object(
        [
            "id": .uuid, "createdAt": .time, "updatedAt": .time, "name": .string, "description": .string.nullable,
            "visibility": .oneWord(of: SyncVisibility.self), "mode": .string,
            "defaultWorkflow": .string.nullable,
        ], required: ["id", "createdAt", "updatedAt", "name", "visibility", "mode"])

    private static let projectPage = Schema.object(
        ["items": .list(of: .named("Project")), "nextCursor": .string.nullable], required: ["items"])

    private static let batch = Schema.object(
        [
            "id": .uuid, "created_at": .time, "status": .oneWord(of: SyncBatchStatus.self),
            "metrics": .object([
                "total_generations": .integer, "success_count": .integer, "failed_count": .integer,
                "pending_count": .integer,
            ]), "webhookUrl": .string.nullable, "outputUrl": .string,
        ], required: ["id", "created_at", "status", "metrics", "outputUrl"])

    private static let voice = Schema.object(
        [
            "id": .string, "voiceId": .string, "name": .string, "provider": .oneWord(of: ["elevenlabs"]),
            "engine": .string.described("What speaks."), "language": .string.nullable, "gender": .string.nullable,
            "previewUrl": .string.nullable,
        ], required: ["id", "name", "provider"])

    private static let speechJob = Schema.object(
        [
            "id": .uuid, "status": .oneWord(of: ["PENDING", "PROCESSING", "SUCCESS", "FAILED"]),
            "url": .string.nullable, "duration": .number.nullable, "error": .string.nullable, "createdAt": .time,
            "startedAt": .time.nullable, "finishedAt": .time.nullable,
        ], required: ["id", "status", "createdAt"])
}

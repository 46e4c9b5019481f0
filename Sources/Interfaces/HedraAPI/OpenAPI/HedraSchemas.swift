import Generations
import WebInterface

/// The named schemas of the public description.
enum HedraSchemas {
    private static let all: [String: Schema] = [
        "Error": .open(
            [
                "code": .integer, "messages": .list(of: .string),
                "detail": .either([.string, .list(of: .named("InvalidField"))]),
                "error": .object,
            ], required: ["code", "messages", "detail"]),
        "InvalidField": .open(
            ["type": .string, "loc": .list(of: .either([.string, .integer])), "msg": .string],
            required: ["type", "loc", "msg"]),
        "AIModel": .open(
            [
                "id": .uuid, "slug": .string, "name": .string, "description": .string.nullable, "type": .string,
                "aspect_ratios": .list(of: .string).nullable, "resolutions": .list(of: .string).nullable,
                "durations": .list(of: .string).nullable, "max_duration_ms": .integer.nullable,
                "requires_start_frame": .boolean.nullable, "requires_audio_input": .boolean.nullable,
                "price_details": .open(
                    ["credit_cost": .integer, "unit_scale": .integer, "billing_unit": .string],
                    required: ["credit_cost", "unit_scale", "billing_unit"]),
                "inputs": .list(of: .object).nullable, "eta_ms": .integer.nullable,
            ], required: ["id", "slug", "name", "description", "type", "price_details"]),
        "Asset": .open(
            [
                "id": .uuid, "type": .oneWord(of: Vocabulary.assetTypes), "name": .string, "thumbnail_url": .string,
                "created_at": .time, "asset": .open(["type": .string], required: ["type"]),
            ], required: ["id", "type", "name", "thumbnail_url", "created_at", "asset"]),
        "CreateAsset": .open(
            [
                "name": .string, "type": .oneWord(of: Vocabulary.assetTypes), "workspace_id": .string.nullable,
                "reserved_asset_id": .uuid.nullable,
            ], required: ["name", "type"]),
        "CreatedAsset": .open(
            [
                "id": .uuid, "name": .string, "type": .oneWord(of: Vocabulary.assetTypes),
                "workspace_id": .string.nullable,
                "reserved_asset_id": .uuid.nullable, "upload_url": .string.nullable,
            ], required: ["id", "name", "type"]),
        "Credits": .open(
            ["remaining": .integer, "expiring": .integer, "used": .integer],
            required: ["remaining", "expiring", "used"]),
        "SpeechRequest": .open(
            common.merging(speech) { $1 }.merging(["type": .oneWord(of: [SpeechFields.type])]) { $1 },
            required: ["type", "voice_id", "text"]),
        "VideoRequest": .open(video, required: ["type", "generated_video_inputs"]),
        "MotionControlRequest": .open(
            video.merging(["type": .oneWord(of: ["motion_control"])]) { $1 },
            required: ["type", "video_id", "start_keyframe_id", "generated_video_inputs"]),
        "AudioIsolationRequest": medium("audio_isolation", ["audio_id": .uuid]),
        "ImageUpscaleRequest": medium("image_upscale", ["image_id": .uuid], optional: upscaling),
        "VideoUpscaleRequest": medium("video_upscale", ["video_id": .uuid], optional: upscaling),
        "SpeechToSpeechRequest": medium("speech_to_speech", ["audio_id": .uuid, "voice_id": .uuid]),
        "VoiceCloneRequest": medium("voice_clone", ["audio_id": .uuid, "name": .string]),
        "CreatedGeneration": .open(
            state.merging([
                "type": .oneWord(of: Vocabulary.requestTypes), "asset_id": .uuid,
                "batch_generation_id": .string.nullable,
                "batch_results": .list(
                    of:
                        .open(
                            state.merging(["asset_id": .uuid, "error": .string.nullable]) { $1 },
                            required: ["created_at", "status", "progress"])),
            ]) { $1 }, required: ["id", "asset_id", "created_at", "status", "progress", "type"]),
        "Status": .open(
            state.merging(failure).merging([
                "asset_id": .uuid, "type": .oneWord(of: Vocabulary.assetTypes), "url": .string.nullable,
                "download_url": .string.nullable, "streaming_url": .string.nullable, "workspace_id": .string.nullable,
            ]) { $1 }, required: ["id", "asset_id", "type", "status", "progress", "created_at"]),
        "Generations": .open(
            [
                "page_info": .open(["limit": .integer, "offset": .integer], required: ["limit", "offset"]),
                "data": .list(
                    of:
                        .open(
                            state.merging(failure).merging([
                                "type": .oneWord(of: Vocabulary.assetTypes), "input": .object,
                                "credit_cost": .integer.nullable,
                                "batch_generation_id": .string.nullable, "asset": .named("Asset").nullable,
                            ]) { $1 }, required: ["id", "type", "input", "status", "progress", "created_at"])),
            ], required: ["page_info", "data"]),
    ]

    /// The description of this interface.
    static var document: OpenAPIDocument {
        var document = OpenAPIDocument(
            version: "2",
            summary: "Talking pictures on your own machine, compatible with Hedra's public web API.",
            keys: ["apiKey": OpenAPIDocument.headerKey("X-API-Key")], schemas: all,
            refusal: "Refused; `messages` and `detail` say why.")
        document.listsNoParameters = true
        return document
    }

    /// The forms that an order may have.
    static let request = Schema.either(requests.map(Schema.named))

    private static let requests = [
        "VideoRequest", "SpeechRequest", "MotionControlRequest", "AudioIsolationRequest", "ImageUpscaleRequest",
        "VideoUpscaleRequest", "SpeechToSpeechRequest", "VoiceCloneRequest",
    ]

    /// A request in which no lips move.
    private static func medium(
        _ type: String, _ required: [String: Schema], optional: [String: Schema] = [:]
    ) -> Schema {
        let model: [String: Schema] = ["ai_model_id": .uuid.nullable, "model_slug": .string.nullable]
        return .open(
            common.merging(model).merging(optional).merging(required).merging(["type": .oneWord(of: [type])]),
            required: ["type"] + required.keys.sorted())
    }

    private static let upscaling: [String: Schema] = [
        "target_resolution": .oneWord(of: Upscaling.named.map(\.name)).nullable,
        "upscale_factor": .number(Upscaling.factors).nullable, "target_fps": .integer.nullable,
    ]

    private static let state: [String: Schema] = [
        "id": .uuid, "created_at": .time,
        "status": .oneWord(of: ["complete", "error", "processing", "queued", "finalizing"]), "progress": .number(0...1),
        "eta_sec": .integer.nullable,
    ]

    private static let failure: [String: Schema] = [
        "error_message": .string.nullable,
        "error": .open(["type": .string, "message": .string], required: ["type", "message"]).nullable,
    ]

    private static let common: [String: Schema] = [
        "workspace_id": .string.nullable, "agent_thread_id": .uuid.nullable, "generation_id": .uuid.nullable,
        "generation_ids": .list(of: .uuid).nullable, "reserved_asset_id": .uuid.nullable,
        "reserved_asset_ids": .list(of: .uuid).nullable, "name": .string.nullable,
    ]

    private static let speech: [String: Schema] = [
        "voice_id": .uuid, "text": .string, "stability": .number(0...1), "speed": .number(0.7...1.2),
        "language": .oneWord(of: Vocabulary.languages.map(\.name)), "model_id": .uuid.nullable,
        "model_slug": .string.nullable,
    ]

    private static let video: [String: Schema] = common.merging([
        "type": .oneWord(of: [VideoFields.type]), "ai_model_id": .uuid.nullable, "model_slug": .string.nullable,
        "start_keyframe_id": .uuid.nullable, "start_keyframe_url": .address.nullable, "end_keyframe_id": .uuid.nullable,
        "end_keyframe_url": .address.nullable, "audio_id": .uuid.nullable,
        "audio_generation": .open(speech, required: ["voice_id", "text"]).nullable,
        "audio_start_ms": .integer.nullable, "reference_image_ids": .list(of: .uuid).nullable,
        "video_id": .uuid.nullable,
        "batch_size": .integer(1...8),
        "generated_video_inputs": .open(
            [
                "text_prompt": .string, "resolution": .oneWord(of: PictureDimensions.resolutions).nullable,
                "aspect_ratio": .oneWord(of: PictureDimensions.aspectRatios).nullable, "duration_ms": .integer.nullable,
                "bounding_box_target": .list(of: .number(0...1)).nullable,
                "character_orientation": .oneWord(of: ["video", "image"]).nullable, "enhance_prompt": .boolean,
                "seed": .integer.nullable,
            ], required: ["text_prompt"]),
    ]) { $1 }
}

extension [String: Schema] {
    /// Both; names differ.
    fileprivate func merging(_ other: [String: Schema]) -> [String: Schema] { merging(other) { $1 } }
}

extension Schema {
    /// An object that may have other members, too.
    fileprivate static func open(_ properties: [String: Schema], required: [String] = []) -> Schema {
        .object(properties, required: required, isOpen: true)
    }
}

import Generations

/// The named parts of the public description.
enum HedraShapes {
    static let all: [String: Shape] = [
        "Error": .object(
            [
                "code": .integer, "messages": .list(.text), "detail": .either(.text, .list(.named("InvalidField"))),
                "error": .object,
            ], required: ["code", "messages", "detail"]),
        "InvalidField": .object(
            ["type": .text, "loc": .list(.either(.text, .integer)), "msg": .text], required: ["type", "loc", "msg"]),
        "AIModel": .object(
            [
                "id": .uuid, "slug": .text, "name": .text, "description": .text.orNull, "type": .text,
                "aspect_ratios": .list(.text).orNull, "resolutions": .list(.text).orNull,
                "durations": .list(.text).orNull, "max_duration_ms": .integer.orNull,
                "requires_start_frame": .flag.orNull, "requires_audio_input": .flag.orNull,
                "price_details": .object(
                    ["credit_cost": .integer, "unit_scale": .integer, "billing_unit": .text],
                    required: ["credit_cost", "unit_scale", "billing_unit"]),
                "inputs": .list(.object).orNull, "eta_ms": .integer.orNull,
            ], required: ["id", "slug", "name", "description", "type", "price_details"]),
        "Asset": .object(
            [
                "id": .uuid, "type": .word(Vocabulary.assetTypes), "name": .text, "thumbnail_url": .text,
                "created_at": .time, "asset": .object(["type": .text], required: ["type"]),
            ], required: ["id", "type", "name", "thumbnail_url", "created_at", "asset"]),
        "CreateAsset": .object(
            [
                "name": .text, "type": .word(Vocabulary.assetTypes), "workspace_id": .text.orNull,
                "reserved_asset_id": .uuid.orNull,
            ], required: ["name", "type"]),
        "CreatedAsset": .object(
            [
                "id": .uuid, "name": .text, "type": .word(Vocabulary.assetTypes), "workspace_id": .text.orNull,
                "reserved_asset_id": .uuid.orNull, "upload_url": .text.orNull,
            ], required: ["id", "name", "type"]),
        "Credits": .object(
            ["remaining": .integer, "expiring": .integer, "used": .integer],
            required: ["remaining", "expiring", "used"]),
        "SpeechRequest": .object(
            common.merging(speech) { $1 }.merging(["type": .word([SpeechFields.type])]) { $1 },
            required: ["type", "voice_id", "text"]),
        "VideoRequest": .object(video, required: ["type", "generated_video_inputs"]),
        "MotionControlRequest": .object(
            video.merging(["type": .word(["motion_control"])]) { $1 },
            required: ["type", "video_id", "start_keyframe_id", "generated_video_inputs"]),
        "AudioIsolationRequest": medium("audio_isolation", ["audio_id": .uuid]),
        "ImageUpscaleRequest": medium("image_upscale", ["image_id": .uuid], optional: enlargement),
        "VideoUpscaleRequest": medium("video_upscale", ["video_id": .uuid], optional: enlargement),
        "SpeechToSpeechRequest": medium("speech_to_speech", ["audio_id": .uuid, "voice_id": .uuid]),
        "VoiceCloneRequest": medium("voice_clone", ["audio_id": .uuid, "name": .text]),
        "CreatedGeneration": .object(
            state.merging([
                "type": .word(Vocabulary.requestTypes), "asset_id": .uuid, "batch_generation_id": .text.orNull,
                "batch_results": .list(
                    .object(
                        state.merging(["asset_id": .uuid, "error": .text.orNull]) { $1 },
                        required: ["created_at", "status", "progress"])),
            ]) { $1 }, required: ["id", "asset_id", "created_at", "status", "progress", "type"]),
        "Status": .object(
            state.merging(failure).merging([
                "asset_id": .uuid, "type": .word(Vocabulary.assetTypes), "url": .text.orNull,
                "download_url": .text.orNull, "streaming_url": .text.orNull, "workspace_id": .text.orNull,
            ]) { $1 }, required: ["id", "asset_id", "type", "status", "progress", "created_at"]),
        "Generations": .object(
            [
                "page_info": .object(["limit": .integer, "offset": .integer], required: ["limit", "offset"]),
                "data": .list(
                    .object(
                        state.merging(failure).merging([
                            "type": .word(Vocabulary.assetTypes), "input": .object, "credit_cost": .integer.orNull,
                            "batch_generation_id": .text.orNull, "asset": .named("Asset").orNull,
                        ]) { $1 }, required: ["id", "type", "input", "status", "progress", "created_at"])),
            ], required: ["page_info", "data"]),
    ]

    /// The shapes that an order may have.
    static let requests = [
        "VideoRequest", "SpeechRequest", "MotionControlRequest", "AudioIsolationRequest", "ImageUpscaleRequest",
        "VideoUpscaleRequest", "SpeechToSpeechRequest", "VoiceCloneRequest",
    ]

    /// A request in which no lips move.
    private static func medium(
        _ type: String, _ required: [String: Shape], optional: [String: Shape] = [:]
    ) -> Shape {
        let model: [String: Shape] = ["ai_model_id": .uuid.orNull, "model_slug": .text.orNull]
        return .object(
            common.merging(model).merging(optional).merging(required).merging(["type": .word([type])]),
            required: ["type"] + required.keys.sorted())
    }

    private static let enlargement: [String: Shape] = [
        "target_resolution": .word(Upscaling.named.map(\.name)).orNull,
        "upscale_factor": .number(Upscaling.factors).orNull, "target_fps": .integer.orNull,
    ]

    private static let state: [String: Shape] = [
        "id": .uuid, "created_at": .time,
        "status": .word(["complete", "error", "processing", "queued", "finalizing"]), "progress": .number(0...1),
        "eta_sec": .integer.orNull,
    ]

    private static let failure: [String: Shape] = [
        "error_message": .text.orNull,
        "error": .object(["type": .text, "message": .text], required: ["type", "message"]).orNull,
    ]

    private static let common: [String: Shape] = [
        "workspace_id": .text.orNull, "agent_thread_id": .uuid.orNull, "generation_id": .uuid.orNull,
        "generation_ids": .list(.uuid).orNull, "reserved_asset_id": .uuid.orNull,
        "reserved_asset_ids": .list(.uuid).orNull, "name": .text.orNull,
    ]

    private static let speech: [String: Shape] = [
        "voice_id": .uuid, "text": .text, "stability": .number(0...1), "speed": .number(0.7...1.2),
        "language": .word(Vocabulary.languages.map(\.name)), "model_id": .uuid.orNull, "model_slug": .text.orNull,
    ]

    private static let video: [String: Shape] = common.merging([
        "type": .word([VideoFields.type]), "ai_model_id": .uuid.orNull, "model_slug": .text.orNull,
        "start_keyframe_id": .uuid.orNull, "start_keyframe_url": .address.orNull, "end_keyframe_id": .uuid.orNull,
        "end_keyframe_url": .address.orNull, "audio_id": .uuid.orNull,
        "audio_generation": .object(speech, required: ["voice_id", "text"]).orNull,
        "audio_start_ms": .integer.orNull, "reference_image_ids": .list(.uuid).orNull, "video_id": .uuid.orNull,
        "batch_size": .integer(1...8),
        "generated_video_inputs": .object(
            [
                "text_prompt": .text, "resolution": .word(PictureDimensions.resolutions).orNull,
                "aspect_ratio": .word(PictureDimensions.aspectRatios).orNull, "duration_ms": .integer.orNull,
                "bounding_box_target": .list(.number(0...1)).orNull,
                "character_orientation": .word(["video", "image"]).orNull, "enhance_prompt": .flag,
                "seed": .integer.orNull,
            ], required: ["text_prompt"]),
    ]) { $1 }
}

extension [String: Shape] {
    /// Both; names differ.
    fileprivate func merging(_ other: [String: Shape]) -> [String: Shape] { merging(other) { $1 } }
}

import Generations
import Text

/// The models that this interface offers: those whose outputs the engine really makes.
enum V3Models {
    private static let mebibyte: Int64 = 1 << 20
    private static let sound = 100 * mebibyte

    private static let outputs = InputField.optional("num_outputs", .one, "1; more outputs of one job are not made.")

    private static func picture(_ bytes: Int64 = 10_485_760) -> InputField {
        .required(
            "start_image", .medium(.init(kind: .image, role: "start_frame", byteLimit: bytes)),
            "The picture that speaks.")
    }

    private static func voice(_ seconds: ClosedRange<Double>?, _ bytes: Int64 = sound) -> InputField {
        .required(
            "audio", .medium(.init(kind: .audio, role: "audio_input", byteLimit: bytes, seconds: seconds)),
            "What it says.")
    }

    private static func prompt(_ most: Int? = nil, isRequired: Bool) -> InputField {
        let summary = "How it looks and moves: words for feeling, movement and camera have an effect."
        return isRequired
            ? .required("prompt", .text(most: most, needsWords: true), summary)
            : .optional("prompt", .text(most: most, needsWords: false), summary)
    }

    private static func shape(_ words: [String], isRequired: Bool = true) -> InputField {
        InputField(
            name: "aspect_ratio", form: .word(words), isRequired: isRequired, summary: "The shape of the video.")
    }

    private static func resolution(_ words: [String], isRequired: Bool = true) -> InputField {
        InputField(
            name: "resolution", form: .word(words), isRequired: isRequired,
            summary: "The shorter side of the video.")
    }

    private static let avatarFields = [
        voice(0.5...600), shape(PictureDimensions.aspectRatios), prompt(isRequired: true),
        resolution(PictureDimensions.resolutions), picture(),
        .optional(
            "duration_ms", .integer(1...600_000, step: 1),
            "The length of the video; without it that of the sound. What is beyond the sound is silent."),
        .optional("bounding_box_target", .point, "A point on the face that speaks, where the picture has several."),
        outputs,
    ]

    private static let talking: [V3Model] = [
        V3Model(
            id: "hedra-avatar", name: "Hedra Avatar",
            summary: "Talking and singing video from one picture and one sound, with movement of the head.",
            modality: "video", work: .talking(.photoMotion), fields: avatarFields, creditsPerSecond: 7,
            longestSeconds: 600),
        V3Model(
            id: "hedra-character-3", name: "Hedra Character 3",
            summary: "Talking and singing video from one picture and one sound.", modality: "video",
            work: .talking(.photo), fields: avatarFields, creditsPerSecond: 6, longestSeconds: 600),
        V3Model(
            id: "kling-ai-avatar-v2", name: "Kling AI Avatar v2",
            summary: "Another name of Character 3, and of Avatar with quality pro, for programs that use it.",
            modality: "video", work: .talking(.photo),
            fields: [
                shape(["16:9", "9:16", "1:1"]), voice(2...60.15, 5_000_000), picture(10 * mebibyte),
                prompt(2500, isRequired: false), resolution(["720p"], isRequired: false),
                .optional("quality", .word(["standard", "pro"]), "pro moves the head more."), outputs,
            ], creditsPerSecond: 6, longestSeconds: 60.15),
        V3Model(
            id: "omnihuman-15", name: "OmniHuman 1.5",
            summary: "Another name of Character 3, for programs that use it; another engine under a known name.",
            modality: "video", work: .talking(.photo),
            fields: [
                voice(0.5...59.88), resolution(["720p", "1080p"]), picture(10 * mebibyte), prompt(isRequired: false),
                shape(["16:9"], isRequired: false), outputs,
            ], creditsPerSecond: 6, longestSeconds: 59.88),
        V3Model(
            id: "veed-fabric-10", name: "Veed Fabric 1.0",
            summary: "Another name of Character 3, for programs that use it; another engine under a known name.",
            modality: "video", work: .talking(.photo),
            fields: [
                shape(["16:9", "9:16", "4:3", "3:4", "1:1"]), voice(nil), prompt(isRequired: true),
                resolution(["480p", "720p"]), picture(10 * mebibyte), outputs,
            ], creditsPerSecond: 6, longestSeconds: 600),
        V3Model(
            id: "heygen-photo-avatar-4", name: "HeyGen Photo Avatar 4",
            summary: "Another name of Character 3, for programs that use it; another engine under a known name.",
            modality: "video", work: .talking(.photo),
            fields: [
                shape(["16:9", "9:16", "4:5", "5:4", "1:1", "auto"]), voice(nil),
                resolution(["360p", "480p", "540p", "720p", "1080p"]), picture(10 * mebibyte),
                prompt(isRequired: false), outputs,
            ], creditsPerSecond: 6, longestSeconds: 600),
        V3Model(
            id: "creatify-aurora", name: "Creatify Aurora",
            summary: "Another name of Character 3, for programs that use it; another engine under a known name.",
            modality: "video", work: .talking(.photo),
            fields: [
                voice(0...60), resolution(["480p", "720p"]), picture(10 * mebibyte), prompt(isRequired: false), outputs,
            ], creditsPerSecond: 6, longestSeconds: 60),
    ]

    private static func following(_ id: String, _ name: String, videoBytes: Int64) -> V3Model {
        V3Model(
            id: id, name: name,
            summary: "A picture that takes over head, face and lips of a driving video; its body stays as it is.",
            modality: "video", work: .following,
            fields: [
                resolution(["720p", "1080p"]),
                .required(
                    "source_video",
                    .medium(.init(kind: .video, role: "input_video", byteLimit: videoBytes, seconds: 3...30)),
                    "The driving video."),
                picture(10 * mebibyte), prompt(2500, isRequired: false),
                .optional(
                    "character_orientation", .word(["image", "video"]),
                    "video turns as the driver does, for up to 30 seconds; image stays, for up to 10."),
                outputs,
            ], creditsPerSecond: 5, longestSeconds: 30)
    }

    private static let moving = V3Model(
        id: "grok-video", name: "Grok Video",
        summary: "A picture that comes alive without a voice; another engine under a known name. It needs start_image.",
        modality: "video", work: .moving,
        fields: [
            shape(["auto", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16"]),
            .required("duration_ms", .integer(1000...15_000, step: 1000), "The length of the video."),
            prompt(4096, isRequired: true), resolution(["480p", "720p"]), picture(), outputs,
        ], creditsPerSecond: 5, longestSeconds: 15)

    private static let speechFields: [InputField] = [
        .required("voice_id", .text(most: 100, needsWords: true), "A voice of GET /models/{model}/voices."),
        .optional("stability", .number(0...1), "0 is the most even, 1 the liveliest."),
        .optional("speed", .number(0.7...1.2), "How fast, as a share of the voice's own pace."),
        .optional("language", .text(most: 16, needsWords: false), "A code, or auto. Voices speak their own language."),
    ]

    private static let speaking: [V3Model] = [
        ("elevenlabs-v3", "Eleven v3", 5000), ("elevenlabs-multilingual-v2", "Eleven Multilingual v2", 10_000),
        ("elevenlabs-flash-v2", "Eleven Flash v2", 30_000),
        ("elevenlabs-flash-multilingual-v2", "Eleven Flash Multilingual v2", 40_000),
        ("minimax-speech-25-hd-preview", "MiniMax Speech 2.5 HD", 9999),
        ("minimax-speech-25-turbo-preview", "MiniMax Speech 2.5 Turbo", 9999),
    ].map { id, name, most in
        V3Model(
            id: id, name: name,
            summary:
                "Speaks a text with the voices of this server, under a known name; texts have at most 5,000 characters.",
            modality: "audio", work: .speech,
            fields: [
                .required(
                    "text", .text(most: min(most, SpeakableText.mostCharacters), needsWords: true), "What is said.")
            ] + speechFields, creditsPerHundredCharacters: 1)
    }

    private static let sounds: [V3Model] = [
        V3Model(
            id: "elevenlabs-audio-isolation", name: "Audio Isolation",
            summary: "Takes hum, hiss and what is heard between words out of a sound, by filters and no network.",
            modality: "audio", work: .cleaning, fields: [voice(nil)], creditsPerOutput: 1),
        conversion("elevenlabs-english-sts-v2", "Eleven English Speech to Speech v2"),
        conversion("elevenlabs-multilingual-sts-v2", "Eleven Multilingual Speech to Speech v2"),
        V3Model(
            id: "elevenlabs-voice-clone", name: "Eleven Voice Clone",
            summary: "Makes a voice of a sample, at ElevenLabs.", modality: "audio", work: .cloning,
            fields: [
                voice(nil), .required("name", .text(most: 100, needsWords: true), "What the voice is called."),
            ], creditsPerOutput: 10),
    ]

    private static func conversion(_ id: String, _ name: String) -> V3Model {
        V3Model(
            id: id, name: name, summary: "Says a sound again in another voice, at ElevenLabs.", modality: "audio",
            work: .conversion, fields: [voice(nil), speechFields[0]], creditsPerSecond: 1)
    }

    private static let enlarging: [V3Model] = [
        V3Model(
            id: "topaz-image-upscaler", name: "Topaz Image Upscaler",
            summary: "More pixels by Lanczos scaling and sharpening; it adds no detail that the picture has not.",
            modality: "image", work: .enlarging,
            fields: [
                .required(
                    "source_image", .medium(.init(kind: .image, role: "source_image", byteLimit: 30_000_000)),
                    "The picture."),
                .required("target_resolution", .word(["1080p", "2K", "4K"]), "The shorter side of the result."),
                .optional("face_recovery", .word(["off"]), "Faces are not drawn anew here."),
                .optional("face_recovery_creativity", .word(["none"]), "Faces are not drawn anew here."), outputs,
            ], creditsPerOutput: 1),
        V3Model(
            id: "topaz-video-upscaler", name: "Topaz Video Upscaler",
            summary: "More pixels by Lanczos scaling and sharpening, with the video's own sound and frame rate.",
            modality: "video", work: .enlarging,
            fields: [
                .required("resolution", .word(["1080p", "2K", "4K"]), "The shorter side of the result."),
                .required(
                    "source_video",
                    .medium(.init(kind: .video, role: "input_video", byteLimit: 500 * mebibyte, seconds: 0...600)),
                    "The video."),
                .optional("tuning", .word(["standard", "auto"]), "Has no effect here."), outputs,
            ], creditsPerSecond: 1),
    ]

    /// Every model, in the order of the list.
    static let all: [V3Model] =
        talking
        + [
            following("kling-26-motion-control", "Kling 2.6 Motion Control", videoBytes: 500 * mebibyte),
            following("kling-v3-motion-control", "Kling v3 Motion Control", videoBytes: sound), moving,
        ] + speaking + sounds + enlarging

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// A model by its id; nil where it is none of these.
    static func model(_ id: String) -> V3Model? { byID[id] }

    /// Models that the hosted service has and that need a generative network.
    static func isKnownElsewhere(_ id: String) -> Bool { hosted.contains(id) }
}

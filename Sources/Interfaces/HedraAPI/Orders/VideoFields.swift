import Generations
import Text
import WebInterface

/// The body of a request for a video, field by field.
struct VideoFields {
    static let type = "video"

    let common: CommonFields
    /// Nil means that the request named none.
    let modelID: String?
    let modelSlug: String?
    let startID: String?
    let startURL: String?
    let endID: String?
    let endURL: String?
    /// One sound, or several in turn.
    let audioIDs: [String]
    let speech: SpeechFields?
    let audioStartMilliseconds: Int?
    let referenceIDs: [String]
    let videoID: String?
    let inputs: VideoInputFields
    let batchSize: Int
    let batchName: String?
    private let audioEcho: JSONValue
    private let furtherEcho: [String: JSONValue]

    /// The most that a client may ask for: a day. The model's own limit is checked later.
    static let milliseconds = -86_400_000...86_400_000

    /// Reads them; what is wrong goes into the reader.
    init(_ reader: inout FieldReader) {
        let size = reader.integer("batch_size", in: 1...8)
        batchSize = size ?? 1
        let isSizeKnown = size != nil || (reader.members["batch_size"] ?? .null).isNull
        common = CommonFields(&reader, batchSize: isSizeKnown ? batchSize : nil)
        modelID = reader.uuid("ai_model_id")
        modelSlug = reader.text("model_slug")
        startID = reader.uuid("start_keyframe_id")
        startURL = reader.address("start_keyframe_url")
        endID = reader.uuid("end_keyframe_id")
        endURL = reader.address("end_keyframe_url")
        audioIDs = reader.uuids("audio_id", takesSingle: true) ?? []
        audioEcho = reader.members["audio_id"]?.array != nil ? .texts(audioIDs) : .text(audioIDs.first)
        speech = Self.speech(&reader)
        audioStartMilliseconds = reader.integer("audio_start_ms", in: Self.milliseconds)
        referenceIDs = reader.uuids("reference_image_ids") ?? []
        let hasReferences = reader.members["reference_image_ids"].map { !$0.isNull } ?? false
        videoID = reader.uuid("video_id")
        batchName = reader.text("batch_generation_id", most: 64)
        furtherEcho = [
            "reference_image_ids": hasReferences ? .texts(referenceIDs) : .null,
            "reference_audio_ids": .texts(reader.uuids("reference_audio_ids")),
            "reference_video_ids": .texts(reader.uuids("reference_video_ids")),
        ]
        if var nested = reader.object("generated_video_inputs", isRequired: true) {
            inputs = VideoInputFields(&nested)
            reader.report(nested)
        } else {
            inputs = VideoInputFields()
        }
    }

    private static func speech(_ reader: inout FieldReader) -> SpeechFields? {
        guard var nested = reader.object("audio_generation") else { return nil }
        _ = nested.word("type", among: [SpeechFields.type])
        let speech = SpeechFields(&nested)
        reader.report(nested)
        return speech
    }

    /// The fields as they are shown again, with the defaults filled in.
    var echo: [String: JSONValue] {
        common.echo.merging(furtherEcho) { $1 }.merging([
            "type": .string(Self.type), "ai_model_id": .string(modelID ?? HedraModels.defaultID),
            "model_slug": .text(modelSlug), "start_keyframe_id": .text(startID), "start_keyframe_url": .text(startURL),
            "end_keyframe_id": .text(endID), "end_keyframe_url": .text(endURL), "audio_id": audioEcho,
            "audio_generation": speech.map { .object($0.echo) } ?? .null,
            "audio_start_ms": .whole(audioStartMilliseconds), "video_id": .text(videoID),
            "generated_video_inputs": .object(inputs.echo), "batch_size": .integer(Int64(batchSize)),
        ]) { $1 }
    }
}

/// The object `generated_video_inputs`.
struct VideoInputFields {
    private(set) var prompt = ""
    private(set) var resolution: String?
    private(set) var aspectRatio: String?
    private(set) var durationMilliseconds: Int?
    private(set) var targets: [[Double]] = []
    private(set) var seed: Int?
    private(set) var orientation: CharacterOrientation?
    /// The shots of a longer film, which take the place of prompt and length.
    private(set) var shots: [(prompt: String, milliseconds: Int)] = []
    private(set) var echo: [String: JSONValue] = [:]

    /// What nothing was read of.
    init() {}

    /// Reads it; what is wrong goes into the reader.
    init(_ reader: inout FieldReader) {
        prompt = reader.text("text_prompt", isRequired: true) ?? ""
        resolution = reader.text("resolution")
        aspectRatio = reader.text("aspect_ratio")
        durationMilliseconds = reader.integer("duration_ms")
        targets = reader.points("bounding_box_target") ?? []
        seed = reader.integer("seed")
        orientation = reader.word("character_orientation", among: ["video", "image"])
            .flatMap(CharacterOrientation.init(rawValue:))
        for var shot in reader.objects("multi_prompt") ?? [] {
            let prompt = shot.text("prompt", isRequired: true)
            let length = shot.integer("duration_ms", in: 1000...15_000, isRequired: true)
            if let prompt, let length { shots.append((prompt, length)) }
            reader.report(shot)
        }
        func given(_ name: String) -> JSONValue { reader.members[name] ?? .null }
        echo = [
            "text_prompt": .string(prompt), "ai_model_id": .text(reader.uuid("ai_model_id")),
            "model_slug": .text(reader.text("model_slug")), "resolution": .text(resolution),
            "aspect_ratio": .text(aspectRatio), "duration_ms": .whole(durationMilliseconds),
            "bounding_box_target": given("bounding_box_target"),
            "character_orientation": .text(orientation?.rawValue),
            "enhance_prompt": .bool(reader.flag("enhance_prompt") ?? false), "multi_prompt": given("multi_prompt"),
            "shot_type": .text(reader.word("shot_type", among: ["customize", "intelligent"])),
            "generate_audio": .flag(reader.flag("generate_audio")), "seed": .whole(seed),
            "negative_prompt": .text(reader.text("negative_prompt")), "cfg_scale": .decimal(reader.number("cfg_scale")),
            "subject_is_person": .flag(reader.flag("subject_is_person")),
        ]
    }

    /// All that is to be seen, in words.
    var fullPrompt: String { shots.isEmpty ? prompt : shots.map(\.prompt).joined(separator: ". ") }

    /// The length that is wished for; nil for none.
    var wantedMilliseconds: Int? {
        if !shots.isEmpty { return shots.reduce(0) { $0 + $1.milliseconds } }
        return durationMilliseconds == 0 ? nil : durationMilliseconds
    }
}

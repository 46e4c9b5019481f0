import Generations
import Text
import WebInterface

/// A model of fal's queue: which of Sync's it is, and how its input becomes Sync's request.
struct FalModel: Sendable {
    /// The application below which its jobs are looked at.
    static let application = "fal-ai/sync-lipsync"

    /// What follows the application in the address of a submit.
    let path: String
    /// The models that the field `model` may name, the first one being the usual; one alone where there is no such field.
    let models: [String]
    /// What is to speak.
    let visual: MediaKind
    /// The field of the sync mode, and what holds without it; nil where a picture speaks.
    let mode: (field: String, usual: String)?
    /// Whether a feeling is chosen.
    var hasEmotion = false

    var field: String { visual == .image ? "image_url" : "video_url" }

    static let all = [
        FalModel(
            path: "", models: ["lipsync-1.9.0-beta", "lipsync-1.8.0", "lipsync-1.7.1"], visual: .video,
            mode: ("sync_mode", "cut_off")),
        FalModel(
            path: "/v2", models: ["lipsync-2", "lipsync-2-pro"], visual: .video, mode: ("sync_mode", "cut_off")),
        FalModel(path: "/v2/pro", models: ["lipsync-2-pro"], visual: .video, mode: ("sync_mode", "cut_off")),
        FalModel(path: "/v3", models: ["sync-3"], visual: .video, mode: ("sync_mode", "cut_off")),
        FalModel(path: "/v3/image-to-video", models: ["sync-3"], visual: .image, mode: nil),
        FalModel(
            path: "/react-1", models: ["react-1"], visual: .video, mode: ("lipsync_mode", "bounce"), hasEmotion: true),
    ]

    private static let modes = ["cut_off", "loop", "bounce", "silence", "remap"]
    private static let emotions = ["happy", "sad", "angry", "disgusted", "surprised", "neutral"]
    private static let regions = ["lips", "face", "head"]

    /// What an input says in Sync's words, with the addresses of its two media.
    struct Reading: Sendable {
        var model: String
        var options: [String: JSONValue]
        var visualURL: String
        var soundURL: String
    }

    /// Reads an input. Unknown fields have no effect.
    ///
    /// - Throws: `RequestError.fields`.
    func read(_ members: [String: JSONValue]) throws(RequestError) -> Reading {
        var reader = FieldReader(members, at: ["body"], rules: .fal)
        let visualURL = reader.text(field, isRequired: true, least: 1) ?? ""
        let soundURL = reader.text("audio_url", isRequired: true, least: 1) ?? ""
        let model = models.count > 1 ? reader.word("model", among: models) : nil
        var options: [String: JSONValue] = [:]
        if let mode {
            // Sync's own name of the field is taken as well.
            let word = reader.word(mode.field, among: Self.modes) ?? reader.word("sync_mode", among: Self.modes)
            options["sync_mode"] = .string(word ?? mode.usual)
        }
        if hasEmotion {
            options["prompt"] = .text(reader.word("emotion", among: Self.emotions, isRequired: true))
            options["model_mode"] = .string(reader.word("model_mode", among: Self.regions) ?? "face")
            if let temperature = reader.number("temperature", in: 0...1) {
                options["temperature"] = .number(temperature)
            }
        }
        if path == "/v3", let nested = reader.object("options") {
            for name in ["sync_mode", "temperature", "occlusion_detection_enabled"] {
                if let value = nested.members[name], !value.isNull { options[name] = value }
            }
            if let speaker = nested.members["active_speaker_detection"]?.object {
                let known = ["auto_detect", "frame_number", "coordinates", "bounding_boxes", "bounding_boxes_url"]
                options["active_speaker_detection"] = .object(
                    speaker.filter { known.contains($0.key) && !$0.value.isNull })
            }
        }
        try reader.check()
        return Reading(model: model ?? models[0], options: options, visualURL: visualURL, soundURL: soundURL)
    }
}

extension FieldRules {
    /// Values as they are.
    static let fal = FieldRules(
        errorLimit: 50, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)
}

import Generations
import Text
import WebInterface

/// A model as this interface shows it.
struct HedraModel: Sendable {
    /// What kind of video it makes.
    enum Family: Sendable {
        /// A picture that talks.
        case avatar
        /// A picture that comes alive or turns into another.
        case pictures
        /// A picture that moves as a driving video does.
        case motion
        /// No video at all.
        case other
    }

    let id: String
    let slug: String
    let name: String
    let summary: String
    /// The kind of job.
    let type: String
    let family: Family
    /// The longest output; nil where it has no limit of its own.
    var maximumMilliseconds: Int?
    /// The lengths that may be wished for; empty for any.
    var durationsMilliseconds: [Int] = []
    var creditsPerSecond = 0
    var creditsPerCharacter = 0
    var creditsPerGeneration = 0
    var tags: [String] = []

    /// How many pictures of subjects it takes.
    static let maximumReferences = 8

    var isVideo: Bool { type == "video" }

    /// What an output of that length costs.
    func credits(seconds: Double, resolution: String?, characters: Int = 0) -> Int {
        let factor = resolution == "540p" ? 0.5 : 1
        return creditsPerGeneration
            + Int((Double(creditsPerSecond) * Double(seconds.milliseconds) / 1000 * factor).rounded(.up))
            + Int((Double(creditsPerCharacter * characters) / 100).rounded(.up))
    }

    /// The entry of the list.
    ///
    /// - Parameter order: Its place in the list.
    func json(order: Int, milliseconds: Int?) -> JSONValue {
        let perSecond: JSONValue = .integer(Int64(creditsPerSecond))
        return [
            "id": .string(id), "slug": .string(slug), "name": .string(name), "description": .string(summary),
            "type": .string(type), "aspect_ratios": isVideo ? .texts(PictureDimensions.aspectRatios) : .null,
            "resolutions": isVideo ? .texts(PictureDimensions.resolutions) : .null, "aspect_ratio_range": .null,
            "default_resolution": isVideo ? .string(PictureDimensions.defaultResolution) : .null,
            "durations": isVideo
                ? .texts(durationsMilliseconds.isEmpty ? ["auto"] : durationsMilliseconds.map(String.init)) : .null,
            "max_duration_ms": .whole(maximumMilliseconds), "requires_start_frame": .bool(isVideo),
            "requires_end_frame": false, "requires_audio_input": .bool(family == .avatar),
            "requires_input_video": .bool(family == .motion), "requires_character_orientation": false,
            "eta_ms": .whole(milliseconds), "tags": .texts(tags), "custom_resolution": false,
            "price_details": price,
            "pricing": isVideo
                ? [
                    "base_cost": .null, "credits_per_second": perSecond,
                    "modifiers": ["resolution": ["540p": 0.5]],
                ] : .null,
            "dimensions": isVideo ? Self.dimensions : .null, "min_prompt_length": .null, "max_prompt_length": .null,
            "inputs": isVideo ? .array(modes) : .null, "logo_url": .null, "premium": false,
            "display_order": .integer(Int64(order)), "alternative_model_slugs": .null,
        ]
    }

    private var price: JSONValue {
        let (cost, scale, unit) =
            creditsPerCharacter > 0
            ? (creditsPerCharacter, 100, "character")
            : creditsPerGeneration > 0 ? (creditsPerGeneration, 1, "generation") : (creditsPerSecond, 1, "second")
        return ["credit_cost": .whole(cost), "unit_scale": .whole(scale), "billing_unit": .string(unit)]
    }

    private static let dimensions: JSONValue = .object(
        Dictionary(
            uniqueKeysWithValues: PictureDimensions.aspectRatios.map { ratio in
                let sizes = PictureDimensions.resolutions.compactMap { resolution in
                    PictureDimensions.size(aspectRatio: ratio, resolution: resolution).map {
                        (
                            resolution,
                            ["width": .integer(Int64($0.width)), "height": .integer(Int64($0.height))] as JSONValue
                        )
                    }
                }
                return (ratio, .object(Dictionary(uniqueKeysWithValues: sizes)))
            }))

    // MARK: Ways to use it

    private var modes: [JSONValue] {
        let references = Self.mode(
            "reference_to_video",
            [
                Self.slot("image", "reference", true, most: Self.maximumReferences),
                Self.slot("audio", "audio_input", false),
            ])
        let meeting = Self.mode(
            "first_last_frame_to_video",
            [
                Self.slot("image", "start_frame", true), Self.slot("image", "end_frame", true),
                Self.slot("audio", "audio_input", false),
            ])
        let transfer = Self.mode(
            "video_to_video",
            [
                Self.slot("image", "start_frame", true), Self.slot("video", "input_video", true),
                Self.slot("audio", "audio_input", false),
            ])
        let animation = Self.mode(
            "image_to_video",
            [Self.slot("image", "start_frame", true), Self.slot("audio", "audio_input", family == .avatar)])
        switch family {
        case .avatar: return [animation, meeting, references, transfer]
        case .pictures: return [animation, meeting, references]
        case .motion: return [transfer]
        case .other: return []
        }
    }

    private static func mode(_ name: String, _ slots: [JSONValue]) -> JSONValue {
        ["mode": .string(name), "slots": .array(slots)]
    }

    private static func slot(_ type: String, _ role: String, _ isRequired: Bool, most: Int = 1) -> JSONValue {
        [
            "type": .string(type), "role": .string(role), "required": .bool(isRequired),
            "max_count": .integer(Int64(most)), "min_count": .integer(isRequired ? 1 : 0),
        ]
    }
}

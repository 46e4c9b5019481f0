import Generations

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
    var tags: [String] = []

    /// How many pictures of subjects it takes.
    static let maximumReferences = 8

    var isVideo: Bool { type == "video" }

    /// What an output of that length costs.
    func credits(seconds: Double, resolution: String?, characters: Int = 0) -> Int {
        let factor = resolution == "540p" ? 0.5 : 1
        return Int((Double(creditsPerSecond) * max(seconds, 0) * factor).rounded(.up))
            + Int((Double(creditsPerCharacter * characters) / 100).rounded(.up))
    }

    /// The entry of the list.
    ///
    /// - Parameter order: Its place in the list.
    func json(order: Int, milliseconds: Int?) -> JSONValue {
        func words(_ list: [String]) -> JSONValue { .array(list.map(JSONValue.string)) }
        func whole(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }
        let perSecond: JSONValue = .integer(Int64(creditsPerSecond))
        return [
            "id": .string(id), "slug": .string(slug), "name": .string(name), "description": .string(summary),
            "type": .string(type), "aspect_ratios": isVideo ? words(PictureDimensions.aspectRatios) : .null,
            "resolutions": isVideo ? words(PictureDimensions.resolutions) : .null, "aspect_ratio_range": .null,
            "default_resolution": isVideo ? .string(PictureDimensions.defaultResolution) : .null,
            "durations": isVideo
                ? words(durationsMilliseconds.isEmpty ? ["auto"] : durationsMilliseconds.map(String.init)) : .null,
            "max_duration_ms": whole(maximumMilliseconds), "requires_start_frame": .bool(isVideo),
            "requires_end_frame": false, "requires_audio_input": .bool(family == .avatar),
            "requires_input_video": .bool(family == .motion), "requires_character_orientation": false,
            "eta_ms": whole(milliseconds), "tags": words(tags), "custom_resolution": false,
            "price_details": isVideo
                ? ["credit_cost": perSecond, "unit_scale": 1, "billing_unit": "second"]
                : [
                    "credit_cost": .integer(Int64(creditsPerCharacter)), "unit_scale": 100,
                    "billing_unit": "character",
                ],
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

/// The models that this interface shows, and those that it only knows.
struct HedraModels: Sendable {
    let models: [HedraModel]
    private let byName: [String: HedraModel]

    /// Ids and slugs of published models that need a generative network.
    private static let uninstalled = [
        "827122cd-5fdd-4412-86f2-554f7bb8eef9": "Grok Video T2V", "fal/grok-video-t2v": "Grok Video T2V",
    ]

    /// What a request without a model gets.
    static let defaultID = ModelCatalog.defaultAnimationModel

    static let standard = HedraModels()

    private init() {
        let longest = 600_000
        models = [
            HedraModel(
                id: Self.defaultID, slug: "together/hedra-character-3", name: "Hedra Character 3",
                summary: "Talking and singing video from one picture and one sound track.", type: "video",
                family: .avatar, maximumMilliseconds: longest, creditsPerSecond: 6, tags: ["character"]),
            HedraModel(
                id: "26f0fc66-152b-40ab-abed-76c43df99bc8", slug: "together/hedra-avatar", name: "Hedra Avatar",
                summary: "As Character 3, with more movement of the head.", type: "video", family: .avatar,
                maximumMilliseconds: longest, creditsPerSecond: 7, tags: ["character"]),
            HedraModel(
                id: "ab372b84-432f-44f5-bacc-c2542465f712", slug: "together/hedra-omnia", name: "Hedra Omnia",
                summary: "As Character 3, with the most movement; up to 8 seconds.", type: "video", family: .avatar,
                maximumMilliseconds: 8000, creditsPerSecond: 15, tags: ["character"]),
            HedraModel(
                id: "d7eb3b2e-c8f8-45f9-83db-34f18dd0ba85", slug: "fal/kling-ai-avatar-v2-standard",
                name: "Kling AI Avatar v2 Standard", summary: "Another name of Character 3, for scripts that use it.",
                type: "video", family: .avatar, maximumMilliseconds: longest, creditsPerSecond: 6, tags: ["character"]),
            HedraModel(
                id: "0451ceea-a7b5-4275-a970-82bf4ef38055", slug: "fal/kling-ai-avatar-v2-pro",
                name: "Kling AI Avatar v2 Pro", summary: "Another name of Avatar, for scripts that use it.",
                type: "video", family: .avatar, maximumMilliseconds: longest, creditsPerSecond: 7, tags: ["character"]),
            HedraModel(
                id: "0435547d-1b30-41ad-bf66-ca476ff0564e", slug: "fal/grok-video-i2v", name: "Grok Video I2V",
                summary: "A picture that comes alive, or turns into a second one; another engine under a known name.",
                type: "video", family: .pictures, maximumMilliseconds: 15_000,
                durationsMilliseconds: Array(stride(from: 5000, through: 15_000, by: 1000)), creditsPerSecond: 5),
            HedraModel(
                id: "780d5b45-3b39-46a6-aa6e-30ffc2ac8723", slug: "fal/kling-2.6-motion-control-std",
                name: "Kling 2.6 Motion Control Std",
                summary: "A picture that takes over head, face and lips of a driving video; its body stays as it is.",
                type: "video", family: .motion, maximumMilliseconds: 30_000, creditsPerSecond: 5),
            HedraModel(
                id: "10a4d9fb-491a-4ced-ac00-e980bf18e53f", slug: "fal/kling-2.6-motion-control-pro",
                name: "Kling 2.6 Motion Control Pro",
                summary: "Another name of the Std model, for scripts that use it.",
                type: "video", family: .motion, maximumMilliseconds: 30_000, creditsPerSecond: 5),
            HedraModel(
                id: "6e4a2b8f-93c4-4f0e-8d21-5b7f0c9a1e01", slug: "lipsmith/speech", name: "Lipsmith Speech",
                summary: "Speaks a text with the voices of this server.", type: "text_to_speech", family: .other,
                creditsPerCharacter: 1),
        ]
        var byName: [String: HedraModel] = [:]
        for model in models {
            byName[model.id] = model
            byName[model.slug] = model
        }
        self.byName = byName
    }

    /// The model that does a kind of work under a name.
    ///
    /// - Throws: `Refusal`: no such model, one of another kind, or one that is not installed.
    func model(slug: String?, id: String?, type: String) throws(Refusal) -> HedraModel? {
        guard let name = slug ?? id else { return models.first { $0.type == type } }
        if let title = Self.uninstalled[name] {
            throw Refusal(
                .failedPrecondition,
                "model \(name) (\(title)) needs a generative network, which is not installed on this server",
                suggestion: "Send a start picture with a model of GET /models.")
        }
        guard let model = byName[name] else {
            throw Refusal(
                .notFound, "model \(name) does not exist", suggestion: "Choose a model of GET /models.")
        }
        guard model.type == type else {
            throw Refusal(
                .invalidArgument, "model \(name) not valid for generation type \(type)",
                suggestion: "Choose a model of that type in GET /models.")
        }
        return model
    }

    /// The model of an id.
    subscript(id: String) -> HedraModel? { byName[id] }
}

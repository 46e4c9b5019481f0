/// What a model can do.
public struct ModelCapabilities: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: Int
    /// Wraps the bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Takes a video.
    public static let video = ModelCapabilities(rawValue: 1)
    /// Takes a picture in place of a video.
    public static let image = ModelCapabilities(rawValue: 2)
    /// Honours `temperature`.
    public static let temperature = ModelCapabilities(rawValue: 4)
    /// Honours the choice of a speaker.
    public static let speaker = ModelCapabilities(rawValue: 8)
    /// Keeps things in front of the mouth.
    public static let occlusion = ModelCapabilities(rawValue: 16)
    /// Honours emotion and the part of the face that may change.
    public static let emotion = ModelCapabilities(rawValue: 32)
    /// Makes a picture speak, with a prompt.
    public static let photoAnimation = ModelCapabilities(rawValue: 64)
    /// Takes a driving video.
    public static let motionTransfer = ModelCapabilities(rawValue: 128)
}

/// One public model name and what stands behind it.
public struct Model: Hashable, Sendable {
    /// The name on the wire, or the UUID that clients have in their scripts.
    public let name: String
    /// What people read.
    public let displayName: String
    /// `lipsync`, `react` or `avatar`.
    public let type: String
    /// The version shown.
    public let version: String
    /// One sentence about it.
    public let summary: String
    /// The engine's settings that do the work.
    public let profile: String
    /// What it can do.
    public let capabilities: ModelCapabilities
    /// The longest input in seconds, where the model has a limit of its own.
    public let maximumSeconds: Double?
    /// What the hosted service asks for a frame, in US dollars; this server asks only what its operator sets.
    public let publishedRate: Double

    /// Options without those that the model does not honour: they are ignored, not refused.
    public func effective(_ options: GenerationOptions) -> GenerationOptions {
        var result = options
        if !capabilities.contains(.temperature) { result.temperature = nil }
        if !capabilities.contains(.speaker) { result.speaker = nil }
        if !capabilities.contains(.occlusion) { result.detectsOcclusion = nil }
        if !capabilities.contains(.emotion) { (result.modelMode, result.emotion) = (nil, nil) }
        return result
    }
}

/// The models that both interfaces show.
public struct ModelCatalog: Sendable {
    /// Every model, the newest first.
    public let models: [Model]
    private let byName: [String: Model]

    /// Makes a catalogue; names must differ.
    public init(models: [Model]) {
        self.models = models
        byName = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) })
    }

    /// The model of that name, or the one that took the place of a retired name.
    public func model(named name: String) -> Model? { byName[name] ?? Self.successors[name].flatMap { byName[$0] } }

    /// The table of this product.
    public static let standard = ModelCatalog(models: lipSyncModels + animationModels)

    /// The name that a request for photo animation without a model gets.
    public static let defaultAnimationModel = "d1dd37a3-e39a-4854-a298-6510289f9cf2"

    /// The names of models that were retired, which scripts still send, and the model of today that is nearest to each.
    private static let successors = [
        "lipsync-1.8.0", "lipsync-1.8.0-beta", "lipsync-1.7.1", "lipsync-1.6.0",
    ].reduce(into: [String: String]()) { $0[$1] = "lipsync-1.9.0-beta" }

    private static let lipSyncModels = [
        Model(
            name: "sync-3", displayName: "sync-3", type: "lipsync", version: "3.0.0",
            summary: "Finest blending; also takes a picture, several people and things in front of the mouth.",
            profile: "bank-fine-occlusion", capabilities: [.video, .image, .speaker, .occlusion],
            maximumSeconds: nil, publishedRate: 0.00534),
        Model(
            name: "react-1", displayName: "react-1", type: "react", version: "1.0.0",
            summary: "Changes the feeling that a face shows along with its mouth.", profile: "react",
            capabilities: [.video, .temperature, .emotion], maximumSeconds: 15, publishedRate: 0.00667),
        Model(
            name: "lipsync-2-pro", displayName: "lipsync-2-pro", type: "lipsync", version: "2.1.0",
            summary: "Like lipsync-2 with finer blending, matched grain and sharpness.", profile: "bank-fine",
            capabilities: [.video, .temperature, .speaker, .occlusion], maximumSeconds: nil, publishedRate: 0.00333),
        Model(
            name: "lipsync-2", displayName: "lipsync-2", type: "lipsync", version: "2.0.0",
            summary: "Builds new mouths of the video's own pictures.", profile: "bank",
            capabilities: [.video, .temperature, .speaker, .occlusion], maximumSeconds: nil, publishedRate: 0.002),
        Model(
            name: "lipsync-1.9.0-beta", displayName: "lipsync-1.9.0-beta", type: "lipsync", version: "1.9.0-beta",
            summary: "Bends the mouth that is there; the fastest.", profile: "mesh",
            capabilities: [.video, .occlusion], maximumSeconds: nil, publishedRate: 0.001),
    ]

    private static let animationModels = [
        animation(defaultAnimationModel, "Hedra Character 3", "photo", "A picture that talks and sings.", 600),
        animation(
            "26f0fc66-152b-40ab-abed-76c43df99bc8", "Hedra Avatar", "photo-motion",
            "A picture that talks and moves its head.", 600),
        animation(
            "ab372b84-432f-44f5-bacc-c2542465f712", "Hedra Omnia", "photo-motion-wide",
            "A picture that talks and moves as a whole.", 8),
        animation(
            "d7eb3b2e-c8f8-45f9-83db-34f18dd0ba85", "Kling AI Avatar v2 Standard", "photo",
            "A picture that talks; an alias that scripts use.", 600),
        animation(
            "0451ceea-a7b5-4275-a970-82bf4ef38055", "Kling AI Avatar v2 Pro", "photo-motion",
            "A picture that talks and moves its head; an alias that scripts use.", 600),
        animation(
            "0435547d-1b30-41ad-bf66-ca476ff0564e", "Grok Video I2V", "photo-morph",
            "Moves from a first to a last picture; an alias that scripts use.", 15),
        animation(
            "780d5b45-3b39-46a6-aa6e-30ffc2ac8723", "Kling 2.6 Motion Control Std", "motion-transfer",
            "A picture that moves as a driving video does.", 30, [.image, .photoAnimation, .motionTransfer]),
        animation(
            "10a4d9fb-491a-4ced-ac00-e980bf18e53f", "Kling 2.6 Motion Control Pro", "motion-transfer-fine",
            "A picture that moves as a driving video does.", 30, [.image, .photoAnimation, .motionTransfer]),
    ]

    private static func animation(
        _ name: String, _ displayName: String, _ profile: String, _ summary: String, _ maximumSeconds: Double,
        _ capabilities: ModelCapabilities = [.image, .photoAnimation]
    ) -> Model {
        Model(
            name: name, displayName: displayName, type: "avatar", version: "1.0.0", summary: summary, profile: profile,
            capabilities: capabilities, maximumSeconds: maximumSeconds, publishedRate: 0)
    }
}

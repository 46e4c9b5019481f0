/// What a model can do.
public struct ModelCapabilities: OptionSet, Hashable, Sendable {
    public let rawValue: Int
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

/// The ways in which a video is made. The target `EngineProfiles` says what each one means for the engine.
public enum ModelProfile: Hashable, Sendable {
    /// Bends the mouth that is there.
    case mesh
    /// Builds mouths of the video's own pictures.
    case bank
    /// As `bank`, with finer blending, matched grain and sharpness.
    case fineBank
    /// As `fineBank`; things in front of the mouth stay unless the request says otherwise.
    case fineBankWithOccluders
    /// As `bank`, for requests that change the face's expression as well.
    case expression
    /// A picture that talks.
    case photo
    /// A picture that talks and moves its head.
    case photoMotion
    /// A picture that talks and moves as a whole.
    case photoWideMotion
    /// A picture that becomes another one.
    case photoMorph
    /// A picture that moves as a driving video does.
    case motionTransfer
}

/// A model: a name, the way in which its videos are made, and what may be asked of it.
public struct Model: Hashable, Sendable {
    /// The name in requests.
    public let name: String
    public let profile: ModelProfile
    public let capabilities: ModelCapabilities
    /// The longest input in seconds; `nil` where only the server's own limit counts.
    public let maximumSeconds: Double?

    init(
        _ name: String, _ profile: ModelProfile, _ capabilities: ModelCapabilities, maximumSeconds: Double? = nil
    ) {
        self.name = name
        self.profile = profile
        self.capabilities = capabilities
        self.maximumSeconds = maximumSeconds
    }

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

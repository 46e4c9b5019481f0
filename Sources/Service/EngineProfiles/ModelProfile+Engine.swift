public import Generations
public import LipSync

/// What a model's way of making videos means for the engine.
public struct EngineSettings: Hashable, Sendable {
    /// How mouths in a video are made; `nil` for models that take no video.
    public var profile: EngineProfile?
    /// Whether things in front of the mouth are kept where the request does not say.
    public var keepsOccluders = false
    /// How much a picture's head moves, as a multiple of the engine's own measure.
    public var motion = 1.0
}

extension ModelProfile {
    /// The engine's settings: the one table from models to the engine, for the command line and the planner alike.
    public var engine: EngineSettings {
        switch self {
        case .mesh: EngineSettings(profile: .warp)
        case .bank, .expression: EngineSettings(profile: .mouthBank)
        case .fineBank: EngineSettings(profile: .mouthBankFine)
        case .fineBankWithOccluders: EngineSettings(profile: .mouthBankFine, keepsOccluders: true)
        case .photoMotion: EngineSettings(motion: 1.3)
        case .photoWideMotion: EngineSettings(motion: 1.6)
        case .photo, .photoMorph, .motionTransfer: EngineSettings()
        }
    }
}

/// What the engine is asked to do: one of its two kinds of plan.
public enum EngineTask: Codable, Sendable {
    /// A clip's speaker says something else.
    case sync(RenderPlan)
    /// A picture speaks.
    case animation(AnimationPlan)

    /// What decides which engine does it.
    public var profile: EngineProfile {
        switch self {
        case .sync(let plan): plan.profile
        case .animation: .portrait
        }
    }

    /// Where the whole video is written.
    public var outputPath: String {
        switch self {
        case .sync(let plan): plan.outputPath
        case .animation(let plan): plan.outputPath
        }
    }
}

/// A feeling and where it may show.
public struct FacialExpression: Codable, Hashable, Sendable {
    /// What is felt.
    public var emotion: FacialEmotion
    /// What may move.
    public var region: ExpressionRegion

    /// Makes an expression; the default region is that of the Sync contract.
    public init(emotion: FacialEmotion, region: ExpressionRegion = .face) {
        self.emotion = emotion
        self.region = region
    }
}

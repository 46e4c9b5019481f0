/// What the engine is asked to do.
public enum EngineTask: Codable, Sendable {
    /// A clip's speaker says something else.
    case sync(RenderPlan)
    /// A picture speaks.
    case animation(AnimationPlan)
    /// A step of the first kind of task, divided among processes.
    case step(SplitTask)
    /// A medium comes out clearer or larger.
    case processing(PostProcessing)
    /// Sounds are laid out in time.
    case mix(SoundMix)

    /// What decides which engine does it.
    public var profile: EngineProfile {
        switch self {
        case .sync(let plan): plan.profile
        case .step(let task): task.plan.profile
        case .animation: .portrait
        case .processing, .mix: .media
        }
    }

    /// Where the whole output is written.
    public var outputPath: String {
        switch self {
        case .sync(let plan): plan.outputPath
        case .step(let task): task.plan.outputPath
        case .animation(let plan): plan.outputPath
        case .processing(let processing): processing.outputPath
        case .mix(let mix): mix.outputPath
        }
    }

    /// Where the processed part of a clip alone is written, if it is.
    public var segmentOutputPath: String? {
        switch self {
        case .sync(let plan): plan.segmentOutputPath
        case .step(let task): task.plan.segmentOutputPath
        case .animation, .processing, .mix: nil
        }
    }

    /// What the output says of itself; nothing where no face is drawn.
    public var marks: OutputMarks {
        get {
            switch self {
            case .sync(let plan): plan.marks
            case .step(let task): task.plan.marks
            case .animation(let plan): plan.marks
            case .processing, .mix: OutputMarks()
            }
        }
        set {
            switch self {
            case .sync(var plan):
                plan.marks = newValue
                self = .sync(plan)
            case .animation(var plan):
                plan.marks = newValue
                self = .animation(plan)
            case .step, .processing, .mix: break
            }
        }
    }

    /// The same task with a measured report, where it makes lips move.
    ///
    /// - Parameter texts: The texts that were spoken for it.
    public func measured(texts: [TextNote]) -> EngineTask {
        switch self {
        case .sync(var plan):
            plan.isMeasured = true
            plan.texts = texts
            return .sync(plan)
        case .animation(var plan):
            plan.isMeasured = true
            plan.texts = texts
            return .animation(plan)
        case .step, .processing, .mix: return self
        }
    }

    /// Whether the output is a video.
    public var makesVideo: Bool {
        switch self {
        case .sync, .animation, .processing(.video): true
        case .step(let task): if case .joining = task.step { true } else { false }
        case .processing, .mix: false
        }
    }
}

/// The outcome of a task, by what it made.
public enum EngineResult: Sendable {
    /// A video in which a face speaks, and everything else that is to be known of it.
    case render(RenderReport)
    /// A picture or a video whose lips are as they were.
    case picture(RenderReport.Output)
    case sound(SoundFacts)
    /// What comes behind a step that does not write the output.
    case step(StepOutcome)
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

/// What a generation is to make, with exactly what that kind of work needs.
public enum Order: Hashable, Sendable {
    /// New mouths in a video, or in a picture as if it were one.
    case lipSync(LipSyncOrder)
    /// A picture that speaks or moves.
    case animation(AnimationOrder)
    /// A text spoken, sound alone.
    case speech(SpeechRequest)
    /// A sound without what is heard beside its voice.
    case cleaning(MediaInput)
    /// A picture or video with more pixels.
    case upscaling(MediaInput, Upscaling)
    /// The same words in another voice, named by its provider's identifier.
    case conversion(MediaInput, voiceID: String)
    /// A voice made of a sample.
    case cloning(MediaInput)

    public var kind: GenerationKind {
        switch self {
        case .lipSync: .lipSync
        case .animation: .photoAnimation
        case .speech: .speech
        case .cleaning: .voiceIsolation
        case .upscaling: .upscaling
        case .conversion: .voiceConversion
        case .cloning: .voiceCloning
        }
    }

    /// The media and texts that are needed, in the order in which they were sent.
    public var inputs: [MediaInput] {
        switch self {
        case .lipSync(let order): order.inputs
        case .animation(let order): order.inputs
        case .speech(let script): [MediaInput(kind: .text, role: .voice, source: .script(script))]
        case .cleaning(let input), .upscaling(let input, _), .conversion(let input, _), .cloning(let input): [input]
        }
    }
}

/// A video whose speaker is to say something else.
public struct LipSyncOrder: Hashable, Sendable {
    /// The video or picture, and the voices, in the order in which they were sent.
    public var inputs: [MediaInput]
    public var options: GenerationOptions
    /// Parts of the video, sorted by their start; empty for all of it.
    public var segments: [Segment]
    /// Translation into another language, which takes the place of a voice.
    public var dub: DubParameters?
    /// What the rules of photo animations say about it, for interfaces that order videos by them: the point of the
    /// speaker, where the sound begins, how long the output is; for a picture, how it is to be seen.
    public var animation: AnimationParameters?
    /// The asset that the one spoken text becomes, where the interface promises one. Jobs that name the same one share
    /// the sound.
    public var speechAsset: AssetID?

    public init(
        inputs: [MediaInput], options: GenerationOptions = GenerationOptions(), segments: [Segment] = [],
        dub: DubParameters? = nil, animation: AnimationParameters? = nil, speechAsset: AssetID? = nil
    ) {
        self.inputs = inputs
        self.options = options
        self.segments = segments
        self.dub = dub
        self.animation = animation
        self.speechAsset = speechAsset
    }
}

/// Pictures that are to speak, move, or become each other.
public struct AnimationOrder: Hashable, Sendable {
    /// The pictures, the driving video and the voice, as far as there are any, in the order in which they were sent.
    public var inputs: [MediaInput]
    public var parameters: AnimationParameters
    /// As in `LipSyncOrder`.
    public var speechAsset: AssetID?

    public init(inputs: [MediaInput], parameters: AnimationParameters, speechAsset: AssetID? = nil) {
        self.inputs = inputs
        self.parameters = parameters
        self.speechAsset = speechAsset
    }
}

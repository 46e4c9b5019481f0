import Generations
public import Text

/// A request as an interface decoded it: the right types, but nothing checked. `RequestValidator` makes a
/// `GenerationRequest` of it.
public struct RequestDraft: Sendable {
    /// The model's name.
    public var model: String?
    /// The inputs in their order.
    public var inputs: [InputDraft]
    /// Settings.
    public var options: OptionsDraft
    /// Parts of the video; nil where the request has none.
    public var segments: [SegmentDraft]?
    /// Translation.
    public var dub: DubDraft?
    /// The output's name as sent.
    public var outputFileName: String?
    /// Whom to tell.
    public var webhookURL: String?
    /// The client's own names and values.
    public var metadata: [String: String]
    /// What is shown again as sent.
    public var echo: [String: JSONValue]
    /// What was already found wrong while decoding; reported with what the validator finds in the same step.
    public var problems: [FieldProblem]

    public init(
        model: String? = nil, inputs: [InputDraft] = [], options: OptionsDraft = OptionsDraft(),
        segments: [SegmentDraft]? = nil, dub: DubDraft? = nil, outputFileName: String? = nil,
        webhookURL: String? = nil, metadata: [String: String] = [:], echo: [String: JSONValue] = [:],
        problems: [FieldProblem] = []
    ) {
        self.model = model
        self.inputs = inputs
        self.options = options
        self.segments = segments
        self.dub = dub
        self.outputFileName = outputFileName
        self.webhookURL = webhookURL
        self.metadata = metadata
        self.echo = echo
        self.problems = problems
    }
}

/// An input, unchecked.
public struct InputDraft: Sendable {
    /// `video`, `image`, `audio` or `text`.
    public var type: String?
    /// Its address.
    public var url: String?
    public var assetID: String?
    /// The name for segments.
    public var referenceName: String?
    /// Who speaks a text.
    public var provider: SpeechDraft?
    /// Deprecated: the only part to change, in seconds.
    public var segmentsInSeconds: [[Double]]?
    /// Deprecated: the only part to change, in frames.
    public var segmentsInFrames: [[Double]]?

    public init(
        type: String? = nil, url: String? = nil, assetID: String? = nil, referenceName: String? = nil,
        provider: SpeechDraft? = nil, segmentsInSeconds: [[Double]]? = nil, segmentsInFrames: [[Double]]? = nil
    ) {
        self.type = type
        self.url = url
        self.assetID = assetID
        self.referenceName = referenceName
        self.provider = provider
        self.segmentsInSeconds = segmentsInSeconds
        self.segmentsInFrames = segmentsInFrames
    }
}

/// A speech provider's settings, unchecked.
public struct SpeechDraft: Sendable {
    /// The provider.
    public var name: String?
    public var voiceID: String?
    /// The text.
    public var script: String?
    /// How even, 0 to 1.
    public var stability: Double?
    /// How close to the sample, 0 to 1.
    public var similarityBoost: Double?

    public init(
        name: String? = nil, voiceID: String? = nil, script: String? = nil, stability: Double? = nil,
        similarityBoost: Double? = nil
    ) {
        self.name = name
        self.voiceID = voiceID
        self.script = script
        self.stability = stability
        self.similarityBoost = similarityBoost
    }
}

/// Settings, unchecked.
public struct OptionsDraft: Sendable {
    /// A sync mode's name.
    public var syncMode: String?
    /// 0 to 1.
    public var temperature: Double?
    /// Whether things in front of the mouth are kept.
    public var detectsOcclusion: Bool?
    /// Who speaks.
    public var speaker: SpeakerDraft?
    /// The part that may change.
    public var modelMode: String?
    /// The feeling.
    public var emotion: String?
    /// What is to be seen where a picture speaks.
    public var pictureDescription: String?

    public init(
        syncMode: String? = nil, temperature: Double? = nil, detectsOcclusion: Bool? = nil,
        speaker: SpeakerDraft? = nil, modelMode: String? = nil, emotion: String? = nil,
        pictureDescription: String? = nil
    ) {
        self.pictureDescription = pictureDescription
        self.syncMode = syncMode
        self.temperature = temperature
        self.detectsOcclusion = detectsOcclusion
        self.speaker = speaker
        self.modelMode = modelMode
        self.emotion = emotion
    }
}

/// The choice of a speaker, unchecked.
public struct SpeakerDraft: Sendable {
    /// Whether the server finds the speaker.
    public var isAutomatic: Bool?
    /// The frame in which a point lies.
    public var frame: Double?
    /// The point.
    public var coordinates: [Double]?
    /// A rectangle for each frame.
    public var boxes: [[Double]?]?
    /// Where the rectangles are.
    public var boxesURL: String?

    public init(
        isAutomatic: Bool? = nil, frame: Double? = nil, coordinates: [Double]? = nil, boxes: [[Double]?]? = nil,
        boxesURL: String? = nil
    ) {
        self.isAutomatic = isAutomatic
        self.frame = frame
        self.coordinates = coordinates
        self.boxes = boxes
        self.boxesURL = boxesURL
    }
}

/// A segment, unchecked.
public struct SegmentDraft: Sendable {
    /// Seconds.
    public var start: Double?
    /// Seconds.
    public var end: Double?
    /// The name of the sound.
    public var referenceName: String?
    /// The sound's part, from.
    public var voiceStart: Double?
    /// The sound's part, to.
    public var voiceEnd: Double?
    /// Options for this segment.
    public var options: OptionsDraft

    public init(
        start: Double? = nil, end: Double? = nil, referenceName: String? = nil, voiceStart: Double? = nil,
        voiceEnd: Double? = nil, options: OptionsDraft = OptionsDraft()
    ) {
        self.start = start
        self.end = end
        self.referenceName = referenceName
        self.voiceStart = voiceStart
        self.voiceEnd = voiceEnd
        self.options = options
    }
}

/// Translation, unchecked.
public struct DubDraft: Sendable {
    public var provider: String?
    /// To which language.
    public var targetLanguage: String?
    /// From which language.
    public var sourceLanguage: String?
    /// Deprecated; checked and ignored.
    public var speakerCount: Double?
    /// Whether nothing of the original sound is to be heard; an addition to the contract, with ElevenLabs' name.
    public var dropsBackground: Bool?

    public init(
        provider: String? = nil, targetLanguage: String? = nil, sourceLanguage: String? = nil,
        speakerCount: Double? = nil, dropsBackground: Bool? = nil
    ) {
        self.dropsBackground = dropsBackground
        self.provider = provider
        self.targetLanguage = targetLanguage
        self.sourceLanguage = sourceLanguage
        self.speakerCount = speakerCount
    }
}

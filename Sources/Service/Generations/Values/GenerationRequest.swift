/// What kind of work a generation is.
public struct GenerationKind: RawRepresentable, Hashable, Sendable {
    /// The name as it is stored.
    public let rawValue: String
    /// Wraps a stored name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// New mouths in a video, or in a picture as if it were one.
    public static let lipSync = GenerationKind(rawValue: "lip_sync")
    /// A picture that speaks.
    public static let photoAnimation = GenerationKind(rawValue: "photo_animation")
    /// A script spoken, sound alone.
    public static let speech = GenerationKind(rawValue: "speech")
    /// A sound without what is heard beside its voice.
    public static let voiceIsolation = GenerationKind(rawValue: "voice_isolation")
    /// A picture or video with more pixels.
    public static let enlargement = GenerationKind(rawValue: "enlargement")
    /// The same words in another voice.
    public static let voiceConversion = GenerationKind(rawValue: "voice_conversion")
    /// A voice made of a sample.
    public static let voiceCloning = GenerationKind(rawValue: "voice_cloning")

    /// The kinds whose result is a video in which lips move: what the render engine does.
    public static let movingLips: Set<GenerationKind> = [.lipSync, .photoAnimation]
    /// Whether this is one of them.
    public var movesLips: Bool { Self.movingLips.contains(self) }
    /// Whether its jobs go before renders: speech and what other services do takes seconds.
    public var priority: JobPriority {
        self == .speech || self == .voiceConversion || self == .voiceCloning ? .short : .render
    }
}

/// A complete, valid request, whichever interface it came by.
public struct GenerationRequest: Hashable, Sendable {
    /// The form in which requests are stored; a reader accepts it and every earlier one.
    public static let storedVersion = 1

    /// The kind of work.
    public var kind: GenerationKind
    /// The model's name as the client sent it.
    public var model: String
    /// The inputs, in the order in which they were sent.
    public var inputs: [MediaInput]
    /// Settings.
    public var options: GenerationOptions
    /// Parts of the video, sorted by their start; empty for all of it.
    public var segments: [Segment]
    /// Translation, if asked for.
    public var dub: DubParameters?
    /// Photo animation, if asked for.
    public var animation: AnimationParameters?
    /// How much larger, for an enlargement.
    public var enlargement: Enlargement?
    /// The voice that shall be heard, for a conversion.
    public var voiceID: String?
    /// What it costs in the interface's own unit, where somebody counts; a failure gives it back.
    public var credits: Int?
    /// The sanitised name of the output without extension.
    public var outputFileName: String?
    /// Whom to tell about the end.
    public var webhookURL: String?
    /// Names and values of the client's own.
    public var metadata: [String: String]
    /// What people call the output; nil for its file's name.
    public var title: String?
    /// The asset that the one spoken text becomes, where the interface promises one. Jobs that name the same one share
    /// the sound.
    public var speechAsset: AssetID?
    /// By what the interface files and finds the generation again.
    public var labels: [String: String]
    /// What the interface shows again as it was sent; the domain does not look into it.
    public var echo: [String: JSONValue]

    /// Makes a request; `RequestValidator` makes one of what a client sent.
    public init(
        kind: GenerationKind = .lipSync, model: String, inputs: [MediaInput],
        options: GenerationOptions = GenerationOptions(), segments: [Segment] = [], dub: DubParameters? = nil,
        animation: AnimationParameters? = nil, enlargement: Enlargement? = nil, voiceID: String? = nil,
        credits: Int? = nil, outputFileName: String? = nil, webhookURL: String? = nil,
        metadata: [String: String] = [:], title: String? = nil, speechAsset: AssetID? = nil,
        labels: [String: String] = [:], echo: [String: JSONValue] = [:]
    ) {
        self.enlargement = enlargement
        self.voiceID = voiceID
        self.credits = credits
        self.title = title
        self.speechAsset = speechAsset
        self.labels = labels
        self.kind = kind
        self.model = model
        self.inputs = inputs
        self.options = options
        self.segments = segments
        self.dub = dub
        self.animation = animation
        self.outputFileName = outputFileName
        self.webhookURL = webhookURL
        self.metadata = metadata
        self.echo = echo
    }
}

extension GenerationRequest {
    /// What kind of medium comes of it; nil for a voice, which is none.
    public var outputKind: MediaKind? {
        switch kind {
        case .voiceCloning: nil
        case .speech, .voiceIsolation, .voiceConversion: .audio
        case .enlargement: inputs.first?.kind ?? .video
        default: .video
        }
    }
}

extension GenerationRequest: JSONRepresentable {
    /// Reads the stored form, of this version or an earlier one.
    public init(json: JSONValue) throws {
        guard let version = json["version"]?.int, (1...Self.storedVersion).contains(version) else {
            throw JSONFormError("request of an unknown version")
        }
        self.init(
            kind: GenerationKind(rawValue: try json.requiredText("kind")), model: try json.requiredText("model"),
            inputs: try json.list("inputs", of: MediaInput.self),
            options: try GenerationOptions(json: json["options"] ?? [:]),
            segments: try json.list("segments", of: Segment.self),
            dub: try json["dub"].map(DubParameters.init(json:)),
            animation: try json["animation"].map(AnimationParameters.init(json:)),
            enlargement: json["enlargement"].map(Enlargement.init(json:)), voiceID: json["voiceID"]?.text,
            credits: json["credits"]?.int,
            outputFileName: json["outputFileName"]?.text, webhookURL: json["webhook"]?.text,
            metadata: (json["metadata"]?.object ?? [:]).compactMapValues(\.text), title: json["title"]?.text,
            speechAsset: json["speechAsset"]?.text.map(AssetID.init(rawValue:)),
            labels: (json["labels"]?.object ?? [:]).compactMapValues(\.text), echo: json["echo"]?.object ?? [:])
    }

    /// The stored form.
    public var json: JSONValue {
        .compact([
            "version": .integer(Int64(Self.storedVersion)), "kind": .string(kind.rawValue), "model": .string(model),
            "inputs": .array(inputs.map(\.json)), "options": options.json,
            "segments": segments.isEmpty ? nil : .array(segments.map(\.json)), "dub": dub?.json,
            "animation": animation?.json, "enlargement": enlargement?.json,
            "voiceID": voiceID.map(JSONValue.string), "credits": credits.map { .integer(Int64($0)) },
            "outputFileName": outputFileName.map(JSONValue.string),
            "webhook": webhookURL.map(JSONValue.string),
            "metadata": metadata.isEmpty ? nil : .object(metadata.mapValues(JSONValue.string)),
            "title": title.map(JSONValue.string), "speechAsset": speechAsset.map { .string($0.rawValue) },
            "labels": labels.isEmpty ? nil : .object(labels.mapValues(JSONValue.string)),
            "echo": echo.isEmpty ? nil : .object(echo),
        ])
    }
}

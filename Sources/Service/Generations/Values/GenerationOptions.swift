public import Text

/// How a difference of length between picture and sound is solved.
public enum SyncMode: String, Sendable, CaseIterable {
    /// The video plays forward and backward until the sound ends.
    case bounce
    /// The video starts again until the sound ends.
    case loop
    /// The longer one is cut.
    case cutOff = "cut_off"
    /// The shorter one is filled: sound with silence, picture with its last frame.
    case silence
    /// The video's speed changes.
    case remap
}

/// Which part of a face may change.
public enum ModelMode: String, Sendable, CaseIterable {
    /// The mouth alone.
    case lips
    /// The whole face.
    case face
    /// The face and how the head moves.
    case head
}

/// The feeling that a face shows.
public enum Emotion: String, Sendable, CaseIterable {
    /// Pleased.
    case happy
    /// Sorrowful.
    case sad
    case angry
    /// Repelled.
    case disgusted
    /// Startled.
    case surprised
    /// None in particular.
    case neutral
}

/// A rectangle around a face, in pixels of the input.
public struct SpeakerBox: Hashable, Sendable {
    /// No picture has as many pixels in a row; larger numbers would not survive on their way to the engine.
    public static let largestCoordinate = 1e6

    /// The left edge.
    public var left: Double
    /// The upper edge.
    public var top: Double
    /// The right edge.
    public var right: Double
    /// The lower edge.
    public var bottom: Double

    /// Makes a rectangle of its edges.
    public init(left: Double, top: Double, right: Double, bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }
}

/// How the speaking person is chosen.
public enum SpeakerSelection: Hashable, Sendable {
    /// Whoever moves the mouth with the sound.
    case automatic
    /// The face at a point of one frame.
    case point(frame: Int, horizontal: Double, vertical: Double)
    /// The face inside a rectangle for each frame; nil where the person is not to be changed.
    case boxes([SpeakerBox?])
    /// The same rectangles, to be fetched.
    case boxesURL(String)
}

/// Settings of a generation or of one segment. Nil means that the request did not say.
public struct GenerationOptions: Hashable, Sendable {
    /// How lengths are matched.
    public var syncMode: SyncMode?
    /// How lively the mouth moves, 0 to 1.
    public var temperature: Double?
    /// Whether things in front of the mouth are kept.
    public var detectsOcclusion: Bool?
    /// Who speaks.
    public var speaker: SpeakerSelection?
    /// Which part may change.
    public var modelMode: ModelMode?
    /// The feeling to show.
    public var emotion: Emotion?
    /// The start of the random numbers, from 0 on.
    public var seed: Int64?

    /// Makes options of which none is said.
    public init(
        syncMode: SyncMode? = nil, temperature: Double? = nil, detectsOcclusion: Bool? = nil,
        speaker: SpeakerSelection? = nil, modelMode: ModelMode? = nil, emotion: Emotion? = nil,
        seed: Int64? = nil
    ) {
        self.syncMode = syncMode
        self.temperature = temperature
        self.detectsOcclusion = detectsOcclusion
        self.speaker = speaker
        self.modelMode = modelMode
        self.emotion = emotion
        self.seed = seed
    }

    /// These options with those of a segment laid over them.
    public func overridden(by segment: GenerationOptions) -> GenerationOptions {
        var result = self
        result.syncMode = segment.syncMode ?? syncMode
        result.temperature = segment.temperature ?? temperature
        result.detectsOcclusion = segment.detectsOcclusion ?? detectsOcclusion
        result.speaker = segment.speaker ?? speaker
        return result
    }
}

extension SpeakerBox {
    var json: JSONValue { [.number(left), .number(top), .number(right), .number(bottom)] }

    init(json: JSONValue) throws {
        guard let edges = json.array?.compactMap(\.double), edges.count == 4 else {
            throw JSONFormError("four edges expected")
        }
        self.init(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3])
    }
}

extension SpeakerSelection: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        if let boxes = json["boxes"]?.array {
            self = .boxes(try boxes.map { $0.isNull ? nil : try SpeakerBox(json: $0) })
        } else if let url = json["url"]?.text {
            self = .boxesURL(url)
        } else if let frame = json["frame"]?.int {
            self = .point(
                frame: frame, horizontal: try json.requiredDouble("x"), vertical: try json.requiredDouble("y"))
        } else {
            self = .automatic
        }
    }

    /// The stored form.
    public var json: JSONValue {
        switch self {
        case .automatic: [:]
        case .point(let frame, let x, let y): ["frame": .integer(Int64(frame)), "x": .number(x), "y": .number(y)]
        case .boxes(let boxes): ["boxes": .array(boxes.map { $0?.json ?? .null })]
        case .boxesURL(let url): ["url": .string(url)]
        }
    }
}

extension GenerationOptions: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        self.init(
            syncMode: json["syncMode"]?.text.flatMap(SyncMode.init(rawValue:)),
            temperature: json["temperature"]?.double,
            detectsOcclusion: json["occlusion"]?.bool, speaker: try json["speaker"].map(SpeakerSelection.init(json:)),
            modelMode: json["modelMode"]?.text.flatMap(ModelMode.init(rawValue:)),
            emotion: json["emotion"]?.text.flatMap(Emotion.init(rawValue:)), seed: json["seed"]?.int.map(Int64.init))
    }

    /// The stored form.
    public var json: JSONValue {
        .compact([
            "syncMode": syncMode.map { .string($0.rawValue) }, "temperature": temperature.map(JSONValue.number),
            "occlusion": detectsOcclusion.map(JSONValue.bool), "speaker": speaker?.json,
            "modelMode": modelMode.map { .string($0.rawValue) }, "emotion": emotion.map { .string($0.rawValue) },
            "seed": seed.map(JSONValue.integer),
        ])
    }
}

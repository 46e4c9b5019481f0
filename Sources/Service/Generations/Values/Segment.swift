public import Text

/// A part of the source video.
public enum SegmentRange: Hashable, Sendable {
    /// From and to a time in seconds.
    case seconds(Double, Double)
    /// From and to a frame number; the last is not part of it.
    case frames(Int, Int)
}

/// A part of the video that gets a new mouth and a new sound.
public struct Segment: Hashable, Sendable {
    /// Which part.
    public var range: SegmentRange
    /// The position in the request's inputs of the sound or text that belongs to it.
    public var voiceInput: Int
    /// The part of the sound that is used, in seconds; nil for all of it.
    public var voiceCrop: VoiceCrop?
    /// Options that hold for this segment alone.
    public var options: GenerationOptions

    public init(
        range: SegmentRange, voiceInput: Int, voiceCrop: VoiceCrop? = nil,
        options: GenerationOptions = GenerationOptions()
    ) {
        self.range = range
        self.voiceInput = voiceInput
        self.voiceCrop = voiceCrop
        self.options = options
    }
}

/// A part of a sound, in seconds.
public struct VoiceCrop: Hashable, Sendable {
    /// Where it begins.
    public var start: Double
    /// Where it ends.
    public var end: Double

    /// Makes a part of its ends.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }
}

/// That the video's own speech is to be translated.
public struct DubParameters: Hashable, Sendable {
    /// Who translates and speaks.
    public var provider: String
    /// The code of the language to translate to.
    public var targetLanguage: String
    /// The code of the language spoken, or `auto`.
    public var sourceLanguage: String
    /// How many people speak, 0 … 50; 0 lets the provider find out.
    public var speakerCount: Int
    /// Whether nothing of the original sound is to be heard.
    public var dropsBackground: Bool

    public init(
        provider: String, targetLanguage: String, sourceLanguage: String = "auto", speakerCount: Int = 0,
        dropsBackground: Bool = false
    ) {
        self.dropsBackground = dropsBackground
        self.provider = provider
        self.targetLanguage = targetLanguage
        self.sourceLanguage = sourceLanguage
        self.speakerCount = speakerCount
    }
}

/// What photo animation needs beside the inputs.
public struct AnimationParameters: Hashable, Sendable {
    /// What is to be seen.
    public var prompt: String
    /// The name of a picture size, for example `720p`.
    public var resolution: String?
    /// The name of a picture's shape, for example `9:16`.
    public var aspectRatio: String?
    /// The exact length wanted.
    public var durationMilliseconds: Int?
    /// Silence before the sound where negative, sound left out where positive.
    public var audioStartMilliseconds: Int
    /// A point on the speaking face, both coordinates 0 to 1.
    public var target: [Double]?
    /// The start of the random numbers.
    public var seed: Int64?
    /// Which way a figure looks that is moved by a driving video; nil for its own, up to the model's length.
    public var orientation: CharacterOrientation?

    public init(
        prompt: String, resolution: String? = nil, aspectRatio: String? = nil, durationMilliseconds: Int? = nil,
        audioStartMilliseconds: Int = 0, target: [Double]? = nil, seed: Int64? = nil,
        orientation: CharacterOrientation? = nil
    ) {
        self.orientation = orientation
        self.prompt = prompt
        self.resolution = resolution
        self.aspectRatio = aspectRatio
        self.durationMilliseconds = durationMilliseconds
        self.audioStartMilliseconds = audioStartMilliseconds
        self.target = target
        self.seed = seed
    }
}

/// Which way a figure looks that is moved by a driving video.
public enum CharacterOrientation: String, Sendable, CaseIterable {
    /// Where the driver looks, as far as a picture can turn.
    case video
    /// Its own way, for up to ten seconds.
    case image

    /// The longest driven video in seconds, where it has a limit of its own.
    public var maximumSeconds: Double? { self == .image ? 10 : nil }
}

extension Segment: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        let range: SegmentRange
        if let frames = json["frames"]?.array?.compactMap(\.int), frames.count == 2 {
            range = .frames(frames[0], frames[1])
        } else if let seconds = json["seconds"]?.array?.compactMap(\.double), seconds.count == 2 {
            range = .seconds(seconds[0], seconds[1])
        } else {
            throw JSONFormError("segment without range")
        }
        guard let voiceInput = json["voice"]?.int else { throw JSONFormError("segment without voice") }
        let crop = json["crop"]?.array?.compactMap(\.double)
        self.init(
            range: range, voiceInput: voiceInput,
            voiceCrop: crop.flatMap { $0.count == 2 ? VoiceCrop(start: $0[0], end: $0[1]) : nil },
            options: try GenerationOptions(json: json["options"] ?? [:]))
    }

    /// The stored form.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["voice": .integer(Int64(voiceInput)), "options": options.json]
        switch range {
        case .seconds(let start, let end): members["seconds"] = [.number(start), .number(end)]
        case .frames(let first, let end): members["frames"] = [.integer(Int64(first)), .integer(Int64(end))]
        }
        if let voiceCrop { members["crop"] = [.number(voiceCrop.start), .number(voiceCrop.end)] }
        return .object(members)
    }
}

extension DubParameters: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        self.init(
            provider: try json.requiredText("provider"), targetLanguage: try json.requiredText("target"),
            sourceLanguage: try json.requiredText("source"), speakerCount: json["speakers"]?.int ?? 0,
            dropsBackground: json["dropsBackground"]?.bool ?? false)
    }

    /// The stored form.
    public var json: JSONValue {
        [
            "provider": .string(provider), "target": .string(targetLanguage), "source": .string(sourceLanguage),
            "speakers": .integer(Int64(speakerCount)), "dropsBackground": .bool(dropsBackground),
        ]
    }
}

extension AnimationParameters: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        self.init(
            prompt: try json.requiredText("prompt"), resolution: json["resolution"]?.text,
            aspectRatio: json["aspectRatio"]?.text, durationMilliseconds: json["duration"]?.int,
            audioStartMilliseconds: json["audioStart"]?.int ?? 0, target: json["target"]?.array?.compactMap(\.double),
            seed: json["seed"]?.int.map(Int64.init),
            orientation: json["orientation"]?.text.flatMap(CharacterOrientation.init(rawValue:)))
    }

    /// The stored form.
    public var json: JSONValue {
        .compact([
            "prompt": .string(prompt), "resolution": resolution.map(JSONValue.string),
            "aspectRatio": aspectRatio.map(JSONValue.string),
            "duration": durationMilliseconds.map { .integer(Int64($0)) },
            "audioStart": .integer(Int64(audioStartMilliseconds)),
            "target": target.map { .array($0.map(JSONValue.number)) }, "seed": seed.map(JSONValue.integer),
            "orientation": orientation.map { .string($0.rawValue) },
        ])
    }
}

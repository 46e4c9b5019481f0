public import Text

/// What kind of medium an input is.
public enum MediaKind: String, Sendable, CaseIterable {
    /// Moving pictures.
    case video
    /// One picture.
    case image
    /// Sound.
    case audio
    /// A script to be spoken.
    case text
}

/// What an input is for.
public struct InputRole: RawRepresentable, Hashable, Sendable {
    /// The name as it is stored.
    public let rawValue: String
    /// Wraps a stored name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The video or picture whose mouth is to move; for photo animation, the first frame.
    public static let visual = InputRole(rawValue: "visual")
    /// The voice that the mouth follows, as sound or as text.
    public static let voice = InputRole(rawValue: "voice")
    /// The picture with which an animation ends.
    public static let endFrame = InputRole(rawValue: "end_frame")
    /// A picture of the subject that is no frame of the output.
    public static let reference = InputRole(rawValue: "reference")
    /// A video whose movement is transferred.
    public static let driving = InputRole(rawValue: "driving")
}

/// Where an input comes from.
public enum InputSource: Hashable, Sendable {
    /// Fetched from an address.
    case url(String)
    /// Stored here already.
    case asset(AssetID)
    /// Spoken from a script.
    case script(SpeechRequest)
}

/// A script and the voice that speaks it.
public struct SpeechRequest: Hashable, Sendable {
    /// The provider's name.
    public var provider: String
    /// A voice of this server or of the provider.
    public var voiceID: String
    /// What to say.
    public var script: String
    /// How even the voice is, 0 to 1.
    public var stability: Double
    /// How closely the voice keeps to its sample, 0 to 1.
    public var similarityBoost: Double
    /// How fast, as a share of the voice's own pace.
    public var speed: Double
    /// How high, as a share of the voice's own pitch; voices that cannot change it speak as they are.
    public var pitch: Double

    /// Makes a request for speech.
    public init(
        provider: String, voiceID: String, script: String, stability: Double = 0.5, similarityBoost: Double = 0.75,
        speed: Double = 1, pitch: Double = 1
    ) {
        self.speed = speed
        self.pitch = pitch
        self.provider = provider
        self.voiceID = voiceID
        self.script = script
        self.stability = stability
        self.similarityBoost = similarityBoost
    }
}

/// One input of a generation.
public struct MediaInput: Hashable, Sendable {
    public var kind: MediaKind
    /// What it is for.
    public var role: InputRole
    /// Where it comes from.
    public var source: InputSource
    /// The name by which segments refer to it.
    public var referenceName: String?
    /// The asset that a fetched content becomes, where the interface shows it afterwards.
    public var keptAs: AssetID?

    public init(
        kind: MediaKind, role: InputRole, source: InputSource, referenceName: String? = nil, keptAs: AssetID? = nil
    ) {
        self.keptAs = keptAs
        self.kind = kind
        self.role = role
        self.source = source
        self.referenceName = referenceName
    }
}

extension SpeechRequest: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        self.init(
            provider: try json.requiredText("provider"), voiceID: try json.requiredText("voice"),
            script: try json.requiredText("script"), stability: try json.requiredDouble("stability"),
            similarityBoost: try json.requiredDouble("similarity"),
            speed: json["speed"]?.double ?? 1)
    }

    /// The stored form.
    public var json: JSONValue {
        .compact([
            "provider": .string(provider), "voice": .string(voiceID), "script": .string(script),
            "stability": .number(stability), "similarity": .number(similarityBoost),
            "speed": speed == 1 ? nil : .number(speed),
        ])
    }
}

extension MediaInput: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        guard let kind = MediaKind(rawValue: try json.requiredText("kind")) else {
            throw JSONFormError("unknown kind of input")
        }
        let source: InputSource
        if let url = json["url"]?.text {
            source = .url(url)
        } else if let asset = json["asset"]?.text {
            source = .asset(AssetID(rawValue: asset))
        } else if let speech = json["speech"] {
            source = .script(try SpeechRequest(json: speech))
        } else {
            throw JSONFormError("input without source")
        }
        self.init(
            kind: kind, role: InputRole(rawValue: try json.requiredText("role")), source: source,
            referenceName: json["reference"]?.text, keptAs: json["keptAs"]?.text.map(AssetID.init(rawValue:)))
    }

    /// The stored form.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["kind": .string(kind.rawValue), "role": .string(role.rawValue)]
        switch source {
        case .url(let url): members["url"] = .string(url)
        case .asset(let asset): members["asset"] = .string(asset.rawValue)
        case .script(let speech): members["speech"] = speech.json
        }
        if let referenceName { members["reference"] = .string(referenceName) }
        if let keptAs { members["keptAs"] = .string(keptAs.rawValue) }
        return .object(members)
    }
}

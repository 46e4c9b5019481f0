import Speech

/// What a child is to speak with espeak-ng: read from its standard input as JSON.
public struct SynthesisOrder: Codable, Sendable {
    /// The voice's identifier or language, with `+variant` behind it where wanted; nil only lists the voices.
    public var voice: String?
    /// How fast, as a share of the voice's own pace: 0.46 … 2.57; what is beyond is brought inside.
    public var pace: Double
    /// The texts, each spoken into a file of its own.
    public var pieces: [String]
    /// The beginning of the files' paths; the piece's position and `.wav` follow.
    public var pathPrefix: String

    /// Orders speech.
    public init(voice: String, pace: Double = 1, pieces: [String], pathPrefix: String) {
        self.voice = voice
        self.pace = pace
        self.pieces = pieces
        self.pathPrefix = pathPrefix
    }

    /// Orders the list of voices.
    public init() {
        voice = nil
        pace = 1
        pieces = []
        pathPrefix = ""
    }
}

/// What a child spoke.
public struct SpokenPiece: Codable, Hashable, Sendable {
    /// The sound, a WAV file.
    public var path: String
    /// Its length in seconds.
    public var durationSeconds: Double
    /// Its phones in order, without gaps; nil where the synthesiser does not tell.
    public var phones: [TimedPhone]?

    /// Names a piece.
    public init(path: String, durationSeconds: Double, phones: [TimedPhone]?) {
        self.path = path
        self.durationSeconds = durationSeconds
        self.phones = phones
    }
}

/// A voice of espeak-ng.
public struct EspeakVoice: Codable, Hashable, Sendable {
    /// What people call it.
    public var name: String
    /// Its language's code, lower case.
    public var language: String
    /// By what it is chosen.
    public var identifier: String
    /// `male` or `female`, where the voice says so.
    public var gender: String?
}

/// What a child answers: one line of JSON.
public struct SynthesisAnswer: Codable, Sendable {
    /// The voices, if they were asked for.
    public var voices: [EspeakVoice]?
    /// The names of the variants that each of them has.
    public var variants: [String]?
    /// The pieces in their order, if any were ordered.
    public var pieces: [SpokenPiece]?
    /// Why there is neither.
    public var failure: SynthesisFailure?

    /// Makes an answer of one of the three.
    public init(
        voices: [EspeakVoice]? = nil, variants: [String]? = nil, pieces: [SpokenPiece]? = nil,
        failure: SynthesisFailure? = nil
    ) {
        self.voices = voices
        self.variants = variants
        self.pieces = pieces
        self.failure = failure
    }
}

/// Why nothing was spoken.
public struct SynthesisFailure: Error, Codable, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Codable, Sendable {
        /// The library is not installed or does not start.
        case missing
        /// There is no such voice.
        case voiceNotFound
        /// No letter of the text is known to the voice.
        case nothingToSay
        /// The sound would be longer than allowed.
        case tooLong
        /// A file cannot be written.
        case storage
        /// The library failed.
        case failed
    }

    /// The kind.
    public var code: Code
    /// Private particulars for logs.
    public var detail: String

    /// Makes a failure.
    public init(_ code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Kind and particulars.
    public var description: String { "\(code.rawValue): \(detail)" }
}

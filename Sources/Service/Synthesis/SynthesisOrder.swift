public import Speech

/// An order to a child that runs espeak-ng, sent to its standard input as JSON.
public struct SynthesisOrder: Codable, Sendable {
    /// The voice's identifier or language, optionally followed by `+variant`; `nil` lists the voices only.
    public var voice: String?
    /// The pace as a factor of the voice's own, 0.46…2.57; other values are clamped.
    public var pace: Double
    /// The texts; each is spoken into a file of its own.
    public var pieces: [String]
    /// Whether the texts are not spoken, but their phonemes told.
    public var tellsPhonemes = false
    /// The beginning of the files' paths, which the piece's position and `.wav` complete.
    public var pathPrefix: String

    /// An order to speak.
    public init(voice: String, pace: Double = 1, pieces: [String], pathPrefix: String) {
        self.voice = voice
        self.pace = pace
        self.pieces = pieces
        self.pathPrefix = pathPrefix
    }

    /// An order to tell phonemes.
    public init(phonemesOf pieces: [String], voice: String) {
        self.init(voice: voice, pieces: pieces, pathPrefix: "")
        tellsPhonemes = true
    }

    /// An order to list the voices.
    public init() {
        voice = nil
        pace = 1
        pieces = []
        pathPrefix = ""
    }
}

/// A text that a child has spoken.
public struct SpokenPiece: Codable, Hashable, Sendable {
    /// The path of the WAV file.
    public var path: String
    /// The length in seconds.
    public var durationSeconds: Double
    /// The phones in order, without gaps; `nil` when the synthesiser does not report them.
    public var phones: [TimedPhone]?
    /// The silence before the next piece, in seconds, where the synthesiser leaves it out.
    public var pauseSeconds: Double

    public init(path: String, durationSeconds: Double, phones: [TimedPhone]?, pauseSeconds: Double = 0) {
        self.path = path
        self.durationSeconds = durationSeconds
        self.phones = phones
        self.pauseSeconds = pauseSeconds
    }
}

/// A part of a text between marks, as espeak-ng reads it.
public struct PhonemeClause: Codable, Hashable, Sendable {
    /// In IPA, with `^` between the letters of one phoneme.
    public var phonemes: String
    /// The mark that ends it, such as `,` or `?`; empty for none.
    public var mark: String
}

/// A voice of espeak-ng.
public struct EspeakVoice: Codable, Hashable, Sendable {
    /// The name for people.
    public var name: String
    /// The language code in lower case.
    public var language: String
    /// The identifier by which the library selects the voice.
    public var identifier: String
    /// `male` or `female`; `nil` where the voice does not state it.
    public var gender: String?
}

/// The answer of the child, one line of JSON: voices and variants, pieces, or a failure.
public struct SynthesisAnswer: Codable, Sendable {
    /// The voices, for an order to list them.
    public var voices: [EspeakVoice]?
    /// The names of the variants, which every voice has.
    public var variants: [String]?
    /// The spoken pieces in their order, for an order to speak.
    public var pieces: [SpokenPiece]?
    /// The clauses of each text, for an order to tell phonemes.
    public var clauses: [[PhonemeClause]]?
    /// The reason when there is neither.
    public var failure: SynthesisFailure?

    public init(
        voices: [EspeakVoice]? = nil, variants: [String]? = nil, pieces: [SpokenPiece]? = nil,
        clauses: [[PhonemeClause]]? = nil, failure: SynthesisFailure? = nil
    ) {
        self.voices = voices
        self.variants = variants
        self.pieces = pieces
        self.clauses = clauses
        self.failure = failure
    }
}

/// The reason why a text was not spoken.
public struct SynthesisFailure: Error, Codable, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Codable, Sendable {
        /// The library is not installed or cannot be initialised.
        case missing
        /// There is no such voice.
        case voiceNotFound
        /// The voice knows no letter of the text.
        case nothingToSay
        /// The sound would be longer than allowed.
        case tooLong
        /// A file cannot be written.
        case storage
        /// The library reported an error while speaking.
        case failed
    }

    public var code: Code
    /// Detail for the log; must not reach a client.
    public var detail: String

    public init(_ code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Code and detail, for the log.
    public var description: String { "\(code.rawValue): \(detail)" }
}

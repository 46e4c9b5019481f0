/// A voice that can speak a script.
public struct Voice: Hashable, Sendable {
    /// The name by which requests choose it.
    public let id: String
    /// What people call it.
    public let name: String
    /// What speaks, for example `espeak-ng`, `flite`, `piper` or `elevenlabs`.
    public let provider: String
    /// The language's code, if it has only one.
    public let language: String?
    /// `male` or `female`, where the voice says so.
    public let gender: String?
    /// Where a sample can be heard.
    public let previewURL: String?

    public init(
        id: String, name: String, provider: String, language: String? = nil, gender: String? = nil,
        previewURL: String? = nil
    ) {
        self.id = id
        self.name = name
        self.provider = provider
        self.language = language
        self.gender = gender
        self.previewURL = previewURL
    }
}

/// What is known about a sound that was spoken.
public struct SpokenSound: Hashable, Sendable {
    /// Its length in seconds.
    public let durationSeconds: Double

    public init(durationSeconds: Double) { self.durationSeconds = durationSeconds }
}

/// What a provider can do.
public struct VoiceCapabilities: Hashable, Sendable {
    /// Whether scripts are spoken.
    public var speaks: Bool
    /// Whether voices are made of samples.
    public var clones: Bool
    /// Whether speech is said again in another voice.
    public var converts: Bool
    /// Whether speech is translated.
    public var dubs: Bool
    /// The longest video that is dubbed, in seconds.
    public var longestDubSeconds: Double

    public init(
        speaks: Bool = true, clones: Bool = false, converts: Bool = false, dubs: Bool = false,
        longestDubSeconds: Double = 7200
    ) {
        self.speaks = speaks
        self.converts = converts
        self.clones = clones
        self.dubs = dubs
        self.longestDubSeconds = longestDubSeconds
    }
}

/// Who turns scripts into sound, and one language into another. Failures are `GenerationError`s with a voice code.
public protocol VoiceProvider: Sendable {
    /// What it can do.
    var capabilities: VoiceCapabilities { get async }
    /// The voices there are.
    func voices() async throws -> [Voice]
    /// The voices that are here, without asking anybody on the network.
    func ownVoices() async throws -> [Voice]
    /// The names for which the operator has chosen a voice.
    var mappedNames: Set<String> { get }
    /// The voice that speaks a script with this name; throws `voiceNotFound` where none does.
    func voice(_ id: String) async throws -> Voice
    /// Speaks a script into a file of this machine, which must not exist.
    func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound
    /// Speaks a script while it is heard: the stream gives the next bytes of the format when it is asked for them.
    ///
    /// - Parameter path: Beside it files are made meanwhile; none remains.
    func stream(
        _ request: SpeechRequest, as format: SpeechFormat, beside path: String
    ) async throws -> AsyncThrowingStream<[UInt8], any Error>
    /// Makes a voice of a sample, a file of this machine; throws `notOffered` where it cannot.
    ///
    /// - Parameter mark: A word by which the voice is known again: a second call with it gives the voice that the first
    ///   one made.
    func clone(_ sample: String, name: String, mark: String?) async throws -> Voice
    /// Says the speech of a file again in another voice, with its words and timing, into a file that must not exist;
    /// throws `notOffered` where it or the voice cannot.
    func convert(_ source: String, voiceID: String, into path: String) async throws -> SpokenSound
    /// Refuses a voice that nothing can say a sound again in, before there is a job.
    func checkConversion(to voiceID: String) async throws
    /// Removes a voice that was made of a sample.
    func removeVoice(_ id: String) async throws
    /// Refuses a translation that cannot be made here, before there is a job.
    func checkDub(_ parameters: DubParameters) async throws
    /// Translates the speech of a file into another file, which must not exist; throws `notOffered` where it
    /// cannot.
    func dub(_ parameters: DubParameters, from source: String, into path: String) async throws
}

extension VoiceProvider {
    /// All of them, unless the provider knows better.
    public func ownVoices() async throws -> [Voice] { try await voices() }
    /// None, unless the provider knows better.
    public var mappedNames: Set<String> { [] }

    /// Most providers speak whole texts alone.
    public func stream(
        _ request: SpeechRequest, as format: SpeechFormat, beside path: String
    ) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        throw GenerationError(.notOffered)
    }

    /// Most providers speak texts alone.
    public func checkConversion(to voiceID: String) async throws { throw GenerationError(.notOffered) }

    /// Most providers speak texts alone.
    public func convert(_ source: String, voiceID: String, into path: String) async throws -> SpokenSound {
        throw GenerationError(.notOffered)
    }
}

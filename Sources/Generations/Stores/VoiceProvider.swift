/// A voice that can speak a script.
public struct Voice: Hashable, Sendable {
    /// The name by which requests choose it.
    public let id: String
    /// What people call it.
    public let name: String
    /// Who speaks.
    public let provider: String
    /// The language's code, if it has only one.
    public let language: String?
    /// Where a sample can be heard.
    public let previewURL: String?

    /// Makes a voice.
    public init(id: String, name: String, provider: String, language: String? = nil, previewURL: String? = nil) {
        self.id = id
        self.name = name
        self.provider = provider
        self.language = language
        self.previewURL = previewURL
    }
}

/// Who turns scripts into sound, and one language into another. Failures are `GenerationError`s with a voice code.
public protocol VoiceProvider: Sendable {
    /// The voices there are.
    func voices() async throws -> [Voice]
    /// Speaks a script into a file of this machine.
    func speak(_ request: SpeechRequest, into path: String) async throws
    /// Translates the speech of a file into another file; throws `planFeatureUnavailable` where it cannot.
    func dub(_ parameters: DubParameters, from source: String, into path: String) async throws
}

import Generations
public import WebInterface

/// What an operator may choose about this interface.
public struct LipsmithSettings: Sendable {
    /// The version that the public document names.
    public var version = "0"
    /// Whether webhooks may go out unencrypted.
    public var allowsPlainWebhooks = true
    /// A folder for samples of voices while they are used; nil makes no voices.
    public var speechFolder: String?
    /// The largest sample of a voice, in bytes.
    public var voiceSampleByteLimit: Int64 = 100 << 20
    /// The shortest sample of a voice, in seconds.
    public var shortestVoiceSample = 1.0
    /// The longest text that is spoken, in characters.
    public var scriptLimit = SpeakableText.mostCharacters
    /// How many renders run at once, for estimates of the time that is left.
    public var renderSlots = 1
    /// Endpoints below `/v1` that others serve and that the interface's document describes.
    public var describedEndpoints: [Endpoint] = []

    public init() {}
}

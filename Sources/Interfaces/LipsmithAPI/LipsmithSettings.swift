import Generations
public import WebInterface

/// What an operator may choose about this interface.
public struct LipsmithSettings: Sendable {
    /// The version that the public document names.
    public var version = "0"
    /// Whether webhooks may go out unencrypted.
    public var allowsPlainWebhooks = true
    /// The longest text that is spoken, in characters.
    public var scriptLimit = SpeakableText.mostCharacters
    /// How many renders run at once, for estimates of the time that is left.
    public var renderSlots = 1
    /// Endpoints below `/v1` that others serve and that the interface's document describes.
    public var describedEndpoints: [Endpoint] = []

    public init() {}
}

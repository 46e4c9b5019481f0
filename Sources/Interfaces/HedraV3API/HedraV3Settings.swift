import Generations
public import HTTP

/// What an operator may choose about this interface.
public struct HedraV3Settings: Sendable {
    /// The largest uploaded file, in bytes.
    public var uploadByteLimit: Int64 = 5 * 1024 * 1024 * 1024
    /// The credits, hundredths of a dollar, that an organisation may spend; nil for any number.
    public var credits: Int?
    /// How many jobs are rendered at once, for estimates of the time that is left.
    public var renderSlots = 1
    /// How many requests a key may send in a minute, which a refusal tells; 0 for any number.
    public var requestsPerMinute = 0
    /// Whether inputs may name addresses of others.
    public var takesAddresses = true
    /// Whether webhooks may go out unencrypted.
    public var allowsPlainWebhooks = true
    /// Which addresses a test of a webhook may call.
    public var network = NetworkPolicy()
    /// How long a receiver of a webhook may take.
    public var webhookTimeout = Duration.seconds(10)
    /// The version that the public document names.
    public var version = "0"

    /// The contract's recommended choices.
    public init() {}
}

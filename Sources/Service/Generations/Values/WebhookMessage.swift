/// A webhook as it goes out: what an interface makes of the present state when it is sent.
public struct WebhookMessage: Sendable {
    public var body: [UInt8]
    /// The header fields in the order in which they are sent.
    public var headers: [(name: String, value: String)]
    /// How often it is tried; nil for the server's usual pauses.
    public var policy: DeliveryPolicy?

    public init(body: [UInt8], headers: [(name: String, value: String)], policy: DeliveryPolicy? = nil) {
        self.body = body
        self.headers = headers
        self.policy = policy
    }
}

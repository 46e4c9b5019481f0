public import Time

/// Where an organisation is told of jobs that name no webhook of their own.
public struct WebhookDefault: Hashable, Sendable {
    public var url: String
    /// Whether anything is sent there.
    public var isEnabled: Bool
    public var updatedAt: Timestamp
    /// The key by which it was set.
    public var updatedBy: APIKeyID?

    public init(url: String, isEnabled: Bool, updatedAt: Timestamp, updatedBy: APIKeyID?) {
        self.url = url
        self.isEnabled = isEnabled
        self.updatedAt = updatedAt
        self.updatedBy = updatedBy
    }
}

public import Time

/// What an organisation has ordered in some time, by day or model.
public struct UsageCount: Hashable, Sendable {
    /// The day, the label's value, or an empty text for all.
    public let key: String
    public let jobCount: Int
    /// The credits of those that have not failed.
    public let credits: Int

    public init(key: String, jobCount: Int, credits: Int) {
        self.key = key
        self.jobCount = jobCount
        self.credits = credits
    }
}

/// What is kept of an organisation beside its media and jobs.
public protocol AccountStore: Sendable {
    /// Where an organisation is told of jobs that name no webhook; nil where nothing was set.
    func webhookDefault(of organisation: OrganisationID) async throws -> WebhookDefault?
    /// Sets that, or removes it with nil.
    func setWebhookDefault(_ value: WebhookDefault?, of organisation: OrganisationID) async throws
    /// The deliveries that tell of a generation, newest first.
    func deliveries(of generation: GenerationID) async throws -> [WebhookDelivery]
    /// How many generations an organisation has ordered that have a label, and what they cost.
    ///
    /// - Parameters:
    ///   - start: The first moment that counts.
    ///   - end: The first that does not.
    ///   - grouping: By what they are counted apart; sorted by the key.
    func usage(
        of organisation: OrganisationID, label: String, from start: Timestamp, to end: Timestamp,
        by grouping: UsageGrouping
    ) async throws -> [UsageCount]
}

/// By what usage is counted apart.
public enum UsageGrouping: String, Sendable, CaseIterable {
    /// Not at all.
    case total
    /// By the day in UTC.
    case day
    /// By the value of the label.
    case model
}

public import Generations
public import Text
public import Time

/// The wire forms of what has ended, which belong to the interfaces.
public struct WireForms: Sendable {
    /// A generation as its interface shows it: a webhook's body and a part of a batch's result.
    public var generation: @Sendable (Generation) async throws -> JSONValue
    /// What is sent where a generation has ended whose interface has webhooks of its own; nil for one that has Sync's.
    public var webhook: @Sendable (WebhookDelivery, Generation, Timestamp) async throws -> WebhookMessage?
    /// A batch as its interface shows it: a webhook's body.
    public var batch: @Sendable (Batch, BatchMetrics) async throws -> JSONValue
    /// Where a generation's report opens without a key; nil where it has none.
    public var report: @Sendable (Generation) async throws -> String?

    public init(
        generation: @escaping @Sendable (Generation) async throws -> JSONValue,
        batch: @escaping @Sendable (Batch, BatchMetrics) async throws -> JSONValue,
        report: @escaping @Sendable (Generation) async throws -> String? = { _ in nil },
        webhook: @escaping @Sendable (WebhookDelivery, Generation, Timestamp) async throws -> WebhookMessage? = {
            _, _, _ in nil
        }
    ) {
        self.webhook = webhook
        self.generation = generation
        self.batch = batch
        self.report = report
    }
}

/// What an address of an input turns out to be.
public enum AddressOwner: Hashable, Sendable {
    /// Somebody else's: it is fetched.
    case elsewhere
    /// This server's own: the content lies here, and nothing is fetched.
    case here(BlobKey)
    /// This server's own, but it leads to nothing or the organisation may not have it.
    case nothing
}

/// Tells whose an input's address is. An address that begins with the server's public one must never be fetched: the
/// server would call itself.
public typealias AddressResolver =
    @Sendable (_ url: String, _ organisation: OrganisationID) async throws ->
    AddressOwner

/// Takes one line of JSON for each thing worth knowing, without its line end. It must not block for long.
public typealias WorkerLog = @Sendable (String) -> Void

extension Timestamp {
    /// The line of an event at this moment.
    func logLine(_ event: String, _ fields: [String: JSONValue]) -> String {
        var members = fields
        members["time"] = .string(iso8601)
        members["event"] = .string(event)
        return JSONValue.object(members).serialized
    }
}

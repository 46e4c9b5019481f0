public import Time

/// Where a batch stands.
public enum BatchStatus: String, Sendable, CaseIterable {
    /// Accepted.
    case pending
    /// Its generations exist.
    case accepted
    /// Some have begun.
    case processing
    /// All have ended.
    case completed
    /// It could not be carried out.
    case failed

    /// Whether nothing more will happen.
    public var isTerminal: Bool { self == .completed || self == .failed }
}

/// Many generations ordered together.
public struct Batch: Hashable, Sendable {
    /// Its name.
    public let id: BatchID
    /// Its owner.
    public let organisation: OrganisationID
    /// When it was accepted.
    public let createdAt: Timestamp
    /// Where it stands.
    public var status: BatchStatus
    /// Whom to tell about the end.
    public var webhookURL: String?
    /// The file of results.
    public var resultBlob: BlobKey?
    /// When it ended.
    public var finishedAt: Timestamp?

    /// Makes a batch whose generations are stored together with it.
    public init(id: BatchID = BatchID(), organisation: OrganisationID, createdAt: Timestamp, webhookURL: String? = nil)
    {
        self.id = id
        self.organisation = organisation
        self.createdAt = createdAt
        status = .accepted
        self.webhookURL = webhookURL
    }
}

/// How many generations of a batch stand where.
public struct BatchMetrics: Hashable, Sendable {
    /// All of them.
    public var total: Int
    /// Those with an output.
    public var succeeded: Int
    /// Those that ended without one.
    public var failed: Int

    public init(total: Int, succeeded: Int, failed: Int) {
        self.total = total
        self.succeeded = succeeded
        self.failed = failed
    }

    /// Those that have not ended.
    public var pending: Int { total - succeeded - failed }
}

extension Batch {
    /// The batch with its present status, and how far it is, from the number of its generations in each status. A `nil`
    /// status is that of a generation that cannot be read: it counts as one of them and as nothing else.
    public func progressed(_ counts: [(status: GenerationStatus?, count: Int)]) -> (Batch, BatchMetrics) {
        var metrics = BatchMetrics(total: 0, succeeded: 0, failed: 0)
        var hasBegun = false
        for (status, count) in counts {
            metrics.total += count
            guard let status else { continue }
            if status != .pending { hasBegun = true }
            if status == .completed { metrics.succeeded += count } else if status.isTerminal { metrics.failed += count }
        }
        var batch = self
        if batch.status == .accepted, hasBegun { batch.status = .processing }
        return (batch, metrics)
    }
}

public import Time

/// Something that happened to a job: one line of its log.
public struct JobEvent: Hashable, Sendable {
    /// What happened. The raw values are stored.
    public enum Kind: String, Sendable, CaseIterable {
        /// The job was accepted.
        case queued
        /// The first attempt began.
        case started
        /// A further attempt began.
        case recovered
        /// An attempt ended without an outcome, and another one will begin.
        case retryScheduled = "retry_scheduled"
        /// Another tenth of the work is done.
        case progress
        /// The output is made and is being stored.
        case finalizing
        case completed
        /// It ended without an output, also since somebody wanted none any more.
        case failed
    }

    /// Its place in the job's log, from 1 on.
    public let number: Int
    public let kind: Kind
    /// When, by the clock of who noted it.
    public let at: Timestamp
    /// How far the job was, 0 to 1.
    public let progress: Double

    public init(number: Int, kind: Kind, at: Timestamp, progress: Double) {
        self.number = number
        self.kind = kind
        self.at = at
        self.progress = progress
    }

    /// What an event of a job's life adds to its log.
    ///
    /// - Parameters:
    ///   - before: The generation before the event.
    ///   - attempts: The attempts before it.
    ///   - after: What the job became by it.
    public static func kinds(from before: Generation, _ attempts: AttemptLedger, to after: JobLifecycle) -> [Kind] {
        guard !after.status.isTerminal else { return [after.status == .completed ? .completed : .failed] }
        var kinds: [Kind] = []
        if attempts.lease == nil, let lease = after.attempts.lease {
            kinds.append(lease.fence == 1 ? .started : .recovered)
        }
        if attempts.lease != nil, after.attempts.lease == nil { kinds.append(.retryScheduled) }
        if Self.tenths(after.progress) > Self.tenths(before.progress) { kinds.append(.progress) }
        if before.status != .finalizing, after.status == .finalizing { kinds.append(.finalizing) }
        return kinds
    }

    private static func tenths(_ progress: Double) -> Int { Int((progress * 10 + 1e-9).rounded(.down)) }
}

public import Time

/// The attempts at a piece of work: who has the right to it now, when the next one may begin, and how often one went wrong.
///
/// Nothing is changed by an event whose fence is not the present one; that is what makes a late attempt harmless.
public struct AttemptLedger: Hashable, Sendable {
    /// When the work may be claimed, while it waits.
    public private(set) var dueAt: Timestamp
    /// The newest attempt's number; 0 before the first.
    public private(set) var fence: Int64
    /// Who works on it, if anybody.
    public private(set) var lease: Lease?
    /// How many attempts failed.
    public private(set) var failureCount: Int
    /// How many attempts were lost.
    public private(set) var lossCount: Int
    /// When the first one was.
    public private(set) var firstLossAt: Timestamp?

    /// Work as a store kept it; new work where nothing but its time is given.
    public init(
        dueAt: Timestamp, fence: Int64 = 0, lease: Lease? = nil, failureCount: Int = 0, lossCount: Int = 0,
        firstLossAt: Timestamp? = nil
    ) {
        self.dueAt = dueAt
        self.fence = fence
        self.lease = lease
        self.failureCount = failureCount
        self.lossCount = lossCount
        self.firstLossAt = firstLossAt
    }

    /// Whether an attempt has the right to the work.
    public func isCurrent(_ fence: Int64) -> Bool { lease?.fence == fence }

    /// Begins an attempt; `nil` where one runs or the time has not come.
    public mutating func begin(worker: String, now: Timestamp, policy: JobPolicy) -> Lease? {
        guard lease == nil, dueAt <= now else { return nil }
        fence += 1
        lease = Lease(worker: worker, fence: fence, expiresAt: now.advanced(by: policy.lease))
        return lease
    }

    /// Prolongs the lease; gives until when, `nil` where the right is gone.
    public mutating func renew(fence: Int64, now: Timestamp, policy: JobPolicy) -> Timestamp? {
        guard isCurrent(fence) else { return nil }
        let expiry = now.advanced(by: policy.lease)
        lease?.expiresAt = expiry
        return expiry
    }

    /// Whether the time of the lease has run out.
    public func isOver(at now: Timestamp) -> Bool { lease.map { $0.expiresAt <= now } ?? false }

    /// Ends the attempt that runs; the work waits for the next one.
    public mutating func postpone(until moment: Timestamp) {
        lease = nil
        dueAt = moment
    }

    /// Ends the attempt that runs, and the work with it.
    public mutating func end() { lease = nil }

    /// The attempt that runs has failed by itself; gives when the next one may begin, `nil` where there is none.
    public mutating func fail(mayRetry: Bool, now: Timestamp, policy: JobPolicy) -> Timestamp? {
        failureCount += 1
        guard mayRetry, failureCount < policy.attemptLimit else { return nil }
        postpone(until: now.advanced(by: policy.delay(afterFailures: failureCount)))
        return dueAt
    }

    /// The attempt that runs was lost with its machine; gives when the next one may begin, `nil` where there is none.
    public mutating func lose(now: Timestamp, policy: JobPolicy) -> Timestamp? {
        lossCount += 1
        let first = firstLossAt ?? now
        firstLossAt = first
        guard lossCount < policy.lossLimit || now.duration(since: first) < policy.lossTime else { return nil }
        postpone(until: now.advanced(by: policy.delay(afterLosses: lossCount)))
        return dueAt
    }
}

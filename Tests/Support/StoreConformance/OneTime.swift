public import Generations
public import Time

extension Moment {
    /// A moment at which both clocks show the same.
    public init(_ time: Timestamp) { self.init(wall: time, steady: time) }
}

/// The queue for tests in which both clocks go alike.
extension JobStore {
    /// Claims a job of any priority.
    public func claimJob(worker: String, now: Timestamp, policy: JobPolicy) async throws -> ClaimedJob? {
        try await claimJob(worker: worker, now: Moment(now), policy: policy, atLeast: .render)
    }

    /// Prolongs a lease.
    public func renewJob(
        _ id: GenerationID, fence: Int64, now: Timestamp, policy: JobPolicy
    ) async throws -> JobLifecycle.Action {
        try await renewJob(id, fence: fence, now: Moment(now), policy: policy)
    }

    /// Ends an attempt.
    public func finishJob(
        _ report: AttemptReport, now: Timestamp, policy: JobPolicy
    ) async throws -> JobLifecycle.Action {
        try await finishJob(report, now: Moment(now), policy: policy)
    }

    /// Hands a job back.
    public func releaseJob(_ id: GenerationID, fence: Int64, now: Timestamp) async throws -> JobLifecycle.Action {
        try await releaseJob(id, fence: fence, now: Moment(now))
    }

    /// Ends leases whose time is over.
    public func expireJobs(now: Timestamp, policy: JobPolicy) async throws -> [GenerationID] {
        try await expireJobs(now: Moment(now), policy: policy)
    }
}

/// Likewise for messages.
extension OutboxStore {
    /// Claims a delivery.
    public func claimDelivery(
        worker: String, now: Timestamp, policy: DeliveryPolicy
    ) async throws -> WebhookDelivery? {
        try await claimDelivery(worker: worker, now: Moment(now), policy: policy)
    }

    /// Ends one try.
    public func finishDelivery(
        _ id: DeliveryID, fence: Int64, response: DeliveryResponse, now: Timestamp, policy: DeliveryPolicy
    ) async throws -> DeliveryLifecycle.Action {
        try await finishDelivery(id, fence: fence, response: response, now: Moment(now), policy: policy)
    }
}

/// How long an attempt may run unrenewed, and how often one is tried.
public struct JobPolicy: Sendable {
    /// How long a lease lasts. Too short and a busy machine loses live attempts; too long and a dead one blocks its job.
    public var lease = Duration.seconds(15)
    /// How often a lease is renewed; a third of the lease, so that two renewals may fail.
    public var renewal = Duration.seconds(5)
    /// How many attempts may fail by themselves before the job does.
    public var attemptLimit = 3
    /// How many attempts may vanish with their machine before the job fails. That is seldom the job's own fault, so more
    /// are allowed; without a limit, a job that takes machines down would do so for ever.
    public var lossLimit = 10
    /// How long to wait before the second, third and later attempts.
    public var retryDelays: [Duration] = [.seconds(5), .seconds(30)]

    /// The defaults.
    public init() {}

    func delay(afterFailures count: Int) -> Duration {
        retryDelays.isEmpty ? .zero : retryDelays[min(count, retryDelays.count) - 1]
    }
}

/// The right to work on a job: who has it, until when, and the number that makes a late attempt harmless.
public struct Lease: Hashable, Sendable {
    /// Who works.
    public var worker: String
    /// Higher than that of every earlier attempt.
    public var fence: Int64
    /// When the right ends unless it is renewed.
    public var expiresAt: Timestamp

    /// Makes a lease.
    public init(worker: String, fence: Int64, expiresAt: Timestamp) {
        self.worker = worker
        self.fence = fence
        self.expiresAt = expiresAt
    }
}

/// How an attempt ended.
public enum AttemptOutcome: Hashable, Sendable {
    /// The output is in the blob store.
    case completed(OutputFacts)
    /// It failed; with `mayRetry`, another attempt may fare better.
    case failed(FailureFacts, mayRetry: Bool)
    /// A rule forbids the job.
    case rejected(FailureFacts)
}

/// The life of one job, as a pure machine: events in, actions out. Stores load it, feed it and keep what it becomes.
///
/// Nothing is changed by an event whose fence is not the present one; that is what makes a late attempt harmless.
public struct JobLifecycle: Hashable, Sendable {
    /// What an event asks for.
    public enum Action: Hashable, Sendable {
        /// Begin an attempt and renew its lease.
        case start(Lease)
        /// Go on; the lease lasts until then.
        case proceed(until: Timestamp)
        /// Show the new state to readers.
        case publish
        /// Stop working and throw away what was made: the right to this job is gone.
        case abandon
        /// Wait for the next attempt.
        case retry(at: Timestamp)
        /// The job has ended: keep the outcome and tell whoever asked to be told.
        case finish
        /// The event does not apply.
        case ignore
    }

    /// Where the generation stands.
    public private(set) var status: GenerationStatus
    /// When it may be claimed, while it waits.
    public private(set) var dueAt: Timestamp
    /// The newest attempt's number; 0 before the first.
    public private(set) var fence: Int64
    /// Who works on it, if anybody.
    public private(set) var lease: Lease?
    /// How many attempts failed.
    public private(set) var failureCount: Int
    /// How many attempts vanished.
    public private(set) var lossCount: Int
    /// How far it is, 0 to 1; never decreases.
    public private(set) var progress: Double
    /// What was made.
    public private(set) var output: OutputFacts?
    /// Why it failed.
    public private(set) var failure: FailureFacts?

    /// A job that waits from `createdAt` on.
    public init(createdAt: Timestamp) {
        self.init(
            status: .pending, dueAt: createdAt, fence: 0, lease: nil, failureCount: 0, lossCount: 0, progress: 0)
    }

    /// A job as a store kept it.
    public init(
        status: GenerationStatus, dueAt: Timestamp, fence: Int64, lease: Lease?, failureCount: Int, lossCount: Int,
        progress: Double
    ) {
        self.status = status
        self.dueAt = dueAt
        self.fence = fence
        self.lease = lease
        self.failureCount = failureCount
        self.lossCount = lossCount
        self.progress = progress
    }
}

extension JobLifecycle {
    /// A worker asks for the job.
    public mutating func claim(worker: String, now: Timestamp, policy: JobPolicy) -> Action {
        guard !status.isTerminal, lease == nil, dueAt <= now else { return .ignore }
        fence += 1
        let lease = Lease(worker: worker, fence: fence, expiresAt: now.advanced(by: policy.lease))
        self.lease = lease
        // Readers never see a job go back, so an attempt after the first keeps a later state.
        if status == .pending { status = .processing }
        return .start(lease)
    }

    /// The attempt says that it is alive.
    public mutating func renew(fence: Int64, now: Timestamp, policy: JobPolicy) -> Action {
        guard isCurrent(fence) else { return .abandon }
        let expiry = now.advanced(by: policy.lease)
        lease?.expiresAt = expiry
        return .proceed(until: expiry)
    }

    /// The attempt says how far it is.
    public mutating func advance(fence: Int64, progress: Double, isFinalizing: Bool) -> Action {
        guard isCurrent(fence) else { return .abandon }
        let before = (self.progress, status)
        // 1 is for the completed alone.
        if progress.isFinite { self.progress = max(self.progress, min(progress, 0.99)) }
        if isFinalizing { status = .finalizing }
        return before == (self.progress, status) ? .ignore : .publish
    }

    /// The attempt ended.
    public mutating func finish(fence: Int64, outcome: AttemptOutcome, now: Timestamp, policy: JobPolicy) -> Action {
        guard isCurrent(fence) else { return .abandon }
        switch outcome {
        case .completed(let facts):
            output = facts
            progress = 1
            return end(.completed)
        case .rejected(let facts):
            failure = facts
            return end(.rejected)
        case .failed(let facts, let mayRetry):
            failureCount += 1
            guard mayRetry, failureCount < policy.attemptLimit else {
                failure = facts
                return end(.failed)
            }
            return wait(until: now.advanced(by: policy.delay(afterFailures: failureCount)))
        }
    }

    /// The worker stops and hands the job back; the attempt does not count.
    public mutating func release(fence: Int64, now: Timestamp) -> Action {
        guard isCurrent(fence) else { return .abandon }
        return wait(until: now)
    }

    /// The time of the lease may have run out.
    public mutating func expire(now: Timestamp, policy: JobPolicy) -> Action {
        guard !status.isTerminal, let lease, lease.expiresAt <= now else { return .ignore }
        lossCount += 1
        guard lossCount < policy.lossLimit else {
            failure = FailureFacts(
                code: .generationInfraServiceUnavailable,
                message: "The job was begun \(lossCount) times and its machine vanished each time.")
            return end(.failed)
        }
        return wait(until: now)
    }

    private func isCurrent(_ fence: Int64) -> Bool { !status.isTerminal && lease?.fence == fence }

    private mutating func wait(until moment: Timestamp) -> Action {
        lease = nil
        dueAt = moment
        return .retry(at: moment)
    }

    private mutating func end(_ status: GenerationStatus) -> Action {
        lease = nil
        self.status = status
        return .finish
    }
}

public import Time

/// How an attempt at a part ended.
public enum PartOutcome: Hashable, Sendable {
    /// The part's files are in the blob store; the text is what the worker keeps of them.
    case done(String)
    /// It failed; with `mayRetry`, another attempt may fare better.
    case failed(FailureFacts, mayRetry: Bool)
    /// The machine took it down, which is not the part's fault.
    case lost(FailureFacts)
}

/// The life of one part of a divided job, as a pure machine: events in, actions out.
public struct PartLifecycle: Hashable, Sendable {
    /// Where a part stands.
    public enum Standing: Hashable, Sendable {
        /// It waits or runs.
        case unfinished
        /// It is done, and the text is what the worker keeps of it.
        case done(String)
        /// It failed for good; with `mayRetry`, another attempt at the whole job may fare better.
        case failed(FailureFacts, mayRetry: Bool)
    }

    /// What an event asks for.
    public enum Action: Hashable, Sendable {
        /// Go on.
        case proceed
        /// Stop working and throw away what was made: the right to this part is gone.
        case abandon
        /// Wait for the next attempt.
        case retry(at: Timestamp)
        /// The part has ended: tell whoever waits for it.
        case finish
    }

    public private(set) var standing: Standing
    /// Who works on it, and how often that went wrong.
    public private(set) var attempts: AttemptLedger
    /// How far the attempt is that runs, 0 … 1.
    public private(set) var progress: Double

    /// A part as a store kept it; a new one where nothing but its time is given.
    public init(attempts: AttemptLedger, standing: Standing = .unfinished, progress: Double = 0) {
        self.attempts = attempts
        self.standing = standing
        self.progress = progress
    }

    /// A worker asks for the part; `nil` where it cannot have it.
    public mutating func claim(worker: String, now: Timestamp, policy: JobPolicy) -> Lease? {
        guard standing == .unfinished, let lease = attempts.begin(worker: worker, now: now, policy: policy) else {
            return nil
        }
        progress = 0
        return lease
    }

    /// The attempt says that it is alive, and how far it is.
    public mutating func renew(fence: Int64, progress: Double, now: Timestamp, policy: JobPolicy) -> Action {
        guard attempts.renew(fence: fence, now: now, policy: policy) != nil else { return .abandon }
        if progress.isFinite { self.progress = max(self.progress, min(progress, 1)) }
        return .proceed
    }

    /// The attempt ended.
    public mutating func finish(fence: Int64, outcome: PartOutcome, now: Timestamp, policy: JobPolicy) -> Action {
        guard attempts.isCurrent(fence) else { return .abandon }
        switch outcome {
        case .done(let result):
            progress = 1
            return end(.done(result))
        case .lost(let facts): return lose(facts, now: now, policy: policy)
        case .failed(let facts, let mayRetry):
            guard let next = attempts.fail(mayRetry: mayRetry, now: now, policy: policy) else {
                return end(.failed(facts, mayRetry: mayRetry))
            }
            return .retry(at: next)
        }
    }

    /// The worker stops and hands the part back; the attempt does not count.
    public mutating func release(fence: Int64, now: Timestamp) -> Action {
        guard attempts.isCurrent(fence) else { return .abandon }
        attempts.postpone(until: now)
        return .retry(at: now)
    }

    /// The time of the lease may have run out; `.proceed` where it has not.
    public mutating func expire(now: Timestamp, policy: JobPolicy) -> Action {
        guard standing == .unfinished, attempts.isOver(at: now) else { return .proceed }
        return lose(
            FailureFacts(
                code: .partUnavailable,
                message:
                    "A part of the job was begun \(attempts.lossCount + 1) times and its machine vanished each time."),
            now: now, policy: policy)
    }

    private mutating func lose(_ facts: FailureFacts, now: Timestamp, policy: JobPolicy) -> Action {
        guard let next = attempts.lose(now: now, policy: policy) else { return end(.failed(facts, mayRetry: true)) }
        return .retry(at: next)
    }

    private mutating func end(_ standing: Standing) -> Action {
        attempts.end()
        self.standing = standing
        return .finish
    }
}

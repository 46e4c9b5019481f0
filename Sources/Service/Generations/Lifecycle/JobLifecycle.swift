public import Time

/// How long an attempt may run unrenewed, and how often one is tried.
public struct JobPolicy: Sendable {
    /// How long a lease lasts. Too short and a busy machine loses live attempts; too long and a dead one blocks its job.
    public var lease = Duration.seconds(15)
    /// How often a lease is renewed; a third of the lease, so that two renewals may fail.
    public var renewal = Duration.seconds(5)
    /// How many attempts may fail by themselves before the job does.
    public var attemptLimit = 3
    /// How many attempts may be lost with their machine before the job may fail. That is seldom the job's own fault; without
    /// a limit, a job that takes machines down would do so for ever.
    public var lossLimit = 10
    /// How long after the first loss a job may fail of losses at the earliest: a machine in trouble loses ten attempts
    /// within minutes.
    public var lossTime = Duration.seconds(6 * 3600)
    /// How long to wait before the second, third and later attempts.
    public var retryDelays: [Duration] = [.seconds(5), .seconds(30)]
    /// How long to wait after the first, second and later losses.
    public var lossDelays: [Duration] = [.zero, .seconds(5), .seconds(30), .seconds(120), .seconds(600)]
    /// Whose turn it is.
    public var turns = TurnPolicy()

    /// The defaults.
    public init() {}

    func delay(afterLosses count: Int) -> Duration {
        lossDelays.isEmpty ? .zero : lossDelays[min(count, lossDelays.count) - 1]
    }

    func delay(afterFailures count: Int) -> Duration {
        retryDelays.isEmpty ? .zero : retryDelays[min(count, retryDelays.count) - 1]
    }
}

/// How organisations with waiting jobs share the worker.
public struct TurnPolicy: Sendable {
    /// How many jobs of an organisation are begun for each one of an organisation of weight 1, by its name or id;
    /// an organisation that is not named has weight 1.
    public var weights: [String: Double] = [:]
    /// How many renders of one organisation may run at once; nil for any number.
    public var runningLimit: Int?

    /// Everybody alike.
    public init() {}
}

/// Which jobs go first. Within a priority the organisations take turns.
public enum JobPriority: Int, Sendable, CaseIterable, Comparable {
    /// Somebody waits for a few seconds of work, such as speech.
    case short = 0
    case render = 1

    /// The more urgent one is less.
    public static func < (left: JobPriority, right: JobPriority) -> Bool { left.rawValue < right.rawValue }
}

/// The right to work on a job: who has it, until when, and the number that makes a late attempt harmless.
public struct Lease: Hashable, Sendable {
    /// Who works.
    public var worker: String
    /// Higher than that of every earlier attempt.
    public var fence: Int64
    /// When the right ends unless it is renewed.
    public var expiresAt: Timestamp

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
    /// The machine took it down, which is not the job's fault; the facts are kept if that goes on for too long.
    case lost(FailureFacts)
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
    /// Who works on it, and how often that went wrong.
    public private(set) var attempts: AttemptLedger
    /// How far it is, 0 to 1; never decreases.
    public private(set) var progress: Double
    /// What was made.
    public private(set) var output: OutputFacts?
    /// Why it failed.
    public private(set) var failure: FailureFacts?

    /// A job that waits from `createdAt` on.
    public init(createdAt: Timestamp) {
        self.init(status: .pending, attempts: AttemptLedger(dueAt: createdAt), progress: 0)
    }

    /// A job as a store kept it.
    public init(status: GenerationStatus, attempts: AttemptLedger, progress: Double) {
        self.status = status
        self.attempts = attempts
        self.progress = progress
    }
}

extension JobLifecycle {
    /// A worker asks for the job.
    public mutating func claim(worker: String, now: Timestamp, policy: JobPolicy) -> Action {
        guard !status.isTerminal, let lease = attempts.begin(worker: worker, now: now, policy: policy) else {
            return .ignore
        }
        // Readers never see a job go back, so an attempt after the first keeps a later state.
        if status == .pending { status = .processing }
        return .start(lease)
    }

    /// The attempt says that it is alive.
    public mutating func renew(fence: Int64, now: Timestamp, policy: JobPolicy) -> Action {
        guard isCurrent(fence), let expiry = attempts.renew(fence: fence, now: now, policy: policy) else {
            return .abandon
        }
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
        case .lost(let facts): return lose(facts, now: now, policy: policy)
        case .failed(let facts, let mayRetry):
            guard let next = attempts.fail(mayRetry: mayRetry, now: now, policy: policy) else {
                failure = facts
                return end(.failed)
            }
            return .retry(at: next)
        }
    }

    /// The worker stops and hands the job back; the attempt does not count.
    public mutating func release(fence: Int64, now: Timestamp) -> Action {
        guard isCurrent(fence) else { return .abandon }
        attempts.postpone(until: now)
        return .retry(at: now)
    }

    /// The time of the lease may have run out.
    public mutating func expire(now: Timestamp, policy: JobPolicy) -> Action {
        guard !status.isTerminal, attempts.isOver(at: now) else { return .ignore }
        return lose(
            FailureFacts(
                code: .partUnavailable,
                message: "The job was begun \(attempts.lossCount + 1) times and its machine vanished each time."),
            now: now, policy: policy)
    }

    /// Somebody who may do so wants no output any more. An attempt that runs learns it from its next event.
    public mutating func cancel() -> Action {
        guard !status.isTerminal else { return .ignore }
        failure = FailureFacts(code: .cancelled)
        return end(.failed)
    }

    private mutating func lose(_ facts: FailureFacts, now: Timestamp, policy: JobPolicy) -> Action {
        guard let next = attempts.lose(now: now, policy: policy) else {
            failure = facts
            return end(.failed)
        }
        return .retry(at: next)
    }

    private func isCurrent(_ fence: Int64) -> Bool { !status.isTerminal && attempts.isCurrent(fence) }

    private mutating func end(_ status: GenerationStatus) -> Action {
        attempts.end()
        self.status = status
        return .finish
    }
}

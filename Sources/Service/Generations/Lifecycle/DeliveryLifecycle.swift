public import Time

/// How often a webhook is tried.
public struct DeliveryPolicy: Sendable {
    /// How long one try may take.
    public var timeout = Duration.seconds(10)
    /// How long a try is reserved for its worker; longer than the time-out, or two workers would send the same.
    public var lease = Duration.seconds(30)
    /// The pauses between the tries: 12 tries within 24 hours.
    public var delays: [Duration] = [
        .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(3600), .seconds(7200),
        .seconds(10_800), .seconds(14_400), .seconds(18_000), .seconds(28_800),
    ]

    /// The longest pause that a receiver may ask for by `Retry-After`; what it asks beyond that is not waited for.
    public var longestRetryAfter = Duration.seconds(3600)

    /// Whether a receiver that refuses a message is asked again, as one that fails.
    public var retriesRefusals = false

    /// The defaults.
    public init() {}

    /// How many tries there are.
    public var attemptLimit: Int { delays.count + 1 }
}

/// What came of one try.
public enum DeliveryResponse: Hashable, Sendable {
    /// The receiver answered with this status number.
    case status(Int)
    /// No answer.
    case unreachable
}

/// One try of a delivery that has ended.
public struct DeliveryTry: Hashable, Sendable {
    /// Which try of the delivery it was, from 1 on. Numbers are missing of tries whose sender vanished.
    public let number: Int
    /// When it ended.
    public let at: Timestamp
    /// What came of it.
    public let response: DeliveryResponse

    /// Notes a try.
    public init(number: Int, at: Timestamp, response: DeliveryResponse) {
        self.number = number
        self.at = at
        self.response = response
    }
}

/// Where a delivery stands.
public enum DeliveryStatus: String, Sendable, CaseIterable {
    /// It waits for its next try.
    case waiting
    /// The receiver has it.
    case delivered
    /// Every try failed.
    case exhausted
    /// The receiver does not want it.
    case refused

    /// Whether nothing more will be tried.
    public var isTerminal: Bool { self != .waiting }
}

/// The life of one webhook delivery, as a pure machine: a row of the outbox.
public struct DeliveryLifecycle: Hashable, Sendable {
    /// What an event asks for.
    public enum Action: Hashable, Sendable {
        /// Sign anew and send.
        case send(Lease)
        /// Wait for the next try.
        case retry(at: Timestamp)
        /// Nothing more to do.
        case close(DeliveryStatus)
        /// Somebody else has this delivery by now, or it is closed.
        case ignore
    }

    /// Where it stands.
    public private(set) var status: DeliveryStatus
    /// How many tries were begun.
    public private(set) var attemptCount: Int
    /// How many of them were begun before it was made to wait again: they do not count against the policy's limit.
    public private(set) var earlierAttemptCount: Int
    /// When the next try may begin.
    public private(set) var dueAt: Timestamp
    /// Who is sending, if anybody.
    public private(set) var lease: Lease?
    /// What the newest try came to.
    public private(set) var lastResponse: DeliveryResponse?

    /// A delivery that may be sent at once.
    public init() {
        self.init(
            status: .waiting, attemptCount: 0, dueAt: Timestamp(milliseconds: 0), lease: nil, lastResponse: nil)
    }

    /// A delivery as a store kept it.
    public init(
        status: DeliveryStatus, attemptCount: Int, earlierAttemptCount: Int = 0, dueAt: Timestamp, lease: Lease?,
        lastResponse: DeliveryResponse?
    ) {
        self.earlierAttemptCount = earlierAttemptCount
        self.status = status
        self.attemptCount = attemptCount
        self.dueAt = dueAt
        self.lease = lease
        self.lastResponse = lastResponse
    }

    /// A worker asks for it. The number of the try is its fence.
    public mutating func claim(worker: String, now: Timestamp, policy: DeliveryPolicy) -> Action {
        guard !status.isTerminal, dueAt <= now else { return .ignore }
        if let lease, lease.expiresAt > now { return .ignore }
        attemptCount += 1
        let lease = Lease(worker: worker, fence: Int64(attemptCount), expiresAt: now.advanced(by: policy.lease))
        self.lease = lease
        // A sender that vanishes leaves the delivery due again when its time is over.
        dueAt = lease.expiresAt
        return .send(lease)
    }

    /// A try has ended.
    ///
    /// - Parameter retryAfter: How long the receiver asks to be left alone; nil where it does not ask.
    public mutating func finish(
        fence: Int64, response: DeliveryResponse, retryAfter: Duration? = nil, now: Timestamp, policy: DeliveryPolicy
    ) -> Action {
        guard !status.isTerminal, lease?.fence == fence else { return .ignore }
        lease = nil
        lastResponse = response
        switch response {
        case .status(200...299): return close(.delivered)
        case .unreachable, .status(408), .status(429), .status(500...599):
            return pause(retryAfter, now: now, policy: policy)
        case .status(410), .status(300...399): return close(.refused)
        case .status where policy.retriesRefusals: return pause(retryAfter, now: now, policy: policy)
        case .status: return close(.refused)
        }
    }

    private mutating func pause(_ retryAfter: Duration?, now: Timestamp, policy: DeliveryPolicy) -> Action {
        let count = attemptCount - earlierAttemptCount
        guard count < policy.attemptLimit else { return close(.exhausted) }
        let asked = min(retryAfter ?? .zero, policy.longestRetryAfter)
        dueAt = now.advanced(by: max(policy.delays[count - 1], asked))
        return .retry(at: dueAt)
    }

    /// An operator wants a delivery that has ended sent again: it is due at once, with all its tries ahead. Numbers of
    /// tries go on, so that a sender of before has no right to it.
    public mutating func redeliver(now: Timestamp) -> Action {
        guard status.isTerminal else { return .ignore }
        status = .waiting
        earlierAttemptCount = attemptCount
        dueAt = now
        lease = nil
        return .retry(at: now)
    }

    private mutating func close(_ status: DeliveryStatus) -> Action {
        self.status = status
        return .close(status)
    }
}

/// One row of the outbox: a message that has still to be delivered, or was.
public struct WebhookDelivery: Hashable, Sendable {
    /// Its name, the same at every try.
    public let id: DeliveryID
    /// Whose secret signs it.
    public let organisation: OrganisationID
    /// What ended, if a generation.
    public let generation: GenerationID?
    /// What ended, if a batch.
    public let batch: BatchID?
    /// Where it goes.
    public let url: String
    /// What is sent; nil where the interface makes it of the present state when it sends.
    public let body: [UInt8]?
    /// When it was ordered.
    public let createdAt: Timestamp
    /// Its life.
    public var lifecycle: DeliveryLifecycle

    /// The host that it goes to, in lower case.
    public var host: String { WebAddress.host(of: url) }

    public init(
        id: DeliveryID = DeliveryID(), organisation: OrganisationID, generation: GenerationID? = nil,
        batch: BatchID? = nil, url: String, body: [UInt8]? = nil, createdAt: Timestamp,
        lifecycle: DeliveryLifecycle? = nil
    ) {
        self.id = id
        self.organisation = organisation
        self.generation = generation
        self.batch = batch
        self.url = url
        self.body = body
        self.createdAt = createdAt
        self.lifecycle = lifecycle ?? DeliveryLifecycle()
    }
}

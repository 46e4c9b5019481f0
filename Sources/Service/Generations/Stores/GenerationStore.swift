public import Time

/// A part of a label's value.
public struct LabelPart: Hashable, Sendable {
    /// The label.
    public var name: String
    /// What its value must contain.
    public var part: String

    public init(name: String, part: String) {
        self.name = name
        self.part = part
    }
}

/// Which generations are meant. Everything that is not empty or nil must hold; within a set, one is enough.
public struct GenerationFilter: Hashable, Sendable {
    /// The owner of what is listed.
    public var organisation: OrganisationID
    /// Where they stand.
    public var statuses: Set<GenerationStatus>
    /// Which ones.
    public var ids: Set<GenerationID>
    /// Which programs sent them.
    public var sources: Set<String>
    /// Which programs did not send them.
    public var excludedSources: Set<String> = []
    /// Which kinds of work.
    public var kinds: Set<GenerationKind>
    public var project: ProjectID?
    public var batch: BatchID?
    /// Accepted at or after.
    public var createdAtOrAfter: Timestamp?
    /// Accepted before.
    public var createdBefore: Timestamp?
    /// Labels of the request and the values that each may have.
    public var labels: [String: Set<String>] = [:]
    /// A label and what must be a part of its value, in any case of ASCII letters.
    public var labelPart: LabelPart?
    /// What must be a part of the request's title or of the output's name, in any case of ASCII letters.
    public var search: String?
    /// The asset that the output becomes.
    public var outputAsset: AssetID?
    /// An asset that is an input.
    public var inputAsset: AssetID?
    /// How many of the newest are left out of a list.
    public var skippedCount = 0

    /// All of an organisation, unless narrowed.
    public init(
        organisation: OrganisationID, statuses: Set<GenerationStatus> = [], ids: Set<GenerationID> = [],
        sources: Set<String> = [], kinds: Set<GenerationKind> = [], project: ProjectID? = nil, batch: BatchID? = nil,
        createdAtOrAfter: Timestamp? = nil, createdBefore: Timestamp? = nil
    ) {
        self.organisation = organisation
        self.statuses = statuses
        self.ids = ids
        self.sources = sources
        self.kinds = kinds
        self.project = project
        self.batch = batch
        self.createdAtOrAfter = createdAtOrAfter
        self.createdBefore = createdBefore
    }
}

/// How far a generation is.
public struct GenerationStanding: Hashable, Sendable {
    public let id: GenerationID
    public let status: GenerationStatus
    /// As `Generation.progress`.
    public let progress: Double

    public init(id: GenerationID, status: GenerationStatus, progress: Double) {
        self.id = id
        self.status = status
        self.progress = progress
    }
}

/// What is to be accepted in one transaction.
public struct CreateOrder: Sendable {
    /// The generations, all of one organisation.
    public var generations: [Generation]
    /// The key that makes a repetition harmless.
    public var idempotency: IdempotencyClaim?
    /// How many unfinished generations the organisation may have afterwards; nil for any number.
    public var activeLimit: Int?
    /// How many credits the organisation may have spent afterwards; nil for any number.
    public var creditLimit: Int?
    /// The batch that they belong to, stored with them.
    public var batch: Batch?
    /// Assets stored with them, such as uploaded inputs or promised outputs.
    public var assets: [Asset]

    public init(
        generations: [Generation], idempotency: IdempotencyClaim? = nil, activeLimit: Int? = nil,
        creditLimit: Int? = nil, batch: Batch? = nil, assets: [Asset] = []
    ) {
        self.creditLimit = creditLimit
        self.generations = generations
        self.idempotency = idempotency
        self.activeLimit = activeLimit
        self.batch = batch
        self.assets = assets
    }
}

/// What became of an order.
public struct CreateOutcome: Hashable, Sendable {
    /// The generations as they stand now.
    public let generations: [Generation]
    /// Whether they existed before, since the key was used before.
    public let isReplay: Bool

    public init(generations: [Generation], isReplay: Bool) {
        self.generations = generations
        self.isReplay = isReplay
    }
}

/// A job and the right to work on it.
public struct ClaimedJob: Hashable, Sendable {
    /// What is to be made.
    public let generation: Generation
    /// Until when, and with which number.
    public let lease: Lease
    /// How many attempts have failed before.
    public let failureCount: Int

    public init(generation: Generation, lease: Lease, failureCount: Int) {
        self.generation = generation
        self.lease = lease
        self.failureCount = failureCount
    }
}

/// What a worker adds when an attempt ends.
public struct AttemptReport: Sendable {
    /// Which generation.
    public var id: GenerationID
    /// The attempt's number.
    public var fence: Int64
    /// How it ended.
    public var outcome: AttemptOutcome
    /// Assets to be stored with a completed output, such as the promised one.
    public var assets: [Asset]
    /// The voice that was made, stored with a completed output.
    public var voice: ClonedVoice?
    /// What is to be remembered of a completed output's files.
    public var records: [OutputRecord]

    public init(
        id: GenerationID, fence: Int64, outcome: AttemptOutcome, assets: [Asset] = [], voice: ClonedVoice? = nil,
        records: [OutputRecord] = []
    ) {
        self.voice = voice
        self.records = records
        self.id = id
        self.fence = fence
        self.outcome = outcome
        self.assets = assets
    }
}

/// A blob that something has given up.
public struct DiscardedBlob: Hashable, Sendable {
    /// Tells this giving up from a later one of the same blob.
    public let sequence: Int64
    /// Which blob.
    public let key: BlobKey

    public init(sequence: Int64, key: BlobKey) {
        self.sequence = sequence
        self.key = key
    }
}

/// Accepting, reading and removing generations. A call that returns has stored durably; one that throws has not.
public protocol GenerationStore: Sendable {
    /// Accepts an order: generations, jobs, batch, assets and key in one transaction.
    ///
    /// Throws `GenerationError` where the key stands for another request, an identifier is taken, also that of a promised
    /// asset by anything of any organisation, or a limit is
    /// reached: `activeLimitReached`, and `creditsExhausted` with what is left in the parameter `credits`.
    func create(_ order: CreateOrder) async throws -> CreateOutcome
    /// One generation; nil where the organisation has none of that name.
    func generation(_ id: GenerationID, organisation: OrganisationID) async throws -> Generation?
    /// Which revision of a generation is stored: a cheap way to learn that nothing has changed.
    func revision(of id: GenerationID, organisation: OrganisationID) async throws -> GenerationRevision?
    /// One generation, whoever owns it; only for links that prove themselves.
    func anyGeneration(_ id: GenerationID) async throws -> Generation?
    /// Newest first, from the one after `cursor` on, at most `limit`.
    ///
    /// Throws `GenerationError` where the organisation has no generation of the cursor's name.
    func generations(_ filter: GenerationFilter, after cursor: GenerationID?, limit: Int?) async throws -> [Generation]
    /// As `generations`, without a cursor and in short: much cheaper where nothing else is wanted.
    func standings(_ filter: GenerationFilter, limit: Int) async throws -> [GenerationStanding]
    /// How many there are.
    func generationCount(_ filter: GenerationFilter) async throws -> Int
    /// The credits of all generations of an organisation that have not failed, deleted ones included.
    func spentCredits(_ organisation: OrganisationID) async throws -> Int
    /// Removes an ended generation and gives what it was; throws `GenerationError` while it has not ended.
    func deleteGeneration(_ id: GenerationID, organisation: OrganisationID) async throws -> Generation
    /// What a key stands for.
    func idempotencyRecord(_ key: IdempotencyKey, organisation: OrganisationID) async throws -> IdempotencyRecord?
    /// Notes blobs that were stored and that nothing will refer to, such as a file that was refused.
    func discard(_ keys: [BlobKey]) async throws
    /// Blobs that something deleted before `moment` has referred to, the longest known first. Another thing may refer to
    /// them still.
    func discardedBlobs(before moment: Timestamp, limit: Int) async throws -> [DiscardedBlob]
    /// Forgets that blobs were given up, since they were removed or are needed; what was given up again since stays.
    func forget(_ discarded: [DiscardedBlob]) async throws
    /// Forgets keys whose time is over; gives their number.
    func purgeIdempotencyRecords(now: Timestamp) async throws -> Int
    /// Those of `keys` that something stored refers to.
    func referencedBlobs(among keys: [BlobKey]) async throws -> Set<BlobKey>
}

/// The queue of jobs. Every change after a claim is conditional on the claim's fence.
///
/// Leases and pauses are counted in the store's steady time; the time of day is only kept for people.
public protocol JobStore: Sendable {
    /// The store's steady time, the same for every process that works on it.
    var steadyTime: Timestamp { get }
    /// Claims a job that is due, of `priority` or a more urgent one; nil where none is. The most urgent go first; among
    /// them the organisations take turns by their weights, and each has its oldest job done first.
    func claimJob(
        worker: String, now: Moment, policy: JobPolicy, atLeast priority: JobPriority
    ) async throws -> ClaimedJob?
    /// Prolongs a lease; `.abandon` where the right is gone.
    func renewJob(_ id: GenerationID, fence: Int64, now: Moment, policy: JobPolicy) async throws -> JobLifecycle.Action
    /// Keeps how far an attempt is; `.abandon` where the right is gone.
    func advanceJob(
        _ id: GenerationID, fence: Int64, progress: Double, isFinalizing: Bool
    ) async throws -> JobLifecycle.Action
    /// Whether an attempt has the right to its job still: a read, cheap enough to be asked every second.
    func holdsJob(_ id: GenerationID, fence: Int64) async throws -> Bool
    /// Ends an attempt; the outbox row, if anybody wants to be told, is stored with it.
    func finishJob(_ report: AttemptReport, now: Moment, policy: JobPolicy) async throws -> JobLifecycle.Action
    /// Ends a job whose output nobody wants any more, as failed; `.ignore` where it has ended already.
    ///
    /// - Parameter organisation: The owner; nil for an operator, who may end every job.
    /// - Throws: `GenerationError` of code `generationNotFound`.
    func cancelJob(
        _ id: GenerationID, organisation: OrganisationID?, now: Moment
    ) async throws -> (action: JobLifecycle.Action, generation: Generation)
    /// Hands a job back unharmed.
    func releaseJob(_ id: GenerationID, fence: Int64, now: Moment) async throws -> JobLifecycle.Action
    /// Ends leases whose time is over; gives the generations concerned.
    func expireJobs(now: Moment, policy: JobPolicy) async throws -> [GenerationID]
    /// Generations of all organisations that have not ended, newest first, from the one after `cursor` on.
    ///
    /// - Throws: `GenerationError` of field `cursor` where that one is gone.
    func unfinishedGenerations(after cursor: GenerationID?, limit: Int) async throws -> [Generation]
    /// How many jobs wait and how many run.
    func jobCounts() async throws -> (waiting: Int, running: Int)
    /// When the next waiting job of `priority` or a more urgent one is due, in steady time; nil where none waits.
    func nextJobDue(atLeast priority: JobPriority) async throws -> Timestamp?
}

extension JobStore {
    /// When the next waiting job of any priority is due.
    public func nextJobDue() async throws -> Timestamp? { try await nextJobDue(atLeast: .render) }
}

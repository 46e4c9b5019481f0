public import Time

/// A job that is done in parts, by whoever has time for one.
///
/// The attempt that holds the job's lease divides it, hands parts out stage by stage, and puts them together in the end. The
/// parts outlive it: the next attempt at the job goes on with them.
public struct Division: Hashable, Sendable {
    public let generation: GenerationID
    /// The programs that understand the files of each other's parts: those that call themselves the same.
    public let build: String
    /// What is to be made, in the worker's words.
    public let task: String

    public init(generation: GenerationID, build: String, task: String) {
        self.generation = generation
        self.build = build
        self.task = task
    }
}

/// The name of a part, unique among all jobs.
public struct PartName: Hashable, Sendable, CustomStringConvertible {
    /// The job that it is a part of.
    public let generation: GenerationID
    /// Counted from 0 through all stages.
    public let number: Int

    public init(generation: GenerationID, number: Int) {
        self.generation = generation
        self.number = number
    }

    public var description: String { "\(generation)/\(number)" }
}

/// A part of a divided job.
public struct JobPart: Hashable, Sendable {
    public let name: PartName
    /// The parts of a stage may be done at the same time; each stage begins when the one before is done. Counted from 0.
    public let stage: Int
    /// What is to be done, in the worker's words.
    public let step: String
    public var lifecycle: PartLifecycle

    public init(name: PartName, stage: Int, step: String, lifecycle: PartLifecycle) {
        self.name = name
        self.stage = stage
        self.step = step
        self.lifecycle = lifecycle
    }
}

/// A part and the right to work on it.
public struct ClaimedPart: Hashable, Sendable {
    public let part: JobPart
    /// The job that it belongs to.
    public let division: Division
    /// The owner of the job.
    public let organisation: OrganisationID
    /// Until when, and with which number.
    public let lease: Lease

    public init(part: JobPart, division: Division, organisation: OrganisationID, lease: Lease) {
        self.part = part
        self.division = division
        self.organisation = organisation
        self.lease = lease
    }
}

/// What a worker tells when its attempt at a part ends.
public struct PartReport: Sendable {
    public var name: PartName
    /// The lease's fence of the attempt that reports.
    public var fence: Int64
    public var outcome: PartOutcome
    /// The files of a part that is done; they are kept until the job ends.
    public var blobs: [BlobKey]

    public init(name: PartName, fence: Int64, outcome: PartOutcome, blobs: [BlobKey] = []) {
        self.name = name
        self.fence = fence
        self.outcome = outcome
        self.blobs = blobs
    }
}

/// The parts of jobs. They end with their job, whatever ends it, and when an attempt at it has failed; their files are given up
/// then.
///
/// What the job's own attempt does is conditional on the fence of the job, what is done to a part on the fence of that.
public protocol DivisionStore: Sendable {
    /// Divides a job anew, with the parts of its first stage; false where the right to the job is gone.
    ///
    /// - Parameters:
    ///   - blobs: Files that the parts need; they are kept until the job ends.
    ///   - fence: Of the job's attempt.
    func divide(_ division: Division, blobs: [BlobKey], steps: [String], fence: Int64, now: Moment) async throws -> Bool
    /// How a job was divided; nil where it is not.
    func division(of generation: GenerationID) async throws -> Division?
    /// Takes a division back; false where the right to the job is gone.
    func undivide(_ generation: GenerationID, fence: Int64) async throws -> Bool
    /// All parts of a job, by their numbers.
    func parts(of generation: GenerationID) async throws -> [JobPart]
    /// Adds the parts of the next stage; false where the right to the job is gone.
    func addParts(_ steps: [String], stage: Int, to generation: GenerationID, fence: Int64, now: Moment) async throws
        -> Bool
    /// Claims a part that is due; nil where there is none. Of several jobs, one of the organisation goes first that has the
    /// fewest parts running, then the oldest.
    ///
    /// - Parameters:
    ///   - generation: The job whose own attempt asks; nil for a helper, whose parts count as running jobs of the organisation.
    ///   - build: See `Division.build`.
    func claimPart(
        of generation: GenerationID?, build: String, worker: String, now: Moment, policy: JobPolicy
    ) async throws -> ClaimedPart?
    /// Prolongs a lease and keeps how far the attempt is; `.abandon` where the right is gone.
    func renewPart(
        _ name: PartName, fence: Int64, progress: Double, now: Moment, policy: JobPolicy
    ) async throws -> PartLifecycle.Action
    /// Whether an attempt has the right to its part still: a read.
    func holdsPart(_ name: PartName, fence: Int64) async throws -> Bool
    /// Ends an attempt; `.abandon` where its right is gone, and nothing is changed then.
    func finishPart(_ report: PartReport, now: Moment, policy: JobPolicy) async throws -> PartLifecycle.Action
    /// Hands a part back.
    func releasePart(_ name: PartName, fence: Int64, now: Moment) async throws -> PartLifecycle.Action
    /// Ends leases whose time is over; gives the parts concerned.
    func expireParts(now: Moment, policy: JobPolicy) async throws -> [PartName]
    /// When the next part that waits, and that `build` understands, is due; nil where there is none.
    func nextPartDue(build: String) async throws -> Timestamp?
    /// How many parts wait and how many run.
    func partCounts() async throws -> (waiting: Int, running: Int)
}

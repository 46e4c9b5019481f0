public import Time

/// What a process that works takes from the queues.
public enum WorkRole: String, Hashable, Sendable, CaseIterable {
    /// Videos and everything else that takes long.
    case render
    /// Short jobs, such as speech.
    case speak
    /// Webhooks, and the ends of batches.
    case deliver
}

/// A process that works on a store.
public struct WorkNode: Hashable, Sendable {
    /// A process that says nothing for this long is taken for dead.
    public static let silence = Duration.seconds(30)

    /// Its name in leases.
    public var name: String
    /// The machine's name.
    public var host: String
    /// The program's version.
    public var version: String
    /// What it takes.
    public var roles: Set<WorkRole>
    /// How many renders it runs at once.
    public var renderSlots: Int
    /// How many jobs it works on.
    public var runningCount: Int
    /// When it began.
    public var startedAt: Timestamp
    /// When it was heard of last, in the store's steady time.
    public var seenAt: Timestamp

    public init(
        name: String, host: String, version: String, roles: Set<WorkRole>, renderSlots: Int, runningCount: Int = 0,
        startedAt: Timestamp, seenAt: Timestamp
    ) {
        self.name = name
        self.host = host
        self.version = version
        self.roles = roles
        self.renderSlots = renderSlots
        self.runningCount = runningCount
        self.startedAt = startedAt
        self.seenAt = seenAt
    }
}

/// What the processes of one installation share besides its work: secrets, turns at its upkeep, and who they are.
public protocol MachineStore: Sendable {
    /// A text that was kept under a name before; otherwise this one, which is kept. Of any number of processes that ask at
    /// the same moment all get one text.
    func keptText(_ name: String, orKeep text: String) async throws -> String
    /// Whether a chore is to be done now, since nobody has begun it for a while; then it counts as begun.
    ///
    /// - Parameters:
    ///   - now: In the store's steady time.
    ///   - interval: How often it is done by all processes together.
    func beginChore(_ name: String, now: Timestamp, every interval: Duration) async throws -> Bool
    /// Keeps that a process works, and forgets those that are taken for dead.
    func noteNode(_ node: WorkNode) async throws
    /// Forgets a process that has ended.
    func forgetNode(_ name: String) async throws
    /// The processes that work, by their hosts and names.
    ///
    /// - Parameter now: In the store's steady time.
    func nodes(now: Timestamp) async throws -> [WorkNode]
}

import Synchronization
import Time

/// How long the jobs of one interface or of all took, for estimates of the time that is left.
public final class JobHistory: Sendable {
    /// How long an estimate is used before the store is asked again.
    private static let memory = Duration.seconds(10)
    private static let jobCount = 20

    private struct State {
        var readAt: ContinuousClock.Instant?
        var secondsPerJob: Double?
        var waitingCount = 0
    }

    private let store: any GenerationStore & JobStore
    private let slots: Int
    private let source: String?
    private let states = Mutex<[OrganisationID: State]>([:])
    /// Organisations that are remembered at once.
    private static let memoryCount = 1000

    /// Makes a history.
    ///
    /// - Parameters:
    ///   - slots: How many jobs run at once.
    ///   - source: Whose jobs are looked at, by the name of the sending program; nil for everybody's.
    public init(store: any GenerationStore & JobStore, slots: Int, source: String?) {
        self.store = store
        self.slots = max(1, slots)
        self.source = source
    }

    /// The median time of the last jobs; nil before the first has ended.
    public func secondsPerJob(organisation: OrganisationID) async throws -> Double? {
        try await refreshed(organisation).secondsPerJob
    }

    /// How many seconds a generation still takes; nil where nobody can say, and for an ended one.
    ///
    /// - Parameter ahead: How many more jobs come before it than of those that wait now, itself left out.
    public func secondsLeft(_ generation: Generation, ahead: Int = 0) async throws -> Int? {
        guard !generation.status.isTerminal, generation.request.kind.movesLips else { return nil }
        let state = try await refreshed(generation.organisation)
        guard let usual = state.secondsPerJob else { return nil }
        let own = usual * (1 - generation.progress)
        let before = max(0, state.waitingCount - 1 + ahead)
        let queue = generation.status == .pending ? Double(before) / Double(slots) * usual : 0
        return max(0, Int((own + queue).rounded(.up)))
    }

    private func refreshed(_ organisation: OrganisationID) async throws -> State {
        let known = states.withLock { $0[organisation] }
        if let known, let readAt = known.readAt, ContinuousClock.now - readAt < Self.memory { return known }
        let filter = GenerationFilter(
            organisation: organisation, statuses: [.completed], sources: source.map { [$0] } ?? [],
            // These last about as long as each other; the others are no measure for them.
            kinds: GenerationKind.movingLips)
        let times = try await store.generations(filter, after: nil, limit: Self.jobCount).compactMap(\.renderSeconds)
        let counts = try await store.jobCounts()
        let fresh = State(readAt: .now, secondsPerJob: times.median, waitingCount: counts.waiting)
        states.withLock { states in
            if states.count >= Self.memoryCount { states.removeAll() }
            states[organisation] = fresh
        }
        return fresh
    }
}

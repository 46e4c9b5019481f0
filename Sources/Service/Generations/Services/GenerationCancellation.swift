public import Time

/// Ends a generation whose output nobody wants any more.
public struct GenerationCancellation: Sendable {
    private let store: any JobStore
    private let signal: ChangeSignal?
    private let clock: any WallClock

    /// - Parameter signal: Wakes the attempt where it runs in this process; another process notices within a second.
    public init(store: any JobStore, signal: ChangeSignal? = nil, clock: any WallClock) {
        self.store = store
        self.signal = signal
        self.clock = clock
    }

    /// Ends a generation; one that was cancelled before stays so.
    ///
    /// - Parameter organisation: The owner; nil for an operator.
    /// - Throws: `GenerationError`: unknown, or ended otherwise.
    public func cancel(_ id: GenerationID, organisation: OrganisationID?) async throws -> Generation {
        let now = Moment(wall: clock.now, steady: store.steadyTime)
        let (action, generation) = try await store.cancelJob(id, organisation: organisation, now: now)
        guard action == .finish || generation.failure?.code == .cancelled else {
            throw GenerationError(
                .generationEnded,
                "The generation has ended and cannot be cancelled: it is \(generation.status).")
        }
        if action == .finish, let signal {
            signal.announceChange(of: id, organisation: generation.organisation)
            for topic in [ChangeTopic.jobs, .deliveries, .batches] { signal.announce(topic) }
        }
        return generation
    }
}

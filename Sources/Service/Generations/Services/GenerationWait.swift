/// Waits for the end of a generation without holding a thread.
public struct GenerationWait: Sendable {
    /// How often the store is asked all the same, since another process may have made the change.
    private static let longestSilence = Duration.seconds(2)

    private let store: any GenerationStore
    private let signal: ChangeSignal

    /// Makes a wait over a store and the signal of its changes.
    public init(store: any GenerationStore, signal: ChangeSignal) {
        self.store = store
        self.signal = signal
    }

    /// The generation once it has ended, or as it stands when the time is over; nil where there is none.
    public func end(of id: GenerationID, organisation: OrganisationID, atMost limit: Duration) async throws
        -> Generation?
    {
        let deadline = ContinuousClock.now + limit
        let observation = signal.observe(.generation(id))
        defer { observation.cancel() }
        while true {
            guard let generation = try await store.generation(id, organisation: organisation) else { return nil }
            let left = deadline - ContinuousClock.now
            if generation.status.isTerminal || left <= .zero || signal.isEnded || Task.isCancelled {
                return generation
            }
            await observation.wait(atMost: min(left, Self.longestSilence))
        }
    }
}

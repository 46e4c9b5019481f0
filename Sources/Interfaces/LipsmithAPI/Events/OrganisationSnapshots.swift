import Generations

/// Reads how the generations of organisations stand: once for all who ask at about the same moment.
actor OrganisationSnapshots {
    /// The newest of any status, so that one that begins and ends between two looks is seen.
    private static let newestCount = 20
    /// The unfinished ones that are told of.
    private static let unfinishedCount = 200
    /// Organisations that are remembered at once.
    private static let memoryCount = 1000

    private struct Reading {
        /// The store is asked at this moment or later.
        var startsAt: ContinuousClock.Instant
        var states: Task<[GenerationStanding], any Error>
    }

    private let store: any GenerationStore
    private let interval: Duration
    private var readings: [OrganisationID: Reading] = [:]

    /// - Parameter interval: The least time between two readings of an organisation.
    init(store: any GenerationStore, interval: Duration = .milliseconds(250)) {
        self.store = store
        self.interval = interval
    }

    /// The unfinished generations of an organisation and its newest ones.
    ///
    /// - Parameter moment: What was read from the store after it is new enough.
    func states(
        of organisation: OrganisationID, since moment: ContinuousClock.Instant
    ) async throws -> [GenerationStanding] {
        let last = readings[organisation]
        if let last, last.startsAt >= moment { return try await last.states.value }
        if readings.count >= Self.memoryCount { readings.removeAll() }
        let startsAt = max(ContinuousClock.now, last.map { $0.startsAt + interval } ?? .now)
        // Whoever waits shares it, so that it ends with none of them.
        let states = Task { [store] in
            try await Task.sleep(until: startsAt)
            return try await Self.read(organisation, store)
        }
        readings[organisation] = Reading(startsAt: startsAt, states: states)
        return try await states.value
    }

    private static func read(
        _ organisation: OrganisationID, _ store: any GenerationStore
    ) async throws -> [GenerationStanding] {
        var filter = GenerationFilter(organisation: organisation, kinds: GenerationKind.movingLips)
        var found = try await store.standings(filter, limit: newestCount)
        filter.statuses = Set(GenerationStatus.allCases.filter { !$0.isTerminal })
        let newest = Set(found.map(\.id))
        found += try await store.standings(filter, limit: unfinishedCount).filter { !newest.contains($0.id) }
        return found
    }
}

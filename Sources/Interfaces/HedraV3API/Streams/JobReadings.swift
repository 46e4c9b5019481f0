import Generations

/// Reads how jobs stand and what their logs say: once for all who ask about a job at about the same moment.
actor JobReadings {
    /// A job and every line of its log that was there with it.
    struct Reading: Sendable {
        let generation: Generation
        let events: [JobEvent]
    }

    private struct Entry {
        /// The store is asked at this moment or later.
        var startsAt: ContinuousClock.Instant
        var reading: Task<Reading?, any Error>
    }

    /// Jobs that are remembered at once.
    private static let memoryCount = 1000
    private static let pageLength = 500

    private let store: any GenerationStore & JobLogStore
    private let interval: Duration
    private var entries: [GenerationID: Entry] = [:]

    /// - Parameter interval: The least time between two readings of a job.
    init(store: any GenerationStore & JobLogStore, interval: Duration = .milliseconds(100)) {
        self.store = store
        self.interval = interval
    }

    /// A job as it stands; nil where it is gone.
    ///
    /// - Parameter moment: What was read from the store after it is new enough.
    func reading(
        of id: GenerationID, organisation: OrganisationID, since moment: ContinuousClock.Instant
    ) async throws -> Reading? {
        let last = entries[id]
        if let last, last.startsAt >= moment { return try await last.reading.value }
        if entries.count >= Self.memoryCount { entries.removeAll() }
        let startsAt = max(ContinuousClock.now, last.map { $0.startsAt + interval } ?? .now)
        // Whoever waits shares it, so that it ends with none of them.
        let reading = Task { [store] in
            try await Task.sleep(until: startsAt)
            return try await Self.read(id, organisation, store)
        }
        entries[id] = Entry(startsAt: startsAt, reading: reading)
        return try await reading.value
    }

    private static func read(
        _ id: GenerationID, _ organisation: OrganisationID, _ store: any GenerationStore & JobLogStore
    ) async throws -> Reading? {
        // The job first: what it shows has its line by then.
        guard let generation = try await store.generation(id, organisation: organisation) else { return nil }
        var events: [JobEvent] = []
        while true {
            let page = try await store.jobEvents(of: id, after: events.last?.number ?? 0, limit: pageLength)
            events += page
            if page.count < pageLength { return Reading(generation: generation, events: events) }
        }
    }
}

import Generations
import Text

/// Tells of the changes of all generations of an organisation in which lips move.
struct OrganisationWatch: Sendable {
    /// How often the store is asked all the same, since another process may have made the change.
    private static let longestSilence = Duration.seconds(2)

    let store: any GenerationStore
    let signal: ChangeSignal
    let snapshots: OrganisationSnapshots

    /// Writes an event for each generation that has not ended, then for each change, until the process stops.
    func run(_ organisation: OrganisationID, _ writer: inout EventWriter) async throws {
        let observation = signal.observe(.organisation(organisation))
        defer { observation.cancel() }
        var known: [GenerationID: GenerationState]?
        while !signal.isEnded {
            let current = try await snapshots.states(of: organisation, since: .now)
            for state in try await changes(from: known, to: current, organisation) {
                try await writer.event("generation", state.json)
            }
            known = Dictionary(current.map { ($0.id, $0) }) { $1 }
            try await writer.keepAlive()
            await observation.wait(atMost: min(Self.longestSilence, writer.untilHeartbeat))
            try Task.checkCancellation()
        }
    }

    private func changes(
        from known: [GenerationID: GenerationState]?, to current: [GenerationState], _ organisation: OrganisationID
    ) async throws -> [GenerationState] {
        // What ended before anybody watched is no news.
        guard let known else { return current.filter { !$0.status.isTerminal } }
        var changed = current.filter { known[$0.id] != $0 }
        let present = Set(current.map(\.id))
        for state in known.values where !state.status.isTerminal && !present.contains(state.id) {
            // It has ended and is not among the newest; a deleted one is told no more.
            if let generation = try await store.generation(state.id, organisation: organisation) {
                changed.append(GenerationState(generation))
            }
        }
        return changed
    }
}

/// What tells of a generation among others.
struct GenerationState: Hashable, Sendable {
    let id: GenerationID
    let status: GenerationStatus
    let progress: Double

    init(_ generation: Generation) {
        id = generation.id
        status = generation.status
        progress = GenerationViews.progress(of: generation)
    }

    var json: JSONValue {
        ["id": .string(id.rawValue), "status": .string(status.rawValue), "progress": .number(progress)]
    }
}

/// Reads how the generations of organisations stand: once for all who ask at about the same moment.
actor OrganisationSnapshots {
    /// The newest of any status, so that one that begins and ends between two looks is seen.
    private static let newestCount = 20
    /// The unfinished ones that are told of.
    private static let unfinishedCount = 200
    /// Organisations that are remembered at once.
    private static let memoryCount = 1000

    private struct Reading {
        var startedAt: ContinuousClock.Instant
        var states: Task<[GenerationState], any Error>
    }

    private let store: any GenerationStore
    private var readings: [OrganisationID: Reading] = [:]

    init(store: any GenerationStore) { self.store = store }

    /// The unfinished generations of an organisation and its newest ones.
    ///
    /// - Parameter moment: An answer that was read from the store after it is new enough.
    func states(
        of organisation: OrganisationID, since moment: ContinuousClock.Instant
    ) async throws -> [GenerationState] {
        if let reading = readings[organisation], reading.startedAt >= moment { return try await reading.states.value }
        if readings.count >= Self.memoryCount { readings.removeAll() }
        let reading = Reading(startedAt: .now, states: Task { [store] in try await Self.read(organisation, store) })
        readings[organisation] = reading
        return try await reading.states.value
    }

    private static func read(
        _ organisation: OrganisationID, _ store: any GenerationStore
    ) async throws -> [GenerationState] {
        var filter = GenerationFilter(organisation: organisation, kinds: GenerationKind.movingLips)
        var found = try await store.generations(filter, after: nil, limit: newestCount)
        filter.statuses = Set(GenerationStatus.allCases.filter { !$0.isTerminal })
        let newest = Set(found.map(\.id))
        found += try await store.generations(filter, after: nil, limit: unfinishedCount)
            .filter { !newest.contains($0.id) }
        return found.map(GenerationState.init)
    }
}

import Generations
import Text
import WebInterface

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
        var known: [GenerationID: GenerationStanding]?
        while !signal.isEnded {
            let current = try await snapshots.states(of: organisation, since: .now)
            for state in try await changes(from: known, to: current, organisation) {
                try await writer.event("generation", Self.json(state))
            }
            known = Dictionary(current.map { ($0.id, $0) }) { $1 }
            try await writer.keepAlive()
            await observation.wait(atMost: min(Self.longestSilence, writer.untilHeartbeat))
            try Task.checkCancellation()
        }
    }

    private static func json(_ standing: GenerationStanding) -> JSONValue {
        [
            "id": .string(standing.id.rawValue), "status": .string(standing.status.rawValue),
            "progress": .number(GenerationViews.progress(standing.progress, standing.status)),
        ]
    }

    private func changes(
        from known: [GenerationID: GenerationStanding]?, to current: [GenerationStanding],
        _ organisation: OrganisationID
    ) async throws -> [GenerationStanding] {
        // What ended before anybody watched is no news.
        guard let known else { return current.filter { !$0.status.isTerminal } }
        var changed = current.filter { known[$0.id] != $0 }
        let present = Set(current.map(\.id))
        for state in known.values where !state.status.isTerminal && !present.contains(state.id) {
            // It has ended and is not among the newest; a deleted one is told no more.
            if let generation = try await store.generation(state.id, organisation: organisation) {
                changed.append(
                    GenerationStanding(id: state.id, status: generation.status, progress: generation.progress))
            }
        }
        return changed
    }
}

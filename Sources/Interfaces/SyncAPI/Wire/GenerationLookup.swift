import Generations
import HTTP
import Synchronization
import Text
import WebInterface

/// Answers about single generations. Clients poll, and mostly nothing has changed: the text of an answer is good as long
/// as the store still has its revision.
final class GenerationLookup: Sendable {
    private struct Key: Hashable {
        var id: GenerationID
        var organisation: OrganisationID
        var base: String
        var showsProgress: Bool
    }

    private struct Entry {
        var revision: GenerationRevision
        var text: [UInt8]
    }

    /// At most 8 MB.
    private static let entryLimit = 1024
    private static let textLimit = 8192

    private let store: any GenerationStore
    let view: GenerationView
    private let entries = Mutex<[Key: Entry]>([:])

    init(store: any GenerationStore, view: GenerationView) {
        self.store = store
        self.view = view
    }

    /// A generation as it stands.
    ///
    /// - Throws: `SyncError` of code `generationNotFound`.
    func current(_ id: GenerationID, _ call: Call, showsProgress: Bool = false) async throws -> HTTPResponse {
        let key = Key(id: id, organisation: call.organisation, base: call.base, showsProgress: showsProgress)
        if let kept = entries.withLock({ $0[key] }),
            try await store.revision(of: id, organisation: call.organisation) == kept.revision
        {
            return .json(bytes: kept.text)
        }
        let generation = try Self.shown(try await store.generation(id, organisation: call.organisation))
        let text = view.json(generation, base: call.base, showsProgress: showsProgress).utf8
        if text.count <= Self.textLimit {
            entries.withLock { entries in
                if entries.count >= Self.entryLimit { entries.removeAll(keepingCapacity: true) }
                entries[key] = Entry(revision: generation.revision, text: text)
            }
        }
        return .json(bytes: text)
    }

    /// A generation once it has ended, or as it stands when the time is over.
    ///
    /// - Throws: `SyncError` of code `generationNotFound`.
    func ended(_ id: GenerationID, _ call: Call, waitSeconds: Int, signal: ChangeSignal) async throws -> HTTPResponse {
        let wait = GenerationWait(store: store, signal: signal)
        let generation = try Self.shown(
            try await wait.end(of: id, organisation: call.organisation, atMost: .seconds(waitSeconds)))
        return .json(
            view.json(generation, base: call.base),
            headers: [
                "Retry-After": "2", "X-Sync-Wait-Mode": "long_poll",
                "X-Sync-Wait-Timeout-Seconds": String(waitSeconds),
            ])
    }

    /// Texts that are spoken alone have endpoints of their own.
    private static func shown(_ generation: Generation?) throws(SyncError) -> Generation {
        guard let generation, generation.request.kind != .speech else { throw SyncError(.generationNotFound) }
        return generation
    }
}

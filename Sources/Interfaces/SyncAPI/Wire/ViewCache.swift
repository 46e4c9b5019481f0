import Generations
import Synchronization

/// Texts of answers about single generations, each good as long as the store still has its revision.
final class ViewCache: Sendable {
    struct Key: Hashable {
        var id: GenerationID
        var organisation: OrganisationID
        var base: String
        var showsProgress: Bool
    }

    struct Entry {
        var revision: GenerationRevision
        var text: [UInt8]
    }

    /// At most 8 MB.
    private static let entryLimit = 1024
    private static let textLimit = 8192

    private let entries = Mutex<[Key: Entry]>([:])

    subscript(key: Key) -> Entry? {
        get { entries.withLock { $0[key] } }
        set {
            guard let newValue, newValue.text.count <= Self.textLimit else { return }
            entries.withLock { entries in
                if entries.count >= Self.entryLimit { entries.removeAll(keepingCapacity: true) }
                entries[key] = newValue
            }
        }
    }
}

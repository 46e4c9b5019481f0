import LipSync

/// Remembers what files are like, by the digests of their contents: a page checks the same clip whenever something beside it
/// changes.
actor CheckCache {
    /// What was looked at.
    struct Key: Hashable {
        let digest: [UInt8]
        let subject: MediaCheck.Subject
    }

    private let entryLimit: Int
    private var entries: [Key: MediaCheck] = [:]
    /// The least recently used first.
    private var order: [Key] = []

    init(entryLimit: Int = 64) { self.entryLimit = entryLimit }

    func check(_ key: Key) -> MediaCheck? {
        guard let check = entries[key] else { return nil }
        touch(key)
        return check
    }

    func keep(_ check: MediaCheck, as key: Key) {
        entries[key] = check
        touch(key)
        if order.count > entryLimit { entries[order.removeFirst()] = nil }
    }

    private func touch(_ key: Key) {
        order.removeAll { $0 == key }
        order.append(key)
    }
}

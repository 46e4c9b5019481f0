import Generations

/// Remembers what lies at addresses: clients check a request's cost and then send it, with the same addresses.
actor FactsCache {
    private struct Entry {
        let facts: MediaFacts
        let validator: String?
        var checkedAt: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let entryLimit: Int
    private var entries: [String: Entry] = [:]

    init(lifetime: Duration = .seconds(60), entryLimit: Int = 256) {
        self.lifetime = lifetime
        self.entryLimit = entryLimit
    }

    /// What lay there less than a lifetime ago.
    func freshFacts(of url: String) -> MediaFacts? {
        guard let entry = entries[url], ContinuousClock.now - entry.checkedAt < lifetime else { return nil }
        return entry.facts
    }

    /// The mark by which an older content is known again.
    func validator(of url: String) -> String? { entries[url]?.validator }

    /// The content is the same still.
    func confirm(_ url: String) -> MediaFacts? {
        entries[url]?.checkedAt = .now
        return entries[url]?.facts
    }

    /// Remembers what lies there.
    func keep(_ facts: MediaFacts, of url: String, validator: String?) {
        if entries.count >= entryLimit, entries[url] == nil,
            let oldest = entries.min(by: { $0.value.checkedAt < $1.value.checkedAt })
        {
            entries[oldest.key] = nil
        }
        entries[url] = Entry(facts: facts, validator: validator, checkedAt: .now)
    }
}

public import Time

/// Finds organisations by what operators call them, and makes those that are missing.
public struct OrganisationDirectory: Sendable {
    private let store: any KeyStore
    private let clock: any WallClock

    public init(store: any KeyStore, clock: any WallClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// The organisation that is meant unless another is named: the oldest; made where there is none.
    public func standard() async throws -> Organisation { try await named(nil) }

    /// The organisation of that id or name, made where there is none; the standard one for nil.
    public func named(_ text: String?) async throws -> Organisation {
        let known = try await store.organisations().first { text == nil || $0.name == text || $0.id.rawValue == text }
        if let known { return known }
        return try await store.organisation(
            named: text, orMake: Organisation(name: text ?? "default", createdAt: clock.now))
    }

    /// What people call each organisation.
    public func names() async throws -> [OrganisationID: String] {
        Dictionary(uniqueKeysWithValues: try await store.organisations().map { ($0.id, $0.name) })
    }
}

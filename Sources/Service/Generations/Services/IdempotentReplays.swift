public import Time

/// Finds what a repeated request has made before.
public struct IdempotentReplays: Sendable {
    private let store: any GenerationStore
    private let clock: any WallClock

    public init(store: any GenerationStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// What the same request has made; nil where it came for the first time, or long ago.
    public func known(_ claim: IdempotencyClaim, organisation: OrganisationID) async throws -> Generation? {
        guard let record = try await store.idempotencyRecord(claim.key, organisation: organisation),
            record.expiresAt > clock.now, Digest.areEqual(record.payloadDigest, claim.payloadDigest)
        else { return nil }
        return try await store.generation(record.generation, organisation: organisation)
    }
}

import Generations
import HTTP
import WebInterface

/// Finds what a repeated request has made before.
struct IdempotentReplays: Sendable {
    let store: any GenerationStore
    let clock: any WallClock

    /// The `Idempotency-Key` of a request; nil where it sends none.
    func key(_ call: Call) throws -> IdempotencyKey? {
        let values = call.request.headers.values("Idempotency-Key")
        return values.isEmpty ? nil : try IdempotencyKey(headerValues: values)
    }

    /// What the same request has made; nil where it came for the first time.
    func known(_ claim: IdempotencyClaim, _ call: Call) async throws -> Generation? {
        guard let record = try await store.idempotencyRecord(claim.key, organisation: call.organisation),
            record.expiresAt > clock.now, Digest.areEqual(record.payloadDigest, claim.payloadDigest)
        else { return nil }
        return try await store.generation(record.generation, organisation: call.organisation)
    }
}

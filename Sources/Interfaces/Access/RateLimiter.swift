import Generations
import HTTP
import Synchronization
import Text
import Time

/// Lets each credential send so many requests a minute.
public final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private let requestsPerMinute: Int
    private let buckets = Mutex<[Caller.Credential: Bucket]>([:])

    /// Makes a limiter; 0 for no limit.
    public init(requestsPerMinute: Int) { self.requestsPerMinute = requestsPerMinute }

    /// Counts one request, or refuses it.
    ///
    /// - Throws: `GenerationError` of code `rateLimited`.
    public func check(_ credential: Caller.Credential) throws {
        guard let pause = admit(credential) else { return }
        let seconds = max(1, pause.components.seconds + (pause.components.attoseconds > 0 ? 1 : 0))
        throw GenerationError(.rateLimited, parameters: ["retryAfterSeconds": .integer(seconds)])
    }

    /// Counts one request; how long to wait before the next one where it is too many, else nil.
    public func admit(_ credential: Caller.Credential, now: ContinuousClock.Instant = .now) -> Duration? {
        guard requestsPerMinute > 0 else { return nil }
        let capacity = Double(requestsPerMinute)
        return buckets.withLock { buckets in
            var bucket = buckets[credential] ?? Bucket(tokens: capacity, filledAt: now)
            bucket.tokens = min(capacity, bucket.tokens + (now - bucket.filledAt).inSeconds * capacity / 60)
            bucket.filledAt = now
            defer { buckets[credential] = bucket }
            guard bucket.tokens >= 1 else { return .seconds((1 - bucket.tokens) * 60 / capacity) }
            bucket.tokens -= 1
            return nil
        }
    }
}

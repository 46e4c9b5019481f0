import Generations
import Synchronization
import Text
import Time

/// Lets each of many callers, named by their keys, send so many requests a minute.
public final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private let requestsPerMinute: Int
    private let memoryCount: Int
    private let buckets = Mutex<[Key: Bucket]>([:])

    /// - Parameters:
    ///   - requestsPerMinute: How many a caller may send, also at once; 0 for any number.
    ///   - memoryCount: How many callers are remembered. A caller whose minute is full again is forgotten first; where
    ///     none is, all are.
    public init(requestsPerMinute: Int, memoryCount: Int = 4096) {
        self.requestsPerMinute = requestsPerMinute
        self.memoryCount = memoryCount
    }

    /// How many callers are remembered now.
    public var rememberedCount: Int { buckets.withLock { $0.count } }

    /// Counts one request, or refuses it.
    ///
    /// - Throws: `GenerationError` of code `rateLimited`.
    public func check(_ key: Key) throws {
        guard let pause = admit(key) else { return }
        let seconds = max(1, pause.components.seconds + (pause.components.attoseconds > 0 ? 1 : 0))
        throw GenerationError(.rateLimited, parameters: ["retryAfterSeconds": .integer(seconds)])
    }

    /// Counts one request; how long to wait before the next one where it is too many, else nil.
    public func admit(_ key: Key, now: ContinuousClock.Instant = .now) -> Duration? {
        guard requestsPerMinute > 0 else { return nil }
        let capacity = Double(requestsPerMinute)
        return buckets.withLock { buckets in
            if buckets[key] == nil, buckets.count >= memoryCount { makeRoom(in: &buckets, now: now) }
            var bucket = buckets[key] ?? Bucket(tokens: capacity, filledAt: now)
            bucket.tokens = tokens(in: bucket, now: now)
            bucket.filledAt = now
            defer { buckets[key] = bucket }
            guard bucket.tokens >= 1 else { return .seconds((1 - bucket.tokens) * 60 / capacity) }
            bucket.tokens -= 1
            return nil
        }
    }

    private func tokens(in bucket: Bucket, now: ContinuousClock.Instant) -> Double {
        let capacity = Double(requestsPerMinute)
        return min(capacity, bucket.tokens + (now - bucket.filledAt).inSeconds * capacity / 60)
    }

    private func makeRoom(in buckets: inout [Key: Bucket], now: ContinuousClock.Instant) {
        buckets = buckets.filter { tokens(in: $0.value, now: now) < Double(requestsPerMinute) }
        if buckets.count >= memoryCount { buckets.removeAll() }
    }
}

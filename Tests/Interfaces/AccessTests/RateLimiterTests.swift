import Access
import Generations
import Testing
import Text

@Suite("Rate limits")
struct RateLimiterTests {
    private let key = Caller.Credential.key(APIKeyID(rawValue: "a"))
    private let start = ContinuousClock.now

    @Test("A key may send a minute's requests at once and then waits for the next one")
    func burst() throws {
        let limiter = RateLimiter<Caller.Credential>(requestsPerMinute: 30)
        for _ in 0..<30 { #expect(limiter.admit(key, now: start) == nil) }
        let pause = try #require(limiter.admit(key, now: start))
        #expect(abs(pause / .seconds(1) - 2) < 1e-6)
        #expect(limiter.admit(key, now: start + .seconds(1)) != nil)
        #expect(limiter.admit(key, now: start + .seconds(2.001)) == nil)
    }

    @Test("A pause of hours lets no more through than a minute's requests")
    func cap() {
        let limiter = RateLimiter<Caller.Credential>(requestsPerMinute: 3)
        _ = limiter.admit(key, now: start)
        let later = start + .seconds(36_000)
        let admitted = (0..<10).filter { _ in limiter.admit(key, now: later) == nil }
        #expect(admitted.count == 3)
    }

    @Test("One key's requests do not count for another")
    func keys() {
        let limiter = RateLimiter<Caller.Credential>(requestsPerMinute: 1)
        #expect(limiter.admit(key, now: start) == nil)
        #expect(limiter.admit(key, now: start) != nil)
        #expect(limiter.admit(.key(APIKeyID(rawValue: "b")), now: start) == nil)
        #expect(limiter.admit(.session(SessionID(rawValue: "a")), now: start) == nil)
    }

    @Test("0 is no limit")
    func unlimited() {
        let limiter = RateLimiter<Caller.Credential>(requestsPerMinute: 0)
        for _ in 0..<1000 { #expect(limiter.admit(key, now: start) == nil) }
    }

    @Test("Callers whose minute is full again are forgotten when there are too many, and those who wait are not")
    func memory() {
        let limiter = RateLimiter<Int>(requestsPerMinute: 2, memoryCount: 10)
        for _ in 0..<3 { _ = limiter.admit(0, now: start + .seconds(50)) }
        for number in 1..<10 { _ = limiter.admit(number, now: start) }
        #expect(limiter.rememberedCount == 10)
        let later = start + .seconds(59)
        #expect(limiter.admit(10, now: later) == nil)
        #expect(limiter.rememberedCount == 2)
        #expect(limiter.admit(0, now: later) != nil)
    }

    @Test("However many callers there are, no more are remembered than may be")
    func limitOfMemory() {
        let limiter = RateLimiter<Int>(requestsPerMinute: 1, memoryCount: 10)
        for number in 0..<1000 { #expect(limiter.admit(number, now: start) == nil) }
        #expect(limiter.rememberedCount <= 10)
    }

    @Test("The refusal says in whole seconds when to come again")
    func refusal() throws {
        let limiter = RateLimiter<Caller.Credential>(requestsPerMinute: 1)
        try limiter.check(key)
        let error = #expect(throws: GenerationError.self) { try limiter.check(key) }
        #expect(error?.code == .rateLimited)
        #expect(error?.parameters["retryAfterSeconds"] == 60)
    }
}

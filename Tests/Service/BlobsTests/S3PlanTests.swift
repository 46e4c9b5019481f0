import Blobs
import Testing

/// When requests are sent again, and how large parts are.
struct S3PlanTests {
    private let retries = S3Retries()

    @Test func waits() {
        func wait(_ attempts: Int, elapsed: Duration = .zero, retryAfter: Duration? = nil, random: Double = 1)
            -> Duration?
        {
            retries.wait(attempts: attempts, elapsed: elapsed, retryAfter: retryAfter, random: random)
        }
        #expect(
            (1...9).map { wait($0) }
                == [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000].map { .milliseconds($0) })
        #expect(wait(10) == nil)
        #expect(wait(3, random: 0) == .zero)
        #expect(wait(3, random: 0.5) == .milliseconds(200))
        #expect(wait(1, retryAfter: .seconds(7)) == .seconds(7))
        #expect(wait(8, retryAfter: .seconds(7)) == .seconds(10))
        #expect(wait(1, elapsed: .seconds(299)) == .milliseconds(100))
        #expect(wait(1, elapsed: .seconds(300)) == nil)
        #expect(wait(1, retryAfter: .seconds(3600)) == nil)
    }

    /// Ten thousand parts hold 461 GB although nobody knows at the beginning how much comes; none is smaller than S3 takes,
    /// none larger than a server should hold in memory.
    @Test func growingParts() {
        let sizes = (1...S3PartPlan.maximumCount).map { Int64(S3PartPlan.byteCount(ofPart: $0)) }
        #expect(sizes.reduce(0, +) == 461_373_440_000)
        #expect(sizes.prefix(1000).allSatisfy { $0 == 8 << 20 })
        #expect(sizes.last == 80 << 20)
    }

    @Test(arguments: [
        (0, 8 << 20), (80_000_000_000, 8 << 20), (84_000_000_000, 9 << 20), (Int64(5) << 40, 525 << 20),
    ])
    func equalParts(_ byteCount: Int64, size: Int) {
        #expect(S3PartPlan.byteCount(forFileOf: byteCount) == size)
        #expect(Int64(size) * Int64(S3PartPlan.maximumCount) >= byteCount)
    }
}

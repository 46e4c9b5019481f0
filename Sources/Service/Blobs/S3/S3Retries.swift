/// When a request that failed is sent again: after waits that grow, each of a random part of its length, so that servers that
/// failed together do not come back together.
package struct S3Retries: Sendable {
    /// How often a request is sent at most. One of ten failing at random, all of ten do in one of ten thousand million cases.
    package var maximumAttempts = 10
    /// The longest first wait; each further one may be twice as long, …
    package var firstWait = Duration.milliseconds(100)
    /// … up to this.
    package var longestWait = Duration.seconds(10)
    /// After this time nothing is sent again.
    package var totalTime = Duration.seconds(300)

    package init() {}

    /// How long to wait before the next attempt; nil to give up.
    ///
    /// - Parameters:
    ///   - attempts: How many have failed, from 1 on.
    ///   - elapsed: The time since the first one began.
    ///   - retryAfter: How long the service asks to wait.
    ///   - random: 0 … 1.
    package func wait(
        attempts: Int, elapsed: Duration, retryAfter: Duration?, random: Double
    ) -> Duration? {
        guard attempts < maximumAttempts else { return nil }
        let most = min(firstWait * (1 << min(attempts - 1, 20)), longestWait)
        let wait = max(most * random, retryAfter ?? .zero)
        return elapsed + wait < totalTime ? wait : nil
    }
}

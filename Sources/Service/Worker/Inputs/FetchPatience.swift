import Generations

/// How a fetch that fails for a moment is repeated.
struct FetchPatience: Sendable {
    /// The pauses between the calls; one more call than pauses.
    let pauses: [Duration]
    /// The longest pause that an address may ask for.
    let longestPause: Duration

    /// Calls until it goes well, within a time.
    ///
    /// - Parameters:
    ///   - limit: For all calls and pauses together.
    ///   - call: One call, which may take as long as it is told.
    /// - Throws: The last `FetchFailure`, as soon as no further call is of use or the time does not suffice for one.
    func run<Value: Sendable>(
        within limit: Duration, _ call: (_ remaining: Duration) async throws -> Value
    ) async throws -> Value {
        let end = ContinuousClock.now + limit
        var count = 0
        while true {
            do { return try await call(max(.milliseconds(1), end - .now)) } catch let failure as FetchFailure {
                guard failure.failure.mayRetry, count < min(pauses.count, failure.mostRepetitions) else {
                    throw failure
                }
                let pause = max(pauses[count], failure.retryAfter ?? .zero)
                guard pause <= longestPause, .now + pause < end else { throw failure }
                count += 1
                try await Task.sleep(for: pause)
            }
        }
    }
}

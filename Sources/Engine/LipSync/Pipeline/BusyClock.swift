import Synchronization
import Time

/// Adds up the time that threads were busy with one kind of work.
final class BusyClock: Sendable {
    private let total = Mutex(Duration.zero)

    var seconds: Double { total.withLock { $0.inSeconds } }

    func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer {
            let elapsed = ContinuousClock.now - start
            total.withLock { $0 += elapsed }
        }
        return try body()
    }
}

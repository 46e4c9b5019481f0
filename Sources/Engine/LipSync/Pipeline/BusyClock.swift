import Synchronization

/// Adds up the time that threads were busy with one kind of work.
final class BusyClock: Sendable {
    private let total = Mutex(Duration.zero)

    var seconds: Double { total.withLock { $0.seconds } }

    func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer {
            let elapsed = ContinuousClock.now - start
            total.withLock { $0 += elapsed }
        }
        return try body()
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

import Generations
import Text

/// Another attempt has the right to the work by now.
struct LeaseLost: Error {}

/// Work under a lease: one task works, another keeps the lease. Whichever ends first ends the other.
struct LeasedWork: Sendable {
    /// How the work ended.
    enum Ending: Sendable {
        /// The store has the outcome, or somebody else's.
        case settled
        /// The right to the work is gone.
        case lost
        /// The task was cancelled before there was an outcome.
        case stopped
    }

    /// What announces that somebody may have taken the right away.
    let signal: ChangeSignal
    let topic: ChangeTopic
    /// How often the right is looked at, and progress kept.
    let interval: Duration
    /// How often the lease is renewed.
    let renewal: Duration
    /// Told of a store that cannot be asked.
    let onStoreFailure: @Sendable (any Error) -> Void
    /// Whether the right is there still: a read.
    let isHeld: @Sendable () async throws -> Bool
    /// Keeps how far the work is; false where the right is gone.
    let show: @Sendable (Double) async throws -> Bool
    /// Prolongs the lease; false where the right is gone.
    let renew: @Sendable () async throws -> Bool

    /// A smaller step of the progress is not worth a write.
    private static let leastProgress = 0.005

    /// Works until the work is settled, the right is gone, or the task is cancelled.
    func run(_ progress: AttemptProgress, _ work: @escaping @Sendable () async -> Ending) async -> Ending {
        await withTaskGroup(of: Ending.self) { group in
            group.addTask { await work() }
            group.addTask { await keep(progress) }
            let first = await group.next() ?? .stopped
            group.cancelAll()
            let second = await group.next() ?? .stopped
            // The keeper ends with "stopped" when the work is settled, and the work when the keeper has lost.
            if case .stopped = first { return second }
            return first
        }
    }

    /// Tells the store how work has ended. A store that is busy is asked again as long as the lease may last.
    ///
    /// - Returns: What the store says; `nil` where it could not be told: the lease runs out, and another attempt is made.
    static func tell<Action: Sendable>(
        _ onFailure: (any Error) -> Void, _ end: () async throws -> Action
    ) async -> Action? {
        var pause = Duration.milliseconds(100)
        while true {
            do { return try await end() } catch let error as StoreError where error.isRetryable && pause < .seconds(10)
            {
                onFailure(error)
                try? await Task.sleep(for: pause)
                pause *= 2
            } catch {
                onFailure(error)
                return nil
            }
        }
    }

    private func keep(_ progress: AttemptProgress) async -> Ending {
        var renewedAt = ContinuousClock.now
        var shownAt = ContinuousClock.now
        var shown = 0.0
        let step = min(interval, renewal)
        // What is taken away in this process is announced; in another process it is seen at the next step.
        let observation = signal.observe(topic)
        defer { observation.cancel() }
        while true {
            await observation.wait(atMost: step)
            if Task.isCancelled { return .stopped }
            do {
                guard try await isHeld() else { return .lost }
                // What this attempt shows wakes it, too.
                guard ContinuousClock.now - shownAt >= step else { continue }
                shownAt = .now
                let present = progress.value
                if present - shown >= Self.leastProgress {
                    guard try await show(present) else { return .lost }
                    shown = present
                }
                if ContinuousClock.now - renewedAt >= renewal {
                    guard try await renew() else { return .lost }
                    renewedAt = .now
                }
            } catch {
                // Two renewals may fail before the lease is over.
                onStoreFailure(error)
            }
        }
    }
}

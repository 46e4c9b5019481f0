import Foundation
import Generations
import Processes
import Queues
import Synthesis

/// The confined children that run the voice network. They are started when something is to be spoken, stay for the next
/// text, and end when nothing was spoken for a while or when memory is short.
actor NetworkChildren {
    /// Below so much available memory, in bytes, children that wait are ended: 512 MiB. Unmeasured.
    private static let shortMemoryBytes: Int64 = 512 << 20
    /// How often idle children and memory are looked at.
    private static let checkInterval = Duration.seconds(5)

    /// Unmeasured.
    private static let leastIdleTime = Duration.milliseconds(200)

    private struct Idle {
        var child: NetworkChild
        var since: ContinuousClock.Instant
    }

    private let executable: String
    private let environment: [String: String]
    private let idleTime: Duration
    private let log: @Sendable (_ event: String, _ detail: String) -> Void
    /// Texts take turns run by run, so that a short one does not wait for a chapter.
    private nonisolated let turns: FairSemaphore
    private var idle: [Idle] = []
    private var watch: Task<Void, Never>?

    /// - Parameters:
    ///   - count: How many children there are at most.
    ///   - idleTime: How long a child stays after its last run.
    init(
        executable: String, environment: [String: String], count: Int, idleTime: Duration,
        log: @escaping @Sendable (_ event: String, _ detail: String) -> Void
    ) {
        self.executable = executable
        self.environment = environment
        // Between the sentences of a text it must stay in any case.
        self.idleTime = max(idleTime, Self.leastIdleTime)
        self.log = log
        turns = FairSemaphore(places: count)
    }

    deinit { watch?.cancel() }

    /// How many children wait for something to speak.
    var idleCount: Int { idle.count { !$0.child.isLost } }

    /// Speaks a run. When its child is lost, another child gets it once more.
    ///
    /// - Throws: `SynthesisFailure`; `CancellationError` if the task was cancelled before its turn.
    nonisolated func speak(_ order: NetworkOrder) async throws -> NetworkTake {
        try await turns.pass(owner: WorkOwner.current?.rawValue) { try await speakInTurn(order) }
    }

    private func speakInTurn(_ order: NetworkOrder) async throws -> NetworkTake {
        idle.removeAll { $0.child.isLost }
        do { return try await speak(order, by: idle.popLast()?.child) } catch let lost as NetworkChild.Lost {
            log("voice_network_lost", lost.detail)
        }
        do { return try await speak(order, by: nil) } catch let lost as NetworkChild.Lost {
            throw SynthesisFailure(lost.neverRan ? .missing : .failed, detail: lost.detail)
        }
    }

    /// - Parameter known: A child that waits; nil starts one.
    private func speak(_ order: NetworkOrder, by known: NetworkChild?) async throws -> NetworkTake {
        let child = try known ?? NetworkChild(executable: executable, environment: environment)
        do {
            let (take, isLast) = try await child.speak(order)
            if !isLast { keep(child) }
            return take
        } catch let failure as SynthesisFailure {
            if failure.code != .missing { keep(child) }
            throw failure
        }
    }

    private func keep(_ child: NetworkChild) {
        idle.append(Idle(child: child, since: .now))
        guard watch == nil else { return }
        let interval = min(idleTime, Self.checkInterval)
        watch = Task { [weak self] in
            repeat { try? await Task.sleep(for: interval) } while await self?.endIdle() == true
        }
    }

    /// Ends children that have waited long enough; all that wait where memory is short.
    ///
    /// - Returns: Whether any still waits.
    private func endIdle() -> Bool {
        let isShort = MachineMemory.availableBytes().map { $0 < Self.shortMemoryBytes } ?? false
        if isShort, !idle.isEmpty { log("voice_network_ended", "memory is short") }
        idle.removeAll { isShort || $0.child.isLost || ContinuousClock.now - $0.since >= idleTime }
        if idle.isEmpty { watch = nil }
        return !idle.isEmpty
    }
}

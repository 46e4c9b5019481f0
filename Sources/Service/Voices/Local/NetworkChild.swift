import ChildProtocol
import Foundation
import Processes
import Synchronization
import Synthesis

/// A confined child that has the voice network loaded and speaks one run after the other.
final class NetworkChild: Sendable {
    /// Why a child gives no answer any more.
    struct Lost: Error {
        var detail: String
        /// Whether the child could not even be started.
        var neverRan = false
    }

    /// The memory that one child may reserve: 4 GiB. Of it 0.6 GB are in use when the network is loaded and 1.4 GB behind a run of
    /// 18 s, while the runtime has reserved 2.5 GB (measured).
    private static let memoryBytes: Int64 = 4 << 30
    /// The longest life of a child; then it is replaced.
    private static let lifetime = Duration.seconds(86_400)
    /// The longest time for one run with loading: far more than it takes on a slow, crowded machine.
    private static let answerTime = Duration.seconds(300)

    /// The one who waits for an answer, known to the thread that reads it.
    private final class Reply: Sendable {
        private struct State {
            var waiting: CheckedContinuation<[UInt8], any Error>?
            var lost: Lost?
        }

        private let state = Mutex(State())

        var isLost: Bool { state.withLock { $0.lost != nil } }

        func wait(_ continuation: CheckedContinuation<[UInt8], any Error>) {
            let lost = state.withLock { state in
                if state.lost == nil { state.waiting = continuation }
                return state.lost
            }
            if let lost { continuation.resume(throwing: lost) }
        }

        func give(_ line: [UInt8]) { take().waiting?.resume(returning: line) }

        func end(_ lost: Lost) { take(lost).waiting?.resume(throwing: lost) }

        private func take(_ lost: Lost? = nil) -> State {
            state.withLock { state in
                defer {
                    state.waiting = nil
                    state.lost = state.lost ?? lost
                }
                return state
            }
        }
    }

    private let input: ChildInput
    private let reply = Reply()
    private let supervision: Task<Void, Never>
    private let orderCount = Mutex(0)

    /// Starts a child, which loads the network.
    ///
    /// - Throws: `SynthesisFailure` of code `missing` where none can be started.
    init(executable: String, environment: [String: String]) throws(SynthesisFailure) {
        let input: ChildInput
        do { input = try ChildInput() } catch { throw SynthesisFailure(.missing, detail: error.description) }
        var launch = ConfinedLaunch(
            .speakNetwork, folder: nil, memoryBytes: Self.memoryBytes, fileBytes: 1, timeLimit: Self.lifetime
        ).launch(executable, environment: environment, input: [])
        launch.mostOutput = .max
        self.input = input
        supervision = Task { [launch, reply] in
            do throws(ChildLaunchError) {
                let exit = try await ChildProcess.run(launch, input: input) { line in reply.give(line) }
                reply.end(Lost(detail: "\(exit.cause) \(exit.errorTail)"))
            } catch {
                reply.end(Lost(detail: error.description, neverRan: true))
            }
        }
    }

    // The child ends itself at the end of its input.
    deinit { input.finish() }

    /// Whether the child has ended.
    var isLost: Bool { reply.isLost }

    /// Speaks a run; one at a time. A task that is cancelled meanwhile waits for the answer nevertheless.
    ///
    /// - Returns: The sound, and whether the child ends now.
    /// - Throws: `Lost` where the child ended; `SynthesisFailure`.
    func speak(_ order: NetworkOrder) async throws -> (take: NetworkTake, isLast: Bool) {
        var order = order
        order.number = orderCount.withLock { count in
            count += 1
            return count
        }
        let bytes = Array(try JSONEncoder().encode(order)) + [0x0A]
        let timer = Task { [supervision] in
            try await Task.sleep(for: Self.answerTime)
            supervision.cancel()
        }
        defer { timer.cancel() }
        let line = try await withCheckedThrowingContinuation { continuation in
            reply.wait(continuation)
            input.write(bytes)
        }
        let answer: NetworkAnswer
        do { answer = try JSONDecoder().decode(NetworkAnswer.self, from: Data(line)) } catch {
            // What else it may say is not known either.
            supervision.cancel()
            throw Lost(detail: "\(error)")
        }
        if let failure = answer.failure { throw failure }
        guard answer.number == order.number, let take = answer.take else {
            supervision.cancel()
            throw Lost(detail: "no answer to the order")
        }
        return (take, answer.isLast)
    }
}

package import Processes
import Synchronization

/// A confined child of this program, run to its end.
package enum ConfinedChild {
    /// Runs a child; cancelling the task kills it.
    ///
    /// - Parameters:
    ///   - input: What follows the launch's own input; nothing unless given.
    ///   - onMessage: Is called with every message but the last one, on the child's thread.
    /// - Returns: How it ended, and the result or the failure that it told; lines that are no messages are passed over.
    /// - Throws: `ChildLaunchError` if it cannot be started.
    package static func run(
        _ launch: ChildLaunch, input: ChildInput? = nil,
        onMessage: @escaping @Sendable (ChildMessage) -> Void = { _ in }
    ) async throws(ChildLaunchError) -> (exit: ChildExit, outcome: ChildMessage?) {
        let outcome = Mutex<ChildMessage?>(nil)
        let exit = try await ChildProcess.run(launch, input: input) { line in
            guard let message = ChildMessage(line: line) else { return }
            switch message.kind {
            case .progress, .question: onMessage(message)
            case .result, .failure: outcome.withLock { $0 = message }
            }
        }
        return (exit, outcome.withLock { $0 })
    }
}

import Foundation

/// How a child process is started, and its limits.
package struct ChildLaunch: Sendable {
    /// The path of the program.
    package var executable: String
    /// The arguments, without the program's name.
    package var arguments: [String]
    /// The whole environment; nothing is inherited.
    package var environment: [String: String]
    /// The bytes of standard input.
    package var input: [UInt8]
    /// The longest time it may run; then it is killed.
    package var timeLimit: Duration
    /// The longest line of standard output, in bytes; a child that writes a longer one is killed.
    package var longestLine = 16 << 20
    /// The most bytes of standard output, then the child is killed. Progress reports of hours need far less; pictures beside
    /// them need more.
    package var mostOutput = 256 << 20

    package init(
        executable: String, arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
        timeLimit: Duration
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.timeLimit = timeLimit
    }
}

/// How a child ended.
package struct ChildExit: Sendable {
    /// The cause of the end.
    package enum Cause: Hashable, Sendable {
        /// It ended by itself with this exit code.
        case exited(Int32)
        /// It was ended by this signal, which the parent did not send.
        case signalled(Int32)
        /// The parent killed it because its time was over.
        case timedOut
        /// The parent killed it because its task was cancelled.
        case stopped
        /// The parent killed it because it exceeded `longestLine` or `mostOutput`.
        case flooded
    }

    package var cause: Cause
    /// The last 8 KiB of standard error, for the log.
    package var errorTail: String
    /// The largest resident memory, in bytes.
    package var peakBytes: Int64
}

/// The error for a program that could not be started.
package struct ChildLaunchError: Error, CustomStringConvertible {
    /// The failed step and the system's message, for the log.
    package var description: String
    /// The system's error number.
    package var number: Int32

    /// Whether the failure is temporary: the machine was short of memory, processes or descriptors.
    package var isPassing: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY].contains(number) }
}

/// Runs a child process on a thread of its own:
///
///     let exit = try await ChildProcess.run(launch) { line in … }
///
/// The kernel kills a confined child when the thread that started it ends, so that thread must outlive the child; and
/// it waits, so it must not be one of the shared pool. The child leads its own process group, which is killed as a
/// whole.
package final class ChildProcess: Sendable {
    private let launch: ChildLaunch
    private let input: ChildInput?
    private let stopping: StopSwitch
    private let onLine: @Sendable ([UInt8]) -> Void

    private init(
        _ launch: ChildLaunch, input: ChildInput?, stopping: StopSwitch, onLine: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.launch = launch
        self.input = input
        self.stopping = stopping
        self.onLine = onLine
    }

    /// Runs a program until it ends; cancelling the task kills it.
    ///
    /// - Parameters:
    ///   - input: What follows `launch.input` on standard input; nothing unless given.
    ///   - onLine: Is called with every line of standard output, on the child's thread.
    /// - Throws: `ChildLaunchError` if it cannot be started.
    package static func run(
        _ launch: ChildLaunch, input: ChildInput? = nil, onLine: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(ChildLaunchError) -> ChildExit {
        let stopping = try StopSwitch()
        let child = ChildProcess(launch, input: input, stopping: stopping, onLine: onLine)
        let result: Result<ChildExit, ChildLaunchError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: child.runOnThisThread()) }
            }
        } onCancel: {
            stopping.stop()
        }
        return try result.get()
    }

    private func runOnThisThread() -> Result<ChildExit, ChildLaunchError> {
        do throws(ChildLaunchError) {
            var supervision = ChildSupervision(launch, laterInput: input, stopping: stopping, onLine: onLine)
            return .success(try supervision.run())
        } catch {
            return .failure(error)
        }
    }
}

import Foundation

/// A program to be run as a child.
package struct ChildLaunch: Sendable {
    /// The program's path.
    package var executable: String
    /// Its arguments, without its own name.
    package var arguments: [String]
    /// All of its environment.
    package var environment: [String: String]
    /// What it reads from standard input.
    package var input: [UInt8]
    /// How long it may run.
    package var timeLimit: Duration
    /// The longest line that it may write; one that writes a longer one is out of order and is killed.
    package var longestLine = 16 << 20
    /// The most that it may write to standard output, in bytes; progress of hours is far below.
    package var mostOutput = 256 << 20

    /// Names a program.
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
    /// What ended it.
    package enum Cause: Hashable, Sendable {
        /// It ended by itself, with this code.
        case exited(Int32)
        /// This signal, not sent by the parent.
        case signalled(Int32)
        /// The parent, since the time was over.
        case timedOut
        /// The parent, since nobody wants the result any more.
        case stopped
        /// The parent, since it wrote what no child of ours writes.
        case flooded
    }

    /// What ended it.
    package var cause: Cause
    /// The end of what it wrote to standard error, for the log.
    package var errorTail: String
    /// The most memory that it held, in bytes.
    package var peakBytes: Int64
}

/// A program that could not be started.
package struct ChildLaunchError: Error, CustomStringConvertible {
    /// What was tried and what the system said.
    package var description: String
    /// The system's error number.
    package var number: Int32

    /// Whether the machine had no room for the program at this moment, and may have later.
    package var isPassing: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY].contains(number) }
}

/// One run of a child process, on a thread of its own from beginning to end.
///
/// The kernel kills a confined child when the thread that started it ends, so that thread must outlive the child; and a
/// thread that waits is no thread of the shared pool. The child leads a process group of its own, which is killed as a
/// whole.
package final class ChildProcess: Sendable {
    private let launch: ChildLaunch
    private let stopping: StopSwitch
    private let onLine: @Sendable ([UInt8]) -> Void

    private init(_ launch: ChildLaunch, _ stopping: StopSwitch, _ onLine: @escaping @Sendable ([UInt8]) -> Void) {
        self.launch = launch
        self.stopping = stopping
        self.onLine = onLine
    }

    /// Runs a program to its end; a cancelled task kills it.
    ///
    /// - Parameter onLine: Takes every line of its standard output, on the child's thread.
    /// - Throws: `ChildLaunchError` if it cannot be started.
    package static func run(
        _ launch: ChildLaunch, onLine: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(ChildLaunchError) -> ChildExit {
        let stopping = try StopSwitch()
        let child = ChildProcess(launch, stopping, onLine)
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
            var supervision = ChildSupervision(launch, stopping, onLine)
            return .success(try supervision.run())
        } catch {
            return .failure(error)
        }
    }
}

import Dispatch
import Foundation
import Synchronization

/// Runs asynchronous work from a command, on the main thread's behalf.
enum AsyncCommand {
    /// Runs `body` to its end and gives what it gives or throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Value, any Error>?>(nil)
        Task {
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            result.withLock { $0 = outcome }
            done.signal()
        }
        done.wait()
        return try result.withLock { $0! }.get()
    }
}

/// Cancels a task when the user or the system asks the program to stop. The second time ends the program at once.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Listens until the program ends.
    init(_ stop: @escaping @Sendable () -> Void) {
        let state = AskedOnce()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in
                if state.ask() { _exit(ExitCode.cancelled.rawValue) }
                stop()
            }
            source.resume()
            return source
        }
    }

    private final class AskedOnce: Sendable {
        private let flag = Atomic(false)

        /// Whether it was asked before.
        func ask() -> Bool { flag.exchange(true, ordering: .relaxed) }
    }
}

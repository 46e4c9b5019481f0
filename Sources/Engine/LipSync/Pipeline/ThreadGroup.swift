import Foundation
import Synchronization

/// What a thread of a `ThreadGroup` will have returned when the group has ended without an error.
final class Future<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)

    /// `nil` until the thread has ended, and after an error.
    fileprivate(set) var value: Value? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

/// Threads that work together and fail together: the first error is kept and stops the others.
package final class ThreadGroup: @unchecked Sendable {
    private let condition = NSCondition()
    private var running = 0
    private var firstError: (any Error)?
    private let onFailure: @Sendable () -> Void

    /// - Parameter onFailure: Called once or more when a thread has failed; closes the queues.
    package init(onFailure: @escaping @Sendable () -> Void) { self.onFailure = onFailure }

    /// Runs `body` on a thread of its own and keeps what it returns.
    func future<Value: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> Value) -> Future<Value> {
        let future = Future<Value>()
        start(name) { future.value = try body() }
        return future
    }

    /// Runs `body` on a thread of its own: codecs and networks block, which the shared pool must not.
    package func start(_ name: String, _ body: @escaping @Sendable () throws -> Void) {
        condition.lock()
        running += 1
        condition.unlock()
        let thread = Thread { [self] in
            do { try body() } catch { fail(error) }
            condition.lock()
            running -= 1
            condition.broadcast()
            condition.unlock()
        }
        thread.name = name
        // Encoders and filters need more stack than a secondary thread gets by default.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Records an error and stops the others.
    package func fail(_ error: any Error) {
        condition.lock()
        if firstError == nil { firstError = error }
        condition.unlock()
        onFailure()
    }

    /// Waits for all threads and throws the first error.
    package func wait() throws {
        condition.lock()
        while running > 0 { condition.wait() }
        let error = firstError
        condition.unlock()
        if let error { throw error }
    }
}

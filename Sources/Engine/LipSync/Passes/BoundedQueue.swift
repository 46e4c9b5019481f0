import Foundation

/// Hands values from threads to threads in order of their numbers, holding only a few.
///
/// `put` waits while the value is too far ahead of the reader, so that memory does not grow with length. Closing wakes
/// everybody: waiting puts give up and takes drain what is there.
package final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private var waiting: [Int: Element] = [:]
    private var next = 0
    private var isClosed = false

    package init(capacity: Int) { self.capacity = capacity }

    /// Puts value `number` (0, 1, 2 … without gaps, in any order). Returns `false` when the queue was closed.
    package func put(_ element: Element, number: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isClosed, number >= next + capacity { condition.wait() }
        guard !isClosed else { return false }
        waiting[number] = element
        condition.broadcast()
        return true
    }

    /// Takes the next value with its number, or `nil` when the queue is closed and the next value will not come.
    package func take() -> (number: Int, element: Element)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let element = waiting.removeValue(forKey: next) {
                next += 1
                condition.broadcast()
                return (next - 1, element)
            }
            if isClosed { return nil }
            condition.wait()
        }
    }

    /// No further values come.
    package func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
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

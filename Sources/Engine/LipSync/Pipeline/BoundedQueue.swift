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

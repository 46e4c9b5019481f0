import Foundation
import LipSync
import Testing

@Suite("The queue between threads")
struct BoundedQueueTests {
    /// A value that several threads change.
    private final class Shared<Value: Sendable>: @unchecked Sendable {
        private let lock = NSLock()
        private var stored: Value

        init(_ value: Value) { stored = value }

        var value: Value { change { $0 } }

        func change<Result>(_ body: (inout Value) -> Result) -> Result {
            lock.lock()
            defer { lock.unlock() }
            return body(&stored)
        }
    }

    private struct Stopped: Error, Equatable { var number: Int }

    @Test("Values come out in order of their numbers, whoever put them and when")
    func order() throws {
        let queue = BoundedQueue<Int>(capacity: 4)
        let group = ThreadGroup { queue.close() }
        let next = Shared(0)
        for _ in 0..<3 {
            group.start("put") {
                while true {
                    let number = next.change { value -> Int in
                        value += 1
                        return value - 1
                    }
                    guard number < 500, queue.put(number * 3, number: number) else { return }
                }
            }
        }
        for wanted in 0..<500 {
            let taken = try #require(queue.take())
            #expect(taken.number == wanted)
            #expect(taken.element == wanted * 3)
        }
        try group.wait()
    }

    @Test("No more values than the capacity wait, however fast they are put")
    func capacity() throws {
        let queue = BoundedQueue<Int>(capacity: 3)
        let group = ThreadGroup { queue.close() }
        let inside = Shared((now: 0, most: 0))
        group.start("put") {
            for number in 0..<200 {
                guard queue.put(number, number: number) else { return }
                inside.change {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
            }
            queue.close()
        }
        while queue.take() != nil { inside.change { $0.now -= 1 } }
        try group.wait()
        #expect(inside.value.now == 0)
        // A put is counted after it happened, so a take may be counted before: that hides values, never invents them.
        #expect(inside.value.most <= 4)
    }

    // Whether a thread waits cannot be seen; that it never went on before the take can, and many rounds make it sure.
    @Test("A put beyond the capacity does not return before a value was taken")
    func waits() throws {
        for _ in 0..<200 {
            let queue = BoundedQueue<Int>(capacity: 2)
            let isTaking = Shared(false)
            let wasTaking = Shared(false)
            #expect(queue.put(0, number: 0))
            #expect(queue.put(1, number: 1))
            let group = ThreadGroup { queue.close() }
            group.start("put") {
                guard queue.put(2, number: 2) else { return }
                let seen = isTaking.value
                wasTaking.change { $0 = seen }
            }
            for _ in 0..<50 { sched_yield() }
            isTaking.change { $0 = true }
            #expect(queue.take()?.element == 0)
            try group.wait()
            #expect(wasTaking.value)
        }
    }

    @Test("A closed queue gives what is there, then nothing, and takes nothing more")
    func close() {
        let queue = BoundedQueue<String>(capacity: 4)
        #expect(queue.put("b", number: 1))
        #expect(queue.put("a", number: 0))
        #expect(queue.put("d", number: 3))
        queue.close()
        #expect(!queue.put("c", number: 2))
        #expect(queue.take()?.element == "a")
        #expect(queue.take()?.element == "b")
        // Number 2 will never come, so 3 is not handed out before it.
        #expect(queue.take() == nil)
    }

    @Test("Closing wakes a thread that waits to put and one that waits to take")
    func closeWakes() throws {
        let full = BoundedQueue<Int>(capacity: 1)
        let empty = BoundedQueue<Int>(capacity: 1)
        #expect(full.put(0, number: 0))
        let group = ThreadGroup {}
        let refused = Shared(false)
        let ended = Shared(false)
        group.start("put") { refused.change { [result = full.put(1, number: 1)] in $0 = !result } }
        group.start("take") { ended.change { [result = empty.take()] in $0 = result == nil } }
        full.close()
        empty.close()
        try group.wait()
        #expect(refused.value)
        #expect(ended.value)
    }

    @Test("The first error stops the other threads and is the one that is thrown")
    func errors() {
        let queue = BoundedQueue<Int>(capacity: 1)
        let group = ThreadGroup { queue.close() }
        group.start("waits for ever") { while queue.take() != nil {} }
        group.start("fails") { throw Stopped(number: 1) }
        #expect(throws: Stopped(number: 1)) { try group.wait() }
        group.fail(Stopped(number: 2))
        #expect(throws: Stopped(number: 1)) { try group.wait() }
    }

    @Test("A group without threads is done at once")
    func emptyGroup() throws { try ThreadGroup {}.wait() }
}

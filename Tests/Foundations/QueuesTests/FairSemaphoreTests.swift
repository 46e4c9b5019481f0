import Queues
import Synchronization
import TestTools
import Testing

@Suite("A fair semaphore")
struct FairSemaphoreTests {
    @Test("lets as many in as it has places, and the next when one leaves")
    func places() async throws {
        let semaphore = FairSemaphore(places: 2)
        let inside = Shared((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await semaphore.pass {
                        inside.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        try await Task.sleep(for: .milliseconds(2))
                        inside.change { $0.now -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.value == (0, 2))
    }

    @Test("gives a cancelled caller's turn to the next one")
    func cancelled() async throws {
        let semaphore = FairSemaphore(places: 1)
        let hasRun = Shared<[String]>([])
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let first = Task { try await semaphore.pass { for await _ in gate { break } } }
        #expect(await eventually { await semaphore.waitingCount == 0 })
        let second = Task { try await semaphore.pass { hasRun.change { $0.append("second") } } }
        #expect(await eventually { await semaphore.waitingCount == 1 })
        let third = Task { try await semaphore.pass { hasRun.change { $0.append("third") } } }
        #expect(await eventually { await semaphore.waitingCount == 2 })
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(await semaphore.waitingCount == 1)
        opener.yield()
        try await first.value
        try await third.value
        #expect(hasRun.value == ["third"])
        // Whoever is cancelled before does not even stand in line.
        let late = Task {
            try? await Task.sleep(for: .seconds(60))
            try await semaphore.pass { hasRun.change { $0.append("late") } }
        }
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
        #expect(hasRun.value == ["third"])
    }

    @Test("keeps no owner from the others' places, and lets in first who has fewest")
    func owners() async throws {
        let semaphore = FairSemaphore(places: 3, placesPerOwner: 2)
        let order = Shared<[String]>([])
        let gates = (0..<10).map { _ in AsyncStream.makeStream(of: Void.self) }
        var tasks: [Task<Void, any Error>] = []
        func enter(_ owner: String, _ index: Int) {
            let gate = gates[index].stream
            tasks.append(
                Task {
                    try await semaphore.pass(owner: owner) {
                        order.change { $0.append("\(owner)\(index)") }
                        for await _ in gate { break }
                    }
                })
        }
        for index in 0..<4 {
            enter("a", index)
            #expect(
                await eventually {
                    await semaphore.waitingCount + order.value.count == index + 1
                })
        }
        #expect(order.value == ["a0", "a1"])
        // A place is left for somebody else at once.
        enter("b", 4)
        #expect(await eventually { order.value == ["a0", "a1", "b4"] })
        enter("b", 5)
        #expect(await eventually { await semaphore.waitingCount == 3 })
        gates[0].continuation.yield()
        // Both have one inside; the one who waits for longer is first.
        #expect(await eventually { order.value.count == 4 })
        #expect(order.value.last == "a2")
        gates[1].continuation.yield()
        #expect(await eventually { order.value.count == 5 })
        // Now both of the places that are taken are "a2"'s and "b4"'s; "a3" has waited longer than "b5".
        #expect(order.value.last == "a3")
        gates[2].continuation.yield()
        gates[3].continuation.yield()
        #expect(await eventually { order.value.count == 6 })
        #expect(order.value.last == "b5")
        for gate in gates { gate.continuation.yield() }
        for task in tasks { try await task.value }
        #expect(Set(order.value).count == 6)
    }

    @Test("sends away whoever finds too many of the same owner waiting")
    func tooManyWaiting() async throws {
        let semaphore = FairSemaphore(places: 1, waitingPerOwner: 2)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let hasEntered = Shared(false)
        let first = Task {
            try await semaphore.pass(owner: "a") {
                hasEntered.change { $0 = true }
                for await _ in gate { break }
            }
        }
        #expect(await eventually { hasEntered.value })
        let waiting = (0..<2).map { _ in Task { try await semaphore.pass(owner: "a") {} } }
        #expect(await eventually { await semaphore.waitingCount == 2 })
        await #expect(throws: TooManyWaiting.self) { try await semaphore.pass(owner: "a") {} }
        let other = Task { try await semaphore.pass(owner: "b") {} }
        #expect(await eventually { await semaphore.waitingCount == 3 })
        opener.yield()
        for task in [first] + waiting + [other] { try await task.value }
    }

    @Test("locks each key by itself")
    func keys() async throws {
        let lock = KeyedLock()
        let inside = Shared<[String]>([])
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await lock.pass("a") {
                inside.change { $0.append("a1") }
                for await _ in gate { break }
                inside.change { $0.append("a1 out") }
            }
        }
        #expect(await eventually { inside.value == ["a1"] })
        let second = Task { try await lock.pass("a") { inside.change { $0.append("a2") } } }
        try await lock.pass("b") { inside.change { $0.append("b") } }
        #expect(inside.value == ["a1", "b"])
        opener.yield()
        try await first.value
        try await second.value
        #expect(inside.value == ["a1", "b", "a1 out", "a2"])
    }
}

/// A value that several tasks change.
private final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func change(_ body: @Sendable (inout Value) -> Void) {
        state.withLock { state in
            var changed = state
            body(&changed)
            state = changed
        }
    }
}

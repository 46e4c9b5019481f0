/// Nobody else of an owner may wait at a `FairSemaphore`.
package struct TooManyWaiting: Error {}

/// A semaphore for tasks: a few run at once, the others wait, first those of the owner with the fewest running. A task that
/// is cancelled stops waiting.
package actor FairSemaphore {
    private struct Waiting {
        let number: Int
        let owner: String?
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let placesPerOwner: Int
    private let waitingPerOwner: Int
    private var freePlaces: Int
    private var waiting: [Waiting] = []
    private var inside: [String: Int] = [:]
    private var lastNumber = 0

    /// - Parameters:
    ///   - placesPerOwner: How many places those of one owner may have; all unless given.
    ///   - waitingPerOwner: How many of one owner may wait; any number unless given.
    package init(places: Int, placesPerOwner: Int? = nil, waitingPerOwner: Int? = nil) {
        freePlaces = places
        self.waitingPerOwner = waitingPerOwner ?? .max
        self.placesPerOwner = placesPerOwner ?? places
    }

    /// Runs `body` when it is its turn.
    ///
    /// - Parameter owner: On whose behalf; nil for nobody's, which no owner's share bounds.
    /// - Throws: `CancellationError` where the task was cancelled before its turn; `TooManyWaiting`; what `body` throws.
    package nonisolated func pass<Value>(owner: String? = nil, _ body: () async throws -> Value) async throws -> Value {
        try await enter(owner)
        do {
            let value = try await body()
            await leave(owner)
            return value
        } catch {
            await leave(owner)
            throw error
        }
    }

    /// How many wait.
    package var waitingCount: Int { waiting.count }

    private func enter(_ owner: String?) async throws {
        try Task.checkCancellation()
        if freePlaces > 0, mayEnter(owner) { return takePlace(owner) }
        if let owner, waiting.count(where: { $0.owner == owner }) >= waitingPerOwner { throw TooManyWaiting() }
        lastNumber += 1
        let number = lastNumber
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // A cancellation that came before this moment has found nobody to send away.
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiting.append(Waiting(number: number, owner: owner, continuation: continuation))
            }
        } onCancel: {
            Task { await self.sendAway(number) }
        }
    }

    private func sendAway(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    private func leave(_ owner: String?) {
        freePlaces += 1
        if let owner {
            inside[owner, default: 0] -= 1
            if inside[owner] == 0 { inside[owner] = nil }
        }
        letIn()
    }

    private func letIn() {
        while freePlaces > 0 {
            let next = waiting.indices.filter { mayEnter(waiting[$0].owner) }.min {
                (count(waiting[$0].owner), waiting[$0].number) < (count(waiting[$1].owner), waiting[$1].number)
            }
            guard let next else { return }
            let entering = waiting.remove(at: next)
            takePlace(entering.owner)
            entering.continuation.resume()
        }
    }

    private func takePlace(_ owner: String?) {
        freePlaces -= 1
        if let owner { inside[owner, default: 0] += 1 }
    }

    private func mayEnter(_ owner: String?) -> Bool { count(owner) < placesPerOwner }

    private func count(_ owner: String?) -> Int { owner.flatMap { inside[$0] } ?? 0 }
}

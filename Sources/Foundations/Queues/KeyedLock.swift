/// Locks for tasks, one for each key: those with one key run one after the other, in the order in which they came.
package struct KeyedLock: Sendable {
    private let semaphore = FairSemaphore(places: .max, placesPerOwner: 1)

    package init() {}

    /// Runs `body` while nobody else has the lock of `key`.
    ///
    /// - Throws: `CancellationError` where the task was cancelled before its turn; what `body` throws.
    package func pass<Value>(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        try await semaphore.pass(owner: key, body)
    }
}

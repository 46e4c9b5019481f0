package import Dispatch

extension DispatchQueue {
    /// Runs `body`, which may wait, on the queue, and gives what it gives; the calling task waits without a thread.
    ///
    /// - Throws: what `body` throws.
    package func value<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

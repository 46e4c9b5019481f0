import Dispatch

/// Threads for calls that wait for a disk, so that the shared ones never do.
package enum BlockingWork {
    private static let queue = DispatchQueue(label: "lipsmith.blocking", attributes: .concurrent)

    /// Gives what `body` gives, which may wait.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await queue.value(body)
    }

    /// Gives what `body` gives, which may wait and cannot fail.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}

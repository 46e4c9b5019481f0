import Dispatch

/// Threads for calls that wait for a disk, so that the shared ones never do.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "lipsmith.worker.disk", attributes: .concurrent)

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

import Dispatch
import Generations
import Queues
import Synchronization

/// Runs work that waits for a disk on threads of its own, so that the shared pool does not block. A few threads at
/// most: more would only queue in the disk.
final class DiskQueue: Sendable {
    private let queues: [DispatchQueue]
    private let next = Atomic<Int>(0)

    init(label: String, threadCount: Int = 4) {
        queues = (0..<threadCount).map { DispatchQueue(label: "\(label).\($0)") }
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let index = next.wrappingAdd(1, ordering: .relaxed).newValue
        return try await queues[Int(UInt(bitPattern: index) % UInt(queues.count))].value(body)
    }
}

/// A digest behind a lock: it is used by one thread at a time, which the compiler cannot verify.
final class LockedDigest: Sendable {
    private let stream = Mutex(DigestStream())

    func update(_ bytes: [UInt8]) { stream.withLock { $0.update(bytes) } }
    func finish() -> [UInt8] { stream.withLock { $0.finish() } }
}

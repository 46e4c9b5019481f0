import Synchronization

/// Reads of one kind that come at the same moment, answered together: where each costs the way to another process, many
/// callers share it. One group is read at a time; who comes meanwhile is in the next one, so that every answer is newer than
/// its question.
final class GroupedReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Waiting = (key: Key, continuation: CheckedContinuation<Value?, any Error>)

    private struct State {
        var waiting: [Waiting] = []
        var isReading = false
    }

    /// The most keys of one group.
    private static var groupLimit: Int { 256 }

    private let read: @Sendable (Set<Key>) async throws -> [Key: Value]
    private let state = Mutex(State())

    /// - Parameter read: Gives what there is for some keys.
    init(_ read: @escaping @Sendable (Set<Key>) async throws -> [Key: Value]) { self.read = read }

    /// What there is for a key; nil for nothing.
    func value(for key: Key) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append((key, continuation))
                defer { state.isReading = true }
                return !state.isReading
            }
            if isFirst { Task { await self.work() } }
        }
    }

    private func work() async {
        while true {
            let group = state.withLock { state in
                let group = Array(state.waiting.prefix(Self.groupLimit))
                state.waiting.removeFirst(group.count)
                if group.isEmpty { state.isReading = false }
                return group
            }
            if group.isEmpty { return }
            do {
                let found = try await read(Set(group.map(\.key)))
                for entry in group { entry.continuation.resume(returning: found[entry.key]) }
            } catch {
                for entry in group { entry.continuation.resume(throwing: error) }
            }
        }
    }
}

import Foundation
package import Generations
import Queues

/// Files of a blob store that is elsewhere, kept on this machine while there is room: every part of a divided job reads the same
/// clip, and often what another part of it left here.
///
/// Files are named by the store; what has one name has one content. The cache goes with the process that made it.
package actor BlobCache {
    private struct Entry {
        let path: String
        let byteCount: Int64
        var usedAt: ContinuousClock.Instant
    }

    /// Those who want one file, one after the other: the first one fetches it.
    private struct Queue {
        let gate = FairSemaphore(places: 1)
        var userCount = 0
    }

    /// What nobody has used for this long goes. Whoever deletes a medium expects it to be gone within minutes.
    private static let idleTime = Duration.seconds(600)

    private let blobs: any BlobStore
    private let folder: String
    private let byteLimit: Int64
    private var entries: [BlobKey: Entry] = [:]
    private var queues: [BlobKey: Queue] = [:]
    private var byteCount: Int64 = 0
    private var fileCount = 0

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - folder: Does not exist; where it cannot be made, nothing is kept.
    ///   - byteLimit: The bytes of all files together; 0 keeps nothing, for a store whose files are here already.
    package init(blobs: any BlobStore, folder: String, byteLimit: Int64) {
        self.blobs = blobs
        self.folder = folder
        self.byteLimit = byteLimit > 0 && mkdir(folder, 0o700) == 0 ? byteLimit : 0
    }

    /// The bytes that are kept.
    package var keptByteCount: Int64 { byteCount }

    /// Puts a file's content at a path of this machine, which must only be read.
    ///
    /// - Throws: As `BlobStore.materialize`; `CancellationError`.
    package func materialize(_ key: BlobKey, at path: String) async throws {
        guard byteLimit > 0 else { return try await blobs.materialize(key, at: path) }
        if isLinked(key, to: path) { return }
        guard let facts = try await blobs.facts(of: key), facts.byteCount <= byteLimit else {
            return try await blobs.materialize(key, at: path)
        }
        let queue = queues[key] ?? Queue()
        queues[key, default: queue].userCount += 1
        defer {
            queues[key]?.userCount -= 1
            if queues[key]?.userCount == 0 { queues[key] = nil }
        }
        try await fetch(key, to: path, byteCount: facts.byteCount, at: queue.gate)
    }

    private nonisolated func fetch(
        _ key: BlobKey, to path: String, byteCount: Int64, at gate: FairSemaphore
    ) async throws {
        try await gate.pass {
            if await isLinked(key, to: path) { return }
            try await fetch(key, to: path)
            await keepLink(to: path, as: key, byteCount: byteCount)
        }
    }

    private func fetch(_ key: BlobKey, to path: String) async throws {
        do { try await blobs.materialize(key, at: path) } catch let error as StoreError where error.code == .full {
            // The cache must not be what a job lacks room for.
            while let oldest { remove(oldest) }
            try? FileManager.default.removeItem(atPath: path)
            try await blobs.materialize(key, at: path)
        }
    }

    /// Stores a file of this machine, and keeps it here, too.
    ///
    /// - Throws: As `BlobStore.adopt`.
    package func adopt(_ path: String, as key: BlobKey) async throws -> BlobFacts {
        // The store takes the file away.
        let kept = newPath()
        let isKept = byteLimit > 0 && link(path, kept) == 0
        defer { if isKept { unlink(kept) } }
        let facts = try await blobs.adopt(path: path, as: key)
        if isKept { keepLink(to: kept, as: facts.key, byteCount: facts.byteCount) }
        return facts
    }

    /// Forgets what was not used for a while.
    package func forgetIdle(now: ContinuousClock.Instant = .now) {
        for (key, entry) in entries where now - entry.usedAt > Self.idleTime { remove(key) }
    }

    private func newPath() -> String {
        fileCount += 1
        return "\(folder)/\(fileCount)"
    }

    private func isLinked(_ key: BlobKey, to path: String) -> Bool {
        guard let entry = entries[key] else { return false }
        guard link(entry.path, path) == 0 else {
            // Somebody has tidied up.
            if errno == ENOENT { remove(key) }
            return false
        }
        entries[key]?.usedAt = .now
        return true
    }

    /// Keeps a file under a name of its own.
    private func keepLink(to path: String, as key: BlobKey, byteCount size: Int64) {
        guard size <= byteLimit, entries[key] == nil else { return }
        let kept = newPath()
        guard link(path, kept) == 0 else { return }
        while byteCount + size > byteLimit, let oldest { remove(oldest) }
        // Attempts share the file, and none may change it.
        chmod(kept, 0o400)
        entries[key] = Entry(path: kept, byteCount: size, usedAt: .now)
        byteCount += size
    }

    private var oldest: BlobKey? { entries.min { $0.value.usedAt < $1.value.usedAt }?.key }

    /// Attempts that use the file have names of their own for it.
    private func remove(_ key: BlobKey) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        unlink(entry.path)
        byteCount -= entry.byteCount
    }
}

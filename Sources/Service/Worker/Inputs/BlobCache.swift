import Foundation
package import Generations
import Queues
import Text

/// Files of a blob store that is elsewhere, kept on this machine while there is room: every part of a divided job reads the same
/// clip, and often what another part of it left here.
///
/// Files are named by the store; what has one name has one content. The cache goes with the process that made it.
package actor BlobCache {
    private struct Entry {
        let path: String
        let byteCount: Int64
    }

    private let blobs: any BlobStore
    private let folder: String
    private let byteLimit: Int64
    private var entries: [BlobKey: Entry] = [:]
    /// The least recently used first.
    private var order: [BlobKey] = []
    private var byteCount: Int64 = 0
    private var fetches: [BlobKey: Task<Void, any Error>] = [:]
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
    /// - Throws: As `BlobStore.materialize`.
    package func materialize(_ key: BlobKey, at path: String) async throws {
        guard byteLimit > 0 else { return try await blobs.materialize(key, at: path) }
        if isLinked(key, to: path) { return }
        // Whoever asks meanwhile waits for the same transfer. It goes on where one of them is cancelled.
        let fetch = fetches[key] ?? Task { try await self.fetch(key) }
        fetches[key] = fetch
        try await fetch.value
        try Task.checkCancellation()
        // What is too large to be kept, or was removed since for something else, is fetched for this one alone.
        if !isLinked(key, to: path) { try await blobs.materialize(key, at: path) }
    }

    /// Stores a file of this machine, and keeps it here, too.
    ///
    /// - Throws: As `BlobStore.adopt`.
    package func adopt(_ path: String, as key: BlobKey) async throws -> BlobFacts {
        let kept = newPath()
        let isKept = byteLimit > 0 && link(path, kept) == 0
        do {
            let facts = try await blobs.adopt(path: path, as: key)
            if isKept { keep(kept, facts.byteCount, as: facts.key) }
            return facts
        } catch {
            if isKept { unlink(kept) }
            throw error
        }
    }

    /// Keeps a file of this machine that is known to have a stored file's content; the file stays.
    package func note(_ path: String, as key: BlobKey) {
        guard byteLimit > 0, entries[key] == nil else { return }
        let kept = newPath()
        var facts = stat()
        guard link(path, kept) == 0 else { return }
        guard lstat(kept, &facts) == 0 else {
            unlink(kept)
            return
        }
        keep(kept, Int64(facts.st_size), as: key)
    }

    private func fetch(_ key: BlobKey) async throws {
        defer { fetches[key] = nil }
        guard let facts = try await blobs.facts(of: key), facts.byteCount <= byteLimit else { return }
        let path = newPath()
        do { try await blobs.materialize(key, at: path) } catch {
            unlink(path)
            throw error
        }
        keep(path, facts.byteCount, as: key)
    }

    private func newPath() -> String {
        fileCount += 1
        return "\(folder)/\(fileCount)"
    }

    private func isLinked(_ key: BlobKey, to path: String) -> Bool {
        guard let entry = entries[key], link(entry.path, path) == 0 else { return false }
        order.removeAll { $0 == key }
        order.append(key)
        return true
    }

    private func keep(_ path: String, _ size: Int64, as key: BlobKey) {
        guard size <= byteLimit, entries[key] == nil else {
            unlink(path)
            return
        }
        while byteCount + size > byteLimit, !order.isEmpty {
            // Attempts that use the file have names of their own for it.
            if let entry = entries.removeValue(forKey: order.removeFirst()) {
                unlink(entry.path)
                byteCount -= entry.byteCount
            }
        }
        entries[key] = Entry(path: path, byteCount: size)
        order.append(key)
        byteCount += size
    }
}

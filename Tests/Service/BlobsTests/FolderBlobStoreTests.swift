import Blobs
import Foundation
import Generations
import Testing

/// A store in a folder that is gone after the test.
final class TemporaryStore {
    let root: URL
    let store: FolderBlobStore

    init(quarantineTime: Duration = .seconds(7 * 86_400)) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "lipsmith-blobs-\(UUID())")
        store = try FolderBlobStore(root: root.path, quarantineTime: quarantineTime)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// How many files lie in the folder, finished or not.
    var fileCount: Int {
        var count = 0
        for case let url as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)!
        where !url.hasDirectoryPath && url.lastPathComponent != "lock" { count += 1 }
        return count
    }
}

struct FolderBlobStoreTests {
    /// Bytes come back as they went in, whole and in parts, under the digest of their content.
    @Test func writeAndRead() async throws {
        let temporary = try TemporaryStore()
        let writer = try await temporary.store.makeWriter()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for start in stride(from: 0, to: bytes.count, by: 70_000) {
            try await writer.write(Array(bytes[start..<min(start + 70_000, bytes.count)]))
        }
        let facts = try await writer.finish(as: nil)
        #expect(facts.key == .content(digest: Digest.sha256(bytes)))
        #expect(facts.byteCount == 300_000)
        let reader = try #require(try await temporary.store.reader(for: facts.key))
        #expect(try await reader.read(offset: 0, maximumCount: 1 << 20) == bytes)
        #expect(try await reader.read(offset: 299_990, maximumCount: 100) == Array(bytes.suffix(10)))
        #expect(try await reader.read(offset: 300_000, maximumCount: 100).isEmpty)
        #expect(try await temporary.store.facts(of: facts.key) == facts)
        #expect(try await temporary.store.reader(for: BlobKey(rawValue: "content/none")) == nil)
    }

    /// Equal contents are one file; discarded and forgotten writers leave none.
    @Test func leftovers() async throws {
        let temporary = try TemporaryStore()
        for _ in 0..<3 {
            let writer = try await temporary.store.makeWriter()
            try await writer.write([1, 2, 3])
            _ = try await writer.finish(as: nil)
        }
        #expect(temporary.fileCount == 1)
        let discarded = try await temporary.store.makeWriter()
        try await discarded.write([4])
        await discarded.discard()
        do {
            let forgotten = try await temporary.store.makeWriter()
            try await forgotten.write([5])
        }
        #expect(temporary.fileCount == 1)
    }

    /// Names that would lead out of the folder are refused.
    @Test(arguments: ["", "/etc/passwd", "../x", "a/../../x", "a//b", ".hidden", "a/.b", "a\u{0}b", "ü", "a b"])
    func names(_ name: String) async throws {
        let temporary = try TemporaryStore()
        await #expect(throws: StoreError.self) { try await temporary.store.reader(for: BlobKey(rawValue: name)) }
        let writer = try await temporary.store.makeWriter()
        await #expect(throws: StoreError.self) { try await writer.finish(as: BlobKey(rawValue: name)) }
    }

    /// A worker's file is taken over, handed out, and stays readable for who reads it while it is removed.
    @Test func adoptAndRemove() async throws {
        let temporary = try TemporaryStore()
        let source = temporary.root.appending(path: "made.mp4")
        try Data([7, 8, 9]).write(to: source)
        let key = BlobKey.output(GenerationID(), fence: 3, name: "video.mp4")
        let stored = try await temporary.store.adopt(path: source.path, as: key).key
        #expect(stored == key.carrying(digest: Digest.sha256([7, 8, 9])))
        #expect(stored.rawValue.hasSuffix(".mp4"))
        #expect(stored.digest == Digest.sha256([7, 8, 9]))
        #expect(!FileManager.default.fileExists(atPath: source.path))
        let copy = temporary.root.appending(path: "copy.mp4")
        try await temporary.store.materialize(stored, at: copy.path)
        #expect(try Data(contentsOf: copy) == Data([7, 8, 9]))
        let reader = try #require(try await temporary.store.reader(for: stored))
        try await temporary.store.remove(stored)
        try await temporary.store.remove(stored)
        #expect(try await reader.read(offset: 1, maximumCount: 9) == [8, 9])
        #expect(try await temporary.store.facts(of: stored) == nil)
        // Its folder has nothing else in it.
        let folder = temporary.root.appending(path: "files/\(stored)").deletingLastPathComponent().path
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    /// The sweep takes what is old and unknown, and nothing else.
    @Test func sweep() async throws {
        let temporary = try TemporaryStore()
        var keys: [BlobKey] = []
        for index in 0..<20 {
            let writer = try await temporary.store.makeWriter()
            try await writer.write([UInt8(index)])
            keys.append(try await writer.finish(as: nil).key)
        }
        let known = Set(keys.prefix(5))
        #expect(try await temporary.store.sweep(olderThan: .seconds(3600)) { _ in [] } == SweepOutcome())
        let outcome = try await temporary.store.sweep(olderThan: .zero) { known.intersection($0) }
        #expect(outcome.quarantinedCount == 15)
        #expect(outcome.deletedCount == 0)
        for (index, key) in keys.enumerated() {
            #expect(try await (temporary.store.facts(of: key) != nil) == (index < 5))
        }
        #expect(temporary.fileCount == 20)
    }

    /// What was swept by mistake comes back by itself once something refers to it again: a lost database was restored.
    @Test func quarantine() async throws {
        let temporary = try TemporaryStore(quarantineTime: .seconds(1000))
        var keys: [BlobKey] = []
        for index in 0..<3 {
            let writer = try await temporary.store.makeWriter()
            try await writer.write([UInt8(index)])
            keys.append(try await writer.finish(as: nil).key)
        }
        _ = try await temporary.store.sweep(olderThan: .zero) { _ in [] }
        for key in keys { #expect(try await temporary.store.facts(of: key) == nil) }
        // The second one has been there for too long.
        let old: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSinceNow: -2000)]
        let path = temporary.root.appending(path: "quarantine/\(keys[1])").path
        try FileManager.default.setAttributes(old, ofItemAtPath: path)
        let known: Set = [keys[0]]
        let outcome = try await temporary.store.sweep(olderThan: .seconds(1000)) { known.intersection($0) }
        #expect(outcome.restoredCount == 1)
        #expect(outcome.deletedCount == 1)
        #expect(outcome.quarantinedCount == 0)
        let reader = try #require(try await temporary.store.reader(for: keys[0]))
        #expect(try await reader.read(offset: 0, maximumCount: 9) == [0])
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(temporary.fileCount == 2)
    }

    /// A flipped bit is found, in contents and in outputs, and nothing else is complained about.
    @Test func scrub() async throws {
        let temporary = try TemporaryStore()
        var keys: [BlobKey] = []
        for index in 0..<4 {
            let source = temporary.root.appending(path: "made-\(index).mp4")
            try Data([UInt8(index), 8, 9]).write(to: source)
            keys.append(
                try await temporary.store.adopt(
                    path: source.path, as: .output(GenerationID(), fence: 1, name: "output.mp4")
                ).key)
            let writer = try await temporary.store.makeWriter()
            try await writer.write(Array(repeating: UInt8(index), count: 2_000_000))
            keys.append(try await writer.finish(as: nil).key)
        }
        let sound = try await temporary.store.scrub(bytesPerSecond: nil)
        #expect(sound.fileCount == 8)
        #expect(sound.byteCount == 8_000_012)
        #expect(sound.damaged.isEmpty)
        for key in keys[2...3] {
            let file = try FileHandle(forUpdating: temporary.root.appending(path: "files/\(key)"))
            try file.seek(toOffset: 1)
            try file.write(contentsOf: Data([0x55]))
            try file.close()
        }
        let damaged = try await temporary.store.scrub(bytesPerSecond: nil)
        #expect(Set(damaged.damaged) == Set(keys[2...3]))
        #expect(damaged.fileCount == 8)
    }

    /// Nobody but the owner can read or list anything, also where an earlier version had left it open.
    @Test func closedToOthers() async throws {
        let temporary = try TemporaryStore()
        let writer = try await temporary.store.makeWriter()
        try await writer.write([1])
        let key = try await writer.finish(as: nil).key
        func open() -> [String] {
            var paths: [String] = []
            for case let url as URL in FileManager.default.enumerator(
                at: temporary.root, includingPropertiesForKeys: nil)!
            {
                var status = stat()
                if stat(url.path, &status) == 0, status.st_mode & 0o077 != 0 { paths.append(url.lastPathComponent) }
            }
            return paths
        }
        #expect(open() == [])
        let path = temporary.root.appending(path: "files/\(key)").path
        chmod(path, 0o644)
        #expect(!open().isEmpty)
        _ = try await temporary.store.sweep(olderThan: .seconds(3600)) { _ in [] }
        #expect(open() == [])
    }

    /// Goal: a content that is stored anew while the sweep asks about its old file is kept. Method: the question itself
    /// stores it.
    @Test func sweepSparesWhatIsStoredAnew() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        @Sendable func storeContent() async throws -> BlobKey {
            let writer = try await store.makeWriter()
            try await writer.write([1, 2, 3])
            return try await writer.finish(as: nil).key
        }
        let key = try await storeContent()
        let path = temporary.root.appending(path: "files/\(key)").path
        let old: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSinceNow: -7200)]
        try FileManager.default.setAttributes(old, ofItemAtPath: path)
        let count = try await store.sweep(olderThan: .seconds(3600)) { asked in
            #expect(asked == [key])
            _ = try await storeContent()
            return []
        }
        #expect(count == SweepOutcome())
        #expect(try await store.facts(of: key) != nil)
    }

    /// A folder may lie on another disk, behind a link; what a link leads to is neither closed nor swept away as a file.
    @Test func links() async throws {
        let temporary = try TemporaryStore()
        let elsewhere = temporary.root.appending(path: "../elsewhere-\(UUID())")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: elsewhere) }
        let outside = elsewhere.appending(path: "outside")
        try Data([1]).write(to: outside)
        chmod(outside.path, 0o644)
        let outputs = temporary.root.appending(path: "files/outputs").path
        let inner = elsewhere.appending(path: "outputs")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        symlink(inner.path, outputs)
        symlink(outside.path, temporary.root.appending(path: "files/link").path)
        let made = temporary.root.appending(path: "made.mp4")
        try Data([7]).write(to: made)
        let key = BlobKey.output(GenerationID(), fence: 1, name: "output.mp4")
        let stored = try await temporary.store.adopt(path: made.path, as: key).key
        let outcome = try await temporary.store.sweep(olderThan: .zero) { Set($0) }
        #expect(outcome == SweepOutcome())
        #expect(try await temporary.store.facts(of: stored) != nil)
        #expect(try await temporary.store.scrub(bytesPerSecond: nil).fileCount == 1)
        for (path, mode) in [(inner.path, mode_t(0o700)), (outside.path, 0o644)] {
            var status = stat()
            #expect(stat(path, &status) == 0, "\(path)")
            #expect(status.st_mode & 0o700 == mode & 0o700, "\(path)")
        }
        #expect(FileManager.default.fileExists(atPath: temporary.root.appending(path: "files/link").path))
    }

    /// One file that cannot be moved keeps no other from its place.
    @Test func obstacle() async throws {
        let temporary = try TemporaryStore()
        var keys: [BlobKey] = []
        for index in 0..<3 {
            let writer = try await temporary.store.makeWriter()
            try await writer.write([UInt8(index)])
            keys.append(try await writer.finish(as: nil).key)
        }
        // Where the second one would be put aside lies a folder.
        let place = temporary.root.appending(path: "quarantine/\(keys[1])/inside")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let outcome = try await temporary.store.sweep(olderThan: .zero) { _ in [] }
        #expect(outcome.quarantinedCount == 2)
        #expect(outcome.failedCount == 1)
        #expect(try await temporary.store.facts(of: keys[1]) != nil)
    }

    /// A file is removed by its age at that moment; a clock that was set back makes none old.
    @Test func removalByAge() async throws {
        let temporary = try TemporaryStore()
        let writer = try await temporary.store.makeWriter()
        try await writer.write([1])
        let key = try await writer.finish(as: nil).key
        #expect(try await !temporary.store.remove(key, ifOlderThan: .seconds(60)))
        let path = temporary.root.appending(path: "files/\(key)").path
        for (age, isRemoved) in [(-3600.0, false), (30, false), (120, true)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
            #expect(try await temporary.store.remove(key, ifOlderThan: .seconds(60)) == isRemoved)
        }
        #expect(try await temporary.store.facts(of: key) == nil)
        #expect(try await temporary.store.remove(key, ifOlderThan: .seconds(60)))
    }
}

import Blobs
import Foundation
import Generations
import StoreConformance
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
    var fileCount: Int { Self.files(in: root).count }

    /// The store as a case of the conformance suite wants it.
    ///
    /// - Parameter folder: For files that do not belong to the store.
    func bench(folder: String) -> BlobBench {
        let root = root
        return BlobBench(
            store: store, folder: folder,
            grow: { seconds in
                for url in Self.files(in: root) {
                    let changed = try url.resourceValues(forKeys: [.contentModificationDateKey])
                        .contentModificationDate!
                    try FileManager.default.setAttributes(
                        [.modificationDate: changed.addingTimeInterval(-Double(seconds))], ofItemAtPath: url.path)
                }
            },
            damage: { key in
                let file = try FileHandle(forUpdating: root.appending(path: "files/\(key)"))
                try file.seek(toOffset: 1)
                try file.write(contentsOf: Data([0x55]))
                try file.close()
            },
            fileCount: { Self.files(in: root).count })
    }

    private static func files(in root: URL) -> [URL] {
        FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)!.compactMap { $0 as? URL }
            .filter { !$0.hasDirectoryPath && $0.lastPathComponent != "lock" }
    }
}

/// A folder that is gone after the test.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "lipsmith-scratch-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

struct FolderBlobStoreTests {
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

    /// A clock that was set back makes no file old.
    @Test func removalAfterTheClockWasSetBack() async throws {
        let temporary = try TemporaryStore()
        let writer = try await temporary.store.makeWriter()
        try await writer.write([1])
        let key = try await writer.finish(as: nil).key
        let path = temporary.root.appending(path: "files/\(key)").path
        for (age, isRemoved) in [(-3600.0, false), (30, false), (120, true)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
            #expect(try await temporary.store.remove(key, ifOlderThan: .seconds(60)) == isRemoved)
        }
    }

    /// A large file that is removed stays readable for who reads it, and its folder goes with it.
    @Test func removal() async throws {
        let temporary = try TemporaryStore()
        let writer = try await temporary.store.makeWriter()
        try await writer.write([UInt8](repeating: 7, count: 3_000_000))
        let key = try await writer.finish(as: .output(GenerationID(), fence: 1, name: "video.mp4")).key
        let reader = try #require(try await temporary.store.reader(for: key))
        try await temporary.store.remove(key)
        #expect(try await reader.read(offset: 2_999_999, maximumCount: 9) == [7])
        let folder = temporary.root.appending(path: "files/\(key)").deletingLastPathComponent().path
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}

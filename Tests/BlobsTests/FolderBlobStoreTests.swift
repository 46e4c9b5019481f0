import Blobs
import Foundation
import Generations
import Testing

/// A store in a folder that is gone after the test.
final class TemporaryStore {
    let root: URL
    let store: FolderBlobStore

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "lipsmith-blobs-\(UUID())")
        store = try FolderBlobStore(root: root.path)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// How many files lie in the folder, finished or not.
    var fileCount: Int {
        var count = 0
        for case let url as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)!
        where !url.hasDirectoryPath { count += 1 }
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
        _ = try await temporary.store.adopt(path: source.path, as: key)
        #expect(!FileManager.default.fileExists(atPath: source.path))
        let copy = temporary.root.appending(path: "copy.mp4")
        try await temporary.store.materialize(key, at: copy.path)
        #expect(try Data(contentsOf: copy) == Data([7, 8, 9]))
        let reader = try #require(try await temporary.store.reader(for: key))
        try await temporary.store.remove(key)
        try await temporary.store.remove(key)
        #expect(try await reader.read(offset: 1, maximumCount: 9) == [8, 9])
        #expect(try await temporary.store.facts(of: key) == nil)
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
        #expect(try await temporary.store.sweep(olderThan: .seconds(3600)) { _ in [] } == 0)
        #expect(try await temporary.store.sweep(olderThan: .zero) { known.intersection($0) } == 15)
        #expect(temporary.fileCount == 5)
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
        #expect(count == 0)
        #expect(try await store.facts(of: key) != nil)
    }
}

import Blobs
import Foundation
import Generations
import S3Harness
import TestTools
import Testing
import Text

/// What happens where a service fails at one certain moment.
struct S3FaultTests {
    private let large = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

    private func store(
        _ bucket: S3Bucket, change: (inout S3Configuration) -> Void = { _ in }
    ) async throws -> S3BlobStore {
        try await S3BlobStore.open(try bucket.configuration(change: change))
    }

    private func write(_ bytes: [UInt8], _ store: S3BlobStore, as key: BlobKey? = nil) async throws -> BlobKey {
        let writer = try await store.makeWriter()
        try await writer.write(bytes)
        return try await writer.finish(as: key).key
    }

    private func script(_ entries: (String, String)...) -> [String: JSONValue] {
        ["script": .array(entries.map { .array([.string($0.0), .string($0.1)]) })]
    }

    /// A download that is cut off goes on, and where it cannot, nothing is left that looks like the file.
    @Test func cutDownloads() async throws {
        let bucket = try await S3Bucket()
        let store = try await store(bucket) { $0.retries.maximumAttempts = 2 }
        let key = try await write(large, store)
        let scratch = try ScratchFolder()
        try await bucket.control(script(("GET", "cut-answer")))
        try await store.materialize(key, at: scratch.path + "/whole")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/whole")) == Data(large))
        try await bucket.control(script(("GET", "cut-answer"), ("GET", "cut-answer")))
        let error = await #expect(throws: StoreError.self) {
            try await store.materialize(key, at: scratch.path + "/cut")
        }
        #expect(error?.isRetryable == true)
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/cut"))
        let reader = try #require(try await store.reader(for: key))
        try await bucket.control(script(("GET", "cut-answer"), ("GET", "cut-answer")))
        await #expect(throws: StoreError.self) { try await reader.read(offset: 5_000_000, maximumCount: 1000) }
        #expect(try await reader.read(offset: 5_000_000, maximumCount: 9) == Array(large[5_000_000..<5_000_009]))
    }

    /// A byte that is changed on its way there is refused and sent again; one that is changed on its way back is fetched
    /// again; one that is changed where it lies is told.
    @Test func damage() async throws {
        let bucket = try await S3Bucket(script(("PUT /", "damage-request"), ("partNumber=2", "damage-request")))
        let store = try await store(bucket)
        let key = try await write(large, store)
        let scratch = try ScratchFolder()
        try await bucket.control(script(("GET", "damage-answer")))
        try await store.materialize(key, at: scratch.path + "/whole")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/whole")) == Data(large))
        try await bucket.control(["damage": .string("kept/here/files/\(key)")])
        let error = await #expect(throws: StoreError.self) {
            try await store.materialize(key, at: scratch.path + "/damaged")
        }
        #expect(error?.code == .damaged)
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/damaged"))
    }

    /// A file may look like what S3 says when it fails.
    @Test func contentLikeAnError() async throws {
        let store = try await store(try await S3Bucket())
        let text = Array("<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>".utf8)
        let key = try await write(text, store)
        #expect(try await store.reader(for: key)?.read(offset: 0, maximumCount: 1000) == text)
        #expect(try await store.scrub(bytesPerSecond: nil).damaged == [])
    }

    /// A file may be larger than what the client would take of a stranger.
    @Test func largeFacts() async throws {
        let bucket = try await S3Bucket()
        let store = try await store(bucket)
        let key = try await write([1], store)
        try await bucket.control(script(("HEAD", "six-gigabytes")))
        #expect(try await store.facts(of: key)?.byteCount == 6 << 30)
    }

    /// Whatever the last request of an upload fails by, the file is there once, and nothing else.
    @Test(arguments: ["500", "500-after", "lost-answer", "cut-answer", "error-in-200", "stall"])
    func completions(_ fault: String) async throws {
        let bucket = try await S3Bucket()
        let store = try await store(bucket)
        try await bucket.control(script(("?uploadId=", fault)))
        let key = try await write(large, store)
        #expect(try await store.facts(of: key)?.byteCount == 20_000_000)
        let state = try await bucket.state()
        #expect(state.uploads == 0)
        #expect(Set(state.keys) == ["kept/here/files/\(key)", "kept/here/lipsmith-installation.json"])
        #expect(state.counts["faults"] == 1)
    }

    /// An upload that is given up leaves nothing, also with a part on its way.
    @Test func abort() async throws {
        let bucket = try await S3Bucket()
        let store = try await store(bucket)
        for _ in 0..<5 {
            let writer = try await store.makeWriter()
            try await writer.write(large)
            await writer.discard()
        }
        let state = try await bucket.state()
        #expect(state.uploads == 0)
        #expect(state.keys == ["kept/here/lipsmith-installation.json"])
    }

    /// What a process that was killed has left goes with a sweep, once it is old; what is still going on stays.
    @Test func leftovers() async throws {
        let bucket = try await S3Bucket()
        let old = try await store(bucket)
        let killed = try await old.makeWriter()
        try await killed.write(large + [1])
        try await bucket.control(["advance": 259_200])
        let store = try await store(bucket)
        let writer = try await store.makeWriter()
        try await writer.write(large)
        _ = try await store.sweep(olderThan: .seconds(86_400)) { Set($0) }
        #expect(try await bucket.state().uploads == 1)
        #expect(try await writer.finish(as: nil).byteCount == 20_000_000)
        await #expect(throws: StoreError.self) { try await killed.finish(as: nil) }
        await killed.discard()
    }

    /// Lists of several pages are read to their end.
    @Test func pages() async throws {
        let bucket = try await S3Bucket()
        let store = try await store(bucket) { $0.pageSize = 3 }
        for index in 0..<8 { _ = try await write([UInt8(index)], store) }
        #expect(try await store.scrub(bytesPerSecond: nil).fileCount == 8)
        #expect(try await store.sweep(olderThan: .zero) { _ in [] }.quarantinedCount == 8)
        #expect(try await store.sweep(olderThan: .zero) { Set($0) }.restoredCount == 8)
        #expect(try await store.scrub(bytesPerSecond: nil).fileCount == 8)
    }

    /// Files that S3 does not copy at once are copied in parts.
    @Test func largeCopies() async throws {
        let bucket = try await S3Bucket()
        // An eighth of the limit is the size of a part, of which S3 takes none below 5 MiB.
        let store = try await store(bucket) { $0.copyByteLimit = 8 * 6_000_000 }
        let bytes = large + large + large
        let key = try await write(bytes, store)
        let scratch = try ScratchFolder()
        try await store.materialize(key, at: scratch.path + "/whole")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/whole")) == Data(bytes))
        // Stored once more, it becomes young and is not sent again to its place.
        #expect(try await write(bytes, store) == key)
        #expect(try await bucket.state().uploads == 0)
        #expect(try await bucket.state().keys.count == 2)
    }

    /// A service that fails for good is told after a bounded number of attempts, and not before.
    @Test func outage() async throws {
        let bucket = try await S3Bucket()
        let store = try await store(bucket) { $0.retries.maximumAttempts = 4 }
        try await bucket.control(["faults": 1])
        let before = try await bucket.state().counts["HEAD", default: 0]
        let error = await #expect(throws: StoreError.self) { try await store.facts(of: .content(digest: [1])) }
        #expect(error?.code == .unavailable)
        // libcurl sends a request once more by itself where a kept connection has ended.
        let sent = try await bucket.state().counts["HEAD", default: 0] - before
        #expect((4...8).contains(sent))
        try await bucket.control(["faults": 0, "denied": true])
        let refusal = await #expect(throws: StoreError.self) { try await store.facts(of: .content(digest: [1])) }
        #expect(refusal?.code == .refused)
    }
}

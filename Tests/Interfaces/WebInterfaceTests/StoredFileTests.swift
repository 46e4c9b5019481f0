import Blobs
import Foundation
import Generations
import HTTP
import Testing
import WebInterface

/// How a stored file is answered, wherever the store says that it is.
struct StoredFileTests {
    private func run(_ body: (FolderBlobStore, StoredFile) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "lipsmith-stored-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        let store = try FolderBlobStore(root: root.path)
        let writer = try await store.makeWriter()
        try await writer.write(Array("0123456789".utf8))
        let key = try await writer.finish(as: nil).key
        try await body(store, StoredFile(key: key, contentType: "video/mp4", downloadName: "a.mp4"))
    }

    private func content(of response: HTTPResponse?) async throws -> String {
        let sink = Sink()
        try await response?.write(to: HTTPBodyWriter { await sink.add($0) })
        return String(decoding: await sink.bytes, as: UTF8.self)
    }

    /// A store that hands files out itself is read while the client is served, whole and in ranges.
    @Test func reader() async throws {
        try await run { folder, file in
            let store = ElsewhereStore(folder: folder, place: .reader)
            let whole = try await file.response(to: HTTPRequest(.get, "/x"), from: store)
            #expect(whole?.status == .ok)
            #expect(whole?.headers["Content-Type"] == "video/mp4")
            #expect(whole?.headers["Content-Disposition"] == "attachment; filename=\"a.mp4\"")
            #expect(whole?.headers["X-Content-Type-Options"] == "nosniff")
            #expect(try await content(of: whole) == "0123456789")
            let part = try await file.response(
                to: HTTPRequest(.get, "/x", headers: ["Range": "bytes=3-5"]), from: store)
            #expect(part?.status == .partialContent)
            #expect(part?.headers["Content-Range"] == "bytes 3-5/10")
            #expect(try await content(of: part) == "345")
            #expect(part?.headers["ETag"] == whole?.headers["ETag"])
            let gone = StoredFile(key: BlobKey(rawValue: "content/none"), contentType: "video/mp4")
            #expect(try await gone.response(to: HTTPRequest(.get, "/x"), from: store) == nil)
        }
    }

    /// A client is sent on, and no cache keeps the address beyond its time.
    @Test func address() async throws {
        try await run { folder, file in
            let store = ElsewhereStore(folder: folder, place: .address("https://bucket.example/x?signature"))
            let answer = try await file.response(to: HTTPRequest(.get, "/x"), from: store)
            #expect(answer?.status == .found)
            #expect(answer?.headers["Location"] == "https://bucket.example/x?signature")
            #expect(answer?.headers["Cache-Control"] == "no-store")
            let asked = BlobPresentation(contentType: "video/mp4", downloadName: "a.mp4")
            #expect(await store.asked.presentation == asked)
        }
    }

    /// What is not what was stored is not given out.
    @Test func damaged() async throws {
        try await run { folder, file in
            let other = StoredFile(key: .content(digest: [UInt8](repeating: 1, count: 32)), contentType: "video/mp4")
            let writer = try await folder.makeWriter()
            try await writer.write([1])
            _ = try await writer.finish(as: other.key)
            let store = ElsewhereStore(folder: folder, place: .reader)
            let error = await #expect(throws: StoreError.self) {
                try await other.response(to: HTTPRequest(.get, "/x"), from: store)
            }
            #expect(error?.code == .damaged)
        }
    }
}

private actor Sink {
    var bytes: [UInt8] = []

    func add(_ more: [UInt8]) { bytes += more }
}

private actor Asked {
    var presentation: BlobPresentation?

    func note(_ presentation: BlobPresentation) { self.presentation = presentation }
}

/// A folder that says that its files are elsewhere.
private struct ElsewhereStore: BlobStore {
    let folder: FolderBlobStore
    let place: BlobLocation
    let asked = Asked()

    func location(of key: BlobKey, for presentation: BlobPresentation) async throws -> BlobLocation? {
        await asked.note(presentation)
        return place
    }

    func makeWriter() async throws -> any BlobWriter { try await folder.makeWriter() }
    func reader(for key: BlobKey) async throws -> (any BlobReader)? { try await folder.reader(for: key) }
    func facts(of key: BlobKey) async throws -> BlobFacts? { try await folder.facts(of: key) }
    func adopt(path: String, as key: BlobKey?) async throws -> BlobFacts { try await folder.adopt(path: path, as: key) }
    func materialize(_ key: BlobKey, at path: String) async throws { try await folder.materialize(key, at: path) }
    func remove(_ key: BlobKey) async throws { try await folder.remove(key) }
    func remove(_ key: BlobKey, ifOlderThan age: Duration) async throws -> Bool {
        try await folder.remove(key, ifOlderThan: age)
    }
    func sweep(
        olderThan age: Duration, isReferenced: @Sendable ([BlobKey]) async throws -> Set<BlobKey>
    ) async throws -> SweepOutcome { try await folder.sweep(olderThan: age, isReferenced: isReferenced) }
    func scrub(bytesPerSecond: Int64?) async throws -> ScrubOutcome {
        try await folder.scrub(bytesPerSecond: bytesPerSecond)
    }
    func freeByteCount() async throws -> Int64? { try await folder.freeByteCount() }
}

import Blobs
import Foundation
import Generations
import Synchronization
import TestSupport
import TestTools
import Testing
import Worker

/// Goal: what a machine has fetched is not fetched again while there is room, and what it keeps is never wrong or too much.
@Suite("The cache of stored files")
struct BlobCacheTests {
    private let folder: TemporaryFolder
    private let store: CountingStore
    private let cache: BlobCache

    init() async throws {
        folder = try TemporaryFolder()
        store = CountingStore(try FolderBlobStore(root: folder.path("blobs")))
        cache = BlobCache(blobs: store, folder: folder.path("cache"), byteLimit: 1000)
    }

    private func stored(_ byte: UInt8, count: Int) async throws -> BlobKey {
        let writer = try await store.makeWriter()
        try await writer.write(Array(repeating: byte, count: count))
        return try await writer.finish(as: nil).key
    }

    private func content(_ key: BlobKey, _ name: String = UUID().uuidString) async throws -> [UInt8] {
        try await cache.materialize(key, at: folder.path(name))
        return Array(try Data(contentsOf: URL(fileURLWithPath: folder.path(name))))
    }

    @Test func fetchedOnce() async throws {
        let key = try await stored(1, count: 400)
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try await content(key) } }
            for try await bytes in group { #expect(bytes == Array(repeating: 1, count: 400)) }
        }
        #expect(try await content(key).count == 400)
        #expect(store.fetchCount == 1)
        #expect(await cache.keptByteCount == 400)
    }

    @Test func leastRecentlyUsedGoes() async throws {
        let keys = [try await stored(1, count: 400), try await stored(2, count: 400), try await stored(3, count: 400)]
        for key in [keys[0], keys[1], keys[0], keys[2]] { _ = try await content(key) }
        #expect(store.fetchCount == 3)
        #expect(await cache.keptByteCount == 800)
        // The second one went; the first one, used since, is there.
        _ = try await content(keys[0])
        #expect(store.fetchCount == 3)
        #expect(try await content(keys[1]) == Array(repeating: 2, count: 400))
        #expect(store.fetchCount == 4)
    }

    @Test func tooLargeIsNotKept() async throws {
        let key = try await stored(1, count: 1001)
        for _ in 0..<2 { #expect(try await content(key).count == 1001) }
        #expect(store.fetchCount == 2)
        #expect(await cache.keptByteCount == 0)
    }

    @Test func adoptedIsKept() async throws {
        let path = folder.path("made")
        try Data(repeating: 5, count: 300).write(to: URL(fileURLWithPath: path))
        let key = try await cache.adopt(path, as: BlobKey(rawValue: "parts/aa/one.step")).key
        #expect(try await content(key) == Array(repeating: 5, count: 300))
        #expect(store.fetchCount == 0)
        #expect(try await store.facts(of: key)?.byteCount == 300)
    }

    @Test func idleGoes() async throws {
        let keys = [try await stored(1, count: 100), try await stored(2, count: 100)]
        for key in keys { _ = try await content(key) }
        await cache.forgetIdle(now: .now + .seconds(590))
        #expect(await cache.keptByteCount == 200)
        await cache.forgetIdle(now: .now + .seconds(610))
        #expect(await cache.keptByteCount == 0)
        #expect(try names(in: folder.path("cache")) == [])
    }

    /// Whoever tidies up the temporary files of a machine takes nothing but time.
    @Test func vanishedIsFetchedAgain() async throws {
        let key = try await stored(1, count: 100)
        _ = try await content(key)
        for name in try names(in: folder.path("cache")) {
            try FileManager.default.removeItem(atPath: folder.path("cache/\(name)"))
        }
        for _ in 0..<2 { #expect(try await content(key).count == 100) }
        #expect(store.fetchCount == 2)
    }

    @Test func cancelledWaitEnds() async throws {
        let key = try await stored(1, count: 100)
        store.delay = .seconds(30)
        let first = Task { try await content(key) }
        #expect(await eventually { store.fetchCount == 1 })
        let second = Task { try await content(key) }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        store.delay = .zero
        #expect(try await content(key).count == 100)
    }

    @Test func missingFails() async throws {
        let key = BlobKey(rawValue: "content/aa/none")
        for _ in 0..<2 {
            await #expect(throws: StoreError.self) { try await content(key) }
        }
        #expect(await cache.keptByteCount == 0)
    }

    /// With no limit nothing is kept, for a store that is on this machine.
    @Test func off() async throws {
        let key = try await stored(1, count: 10)
        let cache = BlobCache(blobs: store, folder: folder.path("other"), byteLimit: 0)
        for number in 0..<2 { try await cache.materialize(key, at: folder.path("off-\(number)")) }
        #expect(store.fetchCount == 2)
    }
}

/// A blob store that counts what is fetched of it.
private final class CountingStore: BlobStore {
    private let base: any BlobStore
    private let fetches = Mutex(0)
    private let pause = Mutex(Duration.zero)

    init(_ base: any BlobStore) { self.base = base }

    var fetchCount: Int { fetches.withLock { $0 } }

    /// How long a fetch takes.
    var delay: Duration {
        get { pause.withLock { $0 } }
        set { pause.withLock { $0 = newValue } }
    }

    func materialize(_ key: BlobKey, at path: String) async throws {
        fetches.withLock { $0 += 1 }
        if delay > .zero { try await Task.sleep(for: delay) }
        try await base.materialize(key, at: path)
    }

    func makeWriter() async throws -> any BlobWriter { try await base.makeWriter() }
    func reader(for key: BlobKey) async throws -> (any BlobReader)? { try await base.reader(for: key) }
    func location(of key: BlobKey, for presentation: BlobPresentation) async throws -> BlobLocation? {
        try await base.location(of: key, for: presentation)
    }
    func facts(of key: BlobKey) async throws -> BlobFacts? { try await base.facts(of: key) }
    func adopt(path: String, as key: BlobKey?) async throws -> BlobFacts { try await base.adopt(path: path, as: key) }
    func remove(_ key: BlobKey) async throws { try await base.remove(key) }
    func remove(_ key: BlobKey, ifOlderThan age: Duration) async throws -> Bool {
        try await base.remove(key, ifOlderThan: age)
    }
    func sweep(
        olderThan age: Duration, isReferenced: @Sendable ([BlobKey]) async throws -> Set<BlobKey>
    ) async throws -> SweepOutcome { try await base.sweep(olderThan: age, isReferenced: isReferenced) }
    func scrub(bytesPerSecond: Int64?) async throws -> ScrubOutcome {
        try await base.scrub(bytesPerSecond: bytesPerSecond)
    }
    func freeByteCount() async throws -> Int64? { try await base.freeByteCount() }
}

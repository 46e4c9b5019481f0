import Blobs
import Foundation
import Generations
import StoreConformance
import Testing
import Time

/// What has arrived of a file stays, whatever breaks off or ends.
@Suite("Uploads in pieces")
struct PartialUploadTests {
    /// A folder of uploads that is gone after the test.
    private final class Folder {
        let root = FileManager.default.temporaryDirectory.appending(path: "lipsmith-uploads-\(UUID())").path
        let organisation = OrganisationID()

        func open(clock: any WallClock = SystemClock()) throws -> FolderPartialUploads {
            try FolderPartialUploads(root: root, clock: clock)
        }

        func upload(_ byteCount: Int64) -> PartialUpload {
            PartialUpload(
                organisation: organisation, name: "clip.mp4", byteCount: byteCount,
                expiresAt: SystemClock().now.advanced(by: PartialUpload.validity))
        }

        /// The names of all files, without those of the folders.
        var names: [String] {
            (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
                .filter { $0.contains("/") }.map { ($0 as NSString).lastPathComponent }.sorted()
        }

        /// Sets the time of the last change of all files.
        func age(seconds: Double) throws {
            for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: root + "/" + name)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }
    }

    @Test("Pieces become a file of the blob store, named by its content, once")
    func pieces() async throws {
        let folder = Folder()
        let blobs = try TemporaryStore()
        let uploads = try folder.open()
        let upload = folder.upload(5)
        try await uploads.create(upload)
        #expect(try await uploads.append([1, 2], to: upload, at: 0) == 2)
        #expect(try await uploads.append([3, 4, 5], to: upload, at: 2) == 5)
        let whole = try #require(try await uploads.upload(upload.id, organisation: folder.organisation))
        #expect(whole.isWhole)
        #expect(whole.name == "clip.mp4")
        #expect(whole.asset == upload.asset)
        for name in folder.names {
            let path = folder.root + "/\(folder.organisation)/" + name
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        let key = try await uploads.handOver(whole, to: blobs.store)
        #expect(key == .content(digest: Digest.sha256([1, 2, 3, 4, 5])))
        #expect(try await uploads.handOver(whole, to: blobs.store) == key)
        #expect(blobs.fileCount == 1)
        #expect(folder.names == ["\(upload.id).json"])
        let handed = try #require(try await uploads.upload(upload.id, organisation: folder.organisation))
        #expect(handed.blob == key)
        #expect(handed.offset == 5)
        #expect(!handed.isFinished)
        #expect(try await uploads.openUploads(of: folder.organisation).map(\.id) == [upload.id])
        try await uploads.finish(handed)
        // A list of the open ones reads no file of a finished one.
        #expect(folder.names == ["\(upload.id).finished"])
        #expect(try await uploads.openUploads(of: folder.organisation).isEmpty)
        #expect(try await uploads.upload(upload.id, organisation: folder.organisation)?.isFinished == true)
        try await uploads.finish(handed)
        #expect(folder.names == ["\(upload.id).finished"])
        #expect(try await uploads.delete(upload.id, organisation: folder.organisation)?.blob == key)
        #expect(folder.names.isEmpty)
    }

    @Test("A process that was killed while it handed a file over has lost nothing")
    func killedWhileHandingOver() async throws {
        let folder = Folder()
        let blobs = try TemporaryStore()
        let uploads = try folder.open()
        let upload = folder.upload(3)
        try await uploads.create(upload)
        _ = try await uploads.append([7, 8, 9], to: upload, at: 0)
        // The blob store has the file already, under a second name of the same bytes, and nobody has written it down.
        let bytes = folder.root + "/\(folder.organisation)/\(upload.id).part"
        try FileManager.default.linkItem(atPath: bytes, toPath: bytes + ".second")
        let first = try await blobs.store.adopt(path: bytes + ".second", as: nil).key
        let key = try await uploads.handOver(upload, to: blobs.store)
        #expect(key == first)
        #expect(blobs.fileCount == 1)
        let reader = try #require(try await blobs.store.reader(for: key))
        #expect(try await reader.read(offset: 0, maximumCount: 10) == [7, 8, 9])
    }

    @Test("A new process goes on where the last one ended")
    func restart() async throws {
        let folder = Folder()
        let upload = folder.upload(4)
        let first = try folder.open()
        try await first.create(upload)
        _ = try await first.append([1, 2], to: upload, at: 0)
        let second = try folder.open()
        let known = try #require(try await second.upload(upload.id, organisation: folder.organisation))
        #expect(known.offset == 2)
        #expect(known.byteCount == 4)
        #expect(try await second.append([3, 4], to: known, at: 2) == 4)
    }

    /// What came of one of several appends.
    private struct Attempt {
        var number: Int
        var end: Int64?
        var error: PartialUploadError?
    }

    @Test("Of many who add at one offset, one does, and the others hear where the end is")
    func race() async throws {
        let folder = Folder()
        // Two openings of one folder, as of two processes.
        let stores = [try folder.open(), try folder.open()]
        let size = 70_000
        let rounds = 20
        let upload = folder.upload(Int64(size * rounds))
        try await stores[0].create(upload)
        var winners: [Int] = []
        for round in 0..<rounds {
            let offset = Int64(round * size)
            let outcomes = await withTaskGroup(of: Attempt.self) { group in
                for number in 0..<6 {
                    let store = stores[number % 2]
                    group.addTask {
                        let bytes = [UInt8](repeating: UInt8(number), count: size)
                        do {
                            return Attempt(number: number, end: try await store.append(bytes, to: upload, at: offset))
                        } catch { return Attempt(number: number, error: error as? PartialUploadError) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let end = offset + Int64(size)
            let added = outcomes.filter { $0.end != nil }
            #expect(added.map(\.end) == [end])
            winners += added.map(\.number)
            let others = outcomes.filter { $0.end == nil }.map(\.error)
            #expect(others == Array(repeating: .offsetWrong(current: end), count: 5))
        }
        let path = folder.root + "/\(folder.organisation)/\(upload.id).part"
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(bytes.count == size * rounds)
        try #require(winners.count == rounds)
        for round in 0..<rounds {
            #expect(bytes[round * size..<(round + 1) * size].allSatisfy { $0 == UInt8(winners[round]) })
        }
    }

    @Test("Bytes beyond the announced size, at a wrong offset and of a deleted upload are not added")
    func refused() async throws {
        let folder = Folder()
        let uploads = try folder.open()
        let upload = folder.upload(3)
        try await uploads.create(upload)
        _ = try await uploads.append([1, 2], to: upload, at: 0)
        await #expect(throws: PartialUploadError.tooManyBytes(current: 2)) {
            try await uploads.append([3, 4], to: upload, at: 2)
        }
        for offset in [0, 1, 3, -1, Int64.max] {
            await #expect(throws: PartialUploadError.offsetWrong(current: 2)) {
                try await uploads.append([3], to: upload, at: offset)
            }
        }
        #expect(try await uploads.upload(upload.id, organisation: folder.organisation)?.offset == 2)
        #expect(try await uploads.delete(upload.id, organisation: folder.organisation)?.offset == 2)
        #expect(try await uploads.delete(upload.id, organisation: folder.organisation) == nil)
        await #expect(throws: PartialUploadError.gone) { try await uploads.append([3], to: upload, at: 2) }
        await #expect(throws: PartialUploadError.gone) {
            try await uploads.handOver(upload, to: try TemporaryStore().store)
        }
        #expect(folder.names.isEmpty)
    }

    @Test("An upload of another organisation is none")
    func foreign() async throws {
        let folder = Folder()
        let uploads = try folder.open()
        let upload = folder.upload(3)
        try await uploads.create(upload)
        let stranger = OrganisationID()
        #expect(try await uploads.upload(upload.id, organisation: stranger) == nil)
        #expect(try await uploads.delete(upload.id, organisation: stranger) == nil)
        #expect(try await uploads.openUploads(of: stranger).isEmpty)
        #expect(try await uploads.upload(upload.id, organisation: folder.organisation) != nil)
    }

    @Test("An upload that gets no byte for a day goes; each byte gives it another day")
    func expiry() async throws {
        let folder = Folder()
        let blobs = try TemporaryStore()
        let uploads = try folder.open()
        let (idle, fed, handed, done) = (folder.upload(3), folder.upload(3), folder.upload(1), folder.upload(1))
        for upload in [idle, fed, handed, done] { try await uploads.create(upload) }
        for upload in [handed, done] { _ = try await uploads.append([UInt8(1)], to: upload, at: 0) }
        let abandoned = try await uploads.handOver(handed, to: blobs.store)
        _ = try await uploads.handOver(done, to: blobs.store)
        try await uploads.finish(done)
        try folder.age(seconds: 86_390)
        #expect(try await uploads.removeExpired().isEmpty)
        #expect(try await uploads.upload(idle.id, organisation: folder.organisation) != nil)
        _ = try await uploads.append([1], to: fed, at: 0)
        let clock = ManualClock()
        clock.advance(by: SystemClock().now.duration(since: clock.now) + .seconds(20))
        let later = try folder.open(clock: clock)
        #expect(try await later.upload(idle.id, organisation: folder.organisation) == nil)
        #expect(try await later.openUploads(of: folder.organisation).map(\.id) == [fed.id])
        // Of the one that was handed over no asset was made; the other's file is an asset's.
        #expect(try await later.removeExpired() == [abandoned])
        #expect(folder.names == ["\(fed.id).json", "\(fed.id).part"])
    }

    @Test("Damaged facts are no upload, and go after a day as leftovers do")
    func damaged() async throws {
        let folder = Folder()
        let uploads = try folder.open()
        let upload = folder.upload(3)
        try await uploads.create(upload)
        let files = folder.root + "/\(folder.organisation)/"
        try "{".write(toFile: files + "\(upload.id).json", atomically: false, encoding: .utf8)
        try "left".write(toFile: files + "left.new", atomically: false, encoding: .utf8)
        #expect(try await uploads.upload(upload.id, organisation: folder.organisation) == nil)
        _ = try await uploads.removeExpired()
        #expect(folder.names.count == 3)
        try folder.age(seconds: 86_401)
        _ = try await uploads.removeExpired()
        #expect(folder.names.isEmpty)
    }

    @Test(
        "No name but a UUID touches a path",
        arguments: [
            "", ".", "..", "../outside", "/etc/passwd", "a/b", "outside", "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f/..",
            "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6\0", "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6..",
            "..0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f",
        ])
    func hostileNames(name: String) async throws {
        let folder = Folder()
        let uploads = try folder.open()
        // A file that such a name would lead to.
        try "{}".write(toFile: folder.root + "/outside.json", atomically: false, encoding: .utf8)
        try "bytes".write(toFile: folder.root + "/outside.part", atomically: false, encoding: .utf8)
        let id = PartialUploadID(rawValue: name)
        #expect(try await uploads.upload(id, organisation: folder.organisation) == nil)
        #expect(try await uploads.delete(id, organisation: folder.organisation) == nil)
        #expect(try await uploads.openUploads(of: OrganisationID(rawValue: name)).isEmpty)
        let hostile = [
            PartialUpload(id: id, organisation: folder.organisation, name: "", byteCount: 9, expiresAt: Samples.start),
            PartialUpload(
                organisation: OrganisationID(rawValue: name), name: "", byteCount: 9, expiresAt: Samples.start),
        ]
        for upload in hostile {
            await #expect(throws: PartialUploadError.gone) { try await uploads.create(upload) }
            await #expect(throws: PartialUploadError.gone) { try await uploads.append([1], to: upload, at: 5) }
        }
        #expect(try String(contentsOfFile: folder.root + "/outside.part", encoding: .utf8) == "bytes")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root).count == 2)
    }
}

import Blobs
import Foundation
import Generations
import Persistence
import Server
import TestSupport
import Testing
import Time

/// Goal: media are never taken for nobody's since their database is not there.
@Suite("The data folder")
struct DataFolderTests {
    /// How a database is lost.
    enum Loss: CaseIterable {
        case missing, empty, withoutItsLog
    }

    /// A folder of an installation with a stored file, a key and a link secret, as a server leaves it.
    private func installation(in folder: TemporaryFolder) async throws -> DataFolder {
        let data = try DataFolder(folder.path("data"))
        let store = try data.openStore()
        _ = try await Administration(store: store).firstKey()
        let writer = try await data.openBlobs(quarantineTime: .seconds(60)).makeWriter()
        try await writer.write([1, 2, 3])
        _ = try await writer.finish(as: nil)
        _ = try data.linkSecret()
        withExtendedLifetime(store) {}
        return data
    }

    @Test("is refused without its database, unless a new installation is wanted", arguments: Loss.allCases)
    func lostDatabase(loss: Loss) async throws {
        let folder = try TemporaryFolder()
        let data = try await installation(in: folder)
        _ = try data.openStore()
        let database = data.path + "/lipsmith.db"
        switch loss {
        case .missing: unlink(database)
        case .empty: truncate(database, 0)
        case .withoutItsLog:
            // What SQLite leaves where all tables were in the log still: one page without any.
            unlink(database)
            let connection = try SQLiteDatabase.openWriter(path: database)
            try connection.run("PRAGMA user_version = 0; CREATE TABLE t (a); DROP TABLE t")
        }
        for name in ["-wal", "-shm"] where loss != .withoutItsLog { unlink(database + name) }
        let error = #expect(throws: DataFolderError.self) { try data.openStore() }
        #expect(error?.description.contains("--new-installation") == true)
        #expect(error?.description.contains("Restore") == true)
        // The secret alone is enough, and so are media.
        unlink(data.path + "/link-secret")
        #expect(throws: DataFolderError.self) { try data.openStore() }
        let store = try data.openStore(beginsAnew: true)
        #expect(try await store.organisations().isEmpty)
        _ = try data.openStore()
    }

    @Test("is opened anew and again where nothing is lost")
    func present() async throws {
        let folder = try TemporaryFolder()
        let data = try await installation(in: folder)
        #expect(try await data.openStore().organisations().count == 1)
        // A start that was interrupted before anything was kept is no loss.
        let other = try DataFolder(folder.path("other"))
        _ = try other.openBlobs(quarantineTime: .seconds(60))
        _ = try other.openStore()
    }

    @Test("is closed to the machine's other users, also where an earlier version had left it open")
    func modes() async throws {
        let folder = try TemporaryFolder()
        let data = try await installation(in: folder)
        let names = [
            "", "/lipsmith.db", "/lipsmith.db-wal", "/lipsmith.db-shm", "/link-secret", "/blobs", "/blobs/files",
        ]
        let store = try data.openStore()
        try await store.createOrganisation(Organisation(name: "x", createdAt: SystemClock().now))
        func open() -> [String] {
            names.filter { name in
                var status = stat()
                return stat(data.path + name, &status) != 0 || status.st_mode & 0o077 != 0
            }
        }
        #expect(open() == [])
        for name in names { chmod(data.path + name, 0o755) }
        _ = try DataFolder(data.path)
        _ = try data.openBlobs(quarantineTime: .seconds(60))
        #expect(open() == [])
        withExtendedLifetime(store) {}
    }

    @Test("is looked through: a flipped bit in a used file is named, one in an unused file harms nobody")
    func check() async throws {
        let folder = try TemporaryFolder()
        let data = try await installation(in: folder)
        let store = try data.openStore()
        let blobs = try data.openBlobs(quarantineTime: .seconds(60))
        let writer = try await blobs.makeWriter()
        try await writer.write([4, 5, 6])
        let key = try await writer.finish(as: nil).key
        let organisation = try await OrganisationDirectory(store: store).standard().id
        try await store.createAsset(
            Asset(
                organisation: organisation, createdAt: SystemClock().now, name: "a", kind: .video, origin: .upload,
                blob: key), project: nil)
        #expect(try await data.check().allSatisfy(\.isSound))
        for blob in [key, BlobKey.content(digest: Digest.sha256([1, 2, 3]))] {
            try Data([9, 9, 9]).write(to: URL(fileURLWithPath: "\(data.path)/blobs/files/\(blob)"))
        }
        let findings = try await data.check()
        #expect(findings.map(\.isSound) == [true, false])
        #expect(findings[1].detail.contains(key.rawValue))
        #expect(findings[1].detail.contains("1 damaged"))
    }
}

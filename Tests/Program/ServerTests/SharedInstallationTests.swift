import Blobs
import Foundation
import Generations
import Persistence
import Server
import StoreConformance
import TemporaryPostgres
import TestSupport
import Testing

/// Goal: what several machines share is found, and what cannot be used is refused with a stable code and a sentence.
@Suite("Installations of several machines")
struct SharedInstallationTests {
    private static func configuration(_ flags: [String: String]) throws -> ServerConfiguration {
        try ServerConfiguration(flags: flags, environment: [:])
    }

    private static func code(opening url: String, _ flags: [String: String] = [:]) async throws -> String? {
        let configuration = try configuration(["database-url": url].merging(flags) { $1 })
        let error = await #expect(throws: DatabaseError.self) { try await Administration.open(configuration) }
        #expect(error?.description.hasPrefix("\(error?.code ?? ""): ") == true)
        return error?.code
    }

    @Test("A database that cannot be used is refused with its own code")
    func unusableDatabases() async throws {
        let server = try TemporaryPostgres.shared.get()
        #expect(try await Self.code(opening: "postgres://lips@127.0.0.1:9/lips") == "database_unreachable")
        #expect(try await Self.code(opening: "postgres://lips@no-such-host.invalid/lips") == "database_unreachable")
        #expect(try await Self.code(opening: server.address("nowhere")) == "database_missing")

        for malformed in ["postgres://u:50%off@db/x", "postgres://u:p@ss@db/x", "postgres://u:pa/ss@db/x"] {
            let configuration = try Self.configuration(["database-url": malformed])
            let error = await #expect(throws: DatabaseError.self) { try await Administration.open(configuration) }
            #expect(error?.code == "database_address_invalid")
            #expect(error?.description.contains("ss@db") == false)
            #expect(error?.description.contains("off@") == false)
        }

        try server.run(
            "CREATE DATABASE narrow TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", in: "postgres"
        )
        #expect(try await Self.code(opening: server.address("narrow")) == "database_encoding_wrong")

        let weak = try server.makeDatabase()
        try server.run("CREATE ROLE weak LOGIN", in: "postgres")
        #expect(
            try await Self.code(opening: weak.replacing("user=lipsmith", with: "user=weak"))
                == "database_rights_missing")

        let replica = try server.makeDatabase()
        let name = TemporaryPostgres.name(of: replica)
        try server.run("ALTER DATABASE \(name) SET default_transaction_read_only = on", in: "postgres")
        #expect(try await Self.code(opening: replica) == "database_read_only")

        let newer = try server.makeDatabase()
        _ = try await Administration.open(Self.configuration(["database-url": newer]))
        let newerName = TemporaryPostgres.name(of: newer)
        try server.run("UPDATE lipsmith_schema SET number = 99, oldest_program = 99", in: newerName)
        #expect(try await Self.code(opening: newer) == "database_too_new")

        let missing = "/nonexistent/password"
        #expect(
            try await Self.code(opening: newer, ["database-password-file": missing])
                == "database_password_missing")
    }

    @Test("Servers that begin at the same moment make one organisation and show one key")
    func firstKey() async throws {
        let configuration = try Self.configuration(["database-url": try TemporaryPostgres.shared.get().makeDatabase()])
        let keys = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<5 { group.addTask { try await Administration.open(configuration).firstKey() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(keys.compactMap { $0 }.count == 1)
        let listed = try await Administration.open(configuration).keys()
        #expect(listed.map(\.organisation) == ["default"])
    }

    @Test("Addresses of other kinds are refused as settings")
    func addresses() {
        for (name, value) in [("database-url", "mysql://x/y"), ("blobs-url", "http://x/y"), ("roles", "render,dance")] {
            let error = #expect(throws: ConfigurationError.self) { try Self.configuration([name: value]) }
            #expect(error?.setting == name)
        }
    }

    /// Method: an installation with a key and a file is carried to PostgreSQL and to another folder and back, twice each, as
    /// after an interruption; then somebody works on it, and a foreign one is in the way.
    @Test("An installation moves to another place whole, and back")
    func moves() async throws {
        let folder = try TemporaryFolder()
        let server = try TemporaryPostgres.shared.get()
        let url = try server.makeDatabase()
        let old = try Self.configuration(["data": folder.path("old")])
        let new = try Self.configuration(["data": folder.path("new"), "database-url": url])
        let back = try Self.configuration(["data": folder.path("back")])
        let data = try DataFolder(old.dataFolder)
        let key = try await Administration.open(old).createKey(name: "shop", organisation: "Shop")
        let secret = try data.linkSecret()
        let owner = try #require(try await data.openStore().organisations().first { $0.name == "Shop" })
        let blobs = try data.openBlobs(quarantineTime: .zero)
        let writer = try await blobs.makeWriter()
        try await writer.write(Array("a file".utf8))
        let facts = try await writer.finish(as: nil)
        let asset = Asset(
            organisation: owner.id, createdAt: owner.createdAt, name: "a\u{1F600}", kind: .video, origin: .upload,
            blob: facts.key, byteCount: 6)
        try await data.openStore().createAsset(asset, project: nil)

        for (source, target) in [(old, new), (old, new), (new, back), (new, back)] {
            let outcome = try await InstallationMove(from: source, to: target).run { _ in }
            #expect(outcome.isWhole, "\(outcome)")
            #expect(outcome.fileCount == 1)
            #expect(outcome.byteCount == 6)
        }
        let moved = try DataFolder(back.dataFolder)
        #expect(try moved.linkSecret() == secret)
        let store = try moved.openStore()
        #expect(try await store.activeKey(digest: Secret.digest(of: key))?.name == "shop")
        #expect(try await store.anyAsset(asset.id) == asset)
        #expect(try await store.storageUse(owner.id).inputByteCount == 6)
        #expect(try await moved.openBlobs(quarantineTime: .zero).facts(of: facts.key)?.byteCount == 6)

        // What is stored afterwards goes on where the copy ends.
        _ = try await store.create(CreateOrder(generations: [Samples.generation(owner.id, at: 1)]))

        try FileManager.default.removeItem(atPath: folder.path("back/blobs"))
        let outcome = try await InstallationMove(from: back, to: Self.configuration(["data": folder.path("third")]))
            .run { _ in }
        #expect(outcome.missing == [facts.key])

        let foreign = try Self.configuration(["data": folder.path("foreign")])
        _ = try await Administration.open(foreign).firstKey()
        let refusal = await #expect(throws: MoveError.self) { try await InstallationMove(from: old, to: foreign) }
        #expect(refusal?.code == "move_target_foreign")
        let node = WorkNode(
            name: "w", host: "h", version: "1", roles: [.render], renderSlots: 1, startedAt: owner.createdAt,
            seenAt: try data.openStore().steadyTime)
        try await data.openStore().noteNode(node)
        let inUse = await #expect(throws: MoveError.self) { try await InstallationMove(from: old, to: new) }
        #expect(inUse?.code == "move_in_use")
        let nowhere = try Self.configuration(["data": folder.path("nowhere")])
        let missing = await #expect(throws: MoveError.self) { try await InstallationMove(from: nowhere, to: new) }
        #expect(missing?.code == "move_source_missing")
    }
}

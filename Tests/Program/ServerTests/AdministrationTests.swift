import Foundation
import Generations
import Persistence
import Server
import TestSupport
import Testing

@Suite("Administration")
struct AdministrationTests {
    @Test("the first key is made once; further ones open organisations that are named")
    func keys() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLStore(path: folder.path("test.db"))
        let administration = Administration(store: store)
        let first = try #require(try await administration.firstKey())
        #expect(try await administration.firstKey() == nil)
        let second = try await administration.createKey(name: "second", organisation: nil)
        let other = try await administration.createKey(name: "other", organisation: "studio")
        let again = try await administration.createKey(name: "again", organisation: "studio")
        var owners: [OrganisationID] = []
        for secret in [first, second, other, again] {
            #expect(secret.hasPrefix("sk-"))
            owners.append(try #require(try await store.activeKey(digest: APIKey.digest(of: secret))).organisation)
        }
        #expect(owners[0] == owners[1])
        #expect(owners[2] == owners[3])
        #expect(owners[0] != owners[2])
        #expect(try await administration.keys().map(\.organisation) == ["default", "default", "studio", "studio"])
    }

    @Test("a key is revoked by its id, or by its name where that is clear")
    func revoking() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLStore(path: folder.path("test.db"))
        let administration = Administration(store: store)
        let secret = try await administration.createKey(name: "twin", organisation: nil)
        _ = try await administration.createKey(name: "twin", organisation: nil)
        await #expect(throws: AdministrationError.self) { _ = try await administration.revokeKey("twin") }
        await #expect(throws: AdministrationError.self) { _ = try await administration.revokeKey("nobody") }
        let id = try await administration.keys()[0].key.id
        #expect(try await administration.revokeKey(id.rawValue).name == "twin")
        #expect(try await administration.revokeKey("twin").id != id)
        #expect(try await store.activeKey(digest: APIKey.digest(of: secret)) == nil)
    }

    @Test("keys are members' unless they are made for operators")
    func roles() async throws {
        let folder = try TemporaryFolder()
        let administration = Administration(store: try SQLStore(path: folder.path("test.db")))
        _ = try await administration.firstKey()
        _ = try await administration.createKey(name: "chief", organisation: nil, role: .operator)
        #expect(try await administration.keys().map(\.key.role) == [.member, .operator])
    }

    @Test("a link to the studio opens the organisation that is named, with the role that is named, once")
    func studioLinks() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLStore(path: folder.path("test.db"))
        let administration = Administration(store: store)
        let signIn = SignIn(store: store)
        let form = /https:\/\/lips\.test\/studio#enter=([\w-]{43})/
        for (name, role) in [(nil, Role.operator), ("shop", .member)] {
            let link = try await administration.studioLink(organisation: name, role: role, base: "https://lips.test")
            let secret = String(try #require(link.wholeMatch(of: form)).output.1)
            let opened = try #require(try await signIn.open(secret, client: ""))
            #expect(opened.session.role == role)
            let owner = try await store.organisation(opened.session.organisation)
            #expect(owner?.name == name ?? "default")
            #expect(try await signIn.open(secret, client: "") == nil)
        }
    }

    @Test("the secret of links is made once and kept from others")
    func linkSecret() throws {
        let folder = try TemporaryFolder()
        let data = try DataFolder(folder.path("data"))
        let secret = try data.linkSecret()
        #expect(secret.count == 32)
        #expect(try DataFolder(folder.path("data")).linkSecret() == secret)
        let file = try FileManager.default.attributesOfItem(atPath: folder.path("data/link-secret"))
        #expect(file[.posixPermissions] as? Int == 0o600)
        #expect(throws: DataFolderError.self) { try DataFolder("/proc/nothing/here") }
    }
}

import Foundation
import Generations
import Persistence
import StoreConformance
import Synchronization
import Testing
import Time

/// Goal: a row that cannot be read is left out of lists, pages stay full, and an operator is told once.
struct DamagedRowTests {
    private static func damage(_ path: String, _ statements: String...) throws {
        let connection = try SQLiteDatabase.openWriter(path: path)
        for statement in statements { try connection.run(statement) }
    }

    private static func store(_ folder: TemporaryFolder, _ told: Told) throws -> (SQLStore, String) {
        let path = folder.path("store.sqlite")
        return (try SQLStore(path: path) { told.add($0) }, path)
    }

    private final class Told: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// Generations that cannot be read are left out of lists and pages of every length; read alone, one is an error.
    @Test(arguments: [
        "request = '{'", "request = '{}'", "status = 'melted'", "output = '[]'",
    ])
    func generations(_ change: String) async throws {
        let folder = try TemporaryFolder()
        let told = Told()
        let (store, path) = try Self.store(folder, told)
        let owner = Organisation(name: "One", createdAt: Samples.start)
        try await store.createOrganisation(owner)
        let all = (0..<12).map { Samples.generation(owner.id, at: Int64($0)) }
        _ = try await store.create(CreateOrder(generations: all))
        // The newest, a run in the middle, and the oldest.
        let broken: Set<Int> = [0, 4, 5, 6, 11]
        for index in broken {
            try Self.damage(path, "UPDATE generations SET \(change) WHERE id = '\(all[index].id)'")
        }
        let good = all.indices.reversed().filter { !broken.contains($0) }.map { all[$0].id }
        var filter = GenerationFilter(organisation: owner.id)
        #expect(try await store.generations(filter, after: nil, limit: nil).map(\.id) == good)
        for size in 1...8 {
            var seen: [GenerationID] = []
            while true {
                let page = try await store.generations(filter, after: seen.last, limit: size)
                seen += page.map(\.id)
                if page.count < size { break }
            }
            #expect(seen == good, "pages of \(size)")
        }
        filter.skippedCount = 5
        #expect(try await store.generations(filter, after: nil, limit: 3).map(\.id) == [3, 2, 1].map { all[$0].id })
        filter.skippedCount = 0
        filter.sources = ["api", "mcp"]
        #expect(try await store.generations(filter, after: nil, limit: 5).map(\.id) == Array(good.prefix(5)))
        #expect(told.all.count == broken.count)
        #expect(told.all.allSatisfy { $0.hasPrefix("generation ") })
        let error = await #expect(throws: StoreError.self) {
            try await store.generation(all[4].id, organisation: owner.id)
        }
        #expect(error?.code == .damaged)
    }

    /// A job that cannot be read ends, and keeps nobody else from working or from being told of lost leases.
    @Test func jobs() async throws {
        let folder = try TemporaryFolder()
        let told = Told()
        let (store, path) = try Self.store(folder, told)
        let owner = Organisation(name: "One", createdAt: Samples.start)
        try await store.createOrganisation(owner)
        let all = (0..<4).map { Samples.generation(owner.id, at: Int64($0)) }
        _ = try await store.create(CreateOrder(generations: all))
        let now = Samples.start.advanced(by: .seconds(1))
        #expect(try await store.claimJob(worker: "w", now: now, policy: JobPolicy())?.generation.id == all[0].id)
        for index in [0, 1] {
            try Self.damage(path, "UPDATE generations SET request = '{' WHERE id = '\(all[index].id)'")
        }
        #expect(try await store.claimJob(worker: "w", now: now, policy: JobPolicy())?.generation.id == all[2].id)
        let later = now.advanced(by: .seconds(60))
        #expect(Set(try await store.expireJobs(now: later, policy: JobPolicy())) == [all[0].id, all[2].id])
        let counts = try await store.jobCounts()
        #expect(counts == (2, 0))
        #expect(told.all.count == 2)
        #expect(told.all.allSatisfy { $0.contains("job ") })
    }

    /// The same for assets, projects, batches and deliveries.
    @Test func resources() async throws {
        let folder = try TemporaryFolder()
        let told = Told()
        let (store, path) = try Self.store(folder, told)
        let owner = Organisation(name: "One", createdAt: Samples.start)
        try await store.createOrganisation(owner)
        for index in 0..<6 {
            let asset = Asset(
                organisation: owner.id, createdAt: Samples.start, name: "a\(index)", kind: .audio, origin: .url,
                remoteURL: "http://x")
            try await store.createAsset(asset, project: nil)
        }
        try Self.damage(path, "UPDATE assets SET origin = 'moon' WHERE name IN ('a1', 'a2', 'a5')")
        let first = try await store.assets(AssetFilter(organisation: owner.id), sort: .nameAsc, after: nil, limit: 2)
        #expect(first.items.map(\.name) == ["a0", "a3"])
        #expect(first.hasMore)
        let rest = try await store.assets(
            AssetFilter(organisation: owner.id), sort: .nameAsc, after: first.items.last?.id, limit: 2)
        #expect(rest.items.map(\.name) == ["a4"])
        #expect(!rest.hasMore)

        for name in ["p0", "p1", "p2"] {
            _ = try await store.createProject(Project(organisation: owner.id, createdAt: Samples.start, name: name))
        }
        try Self.damage(path, "UPDATE projects SET visibility = 'moon' WHERE name = 'p0'")
        for sort in ProjectSort.allCases {
            let page = try await store.projects(
                organisation: owner.id, search: nil, sort: sort, after: nil, limit: 2)
            #expect(Set(page.items.map(\.name)) == ["p1", "p2"])
            #expect(!page.hasMore)
        }

        let batches = [0, 1].map {
            Batch(organisation: owner.id, createdAt: Timestamp(milliseconds: $0 + 5), webhookURL: nil)
        }
        for batch in batches {
            var generation = Samples.generation(owner.id)
            generation.batch = batch.id
            _ = try await store.create(CreateOrder(generations: [generation], batch: batch))
        }
        try Self.damage(
            path, "UPDATE batches SET status = 'moon' WHERE id = '\(batches[0].id)'",
            "UPDATE generations SET status = 'moon' WHERE batch = '\(batches[1].id)'")
        let found = try await store.batches(
            organisation: owner.id, status: nil, createdAfter: nil, createdBefore: nil, limit: 10)
        #expect(found.map(\.0.id) == [batches[1].id])
        #expect(found.map(\.1.total) == [1])
        try Self.damage(path, "UPDATE generations SET status = 'completed'")
        #expect(try await store.finishableBatches(limit: 10).map(\.id) == [batches[1].id])

        for url in ["http://a", "http://b"] {
            try await store.enqueue(
                WebhookDelivery(organisation: owner.id, generation: nil, batch: nil, url: url, createdAt: Samples.start)
            )
        }
        try Self.damage(path, "UPDATE deliveries SET status = 'moon' WHERE url = 'http://a'")
        #expect(try await store.deliveries(organisation: nil, limit: 10).map(\.url) == ["http://b"])

        for name in ["k0", "k1"] {
            try await store.createKey(APIKey.issue(name: name, organisation: owner.id, now: Samples.start).key)
        }
        try Self.damage(path, "UPDATE api_keys SET role = 'moon' WHERE name = 'k0'")
        #expect(try await store.keys().map(\.name) == ["k1"])
        for digest in ["s0", "s1"] {
            let (token, secret) = SignInToken.issue(organisation: owner.id, role: .member, now: Samples.start)
            try await store.createSignInToken(token)
            _ = try await store.redeemSignInToken(digest: Secret.digest(of: secret), now: Samples.start) {
                Session(opening: $0, digest: digest, client: "", now: Samples.start)
            }
        }
        try Self.damage(path, "UPDATE sessions SET role = 'moon' WHERE digest = 's0'")
        let sessions = try await store.sessions(organisation: nil, now: Samples.start, after: nil, limit: 1)
        #expect(sessions.items.map(\.digest) == ["s1"])
        #expect(!sessions.hasMore)
        #expect(told.all.count == 8, "\(told.all)")
        #expect(Set(told.all).count == 8, "\(told.all)")
    }
}

import Foundation
import Generations
import Persistence
import StoreConformance
import Testing
import Time

/// A folder that is gone after the test.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "lipsmith-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

struct SQLiteConformanceTests {
    /// Goal: the SQLite store does what every store must. Method: the shared cases, each on a fresh file.
    @Test(arguments: StoreConformance.cases)
    func conforms(_ conformance: StoreConformance) async throws {
        let folder = try TemporaryFolder()
        try await conformance.run(try SQLStore(path: folder.path("store.sqlite")))
        withExtendedLifetime(folder) {}
    }
}

struct MigrationTests {
    /// Goal: a file of every earlier form becomes one of the present form and keeps what is in it.
    @Test(arguments: 0..<Migrations.current)
    func everyEarlierForm(_ version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        do {
            let old = try SQLiteDatabase.openWriter(path: path)
            try Migrations.migrate(old, to: version)
            if version > 0 { try old.run("INSERT INTO organisations VALUES ('o', 'Old', 'whsec_x', 5)") }
            #expect(try Migrations.version(of: old) == version)
        }
        let store = try SQLStore(path: path)
        #expect(try await store.organisations().map(\.name) == (version > 0 ? ["Old"] : []))
        try await StoreConformance.cases[0].run(store)
    }

    /// A label's value that is too long for the index.
    private static let prompt = String(repeating: "p", count: 201)

    /// Goal: what the newest steps make of rows is right. Method: a file of the form before them with jobs, assets, an
    /// output, and rows that cannot be read.
    @Test func rows() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        do {
            let old = try SQLiteDatabase.openWriter(path: path)
            try Migrations.migrate(old, to: 7)
            try old.run(
                """
                INSERT INTO organisations VALUES ('o', 'Old', 'whsec_x', 5);
                INSERT INTO api_keys VALUES ('k', 'o', 'Key', 'digest', 'sk-abcde', 6, NULL);
                INSERT INTO assets (id, organisation, kind, origin, visibility, name, created_ms, updated_ms, byte_count,
                    generation) VALUES ('a', 'o', 'video', 'UPLOAD', 'USER', 'a', 1, 1, 1000, NULL),
                    ('made', 'o', 'video', 'EXTRACT', 'USER', 'm', 1, 1, 500, 'done');
                INSERT INTO generations (id, organisation, source, status, created_ms, progress, request, output, kind)
                VALUES ('waits', 'o', 'api', 'pending', 7, 0, '{"inputs":[{"asset":"a"},{"url":"x"}]}', NULL, 'speech'),
                    ('runs', 'o', 'api', 'processing', 8, 0, '{"inputs":[]}', NULL, 'lip_sync'),
                    ('done', 'o', 'api', 'completed', 9, 1, '{"inputs":[{"asset":"a"}]}', '{"bytes":77}', 'lip_sync'),
                    ('broken', 'o', 'api', 'completed', 9, 1, '{', '{', 'lip_sync'),
                    ('filed', 'o', 'api', 'failed', 4, 1, '{"labels":{"thread":"t","prompt":"\(Self.prompt)"}}', NULL,
                        'lip_sync');
                INSERT INTO batches (id, organisation, created_ms, status) VALUES ('b', 'o', 3, 'JOBS_CREATED'),
                    ('c', 'o', 3, 'COMPLETED');
                UPDATE generations SET failure_code = 'generation_input_video_invalid', failure_message = 'No.'
                    WHERE id = 'filed';
                INSERT INTO jobs VALUES ('waits', 7, 1, 0, NULL, NULL, 0, 0), ('runs', 8, 2, 1, 'w', 99, 0, 0);
                """)
        }
        let store = try SQLStore(path: path)
        let organisation = OrganisationID(rawValue: "o")
        #expect(try await store.activeKey(digest: "digest")?.role == .member)
        let use = try await store.storageUse(organisation)
        #expect(use.inputByteCount == 1000)
        #expect(use.outputByteCount == 77)
        let connection = try SQLiteDatabase.openWriter(path: path)
        let inputs = try connection.all("SELECT asset, generation FROM generation_inputs ORDER BY generation") {
            "\($0.text(0)) \($0.text(1))"
        }
        #expect(inputs == ["a done", "a waits"])
        let labels = try connection.all(
            "SELECT owner || generation || name || value || accepted_ms FROM generation_labels"
        ) { $0.text(0) }
        #expect(labels == ["ofiledthreadt4"])
        #expect(try await store.anyBatch(BatchID(rawValue: "b"))?.status == .accepted)
        #expect(try await store.anyBatch(BatchID(rawValue: "c"))?.status == .completed)
        let sent = try #require(try await store.anyAsset(AssetID(rawValue: "a")))
        #expect(sent.origin == .upload)
        #expect(sent.visibility == .user)
        let codes = try connection.all("SELECT failure_code FROM generations WHERE failure_code IS NOT NULL") {
            FailureCode(rawValue: $0.text(0))
        }
        #expect(codes == [.videoUnusable])
        let turns = try connection.all("SELECT priority || ' ' || organisation || ' ' || waiting FROM turns ORDER BY 1")
        {
            $0.text(0)
        }
        #expect(turns == ["0 o 1", "1 o 0"])
        #expect(try await store.nextJobDue(atLeast: .short) == Timestamp(milliseconds: 7))
        let counts = try await store.jobCounts()
        #expect(counts == (1, 1))
    }

    /// Goal: a newer file is refused and left alone.
    @Test func newerForm() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        do {
            let future = try SQLiteDatabase.openWriter(path: path)
            try future.run("PRAGMA user_version = 999")
        }
        let error = #expect(throws: StoreError.self) { try SQLStore(path: path) }
        #expect(error?.code == .tooNew)
    }

    /// Goal: statements of lists and claims walk along an index. Method: the plans name one and sort nothing.
    @Test func plansUseIndices() throws {
        let folder = try TemporaryFolder()
        let connection = try SQLiteDatabase.openWriter(path: folder.path("store.sqlite"))
        try Migrations.migrate(connection)
        let organisation = OrganisationID(rawValue: "o")
        let filters = [
            GenerationFilter(organisation: organisation),
            GenerationFilter(organisation: organisation, statuses: [.failed]),
            GenerationFilter(organisation: organisation, sources: ["mcp"]),
            GenerationFilter(organisation: organisation, project: ProjectID(rawValue: "p")),
        ]
        var inThread = GenerationFilter(organisation: organisation, sources: ["hedra"])
        inThread.labels["thread"] = ["t"]
        for filter in filters + [inThread] {
            let query = GenerationQuery.page(filter, after: (5, "x"), limit: 10, .sqlite)
            let plan = try connection.all("EXPLAIN QUERY PLAN \(query.text)", query.values) { $0.text(3) }
            #expect(plan.contains { $0.contains("INDEX generations_by_") }, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }
}

/// Goal: the time of leases goes on, whatever the machine's clocks do.
struct SteadyTimeTests {
    private struct HandClock: SteadyClock {
        var milliseconds: Int64
        var epoch: String
    }

    private static func store(_ path: String, _ milliseconds: Int64, _ epoch: String) throws -> SQLStore {
        var options = SQLiteDatabase.Options()
        options.clock = HandClock(milliseconds: milliseconds, epoch: epoch)
        return try SQLStore(path: path, options: options)
    }

    /// The time goes on from its last mark after the machine has started anew, and is the same for all its processes.
    @Test func goesOn() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        let first = try Self.store(path, 5_000_000, "one")
        let start = first.steadyTime
        #expect(abs(start.milliseconds - SystemClock().now.milliseconds) < 60_000)
        // Another process of the same start counts alike.
        #expect(try Self.store(path, 5_007_000, "one").steadyTime == start.advanced(by: .seconds(7)))
        // An hour later the machine stops in order, and starts anew.
        try await Self.store(path, 5_000_000 + 3_600_000, "one").checkpoint(ifLargerThan: 0)
        let second = try Self.store(path, 1000, "two")
        #expect(second.steadyTime == start.advanced(by: .seconds(3600)))
        // Where nobody names the epoch, a clock that went back tells it.
        try await Self.store(path, 61_000, "two").checkpoint(ifLargerThan: 0)
        #expect(try Self.store(path, 10, "two").steadyTime == start.advanced(by: .seconds(3660)))
    }

    /// Leases and pauses of before a new start of the machine are over at once.
    @Test func freesWhatWasHeld() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        let first = try Self.store(path, 1000, "one")
        let organisation = Organisation(name: "One", createdAt: Samples.start)
        try await first.createOrganisation(organisation)
        _ = try await first.create(
            CreateOrder(generations: (0..<2).map { Samples.generation(organisation.id, at: Int64($0)) }))
        var policy = JobPolicy()
        policy.lease = .seconds(1000)
        policy.retryDelays = [.seconds(5000)]
        let now = Moment(wall: Samples.start, steady: first.steadyTime)
        let job = try #require(
            try await first.claimJob(worker: "w", now: now, policy: policy, atLeast: .render))
        let failure = FailureFacts(code: .processingFailed, message: "It broke.")
        _ = try await first.finishJob(
            AttemptReport(id: job.generation.id, fence: 1, outcome: .failed(failure, mayRetry: true)), now: now,
            policy: policy)
        _ = try await first.claimJob(worker: "w", now: now, policy: policy, atLeast: .render)
        // Nobody who held or waited lives any more.
        let second = try Self.store(path, 5, "two")
        let later = Moment(wall: Samples.start, steady: second.steadyTime)
        #expect(try await second.expireJobs(now: later, policy: policy).count == 1)
        let counts = try await second.jobCounts()
        #expect(counts == (2, 0))
        for _ in 0..<2 {
            #expect(try await second.claimJob(worker: "w", now: later, policy: policy, atLeast: .render) != nil)
        }
    }
}

struct FailureTests {
    /// Goal: a full store refuses with a retryable error, keeps what it had, and takes reads.
    @Test func full() async throws {
        let folder = try TemporaryFolder()
        var options = SQLiteDatabase.Options()
        options.byteLimit = 400_000
        let store = try SQLStore(path: folder.path("store.sqlite"), options: options)
        let organisation = Organisation(name: "Full", createdAt: Samples.start)
        try await store.createOrganisation(organisation)
        let results = await withTaskGroup(of: Result<GenerationID, any Error>.self) { group in
            for index in 0..<2000 {
                group.addTask {
                    let generation = Samples.generation(organisation.id, at: Int64(index))
                    do {
                        _ = try await store.create(CreateOrder(generations: [generation]))
                        return .success(generation.id)
                    } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let stored = results.compactMap { try? $0.get() }
        let errors = results.compactMap { result -> StoreError? in
            if case .failure(let error) = result { error as? StoreError } else { nil }
        }
        #expect(!errors.isEmpty)
        #expect(stored.count + errors.count == 2000)
        #expect(errors.allSatisfy { $0.isRetryable })
        #expect(errors.contains { $0.code == .full && $0.driverCode == 13 })
        let kept = try await store.generations(GenerationFilter(organisation: organisation.id), after: nil, limit: nil)
        #expect(Set(kept.map(\.id)) == Set(stored))
    }

    /// Goal: a store that another process holds gives a retryable error after the time-out, and works afterwards.
    @Test func locked() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        var options = SQLiteDatabase.Options()
        options.busyTimeout = .zero
        let store = try SQLStore(path: path, options: options)
        let organisation = Organisation(name: "Locked", createdAt: Samples.start)
        do {
            let other = try SQLiteDatabase.openWriter(path: path)
            try other.run("BEGIN IMMEDIATE")
            let error = await #expect(throws: StoreError.self) { try await store.createOrganisation(organisation) }
            #expect(error?.code == .busy)
            #expect(error?.isRetryable == true)
            #expect(error?.driverCode == 5)
            #expect(try await store.organisations().isEmpty)
            // A wrong token asks for no turn to write.
            let session = try await store.redeemSignInToken(digest: "wrong", now: Samples.start) {
                Session(opening: $0, digest: "d", client: "test", now: Samples.start)
            }
            #expect(session == nil)
        }
        try await store.createOrganisation(organisation)
        #expect(try await store.organisations().count == 1)
    }

    /// Goal: one of many writes that share a transaction fails alone.
    @Test func oneFailsAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLStore(path: folder.path("store.sqlite"))
        let organisation = Organisation(name: "One", createdAt: Samples.start)
        try await store.createOrganisation(organisation)
        let taken = Samples.generation(organisation.id)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let generation = index % 2 == 0 ? taken : Samples.generation(organisation.id)
                    return (try? await store.create(CreateOrder(generations: [generation]))) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 51)
        #expect(try await store.generationCount(GenerationFilter(organisation: organisation.id)) == 51)
    }
}

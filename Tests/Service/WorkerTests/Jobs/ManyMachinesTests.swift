import Blobs
import Foundation
import Generations
import HTTP
import Persistence
import S3Harness
import Synchronization
import TemporaryPostgres
import TestSupport
import TestTools
import Testing
import Text
import Time
import Worker

/// Goal: accepted is finished on many machines, too. Nodes are killed and paused beyond their leases, PostgreSQL is killed and
/// comes back, S3 fails one request in ten; every job ends once, one output of each is left, and every webhook arrives and
/// verifies. `LIPSMITH_LONG_KILL_TEST=1` runs 200 jobs, 100 kills, 20 of them PostgreSQL's, and 50 pauses.
@Suite("Many machines", .serialized)
struct ManyMachinesTests {
    private static let isLong = ProcessInfo.processInfo.environment["LIPSMITH_LONG_KILL_TEST"] != nil

    /// A database, a bucket, and what nodes are told of them.
    private struct Shared {
        let server: TemporaryPostgres
        let bucket: S3Bucket
        let harness: Harness
        let environment: [String: String]

        init(faults: Double) async throws {
            server = try TemporaryPostgres(isDurable: true)
            let address = try server.makeDatabase()
            bucket = try await S3Bucket(["faults": .number(faults), "seed": .integer(7)])
            environment = [
                "LIPSMITH_DATABASE_URL": address,
                "LIPSMITH_BLOBS_URL": "s3://\(bucket.name)/kept/here?endpoint=\(bucket.service.endpoint)",
                "AWS_ACCESS_KEY_ID": "test-key", "AWS_SECRET_ACCESS_KEY": "test-secret",
            ]
            harness = try await Harness(
                TemporaryFolder(), store: SQLStore(try await PostgresDatabase(.init(address: address))),
                blobs: try await S3BlobStore.open(bucket.configuration()))
        }
    }

    @Test("Every accepted job ends exactly once, whatever dies")
    func kills() async throws {
        let (jobCount, killCount) = Self.isLong ? (200, 100) : (20, 10)
        let shared = try await Shared(faults: 0.1)
        let harness = shared.harness
        try await LocalServer.run({ _, count in HTTPResponse(count % 5 == 3 ? .serviceUnavailable : .ok) }) {
            receiver in
            var nodes = try (0..<2).map { _ in try WorkerProcess(harness, environment: shared.environment) }
            var ids: [GenerationID] = []
            let requests = try await Self.requests(harness, webhookURL: receiver.url("/hook"))
            for number in 0..<jobCount { ids.append(try await Self.accept(requests[number % 4], harness)) }
            var random = SystemRandomNumberGenerator()
            var kills = ["node": 0, "database": 0]
            var outages: [Outage] = []
            while kills.values.reduce(0, +) < killCount {
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...700, using: &random)))
                if kills.values.reduce(0, +) % 5 == 4 {
                    outages.append(try await Self.outage(shared))
                    kills["database", default: 0] += 1
                } else {
                    let index = nodes.indices.randomElement(using: &random)!
                    nodes[index].kill()
                    nodes[index] = try WorkerProcess(harness, environment: shared.environment)
                    kills["node", default: 0] += 1
                }
                // As many jobs as there are kills left for.
                if try await harness.unfinished().count < 8 {
                    for number in 0..<8 { ids.append(try await Self.accept(requests[number % 4], harness)) }
                }
            }
            try await Self.check(ids, shared, receiver)
            for node in nodes { await node.stop() }
            let refusal = outages.map(\.refusedAfter).max() ?? .zero
            let recovery = outages.map(\.backAfter).max() ?? .zero
            #expect(refusal < .seconds(10), "a request waited for a database that is away")
            #expect(recovery < .seconds(20), "the database was back long before requests were answered")
            let counts = try await shared.bucket.state().counts
            print(
                "killed \(kills); \(counts["faults", default: 0]) requests to S3 failed; without the database refused after "
                    + "\(refusal) at most, with it answered after \(recovery) at most; \(receiver.all.count) webhooks for "
                    + "\(ids.count) jobs")
        }
    }

    @Test("A node that was paused for longer than its lease publishes nothing")
    func pauses() async throws {
        let (jobCount, pauseCount) = Self.isLong ? (100, 50) : (12, 6)
        let shared = try await Shared(faults: 0)
        let harness = shared.harness
        try await LocalServer.run({ _, _ in HTTPResponse(.ok) }) { receiver in
            let nodes = try (0..<2).map { _ in try WorkerProcess(harness, environment: shared.environment) }
            var ids: [GenerationID] = []
            let requests = try await Self.requests(harness, webhookURL: receiver.url("/hook"))
            for number in 0..<jobCount { ids.append(try await Self.accept(requests[number % 4], harness)) }
            for number in 0..<pauseCount {
                let node = nodes[number % 2]
                node.pause()
                // A lease is two seconds.
                try await Task.sleep(for: .milliseconds(2600))
                node.goOn()
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...400)))
                if try await harness.unfinished().count < 4 {
                    for number in 0..<4 { ids.append(try await Self.accept(requests[number], harness)) }
                }
            }
            try await Self.check(ids, shared, receiver)
            for node in nodes { await node.stop() }
            print("paused \(pauseCount) times, \(receiver.all.count) webhooks for \(ids.count) jobs")
        }
    }

    // MARK: Parts

    /// Four orders, the last one of a video so long that it is done in parts.
    private static func requests(_ harness: Harness, webhookURL: String) async throws -> [GenerationRequest] {
        let short = try await request(
            harness, seconds: 1, "slow:0.8", webhookURL: webhookURL)
        let steps = [
            "survey", "hearing", "span-0", "span-1", "planning", "section-0", "section-1", "section-2", "joining",
        ]
        let long = try await request(
            harness, seconds: 30, steps.map { "\($0)!slow:0.4" }.joined(separator: " "), webhookURL: webhookURL)
        return [short, short, short, long]
    }

    private static func request(
        _ harness: Harness, seconds: Int, _ behaviour: String, webhookURL: String
    ) async throws -> GenerationRequest {
        GenerationRequest(
            model: "lipsync-2",
            order: .lipSync(
                LipSyncOrder(inputs: [
                    try await harness.asset("video \(seconds) \(behaviour)", .video),
                    try await harness.asset("audio \(seconds)", .audio),
                ])), webhookURL: webhookURL)
    }

    /// Accepts as a client does that repeats a request with one name until it is answered.
    private static func accept(_ request: GenerationRequest, _ harness: Harness) async throws -> GenerationID {
        let generation = Generation(
            organisation: harness.organisation.id, request: request, createdAt: SystemClock().now)
        while true {
            do {
                _ = try await harness.store.create(CreateOrder(generations: [generation]))
                return generation.id
            } catch let error as StoreError where error.isRetryable {
                try await Task.sleep(for: .milliseconds(50))
            } catch let error as GenerationError where error.code == .nameTaken {
                return generation.id
            }
        }
    }

    /// How a database that was away was noticed.
    private struct Outage {
        /// The longest time until a request was refused.
        var refusedAfter = Duration.zero
        /// How long after its return requests were answered.
        var backAfter = Duration.zero
    }

    private static func outage(_ shared: Shared) async throws -> Outage {
        var outage = Outage()
        let clock = ContinuousClock()
        try shared.server.stop()
        for _ in 0..<3 {
            let time = await clock.measure {
                await #expect(throws: StoreError.self) { _ = try await shared.harness.store.jobCounts() }
            }
            outage.refusedAfter = max(outage.refusedAfter, time)
        }
        try shared.server.start()
        outage.backAfter = await clock.measure {
            #expect(await eventually { (try? await shared.harness.store.jobCounts()) != nil })
        }
        return outage
    }

    private static func check(_ ids: [GenerationID], _ shared: Shared, _ receiver: LocalServer) async throws {
        try await shared.harness.expectAllToEnd()
        try await shared.harness.expectEachOnce(ids, told: receiver)
        // One output of each is left.
        let left = try await shared.bucket.state().keys.filter {
            $0.contains("/files/outputs/") && $0.hasSuffix(".mp4")
        }
        #expect(left.count == ids.count)
        #expect(try await shared.harness.store.partCounts() == (0, 0))
        let parts = try await shared.bucket.state().keys.filter { $0.contains("/files/parts/") }
        #expect(parts == [])
        let log = try String(contentsOfFile: shared.harness.folder.path("worker.log"), encoding: .utf8)
        let resumed = log.components(separatedBy: "\"parts_resumed\"").count - 1
        let done = log.components(separatedBy: "\"part_done\"").count - 1
        #expect(done >= ids.count / 4 * 9)
        print("\(done) parts done, \(resumed) attempts went on with parts of others")
    }
}

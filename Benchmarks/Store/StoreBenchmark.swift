import Foundation
import Generations
import Persistence
import TemporaryPostgres
import Text
import Time

/// Measures the store: durable creates by 32 callers at once, a list of 100 among many, a claim among many.
///
///     StoreBenchmark [--postgres] [NUMBER]    among a million generations, unless another number is given
@main
struct StoreBenchmark {
    static func main() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-benchmark-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let words = CommandLine.arguments.dropFirst()
        let server = words.contains("--postgres") ? try TemporaryPostgres(isDurable: true) : nil
        let store: SQLStore
        if let server {
            store = SQLStore(try await PostgresDatabase(.init(address: try server.makeDatabase())))
        } else {
            store = try SQLStore(path: folder.appending(path: "store.sqlite").path)
        }
        let organisation = Organisation(name: "Benchmark", createdAt: SystemClock().now)
        try await store.createOrganisation(organisation)

        try await measureCreates(store, organisation.id)
        let stored = words.lazy.compactMap { Int($0) }.first ?? 1_000_000
        try await fill(store, organisation.id, queued: 100_000, ended: stored - 100_000)
        try await measureList(store, organisation.id, stored: stored)
        try server?.run("ANALYZE", in: "test1")
        try await measureClaims(store)
        try await measureWork(store)
    }

    static func request() -> GenerationRequest {
        GenerationRequest(
            model: "lipsync-2",
            order: .lipSync(
                LipSyncOrder(
                    inputs: [
                        MediaInput(
                            kind: .video, role: .visual, source: .url("https://media.example/some/folder/video.mp4")),
                        MediaInput(
                            kind: .audio, role: .voice, source: .url("https://media.example/some/folder/audio.wav")),
                    ], options: GenerationOptions(syncMode: .loop, temperature: 0.4))), outputFileName: "take_1",
            webhookURL: "https://me.example/hook",
            echo: [
                "input": [
                    ["type": "video", "url": "https://media.example/some/folder/video.mp4"],
                    ["type": "audio", "url": "https://media.example/some/folder/audio.wav"],
                ], "options": ["sync_mode": "loop", "temperature": 0.4],
            ])
    }

    static func measureCreates(_ store: SQLStore, _ organisation: OrganisationID) async throws {
        let count = 10_000
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        for _ in 0..<count / 32 {
                            let generation = Generation(
                                organisation: organisation, request: request(), createdAt: SystemClock().now)
                            _ = try await store.create(CreateOrder(generations: [generation]))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        print("durable creates by 32 callers: \(Int(Double(count) / seconds(time))) a second")
    }

    static func fill(_ store: SQLStore, _ organisation: OrganisationID, queued: Int, ended: Int) async throws {
        let now = SystemClock().now
        for start in stride(from: 0, to: queued + ended, by: 5000) {
            let generations = (start..<min(start + 5000, queued + ended)).map { index in
                var generation = Generation(
                    organisation: organisation, source: index % 10 == 0 ? "mcp" : "api", request: request(),
                    createdAt: now.advanced(by: .milliseconds(index - queued - ended)))
                if index >= queued { generation.status = index % 1000 == 0 ? .failed : .completed }
                return generation
            }
            _ = try await store.create(CreateOrder(generations: generations))
        }
    }

    static func measureList(_ store: SQLStore, _ organisation: OrganisationID, stored: Int) async throws {
        var filter = GenerationFilter(organisation: organisation)
        try await measure("list of 100 among \(stored)") {
            _ = try await store.generations(filter, after: nil, limit: 100)
        }
        let page = try await store.generations(filter, after: nil, limit: 100)
        try await measure("the page after it") {
            _ = try await store.generations(filter, after: page.last?.id, limit: 100)
        }
        filter.statuses = [.failed, .processing]
        try await measure("100 of two rare statuses") {
            _ = try await store.generations(filter, after: nil, limit: 100)
        }
        filter = GenerationFilter(organisation: organisation, sources: ["mcp"])
        try await measure("100 of one source") {
            _ = try await store.generations(filter, after: nil, limit: 100)
        }
        try await measure("one generation") {
            _ = try await store.generation(page[50].id, organisation: organisation)
        }
    }

    private static func now(_ store: SQLStore) -> Moment {
        Moment(wall: SystemClock().now, steady: store.steadyTime)
    }

    static func measureClaims(_ store: SQLStore) async throws {
        // What any durable write costs on this disk, to tell the claim's own part.
        try await measure("the smallest durable write") {
            try await store.createOrganisation(Organisation(name: "Smallest", createdAt: SystemClock().now))
        }
        try await measure("claim among 100000 queued, made durable") {
            _ = try await store.claimJob(
                worker: "benchmark", now: now(store), policy: JobPolicy(), atLeast: .render)
        }
        let count = 3200
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        for _ in 0..<count / 32 {
                            _ = try await store.claimJob(
                                worker: "benchmark", now: now(store), policy: JobPolicy(), atLeast: .render)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        print("durable claims by 32 callers: \(Int(Double(count) / seconds(time))) a second")
    }

    /// Jobs that are claimed and ended at once, by 32 callers.
    static func measureWork(_ store: SQLStore) async throws {
        let count = 6400
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        for _ in 0..<count / 32 {
                            let job = try await store.claimJob(
                                worker: "benchmark", now: now(store), policy: JobPolicy(), atLeast: .render)
                            guard let job else { continue }
                            let key = BlobKey.output(job.generation.id, fence: job.lease.fence, name: "take.mp4")
                            let output = OutputFacts(
                                blob: key, durationSeconds: 5, width: 640, height: 480, byteCount: 1000, frameCount: 125
                            )
                            _ = try await store.finishJob(
                                AttemptReport(
                                    id: job.generation.id, fence: job.lease.fence, outcome: .completed(output)),
                                now: now(store), policy: JobPolicy())
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        print("jobs claimed and ended by 32 callers: \(Int(Double(count) / seconds(time))) a second")
    }

    static func measure(_ name: String, _ body: () async throws -> Void) async throws {
        var times: [Double] = []
        for _ in 0..<200 { times.append(seconds(try await ContinuousClock().measure(body)) * 1000) }
        times.sort()
        print(String(format: "%@: median %.3f ms, 95%% %.3f ms", name, times[100], times[190]))
    }

    static func seconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }
}

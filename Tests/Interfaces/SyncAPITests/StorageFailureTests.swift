import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text

/// What a full disk and a locked database mean for a client: 503, and nothing half stored.
@Suite("Sync: storage that fails")
struct StorageFailureTests {
    @Test("a full database refuses, says so, and takes work again when there is room")
    func full() async throws {
        var options = SQLiteDatabase.Options()
        options.byteLimit = 640_000
        let harness = try await Harness(storeOptions: options)
        // They end while there is room: an end is more to be kept than a job that waits.
        var ended: [GenerationID] = []
        for _ in 0..<10 {
            _ = try await harness.create()
            ended.append(
                try await harness.finishOne { _ in
                    .failed(FailureFacts(GenerationError(.audioUnusable)), mayRetry: false)
                })
        }
        var accepted = 0
        var refused: Answer?
        while refused == nil, accepted < 2000 {
            let answer = try await harness.create(["outputFileName": .string(String(repeating: "n", count: 200))])
            if answer.status == 201 { accepted += 1 } else { refused = answer }
        }
        let answer = try #require(refused)
        #expect(answer.status == 503)
        #expect(answer.code == "generation_infra_service_unavailable")
        #expect(answer.headers["Retry-After"] != nil)
        #expect(answer["requestId"] != nil)
        #expect(try await harness.get("/v2/generations/count")["count"]?.int == accepted + ended.count)
        #expect(try await harness.store.jobCounts().waiting == accepted)
        for id in ended { #expect(try await harness.send(.delete, "/v2/generations/\(id)").status == 200) }
        #expect(try await harness.create().status == 201)
    }

    @Test("a locked database refuses what would write, and goes on to read")
    func locked() async throws {
        var options = SQLiteDatabase.Options()
        options.busyTimeout = .zero
        let harness = try await Harness(storeOptions: options)
        let id = try #require(try await harness.create()["id"]?.text)
        let other = try SQLiteDatabase.openWriter(path: harness.folder + "/test.db")
        try other.run("BEGIN IMMEDIATE")
        let refused = try await harness.create()
        #expect(refused.status == 503)
        #expect(refused.code == "generation_infra_service_unavailable")
        #expect(try await harness.get("/v2/generate/\(id)").status == 200)
        try other.run("ROLLBACK")
        #expect(try await harness.create().status == 201)
        #expect(try await harness.get("/v2/generations").json.array?.count == 2)
    }
}

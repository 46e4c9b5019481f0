import Foundation
import Generations
import HTTP
import Persistence
import TestSupport
import TestTools
import Testing
import Text

/// What became of everything that was accepted.
extension Harness {
    /// Jobs that have not ended.
    func unfinished() async throws -> [GenerationID] {
        let filter = GenerationFilter(organisation: organisation.id, statuses: [.pending, .processing, .finalizing])
        return try await store.generations(filter, after: nil, limit: nil).map(\.id)
    }

    /// Waits as long as jobs end, however slow the machine is, and then until every webhook has ended; that all do is a fact
    /// of the test.
    ///
    /// - Parameter context: Stands before the log of those that do not end.
    func expectAllToEnd(_ context: String = "") async throws {
        var rest = try await unfinished()
        var changedAt = ContinuousClock.now
        while !rest.isEmpty, ContinuousClock.now - changedAt < .seconds(90) {
            try await Task.sleep(for: .milliseconds(100))
            let now = try await unfinished()
            if now.count < rest.count { changedAt = .now }
            rest = now
        }
        let log = (try? String(contentsOfFile: folder.path("worker.log"), encoding: .utf8)) ?? ""
        let lines = log.split(separator: "\n").filter { line in rest.contains { line.contains($0.rawValue) } }
        #expect(rest.isEmpty, "\(context): \(lines.suffix(40).joined(separator: "\n"))")
        #expect(
            try await eventually {
                try await self.store.deliveries(organisation: nil, limit: 10_000).allSatisfy {
                    $0.lifecycle.status.isTerminal
                }
            })
    }

    /// That every job has completed with an output that is stored, and that its webhook was ordered once, has arrived and
    /// verifies. What lost attempts stored is swept afterwards.
    func expectEachOnce(_ ids: [GenerationID], told receiver: LocalServer) async throws {
        #expect(try await store.jobCounts() == (0, 0))
        for id in ids {
            let generation = try await generation(id)
            #expect(generation.status == .completed, "\(String(describing: generation.failure))")
            let output = try #require(generation.output)
            #expect(try await blobs.facts(of: output.blob)?.byteCount == output.byteCount)
        }
        // One order for each, also where several attempts came near their end.
        let deliveries = try await store.deliveries(organisation: nil, limit: 10_000)
        #expect(deliveries.count == ids.count)
        #expect(Set(deliveries.compactMap(\.generation)) == Set(ids))
        #expect(deliveries.allSatisfy { $0.lifecycle.status == .delivered })
        var told: Set<String> = []
        for arrival in receiver.all {
            #expect(Signatures.areValid(arrival, secret: organisation.webhookSecret))
            told.insert(try #require(try JSONValue(parsing: arrival.body)["id"]?.text))
        }
        #expect(told == Set(ids.map(\.rawValue)))
        _ = try await blobs.sweep(olderThan: .zero) { try await self.store.referencedBlobs(among: $0) }
    }
}

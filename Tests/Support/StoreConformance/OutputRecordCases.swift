import Generations
import Time

extension StoreConformance {
    private static func record(
        _ digest: String, _ generation: GenerationID, _ owner: OrganisationID, watermark: UInt32? = nil,
        fingerprint: [UInt64] = [], seconds: Int64 = 0
    ) -> OutputRecord {
        OutputRecord(
            digest: digest, generation: generation, organisation: owner,
            createdAt: Samples.start.advanced(by: .seconds(seconds)), contentType: "video/mp4", watermark: watermark,
            fingerprint: fingerprint)
    }

    /// Ends a job well with records.
    private static func complete(
        _ generation: Generation, _ records: [OutputRecord], in store: any Store
    ) async throws {
        _ = try await store.create(CreateOrder(generations: [generation]))
        let now = Moment(Samples.start.advanced(by: .seconds(1)))
        let job = try await store.claimJob(worker: "w", now: now.steady, policy: JobPolicy())
        let facts = OutputFacts(
            blob: BlobKey(rawValue: "outputs/\(generation.id)/1/output.mp4"), durationSeconds: 1, width: 2, height: 2,
            byteCount: 3, frameCount: 25)
        let action = try await store.finishJob(
            AttemptReport(
                id: generation.id, fence: job?.lease.fence ?? 0, outcome: .completed(facts), records: records),
            now: now, policy: JobPolicy())
        try expectEqual(action, .finish)
    }

    static let outputRecordCases: [StoreConformance] = [
        StoreConformance("what was made is known by its digest and its watermark, the newest first") { store in
            let owner = try await makeOrganisation(store)
            let (first, second) = (Samples.generation(owner, at: 1), Samples.generation(owner, at: 2))
            let largest = record(
                "aa", first.id, owner, watermark: .max, fingerprint: [0, .max, 0x0123_4567_89AB_CDEF])
            let sound = record("bb", first.id, owner)
            try await complete(first, [largest, sound], in: store)
            let later = record("cc", second.id, owner, watermark: .max, fingerprint: [7], seconds: 9)
            try await complete(second, [later], in: store)
            try expectEqual(try await store.outputRecords(digest: "aa"), [largest])
            try expectEqual(try await store.outputRecords(digest: "dd"), [])
            try expectEqual(try await store.outputRecords(watermark: .max), [later, largest])
            try expectEqual(try await store.outputRecords(watermark: 0), [])
            try expectEqual(try await store.newestFingerprints(limit: 1), [later])
            try expectEqual(try await store.newestFingerprints(limit: 9), [later, largest])
        },
        StoreConformance("records of an attempt that has lost its job are not kept") { store in
            let owner = try await makeOrganisation(store)
            let generation = Samples.generation(owner, at: 1)
            _ = try await store.create(CreateOrder(generations: [generation]))
            let now = Moment(Samples.start.advanced(by: .seconds(1)))
            _ = try await store.claimJob(worker: "w", now: now.steady, policy: JobPolicy())
            let facts = OutputFacts(
                blob: BlobKey(rawValue: "outputs/x/7/output.mp4"), durationSeconds: 1, width: 2, height: 2,
                byteCount: 3, frameCount: 25)
            let action = try await store.finishJob(
                AttemptReport(
                    id: generation.id, fence: 7, outcome: .completed(facts),
                    records: [record("aa", generation.id, owner)]), now: now, policy: JobPolicy())
            try expectEqual(action, .abandon)
            try expectEqual(try await store.outputRecords(digest: "aa"), [])
        },
        StoreConformance("records are removed by age") { store in
            let owner = try await makeOrganisation(store)
            let generation = Samples.generation(owner, at: 1)
            let (old, new) = (record("aa", generation.id, owner), record("bb", generation.id, owner, seconds: 9))
            try await complete(generation, [old, new], in: store)
            let moment = Samples.start.advanced(by: .seconds(5))
            try expectEqual(try await store.removeOutputRecords(before: moment), 1)
            try expectEqual(try await store.outputRecords(digest: "aa"), [])
            try expectEqual(try await store.outputRecords(digest: "bb"), [new])
        },
    ]
}

import Generations
import Time

extension StoreConformance {
    private static func log(_ id: GenerationID, _ store: any Store) async throws -> [JobEvent] {
        try await store.jobEvents(of: id, after: 0, limit: 100)
    }

    static let jobLogCases = [
        StoreConformance("a job's log tells each state once and in order, also of attempts that were lost") { store in
            let organisation = try await makeOrganisation(store)
            let generation = Samples.generation(organisation)
            let id = generation.id
            _ = try await store.create(CreateOrder(generations: [generation]))
            let policy = JobPolicy()
            _ = try await store.claimJob(worker: "first", now: Samples.start, policy: policy)
            for progress in [0.05, 0.12, 0.14, 0.35] {
                _ = try await store.advanceJob(id, fence: 1, progress: progress, isFinalizing: false)
            }
            let late = Samples.start.advanced(by: .seconds(16))
            _ = try await store.expireJobs(now: late, policy: policy)
            _ = try await store.claimJob(worker: "second", now: late, policy: policy)
            // What went before is told once, and a late attempt tells nothing.
            _ = try await store.advanceJob(id, fence: 2, progress: 0.3, isFinalizing: false)
            _ = try await store.advanceJob(id, fence: 1, progress: 0.9, isFinalizing: true)
            _ = try await store.advanceJob(id, fence: 2, progress: 0.95, isFinalizing: true)
            _ = try await store.advanceJob(id, fence: 2, progress: 0.95, isFinalizing: true)
            _ = try await store.finishJob(
                AttemptReport(id: id, fence: 2, outcome: .completed(Samples.output(id, fence: 2))), now: late,
                policy: policy)
            let events = try await log(id, store)
            try expectEqual(events.map(\.number), Array(1...9))
            try expectEqual(
                events.map(\.kind),
                [
                    .queued, .started, .progress, .progress, .retryScheduled, .recovered, .progress, .finalizing,
                    .completed,
                ])
            try expectEqual(events.map(\.progress), [0, 0, 0.12, 0.35, 0.35, 0.35, 0.95, 0.95, 1])
            try expectEqual(events[0].at, generation.createdAt)
            try expectEqual(events.last?.at, late)
            try expectEqual(try await store.jobEvents(of: id, after: 7, limit: 1).map(\.number), [8])
            try expectEqual(try await store.newestJobEvents(of: id, limit: 2).map(\.number), [8, 9])
            _ = try await store.deleteGeneration(id, organisation: organisation)
            try expectEqual(try await log(id, store), [])
        },
        StoreConformance("a job that is cancelled, handed back or fails says so in its log") { store in
            let organisation = try await makeOrganisation(store)
            let jobs = (0..<2).map { Samples.generation(organisation, at: Int64($0)) }
            _ = try await store.create(CreateOrder(generations: jobs))
            let now = Samples.start.advanced(by: .seconds(5))
            _ = try await store.claimJob(worker: "w", now: now, policy: JobPolicy())
            _ = try await store.releaseJob(jobs[0].id, fence: 1, now: now)
            _ = try await store.claimJob(worker: "w", now: now, policy: JobPolicy())
            _ = try await store.finishJob(
                AttemptReport(
                    id: jobs[0].id, fence: 2, outcome: .failed(FailureFacts(code: .subjectNotFound), mayRetry: false)),
                now: now, policy: JobPolicy())
            _ = try await store.cancelJob(jobs[1].id, organisation: organisation, now: Moment(now))
            try expectEqual(
                try await log(jobs[0].id, store).map(\.kind), [.queued, .started, .retryScheduled, .recovered, .failed])
            try expectEqual(try await log(jobs[1].id, store).map(\.kind), [.queued, .failed])
        },
    ]
}

import Generations
import Time

extension StoreConformance {
    static let queueCases = [
        StoreConformance("64 tasks claim 1,000 jobs, each exactly once, the oldest first") { store in
            let organisation = try await makeOrganisation(store)
            let jobs = (0..<1000).map { Samples.generation(organisation, at: Int64($0)) }
            _ = try await store.create(CreateOrder(generations: jobs.shuffled()))
            let now = Samples.start.advanced(by: .seconds(10))
            let first = try await store.claimJob(worker: "first", now: now, policy: JobPolicy())
            try expectEqual(first?.generation.id, jobs[0].id)
            let claimed = try await withThrowingTaskGroup(of: [GenerationID].self) { group in
                for worker in 0..<64 {
                    group.addTask {
                        var mine: [GenerationID] = []
                        while let job = try await store.claimJob(worker: "\(worker)", now: now, policy: JobPolicy()) {
                            mine.append(job.generation.id)
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expectEqual(claimed.count, 999)
            try expectEqual(Set(claimed).count, 999)
            let counts = try await store.jobCounts()
            try expect(counts == (0, 1000), "\(counts)")
        },
        StoreConformance("a late attempt changes nothing") { store in
            let organisation = try await makeOrganisation(store)
            let generation = Samples.generation(organisation, webhookURL: "https://me.example/hook")
            _ = try await store.create(CreateOrder(generations: [generation]))
            let policy = JobPolicy()
            let first = try await store.claimJob(worker: "first", now: Samples.start, policy: policy)
            let late = Samples.start.advanced(by: .seconds(16))
            try expectEqual(try await store.expireJobs(now: late, policy: policy), [generation.id])
            let second = try await store.claimJob(worker: "second", now: late, policy: policy)
            try expectEqual(first?.lease.fence, 1)
            try expectEqual(second?.lease.fence, 2)
            let id = generation.id
            let before = try await store.generation(id, organisation: organisation)
            let old = AttemptReport(id: id, fence: 1, outcome: .completed(Samples.output(id, fence: 1)))
            try expectEqual(try await store.finishJob(old, now: late, policy: policy), .abandon)
            try expectEqual(try await store.renewJob(id, fence: 1, now: late, policy: policy), .abandon)
            try expectEqual(
                try await store.advanceJob(id, fence: 1, progress: 0.9, isFinalizing: true), .abandon)
            try expectEqual(try await store.releaseJob(id, fence: 1, now: late), .abandon)
            try expectEqual(try await store.generation(id, organisation: organisation), before)
            let new = AttemptReport(id: id, fence: 2, outcome: .completed(Samples.output(id, fence: 2)))
            try expectEqual(try await store.finishJob(new, now: late, policy: policy), .finish)
            try expectEqual(try await store.finishJob(new, now: late, policy: policy), .abandon)
            let ended = try await store.generation(id, organisation: organisation)
            try expectEqual(ended?.status, .completed)
            try expectEqual(ended?.output, Samples.output(id, fence: 2))
            try expectEqual(ended?.progress, 1)
            try expectEqual(try await store.deliveries(organisation: organisation, limit: 10).count, 1)
        },
        StoreConformance("leases are renewed, progress grows, a job handed back is due at once") { store in
            let organisation = try await makeOrganisation(store)
            let generation = Samples.generation(organisation)
            let id = generation.id
            _ = try await store.create(CreateOrder(generations: [generation]))
            let policy = JobPolicy()
            _ = try await store.claimJob(worker: "a", now: Samples.start, policy: policy)
            let renewed = Samples.start.advanced(by: .seconds(10))
            try expectEqual(
                try await store.renewJob(id, fence: 1, now: renewed, policy: policy),
                .proceed(until: renewed.advanced(by: policy.lease)))
            try expectEqual(
                try await store.expireJobs(now: Samples.start.advanced(by: .seconds(20)), policy: policy), [])
            try expectEqual(try await store.advanceJob(id, fence: 1, progress: 0.5, isFinalizing: false), .publish)
            try expectEqual(try await store.advanceJob(id, fence: 1, progress: 0.25, isFinalizing: false), .ignore)
            try expectEqual(try await store.advanceJob(id, fence: 1, progress: 0.9, isFinalizing: true), .publish)
            var present = try await store.generation(id, organisation: organisation)
            try expectEqual(present?.status, .finalizing)
            try expectEqual(present?.progress, 0.9)
            try expectEqual(present?.startedAt, Samples.start)
            try expectEqual(try await store.releaseJob(id, fence: 1, now: renewed), .retry(at: renewed))
            try expectEqual(try await store.nextJobDue(), renewed)
            let again = try await store.claimJob(worker: "b", now: renewed, policy: policy)
            try expectEqual(again?.lease.fence, 2)
            try expectEqual(again?.failureCount, 0)
            present = try await store.generation(id, organisation: organisation)
            try expectEqual(present?.progress, 0.9)
        },
        StoreConformance("failures are retried later, then end the job with their code") { store in
            let organisation = try await makeOrganisation(store)
            let generation = Samples.generation(organisation)
            _ = try await store.create(CreateOrder(generations: [generation]))
            let policy = JobPolicy()
            var now = Samples.start
            let failure = FailureFacts(code: .processingFailed, message: "It broke.")
            for attempt in 1...3 {
                guard let job = try await store.claimJob(worker: "a", now: now, policy: policy) else {
                    throw ConformanceFailure(description: "attempt \(attempt) must be possible")
                }
                try expectEqual(job.failureCount, attempt - 1)
                let report = AttemptReport(
                    id: generation.id, fence: job.lease.fence, outcome: .failed(failure, mayRetry: true))
                let action = try await store.finishJob(report, now: now, policy: policy)
                if attempt == 3 { try expectEqual(action, .finish) }
                guard case .retry(let due) = action else { continue }
                try expect(try await store.claimJob(worker: "a", now: now, policy: policy) == nil, "not due yet")
                now = due
            }
            let ended = try await store.generation(generation.id, organisation: organisation)
            try expectEqual(ended?.status, .failed)
            try expectEqual(ended?.failure, failure)
            try expectEqual(ended?.finishedAt, now)
            try expectEqual(try await store.nextJobDue(), nil)
        },
        StoreConformance("what has not ended is listed over all organisations, the newest first, in pages") { store in
            let owners = [try await makeOrganisation(store), try await makeOrganisation(store)]
            var waiting: [Generation] = []
            for index in 0..<7 {
                let generation = Samples.generation(owners[index % 2], at: Int64(index / 3))
                _ = try await store.create(CreateOrder(generations: [generation]))
                waiting.append(generation)
            }
            func listed() async throws -> [GenerationID] {
                var seen: [GenerationID] = []
                while true {
                    let page = try await store.unfinishedGenerations(after: seen.last, limit: 3)
                    seen += page.map(\.id)
                    if page.count < 3 { return seen }
                }
            }
            waiting.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            try expectEqual(try await listed(), waiting.map(\.id))
            let ended = waiting.remove(at: 2)
            _ = try await store.cancelJob(ended.id, organisation: nil, now: Moment(Samples.start))
            try expectEqual(try await listed(), waiting.map(\.id))
            // The page after one that has ended meanwhile goes on where it stood.
            try expectEqual(
                try await store.unfinishedGenerations(after: ended.id, limit: 1).map(\.id), [waiting[2].id])
            try await expectCode(.requestInvalid) {
                try await store.unfinishedGenerations(after: GenerationID(), limit: 5)
            }
        },
    ]
}

import Generations
import Time

extension StoreConformance {
    /// Whose job is next.
    static let turnCases = [
        StoreConformance("organisations take turns, however many jobs one of them has") { store in
            let (busy, other) = (try await makeOrganisation(store), try await makeOrganisation(store))
            let many = (0..<200).map { Samples.generation(busy, at: Int64($0)) }
            _ = try await store.create(CreateOrder(generations: many))
            let now = Samples.start.advanced(by: .seconds(10))
            for _ in 0..<50 { _ = try await store.claimJob(worker: "w", now: now, policy: JobPolicy()) }
            let few = (0..<5).map { Samples.generation(other, at: Int64(1000 + $0)) }
            _ = try await store.create(CreateOrder(generations: few))
            let next = try await claim(10, now: now, JobPolicy(), store)
            // Half of them, and no more for having come later.
            try expectEqual(next.count { $0.organisation == other }, 5)
            try expectEqual(next.count { $0.organisation == busy }, 5)
            try expectEqual(next.filter { $0.organisation == other }.map(\.id), few.map(\.id))
            try expectEqual(next.filter { $0.organisation == busy }.map(\.id), many[50..<55].map(\.id))
        },
        StoreConformance("turns that an organisation could not take are not made up for") { store in
            let (failing, other) = (try await makeOrganisation(store), try await makeOrganisation(store))
            let now = Samples.start.advanced(by: .seconds(10))
            _ = try await store.create(CreateOrder(generations: [Samples.generation(failing)]))
            let policy = JobPolicy()
            guard let first = try await store.claimJob(worker: "w", now: now, policy: policy) else {
                throw ConformanceFailure(description: "the first job is due")
            }
            let failure = FailureFacts(code: .processingFailed, message: "It broke.")
            _ = try await store.finishJob(
                AttemptReport(id: first.generation.id, fence: 1, outcome: .failed(failure, mayRetry: true)), now: now,
                policy: policy)
            // It waits for its pause while the other one has a hundred turns.
            let many = (0..<200).map { Samples.generation(other, at: Int64($0)) }
            _ = try await store.create(CreateOrder(generations: many))
            try expectEqual(try await claim(100, now: now, policy, store).count, 100)
            let flood = (0..<100).map { Samples.generation(failing, at: Int64($0)) }
            _ = try await store.create(CreateOrder(generations: flood))
            let next = try await claim(20, now: now.advanced(by: .seconds(60)), policy, store)
            try expect((9...11).contains(next.count { $0.organisation == other }), "half of them are the other's")
            // And who comes anew begins where the others are.
            let third = try await makeOrganisation(store)
            _ = try await store.create(
                CreateOrder(generations: (0..<50).map { Samples.generation(third, at: Int64($0)) }))
            let last = try await claim(30, now: now.advanced(by: .seconds(60)), policy, store)
            try expect(
                (9...12).contains(last.count { $0.organisation == third }), "a third of them are the third one's")
        },
        StoreConformance("a weight, by name or id, gives so many turns more") { store in
            let heavy = Organisation(name: "Heavy", createdAt: Samples.start)
            try await store.createOrganisation(heavy)
            let light = try await makeOrganisation(store)
            for organisation in [heavy.id, light] {
                let jobs = (0..<100).map { Samples.generation(organisation, at: Int64($0)) }
                _ = try await store.create(CreateOrder(generations: jobs))
            }
            let now = Samples.start.advanced(by: .seconds(10))
            for name in ["Heavy", heavy.id.rawValue] {
                var policy = JobPolicy()
                policy.turns.weights = [name: 3]
                let claimed = try await claim(40, now: now, policy, store)
                let share = claimed.count { $0.organisation == heavy.id }
                try expect((29...31).contains(share), "\(share) of 40 for \(name)")
            }
        },
        StoreConformance("no organisation has more renders running than it may") { store in
            let (one, two) = (try await makeOrganisation(store), try await makeOrganisation(store))
            for organisation in [one, two] {
                let jobs = (0..<10).map { Samples.generation(organisation, at: Int64($0)) }
                _ = try await store.create(CreateOrder(generations: jobs))
            }
            var policy = JobPolicy()
            policy.turns.runningLimit = 2
            let now = Samples.start.advanced(by: .seconds(10))
            let claimed = try await claim(20, now: now, policy, store)
            try expectEqual(claimed.count, 4)
            _ = try await store.releaseJob(claimed[0].id, fence: 1, now: now)
            let next = try await claim(20, now: now, policy, store)
            try expectEqual(next.map(\.organisation), [claimed[0].organisation])
        },
        StoreConformance("short jobs go before renders, and can be asked for alone") { store in
            let (one, two) = (try await makeOrganisation(store), try await makeOrganisation(store))
            let renders = (0..<3).map { Samples.generation(one, at: Int64($0)) }
            var speech = Samples.generation(two, at: 500)
            speech.request.order = .speech(SpeechRequest(provider: "local", voiceID: "v", script: "Hello."))
            _ = try await store.create(CreateOrder(generations: renders))
            let now = Moment(Samples.start.advanced(by: .seconds(10)))
            try expectEqual(try await store.nextJobDue(atLeast: .short), nil)
            try expect(try await store.nextJobDue(atLeast: .render) != nil, "a render is due")
            let none = try await store.claimJob(worker: "w", now: now, policy: JobPolicy(), atLeast: .short)
            try expect(none == nil, "a render is no short job")
            _ = try await store.create(CreateOrder(generations: [speech]))
            try expect(try await store.nextJobDue(atLeast: .short) != nil, "the speech is due")
            let first = try await store.claimJob(worker: "w", now: now, policy: JobPolicy(), atLeast: .render)
            try expectEqual(first?.generation.id, speech.id)
        },
        StoreConformance("a cancelled job ends once, whoever works on it, and only its owner's word counts") { store in
            let (owner, stranger) = (try await makeOrganisation(store), try await makeOrganisation(store))
            let now = Moment(Samples.start)
            let waiting = Samples.generation(owner, webhookURL: "https://me.example/hook")
            let running = Samples.generation(owner, at: -5)
            _ = try await store.create(CreateOrder(generations: [waiting, running]))
            let claimed = try await store.claimJob(worker: "w", now: now, policy: JobPolicy(), atLeast: .render)
            try expectEqual(claimed?.generation.id, running.id)
            try expect(try await store.holdsJob(running.id, fence: 1), "held")
            try await expectCode(.generationNotFound) {
                try await store.cancelJob(waiting.id, organisation: stranger, now: now)
            }
            for id in [waiting.id, running.id] {
                let (action, ended) = try await store.cancelJob(id, organisation: owner, now: now)
                try expectEqual(action, .finish)
                try expectEqual(ended.status, .failed)
                try expectEqual(ended.failure?.code, .cancelled)
                try expectEqual(ended.finishedAt, Samples.start)
                try expectEqual(try await store.generation(id, organisation: owner), ended)
                try expectEqual(try await store.cancelJob(id, organisation: nil, now: now).action, .ignore)
            }
            try expect(try await !store.holdsJob(running.id, fence: 1), "not held any more")
            let late = AttemptReport(
                id: running.id, fence: 1, outcome: .completed(Samples.output(running.id, fence: 1)))
            try expectEqual(try await store.finishJob(late, now: Samples.start, policy: JobPolicy()), .abandon)
            try expectEqual(try await store.deliveries(organisation: owner, limit: 10).map(\.generation), [waiting.id])
            let counts = try await store.jobCounts()
            try expect(counts == (0, 0), "\(counts)")
        },
        StoreConformance("leases and pauses do not know the time of day") { store in
            let organisation = try await makeOrganisation(store)
            _ = try await store.create(CreateOrder(generations: [Samples.generation(organisation)]))
            let steady = store.steadyTime
            func moment(_ wallHours: Double, _ seconds: Double) -> Moment {
                Moment(
                    wall: Samples.start.advanced(by: .seconds(wallHours * 3600)),
                    steady: steady.advanced(by: .seconds(seconds)))
            }
            let policy = JobPolicy()
            // The clock is set back by an hour after the claim, and forward by two later.
            let job = try await store.claimJob(worker: "w", now: moment(0, 1), policy: policy, atLeast: .render)
            guard let job else { throw ConformanceFailure(description: "a new job is due whatever the clock says") }
            try expectEqual(try await store.expireJobs(now: moment(2, 10), policy: policy), [])
            try expectEqual(try await store.expireJobs(now: moment(-1, 17), policy: policy), [job.generation.id])
            let again = try await store.claimJob(worker: "w", now: moment(-1, 17), policy: policy, atLeast: .render)
            try expectEqual(again?.lease.fence, 2)
            try expectEqual(
                try await store.generation(job.generation.id, organisation: organisation)?.startedAt, Samples.start)
        },
    ]

    private static func claim(
        _ count: Int, now: Timestamp, _ policy: JobPolicy, _ store: any Store
    ) async throws -> [Generation] {
        var claimed: [Generation] = []
        while claimed.count < count, let job = try await store.claimJob(worker: "w", now: now, policy: policy) {
            claimed.append(job.generation)
        }
        return claimed
    }
}

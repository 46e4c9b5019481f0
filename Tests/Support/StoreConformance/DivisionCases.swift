import Generations
import Time

extension StoreConformance {
    /// A job that is divided: its steps are the words of `steps`.
    private static func divided(
        _ steps: [String], in store: any Store, organisation: OrganisationID? = nil, at milliseconds: Int64 = 0
    ) async throws -> GenerationID {
        let owner: OrganisationID
        if let organisation { owner = organisation } else { owner = try await makeOrganisation(store) }
        let generation = Samples.generation(owner, at: milliseconds)
        _ = try await store.create(CreateOrder(generations: [generation]))
        let job = try await store.claimJob(worker: "first", now: soon.steady, policy: JobPolicy())
        try expectEqual(job?.generation.id, generation.id)
        let isDivided = try await store.divide(
            Division(generation: generation.id, build: "1", task: "all"), blobs: [input], steps: steps, fence: 1,
            now: soon)
        try expect(isDivided, "it was not divided")
        return generation.id
    }

    private static let soon = Moment(Samples.start.advanced(by: .seconds(1)))
    private static let input = BlobKey(rawValue: "content/aa/input")

    private static func part(_ generation: GenerationID, _ number: Int) -> PartName {
        PartName(generation: generation, number: number)
    }

    /// The fences of parts go on from that of the job's attempt, which is 1.
    private static func fence(_ number: Int64) -> Int64 { 1 << 20 + number }

    private static func claim(
        _ store: any Store, of generation: GenerationID? = nil, build: String = "1", at moment: Moment = soon,
        policy: JobPolicy = JobPolicy()
    ) async throws -> ClaimedPart? {
        try await store.claimPart(of: generation, build: build, worker: "helper", now: moment, policy: policy)
    }

    static let divisionCases = [
        StoreConformance("parts are claimed once each, in their order, by programs that understand them") { store in
            let id = try await divided(["a", "b"], in: store)
            try expectEqual(try await store.division(of: id), Division(generation: id, build: "1", task: "all"))
            try expectEqual(try await store.nextPartDue(build: "1"), soon.steady)
            try expectEqual(try await store.nextPartDue(build: "2"), nil)
            try expectEqual(try await claim(store, build: "2"), nil)
            let first = try await claim(store)
            try expectEqual(first?.part.step, "a")
            try expectEqual(first?.division.task, "all")
            try expectEqual(first?.lease.fence, fence(1))
            try expectEqual(try await claim(store, of: id)?.part.step, "b")
            try expectEqual(try await claim(store), nil)
            try expectEqual(try await store.nextPartDue(build: "1"), nil)
            let counts = try await store.partCounts()
            try expect(counts == (0, 2), "\(counts)")
        },
        StoreConformance("64 tasks claim 200 parts, each exactly once") { store in
            _ = try await divided((0..<200).map { "\($0)" }, in: store)
            let claimed = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        var mine: [Int] = []
                        while let part = try await claim(store) { mine.append(part.part.name.number) }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expectEqual(claimed.sorted(), Array(0..<200))
        },
        StoreConformance("a late attempt at a part changes nothing") { store in
            let id = try await divided(["a"], in: store)
            let (policy, name) = (JobPolicy(), part(id, 0))
            _ = try await claim(store)
            let late = Moment(soon.steady.advanced(by: .seconds(16)))
            try expectEqual(try await store.expireParts(now: late, policy: policy), [name])
            try expectEqual(try await claim(store, at: late)?.lease.fence, fence(2))
            try expectEqual(
                try await store.finishPart(
                    PartReport(name: name, fence: fence(1), outcome: .done("old")), now: late, policy: policy),
                .abandon)
            try expectEqual(
                try await store.renewPart(name, fence: fence(1), progress: 0.5, now: late, policy: policy), .abandon)
            try expectEqual(try await store.releasePart(name, fence: fence(1), now: late), .abandon)
            try expect(try await !store.holdsPart(name, fence: fence(1)), "it holds")
            try expect(try await store.holdsPart(name, fence: fence(2)), "it holds not")
            try expectEqual(
                try await store.renewPart(name, fence: fence(2), progress: 0.5, now: late, policy: policy), .proceed)
            try expectEqual(try await store.parts(of: id).map(\.lifecycle.progress), [0.5])
            let report = PartReport(
                name: name, fence: fence(2), outcome: .done("new"), blobs: [BlobKey(rawValue: "parts/aa/file")])
            try expectEqual(try await store.finishPart(report, now: late, policy: policy), .finish)
            try expectEqual(try await store.finishPart(report, now: late, policy: policy), .abandon)
            try expectEqual(try await store.parts(of: id).map(\.lifecycle.standing), [.done("new")])
        },
        StoreConformance("a part that fails waits, and fails for good in the end") { store in
            let id = try await divided(["a"], in: store)
            let (policy, name) = (JobPolicy(), part(id, 0))
            let facts = FailureFacts(code: .processingFailed, message: "It broke.")
            var now = soon
            for attempt in 1...3 {
                try expectEqual(try await claim(store, at: now)?.lease.fence, fence(Int64(attempt)))
                let action = try await store.finishPart(
                    PartReport(name: name, fence: fence(Int64(attempt)), outcome: .failed(facts, mayRetry: true)),
                    now: now,
                    policy: policy)
                guard attempt < 3 else {
                    try expectEqual(action, .finish)
                    break
                }
                guard case .retry(let due) = action else { throw ConformanceFailure(description: "\(action)") }
                try expectEqual(try await claim(store, at: now), nil)
                now = Moment(due)
            }
            try expectEqual(try await store.parts(of: id).map(\.lifecycle.standing), [.failed(facts, mayRetry: true)])
            try expectEqual(try await claim(store, at: Moment(now.steady.advanced(by: .seconds(3600)))), nil)
        },
        StoreConformance("stages are added and divisions taken back by who has the job alone") { store in
            let id = try await divided(["a", "b"], in: store)
            try expect(try await store.addParts(["c"], stage: 1, to: id, fence: 1, now: soon), "not added")
            try expect(try await !store.addParts(["d"], stage: 1, to: id, fence: 2, now: soon), "added")
            try expectEqual(try await store.parts(of: id).map(\.stage), [0, 0, 1])
            try expectEqual(try await store.parts(of: id).map(\.step), ["a", "b", "c"])
            try expectEqual(try await store.parts(of: id).map(\.name.number), [0, 1, 2])
            try expect(try await !store.undivide(id, fence: 2), "taken back")
            try expect(try await store.undivide(id, fence: 1), "not taken back")
            try expectEqual(try await store.parts(of: id), [])
            try expectEqual(try await store.division(of: id), nil)
        },
        StoreConformance("parts outlive the attempt that divided the job, and end with the job, whatever ends it") {
            store in
            let organisation = try await makeOrganisation(store)
            let id = try await divided(["a"], in: store, organisation: organisation)
            _ = try await claim(store)
            let file = BlobKey(rawValue: "parts/aa/file")
            _ = try await store.finishPart(
                PartReport(name: part(id, 0), fence: fence(1), outcome: .done("x"), blobs: [file]), now: soon,
                policy: JobPolicy())
            _ = try await store.releaseJob(id, fence: 1, now: soon)
            try expectEqual(try await store.parts(of: id).count, 1)
            try expectEqual(try await store.referencedBlobs(among: [file, input]), [file, input])
            _ = try await store.cancelJob(id, organisation: organisation, now: soon)
            try expectEqual(try await store.parts(of: id), [])
            try expectEqual(try await store.referencedBlobs(among: [file, input]), [])
            let given = try await store.discardedBlobs(before: Timestamp(milliseconds: .max), limit: 10).map(\.key)
            try expectEqual(Set(given), [file, input])
            try expect(try await !store.addParts(["b"], stage: 1, to: id, fence: 1, now: soon), "added")
        },
        StoreConformance("a late attempt at a part of a division that was replaced changes nothing") { store in
            let id = try await divided(["a"], in: store)
            let late = try await claim(store)
            _ = try await store.releaseJob(id, fence: 1, now: soon)
            _ = try await store.claimJob(worker: "second", now: soon.steady, policy: JobPolicy())
            let again = Division(generation: id, build: "1", task: "again")
            try expect(
                try await store.divide(again, blobs: [], steps: ["a"], fence: 2, now: soon), "it was not divided")
            let present = try await claim(store)
            try expectEqual(present?.part.name, late?.part.name)
            try expect(present?.lease.fence != late?.lease.fence, "the same fence")
            let report = PartReport(name: part(id, 0), fence: fence(1), outcome: .done("old"))
            try expectEqual(try await store.finishPart(report, now: soon, policy: JobPolicy()), .abandon)
            try expect(try await !store.holdsPart(part(id, 0), fence: fence(1)), "it holds")
        },
        StoreConformance("parts go with an attempt that has failed, and stay after one that was lost") { store in
            let id = try await divided(["a"], in: store)
            let facts = FailureFacts(code: .processingFailed)
            let policy = JobPolicy()
            _ = try await store.finishJob(
                AttemptReport(id: id, fence: 1, outcome: .lost(facts)), now: soon.steady, policy: policy)
            try expectEqual(try await store.parts(of: id).count, 1)
            _ = try await store.claimJob(worker: "second", now: soon.steady, policy: policy)
            _ = try await store.finishJob(
                AttemptReport(id: id, fence: 2, outcome: .failed(facts, mayRetry: true)), now: soon.steady,
                policy: policy)
            try expectEqual(try await store.parts(of: id), [])
            try expectEqual(try await store.division(of: id), nil)
            try expectEqual(try await store.jobCounts().waiting, 1)
        },
        StoreConformance("the organisation with the fewest parts running goes first, and none has more than its limit")
        {
            store in
            let (one, two) = (try await makeOrganisation(store), try await makeOrganisation(store))
            let first = try await divided(["a", "b", "c"], in: store, organisation: one)
            let second = try await divided(["x", "y", "z"], in: store, organisation: two, at: 1)
            for expected in [first, second, first, second] {
                try expectEqual(try await claim(store)?.part.name.generation, expected)
            }
            var policy = JobPolicy()
            // The job itself and the two parts that others do.
            policy.turns.runningLimit = 3
            try expectEqual(try await claim(store, policy: policy), nil)
            try expectEqual(try await claim(store, of: second, policy: policy)?.part.step, "z")
            policy.turns.runningLimit = 4
            try expectEqual(try await claim(store, policy: policy)?.part.step, "c")
            // Parts of others count where jobs begin, too.
            _ = try await store.create(CreateOrder(generations: [Samples.generation(one)]))
            policy.turns.runningLimit = 3
            try expectEqual(try await store.claimJob(worker: "w", now: soon, policy: policy, atLeast: .render), nil)
        },
    ]
}

import Foundation
import Generations
import Persistence
import StoreConformance
import TemporaryPostgres
import TestTools
import Testing
import Text
import Time

/// What holds of PostgreSQL beyond what every store must do: several programs at the same time, a server that goes away, and
/// databases that cannot be used.
struct PostgresDatabaseTests {
    private static func open(_ address: String) async throws -> SQLStore {
        SQLStore(try await PostgresDatabase(.init(address: address)))
    }

    private static func makeOrganisation(_ store: SQLStore) async throws -> OrganisationID {
        let organisation = Organisation(name: "Example", createdAt: Samples.start)
        try await store.createOrganisation(organisation)
        return organisation.id
    }

    private static func now(_ store: SQLStore) -> Moment { Moment(wall: SystemClock().now, steady: store.steadyTime) }

    /// Goal: of many workers of several programs each job goes to one.
    @Test func everyJobIsClaimedOnce() async throws {
        let address = try TemporaryPostgres.shared.get().makeDatabase()
        let stores = [try await Self.open(address), try await Self.open(address)]
        var jobs: Set<GenerationID> = []
        for _ in 0..<3 {
            let organisation = try await Self.makeOrganisation(stores[0])
            for _ in 0..<40 {
                let generation = Samples.generation(organisation, at: Int64(jobs.count))
                _ = try await stores[0].create(CreateOrder(generations: [generation]))
                jobs.insert(generation.id)
            }
        }
        let all = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
            for worker in 0..<16 {
                let store = stores[worker % 2]
                group.addTask { try await Self.workOff(store, "w\(worker)") }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(all.count == jobs.count)
        #expect(Set(all.map(\.generation.id)) == jobs)
    }

    /// Claims and ends jobs until there are none; gives them.
    private static func workOff(_ store: SQLStore, _ worker: String) async throws -> [ClaimedJob] {
        let policy = JobPolicy()
        var jobs: [ClaimedJob] = []
        while let job = try await store.claimJob(worker: worker, now: now(store), policy: policy, atLeast: .render) {
            jobs.append(job)
            let (id, fence) = (job.generation.id, job.lease.fence)
            let action = try await store.finishJob(
                AttemptReport(id: id, fence: fence, outcome: .completed(Samples.output(id, fence: fence))),
                now: now(store), policy: policy)
            #expect(action != .abandon)
        }
        return jobs
    }

    /// Goal: an organisation never has more jobs running than it may, however many workers look at the same moment.
    @Test func runningLimitHolds() async throws {
        let address = try TemporaryPostgres.shared.get().makeDatabase()
        let stores = [try await Self.open(address), try await Self.open(address)]
        let organisation = try await Self.makeOrganisation(stores[0])
        for index in 0..<20 {
            _ = try await stores[0].create(
                CreateOrder(generations: [Samples.generation(organisation, at: Int64(index))]))
        }
        var policy = JobPolicy()
        policy.turns.runningLimit = 3
        let claims = try await withThrowingTaskGroup(of: Bool.self) { [policy] group in
            for worker in 0..<16 {
                let store = stores[worker % 2]
                group.addTask {
                    try await store.claimJob(
                        worker: "w\(worker)", now: Self.now(store), policy: policy, atLeast: .render) != nil
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(claims == 3)
    }

    /// Goal: a repeated request makes nothing twice, whichever server gets it, also at the same moment.
    @Test func oneRequestIsAcceptedOnce() async throws {
        let address = try TemporaryPostgres.shared.get().makeDatabase()
        let stores = [try await Self.open(address), try await Self.open(address)]
        let organisation = try await Self.makeOrganisation(stores[0])
        let key = try IdempotencyKey(headerValues: ["again"])
        let outcomes = try await withThrowingTaskGroup(of: CreateOutcome.self) { group in
            for index in 0..<12 {
                group.addTask {
                    try await stores[index % 2].create(
                        CreateOrder(
                            generations: [Samples.generation(organisation, at: 5)],
                            idempotency: IdempotencyClaim(key: key, fields: ["same": true])))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { !$0.isReplay } == 1)
        #expect(Set(outcomes.flatMap { $0.generations.map(\.id) }).count == 1)
        #expect(try await stores[1].generationCount(GenerationFilter(organisation: organisation)) == 1)
    }

    /// Goal: programs that start at the same moment on an empty database make its tables once.
    @Test func tablesAreMadeOnce() async throws {
        let address = try TemporaryPostgres.shared.get().makeDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 { group.addTask { _ = try await Self.open(address).organisations() } }
            try await group.waitForAll()
        }
    }

    /// Goal: a program works on the tables of a newer one that says so, and on no others.
    @Test func newerTables() async throws {
        let server = try TemporaryPostgres.shared.get()
        let address = try server.makeDatabase()
        _ = try await Self.makeOrganisation(try await Self.open(address))
        let name = TemporaryPostgres.name(of: address)
        try server.run("UPDATE lipsmith_schema SET number = number + 1", in: name)
        #expect(try await Self.open(address).organisations().count == 1)
        try server.run("UPDATE lipsmith_schema SET oldest_program = number", in: name)
        let error = await #expect(throws: StoreError.self) { try await Self.open(address) }
        #expect(error?.code == .tooNew)
    }

    /// Goal: a server that was away is no trouble when it is back, and none that lasts while it is away.
    @Test func serverGoesAway() async throws {
        let server = try TemporaryPostgres(isDurable: true)
        let store = try await Self.open(try server.makeDatabase())
        let organisation = try await Self.makeOrganisation(store)
        try server.restart()
        // The connection was lost while nobody used it.
        #expect(try await store.organisation(organisation) != nil)
        try server.restart()
        try await store.createOrganisation(Organisation(name: "Two", createdAt: Samples.start))
        try server.stop()
        let clock = ContinuousClock()
        let time = await clock.measure {
            let read = await #expect(throws: StoreError.self) { try await store.organisations() }
            #expect(read?.isRetryable == true)
            let write = await #expect(throws: StoreError.self) { _ = try await Self.makeOrganisation(store) }
            #expect(write?.isRetryable == true)
        }
        // Neither call waits for an answer, for which ten seconds are the limit; a busy machine may take seconds.
        #expect(time < .seconds(9))
        try server.start()
        #expect(await eventually { (try? await store.organisations())?.count == 2 })
    }

    /// Goal: a transaction of a program that stops amid it keeps nobody waiting for long.
    @Test func stoppedProgram() async throws {
        let server = try TemporaryPostgres.shared.get()
        let address = try server.makeDatabase()
        let store = try await Self.open(address)
        let organisation = try await Self.makeOrganisation(store)
        let name = TemporaryPostgres.name(of: address)
        let other = try server.beginElsewhere(
            "SELECT pg_advisory_xact_lock(hashtextextended('orders of \(organisation)', 0))", in: name)
        let error = await #expect(throws: StoreError.self) {
            try await store.create(CreateOrder(generations: [Samples.generation(organisation, at: 1)]))
        }
        #expect(error?.code == .busy)
        other.end()
        _ = try await store.create(CreateOrder(generations: [Samples.generation(organisation, at: 1)]))
    }

    /// Goal: what one program announces wakes those who wait in another, and nobody twice.
    @Test func announcementsAreCarried() async throws {
        let address = try TemporaryPostgres.shared.get().makeDatabase()
        let (one, two) = (ChangeSignal(), ChangeSignal())
        let carriers = [
            try await PostgresDatabase(.init(address: address)).carry(one),
            try await PostgresDatabase(.init(address: address)).carry(two),
        ]
        defer { for carrier in carriers { carrier.end() } }
        let topics: [ChangeTopic] = [
            .jobs, .deliveries, .batches, .generation(GenerationID()), .organisation(OrganisationID()),
        ]
        for topic in topics {
            let observation = two.observe(topic)
            // Until both listen.
            #expect(
                await eventually {
                    one.announce(topic)
                    return await observation.wait(atMost: .milliseconds(100))
                }, "\(topic)")
            observation.cancel()
        }
        let own = one.observe(.jobs)
        one.announce(.jobs)
        #expect(await own.wait(atMost: .seconds(5)))
        #expect(!(await own.wait(atMost: .milliseconds(300))), "its own announcement came back")
    }

    /// Goal: revisions that are asked for at the same moment are each the right one; nobody gets another's.
    @Test func revisionsTogether() async throws {
        let store = try await Self.open(try TemporaryPostgres.shared.get().makeDatabase())
        let owners = [try await Self.makeOrganisation(store), try await Self.makeOrganisation(store)]
        let made = (0..<60).map { Samples.generation(owners[$0 % 2], at: Int64($0)) }
        for generation in made { _ = try await store.create(CreateOrder(generations: [generation])) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, generation) in made.enumerated() {
                group.addTask {
                    let (own, other) = (owners[index % 2], owners[(index + 1) % 2])
                    let known = try await store.revision(of: generation.id, organisation: own)
                    #expect(known?.status == .pending)
                    let foreign = try await store.revision(of: generation.id, organisation: other)
                    #expect(foreign == nil)
                    let unknown = try await store.revision(of: GenerationID(), organisation: own)
                    #expect(unknown == nil)
                }
            }
            try await group.waitForAll()
        }
        _ = try await store.cancelJob(made[0].id, organisation: nil, now: Self.now(store))
        #expect(try await store.revision(of: made[0].id, organisation: owners[0])?.status == .failed)
    }

    /// Goal: PostgreSQL's texts hold no NUL; one that a client sends is no error.
    @Test func textsWithZero() async throws {
        let store = try await Self.open(try TemporaryPostgres.shared.get().makeDatabase())
        let organisation = Organisation(name: "a\0b?\u{1F600}", createdAt: Samples.start)
        try await store.createOrganisation(organisation)
        #expect(try await store.organisation(organisation.id)?.name == "a\u{FFFD}b?\u{1F600}")
        var filter = GenerationFilter(organisation: organisation.id)
        filter.labels["thread"] = ["x\0"]
        #expect(try await store.generations(filter, after: nil, limit: 5).isEmpty)
    }

    /// Goal: question marks become numbers, and those within quotes stay.
    @Test func numbersOfParameters() {
        #expect(
            PostgresStatement.numbered("a = ? AND b = ?1 AND c = ?3 AND d = '?' AND e = ?")
                == "a = $1 AND b = $1 AND c = $3 AND d = '?' AND e = $4")
    }
}

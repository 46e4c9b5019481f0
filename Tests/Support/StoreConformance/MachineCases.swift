import Generations
import Time

extension StoreConformance {
    static let machineCases: [StoreConformance] = [
        StoreConformance("a kept text is the first one") { store in
            try expectEqual(try await store.keptText("name", orKeep: "one"), "one")
            try expectEqual(try await store.keptText("name", orKeep: "two"), "one")
            try expectEqual(try await store.keptText("other", orKeep: "two"), "two")
        },
        StoreConformance("a chore is begun once in its interval") { store in
            let hour = Duration.seconds(3600)
            try expect(try await store.beginChore("sweep", now: Samples.start, every: hour), "nobody has begun it")
            let soon = Samples.start.advanced(by: .seconds(3599))
            try expect(try await !store.beginChore("sweep", now: soon, every: hour), "it was begun")
            try expect(try await store.beginChore("scrub", now: soon, every: hour), "another was begun")
            let later = Samples.start.advanced(by: hour)
            try expect(try await store.beginChore("sweep", now: later, every: hour), "its time has come")
            // A clock that has begun anew.
            try expect(try await store.beginChore("sweep", now: Samples.start, every: hour), "it was never begun yet")
        },
        StoreConformance("processes are known while they speak") { store in
            func node(_ name: String, _ seconds: Int64, running: Int = 0) -> WorkNode {
                WorkNode(
                    name: name, host: "host", version: "1", roles: [.deliver, .render], renderSlots: 2,
                    runningCount: running, startedAt: Samples.start,
                    seenAt: Samples.start.advanced(by: .seconds(seconds)))
            }
            for one in [node("b", 0), node("a", 0), node("a", 20, running: 2)] { try await store.noteNode(one) }
            let soon = Samples.start.advanced(by: .seconds(25))
            try expectEqual(try await store.nodes(now: soon), [node("a", 20, running: 2), node("b", 0)])
            let later = Samples.start.advanced(by: .seconds(40))
            try expectEqual(try await store.nodes(now: later), [node("a", 20, running: 2)])
            try await store.forgetNode("a")
            try expectEqual(try await store.nodes(now: later), [])
        },
        StoreConformance("an organisation is found by its name or id, or made") { store in
            func new(_ name: String) -> Organisation { Organisation(name: name, createdAt: Samples.start) }
            let first = new("default")
            try expectEqual(try await store.organisation(named: nil, orMake: first), first)
            try expectEqual(try await store.organisation(named: nil, orMake: new("default")), first)
            let shop = new("Shop")
            try expectEqual(try await store.organisation(named: "Shop", orMake: shop), shop)
            try expectEqual(try await store.organisation(named: "Shop", orMake: new("Shop")), shop)
            try expectEqual(try await store.organisation(named: shop.id.rawValue, orMake: new("Shop")), shop)
            try expectEqual(try await store.organisations().count, 2)
        },
        StoreConformance("the first key is stored where there is none") { store in
            let owner = try await makeOrganisation(store)
            func key() -> APIKey { APIKey.issue(name: "k", organisation: owner, role: .member, now: Samples.start).key }
            try expect(try await store.createFirstKey(key()), "there was none")
            try expect(try await !store.createFirstKey(key()), "there was one")
            try expectEqual(try await store.keys().count, 1)
        },
    ]
}

import Generations
import Time

extension StoreConformance {
    private static func key(
        _ organisation: OrganisationID, scopes: Set<String>? = nil, expiresAt: Timestamp? = nil,
        parent: APIKeyID? = nil
    ) -> (APIKey, String) {
        APIKey.issueNamed(
            name: "key", organisation: organisation, role: .member, scopes: scopes, expiresAt: expiresAt,
            parent: parent, now: Samples.start)
    }

    static let accountCases: [StoreConformance] = [
        StoreConformance("where jobs are told of by default is kept, changed and removed") { store in
            let organisation = try await makeOrganisation(store)
            try expectEqual(try await store.webhookDefault(of: organisation), nil)
            var value = WebhookDefault(
                url: "https://me.example/a", isEnabled: true, updatedAt: Samples.start, updatedBy: APIKeyID())
            try await store.setWebhookDefault(value, of: organisation)
            try expectEqual(try await store.webhookDefault(of: organisation), value)
            value.isEnabled = false
            value.updatedBy = nil
            try await store.setWebhookDefault(value, of: organisation)
            try expectEqual(try await store.webhookDefault(of: organisation), value)
            try await store.setWebhookDefault(nil, of: organisation)
            try expectEqual(try await store.webhookDefault(of: organisation), nil)
        },
        StoreConformance("what tells of a generation is found by it") { store in
            let organisation = try await makeOrganisation(store)
            let generation = GenerationID()
            let deliveries = (0..<2).map {
                WebhookDelivery(
                    organisation: organisation, generation: generation, url: "https://me.example/\($0)",
                    createdAt: Samples.start.advanced(by: .seconds($0)))
            }
            for delivery in deliveries { try await store.enqueue(delivery) }
            try expectEqual(
                try await store.deliveries(of: generation).map(\.id), [deliveries[1].id, deliveries[0].id])
            try expectEqual(try await store.deliveries(of: GenerationID()).count, 0)
        },
        StoreConformance("usage is counted by label, day and not at all; what failed costs nothing") { store in
            let organisation = try await makeOrganisation(store)
            var jobs: [Generation] = []
            for (days, model, credits) in [(0, "a", 3), (0, "b", 5), (1, "a", 7), (40, "a", 11)] as [(Int, String, Int)]
            {
                var generation = Generation(
                    organisation: organisation, request: Samples.generation(organisation).request,
                    createdAt: Samples.start.advanced(by: .seconds(days * 86_400)))
                generation.request.credits = credits
                generation.request.labels = ["model": model]
                jobs.append(generation)
            }
            _ = try await store.create(CreateOrder(generations: jobs))
            _ = try await store.cancelJob(
                jobs[1].id, organisation: organisation, now: Moment(Samples.start.advanced(by: .seconds(1))))
            let end = Samples.start.advanced(by: .seconds(10 * 86_400))
            func usage(_ grouping: UsageGrouping, from start: Timestamp = Samples.start) async throws -> [UsageCount] {
                try await store.usage(of: organisation, label: "model", from: start, to: end, by: grouping)
            }
            try expectEqual(try await usage(.total), [UsageCount(key: "", jobCount: 3, credits: 10)])
            try expectEqual(
                try await usage(.model),
                [UsageCount(key: "a", jobCount: 2, credits: 10), UsageCount(key: "b", jobCount: 1, credits: 0)])
            try expectEqual(
                try await usage(.day),
                [
                    UsageCount(key: "2026-01-01", jobCount: 2, credits: 3),
                    UsageCount(key: "2026-01-02", jobCount: 1, credits: 7),
                ])
            try expectEqual(try await usage(.total, from: end), [])
            try expectEqual(
                try await store.usage(
                    of: OrganisationID(), label: "model", from: Samples.start, to: end, by: .total), [])
        },
        StoreConformance("keys end with their time, old secrets with their grace, and tokens with their key") { store in
            let organisation = try await makeOrganisation(store)
            let now = Samples.start
            let later = now.advanced(by: .seconds(60))
            func isOpen(_ secret: String, _ moment: Timestamp) async throws -> Bool {
                try await store.activeKey(digest: APIKey.digest(of: secret), now: moment) != nil
            }
            let (short, shortSecret) = key(organisation, scopes: ["jobs:read", "jobs:write"], expiresAt: later)
            try await store.createKey(short)
            try expectEqual(try await store.activeKey(digest: short.digest, now: now), short)
            try expectEqual(try await isOpen(shortSecret, later), false)
            let (main, secret) = key(organisation)
            try await store.createKey(main)
            let (token, pass) = key(organisation, scopes: [], expiresAt: later, parent: main.id)
            try await store.createKey(token)
            try expectEqual(try await store.activeKey(digest: token.digest, now: now)?.scopes, [])
            try expectEqual(try await store.keys().map(\.id), [short.id, main.id].sorted())
            let newer = APIKey.namedSecret(of: main.id)
            func replace(_ id: APIKeyID, _ owner: OrganisationID) async throws -> Bool {
                try await store.replaceSecret(
                    of: id, organisation: owner, digest: APIKey.digest(of: newer), hint: "new", oldUntil: later)
            }
            try expectEqual(try await replace(main.id, OrganisationID()), false)
            try expectEqual(try await replace(token.id, organisation), false)
            try expectEqual(try await replace(main.id, organisation), true)
            for each in [secret, newer, pass] { try expectEqual(try await isOpen(each, now), true) }
            try expectEqual(try await isOpen(secret, later), false)
            try expectEqual(try await isOpen(newer, later), true)
            _ = try await store.revokeKey(main.id, now: now)
            for each in [secret, newer, pass] { try expectEqual(try await isOpen(each, now), false) }
        },
    ]
}

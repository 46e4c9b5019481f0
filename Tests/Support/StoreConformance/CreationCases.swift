import Generations
import Text
import Time

extension StoreConformance {
    static let creationCases = [
        StoreConformance("what was created is read back equal") { store in
            let organisation = try await makeOrganisation(store)
            var generation = Samples.generation(organisation, webhookURL: "https://me.example/hook")
            generation.request.lipSync?.segments = [
                Segment(
                    range: .seconds(0.5, 2), voiceInput: 1, voiceCrop: VoiceCrop(start: 0, end: 1.25),
                    options: GenerationOptions(
                        speaker: .boxes([nil, SpeakerBox(left: 1, top: 2, right: 30, bottom: 40.5)]))),
                Segment(range: .frames(100, 200), voiceInput: 1),
            ]
            generation.request.lipSync?.dub = DubParameters(provider: "elevenlabs", targetLanguage: "de")
            generation.request.lipSync?.animation = AnimationParameters(
                prompt: "naïve 💬", target: [0.5, 0.25], seed: 7)
            generation.request.metadata = ["order": "4711"]
            generation.request.lipSync?.inputs.append(
                MediaInput(
                    kind: .text, role: .voice,
                    source: .script(SpeechRequest(provider: "elevenlabs", voiceID: "v", script: "\"Hi\"\n\u{1}")),
                    referenceName: "t1"))
            let outcome = try await store.create(CreateOrder(generations: [generation]))
            try expect(!outcome.isReplay, "nothing to replay")
            try expectEqual(try await store.generation(generation.id, organisation: organisation), generation)
            let other = try await makeOrganisation(store)
            try expectEqual(try await store.generation(generation.id, organisation: other), nil)
        },
        StoreConformance("same key and same request give the same generation, also at once") { store in
            let organisation = try await makeOrganisation(store)
            let claim = IdempotencyClaim(
                key: try IdempotencyKey(headerValues: ["k-1"]), fields: ["model": "lipsync-2"])
            let ids = try await withThrowingTaskGroup(of: GenerationID.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let order = CreateOrder(generations: [Samples.generation(organisation)], idempotency: claim)
                        return try await store.create(order).generations[0].id
                    }
                }
                return try await group.reduce(into: Set<GenerationID>()) { $0.insert($1) }
            }
            try expectEqual(ids.count, 1)
            try expectEqual(try await store.generationCount(GenerationFilter(organisation: organisation)), 1)
            let replay = try await store.create(
                CreateOrder(generations: [Samples.generation(organisation)], idempotency: claim))
            try expect(replay.isReplay, "the key was used before")
        },
        StoreConformance("same key and other request conflict; other organisations have keys of their own") { store in
            let organisation = try await makeOrganisation(store)
            let key = try IdempotencyKey(headerValues: ["k-1"])
            _ = try await store.create(
                CreateOrder(
                    generations: [Samples.generation(organisation)],
                    idempotency: IdempotencyClaim(key: key, fields: ["model": "a"])))
            let other = IdempotencyClaim(key: key, fields: ["model": "b"])
            try await expectCode(.idempotencyKeyReused) {
                try await store.create(
                    CreateOrder(generations: [Samples.generation(organisation)], idempotency: other))
            }
            try expectEqual(try await store.generationCount(GenerationFilter(organisation: organisation)), 1)
            let neighbour = try await makeOrganisation(store)
            let outcome = try await store.create(
                CreateOrder(generations: [Samples.generation(neighbour)], idempotency: other))
            try expect(!outcome.isReplay, "keys are an organisation's own")
        },
        StoreConformance("a key is forgotten after its time") { store in
            let organisation = try await makeOrganisation(store)
            let key = try IdempotencyKey(headerValues: ["k"])
            let order = CreateOrder(
                generations: [Samples.generation(organisation)],
                idempotency: IdempotencyClaim(key: key, fields: ["model": "a"]))
            _ = try await store.create(order)
            try expectEqual(try await store.purgeIdempotencyRecords(now: Samples.start), 0)
            try expect(try await store.idempotencyRecord(key, organisation: organisation) != nil, "still known")
            let later = Samples.start.advanced(by: IdempotencyClaim.retention)
            try expectEqual(try await store.purgeIdempotencyRecords(now: later), 1)
            try expect(try await store.idempotencyRecord(key, organisation: organisation) == nil, "forgotten")
        },
        StoreConformance("a refused order leaves nothing behind, also not the key") { store in
            let organisation = try await makeOrganisation(store)
            let taken = Samples.generation(organisation)
            _ = try await store.create(CreateOrder(generations: [taken]))
            let key = try IdempotencyKey(headerValues: ["k"])
            try await expectCode(.nameTaken) {
                try await store.create(
                    CreateOrder(
                        generations: [Samples.generation(organisation), taken],
                        idempotency: IdempotencyClaim(key: key, fields: [:])))
            }
            try expectEqual(try await store.generationCount(GenerationFilter(organisation: organisation)), 1)
            try expect(try await store.idempotencyRecord(key, organisation: organisation) == nil, "key not used")
            try expectEqual(try await store.jobCounts().waiting, 1)
        },
        StoreConformance("the limit of unfinished generations holds under concurrency") { store in
            let organisation = try await makeOrganisation(store)
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let order = CreateOrder(generations: [Samples.generation(organisation)], activeLimit: 3)
                        return (try? await store.create(order)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expectEqual(accepted, 3)
            try await expectCode(.activeLimitReached) {
                try await store.create(
                    CreateOrder(generations: [Samples.generation(organisation)], activeLimit: 3))
            }
        },
    ]
}

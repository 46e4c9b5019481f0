import Generations
import Text
import Time

extension StoreConformance {
    static let labelCases = [
        StoreConformance("generations are found by a part of their title or of their output's name") { store in
            let organisation = try await makeOrganisation(store)
            let names: [(title: String?, file: String?)] = [
                ("Spring 50%_off", nil), (nil, "autumn_take"), ("Autumn", "spring_1"), (nil, nil), ("Über", "x"),
            ]
            let all = names.enumerated().map { index, name in
                var generation = Samples.generation(
                    organisation, at: Int64(index), source: index == 0 ? "api" : "other")
                (generation.request.title, generation.request.outputFileName) = (name.title, name.file)
                // What stands elsewhere in a request is not its name.
                generation.request.echo["own"] = ["name": "winter"]
                return generation
            }
            _ = try await store.create(CreateOrder(generations: all))
            let foreign = try await makeOrganisation(store)
            _ = try await store.create(CreateOrder(generations: [Samples.generation(foreign)]))
            func found(_ search: String, _ change: (inout GenerationFilter) -> Void = { _ in }) async throws -> [Int] {
                var filter = GenerationFilter(organisation: organisation)
                filter.search = search
                change(&filter)
                let page = try await store.generations(filter, after: nil, limit: 10)
                try expectEqual(try await store.generationCount(filter), page.count)
                return page.compactMap { generation in all.firstIndex { $0.id == generation.id } }
            }
            try expectEqual(try await found("SPRING"), [2, 0])
            try expectEqual(try await found("autumn"), [2, 1])
            try expectEqual(try await found("autumn") { $0.sources = ["other"] }, [2, 1])
            try expectEqual(try await found("spring") { $0.statuses = [.pending, .failed] }, [2, 0])
            try expectEqual(try await found("spring") { $0.statuses = [.failed] }, [])
            try expectEqual(try await found("%_"), [0])
            try expectEqual(try await found("_"), [2, 1, 0])
            try expectEqual(try await found("über"), [])
            try expectEqual(try await found("ber"), [4])
            try expectEqual(try await found("winter"), [])
        },
        StoreConformance("labels, parts of them, and assets find generations; pages may begin further down") { store in
            let organisation = try await makeOrganisation(store)
            let (input, output) = (AssetID(), AssetID())
            try await store.createAsset(
                Asset(
                    id: input, organisation: organisation, createdAt: Samples.start, name: "in", kind: .video,
                    origin: .upload), project: nil)
            let long = String(repeating: "long ", count: 100)
            var all: [Generation] = []
            for index in 0..<6 {
                var generation = Samples.generation(organisation, at: Int64(index), source: "hedra")
                generation.request.labels = [
                    "type": index % 2 == 0 ? "video" : "audio", "prompt": "Take 10\(index)% of it", "cost": "\(index)",
                    "thread": index < 2 ? "early" : "late",
                ]
                if index == 5 { generation.request.labels["text"] = long }
                if index == 2 {
                    generation.outputAsset = output
                    generation.request.lipSync?.inputs[0].source = .asset(input)
                }
                all.append(generation)
            }
            all.append(Samples.generation(organisation, at: 6))
            _ = try await store.create(CreateOrder(generations: all))
            func found(limit: Int? = 10, _ change: (inout GenerationFilter) -> Void) async throws -> [Int] {
                var filter = GenerationFilter(organisation: organisation)
                change(&filter)
                let page = try await store.generations(filter, after: nil, limit: limit)
                return page.compactMap { generation in all.firstIndex { $0.id == generation.id } }
            }
            try expectEqual(try await found { $0.labels = ["type": ["audio"]] }, [5, 3, 1])
            try expectEqual(try await found { $0.labels = ["type": ["audio", "video"], "cost": ["2"]] }, [2])
            try expectEqual(try await found { $0.labels = ["none": ["x"]] }, [])
            try expectEqual(try await found { $0.labels = ["thread": ["early"]] }, [1, 0])
            try expectEqual(try await found { $0.labels = ["thread": ["early", "other"], "type": ["audio"]] }, [1])
            // Values that are too long for an index are found all the same.
            try expectEqual(try await found { $0.labels = ["text": [long], "type": ["audio"]] }, [5])
            func count(_ labels: [String: Set<String>]) async throws -> Int {
                var filter = GenerationFilter(organisation: organisation)
                filter.labels = labels
                return try await store.generationCount(filter)
            }
            try expectEqual(try await count(["thread": ["early", "late"], "type": ["video"]]), 3)
            try expectEqual(try await count(["text": [long]]), 1)
            // Signs that mean something in a pattern are taken as they are.
            try expectEqual(try await found { $0.labelPart = LabelPart(name: "prompt", part: "TAKE 103%") }, [3])
            try expectEqual(try await found { $0.labelPart = LabelPart(name: "prompt", part: "Take_10") }, [])
            try expectEqual(try await found { $0.outputAsset = output }, [2])
            try expectEqual(try await found { $0.inputAsset = input }, [2])
            try expectEqual(try await found(limit: 2) { $0.skippedCount = 3 }, [3, 2])
            try expectEqual(
                try await found(limit: 2) {
                    $0.sources = ["hedra", "api"]
                    $0.skippedCount = 4
                }, [2, 1])
            try expectEqual(try await found(limit: nil) { $0.skippedCount = 5 }, [1, 0])
        },
        StoreConformance(
            "assets of which only the name is known are left out on request; shared outputs are there once"
        ) {
            store in
            let organisation = try await makeOrganisation(store)
            let shared = AssetID()
            let announced = Asset(
                organisation: organisation, createdAt: Samples.start, name: "a", kind: .image, origin: .upload)
            try await store.createAsset(announced, project: nil)
            _ = try await store.create(
                CreateOrder(generations: [Samples.generation(organisation), Samples.generation(organisation, at: 1)]))
            for name in ["first", "second"] {
                let policy = JobPolicy()
                let now = Samples.start.advanced(by: .seconds(1))
                guard let job = try await store.claimJob(worker: "w", now: now, policy: policy) else {
                    throw ConformanceFailure(description: "no job")
                }
                let facts = Samples.output(job.generation.id, fence: job.lease.fence)
                let made = Asset(
                    id: shared, organisation: organisation, createdAt: now, name: name, kind: .audio, origin: .speech,
                    blob: facts.blob)
                let report = AttemptReport(
                    id: job.generation.id, fence: job.lease.fence, outcome: .completed(facts), assets: [made])
                try expectEqual(try await store.finishJob(report, now: now, policy: policy), .finish)
            }
            var filter = AssetFilter(organisation: organisation)
            try expectEqual(try await store.assetCount(filter), 2)
            filter.hasContent = true
            let page = try await store.assets(filter, sort: .dateDesc, after: nil, limit: 10)
            try expectEqual(page.items.map(\.name), ["first"])
        },
    ]
}

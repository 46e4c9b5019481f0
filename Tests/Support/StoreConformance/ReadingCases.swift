import Generations

extension StoreConformance {
    static let readingCases = [
        StoreConformance("pages are newest first, do not overlap, and stay the same while others create") { store in
            let organisation = try await makeOrganisation(store)
            // Three at each moment, so that the identifier must break ties.
            var expected: [Generation] = []
            for index in 0..<30 {
                expected.append(Samples.generation(organisation, at: Int64(index / 3)))
            }
            _ = try await store.create(CreateOrder(generations: expected.shuffled()))
            expected.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            let filter = GenerationFilter(organisation: organisation)
            try expectEqual(try await store.standings(filter, limit: 7).map(\.id), expected.prefix(7).map(\.id))
            var seen: [Generation] = []
            while true {
                let page = try await store.generations(filter, after: seen.last?.id, limit: 7)
                if page.isEmpty { break }
                seen += page
                _ = try await store.create(
                    CreateOrder(generations: [Samples.generation(organisation, at: 1000)]))
            }
            try expectEqual(seen.map(\.id), expected.map(\.id))
            try await expectCode(.requestInvalid) {
                try await store.generations(filter, after: GenerationID(), limit: 7)
            }
            try expect(try await store.generations(filter, after: nil, limit: nil).count > 30, "no limit gives all")
        },
        StoreConformance("filters combine, and pages of several statuses merge in order") { store in
            let organisation = try await makeOrganisation(store)
            let other = try await makeOrganisation(store)
            let project = try await store.createProject(
                Project(organisation: organisation, createdAt: Samples.start, name: "One"))
            var all: [Generation] = []
            for index in 0..<24 {
                var generation = Samples.generation(
                    organisation, at: Int64(index), source: ["api", "mcp", "comfyui"][index % 3])
                if index % 2 == 0 { generation.project = project.id }
                generation.status = [.pending, .completed, .failed, .rejected][index % 4]
                all.append(generation)
            }
            _ = try await store.create(CreateOrder(generations: all))
            _ = try await store.create(CreateOrder(generations: [Samples.generation(other)]))
            all.reverse()
            var filter = GenerationFilter(organisation: organisation, statuses: [.completed, .failed])
            func check(_ isMatch: (Generation) -> Bool, line: Int = #line) async throws {
                let expected = all.filter(isMatch).map(\.id)
                var paged: [GenerationID] = []
                while let page = try await Optional(store.generations(filter, after: paged.last, limit: 5)),
                    !page.isEmpty
                {
                    paged += page.map(\.id)
                }
                try expectEqual(paged, expected, line: line)
                let whole = try await store.generations(filter, after: nil, limit: nil).map(\.id)
                try expectEqual(Set(whole), Set(expected), line: line)
                try expectEqual(
                    try await store.standings(filter, limit: 100),
                    all.filter(isMatch).map {
                        GenerationStanding(id: $0.id, status: $0.status, progress: $0.progress)
                    }, line: line)
                try expectEqual(try await store.generationCount(filter), expected.count, line: line)
            }
            let ended: Set<GenerationStatus> = [.completed, .failed]
            try await check { ended.contains($0.status) }
            filter.sources = ["api", "mcp"]
            try await check { ended.contains($0.status) && ["api", "mcp"].contains($0.source) }
            filter.statuses = []
            try await check { ["api", "mcp"].contains($0.source) }
            filter.project = project.id
            try await check { ["api", "mcp"].contains($0.source) && $0.project == project.id }
            filter.sources = []
            filter.excludedSources = ["api", "nobody"]
            try await check { $0.source != "api" && $0.project == project.id }
            filter.project = nil
            try await check { $0.source != "api" }
            filter.statuses = ended
            try await check { $0.source != "api" && ended.contains($0.status) }
            filter.excludedSources = ["api", "mcp", "comfyui"]
            filter.statuses = []
            try await check { _ in false }
            filter = GenerationFilter(organisation: organisation, ids: [all[3].id, all[9].id])
            try await check { [all[3].id, all[9].id].contains($0.id) }
            filter = GenerationFilter(
                organisation: organisation, createdAtOrAfter: all[10].createdAt, createdBefore: all[2].createdAt)
            try await check { $0.createdAt >= all[10].createdAt && $0.createdAt < all[2].createdAt }
            filter = GenerationFilter(organisation: organisation, project: ProjectID())
            try await check { _ in false }
        },
        StoreConformance("only ended generations are deleted, and only by their owner") { store in
            let organisation = try await makeOrganisation(store)
            let generation = Samples.generation(organisation)
            _ = try await store.create(CreateOrder(generations: [generation]))
            try await expectCode(.generationNotEnded) {
                try await store.deleteGeneration(generation.id, organisation: organisation)
            }
            let policy = JobPolicy()
            let job = try await store.claimJob(worker: "a", now: Samples.start, policy: policy)
            try await expectCode(.generationNotEnded) {
                try await store.deleteGeneration(generation.id, organisation: organisation)
            }
            let output = Samples.output(generation.id, fence: 1)
            _ = try await store.finishJob(
                AttemptReport(id: generation.id, fence: job?.lease.fence ?? 0, outcome: .completed(output)),
                now: Samples.start, policy: policy)
            try expectEqual(
                try await store.referencedBlobs(among: [output.blob, BlobKey(rawValue: "x")]), [output.blob])
            try await expectCode(.generationNotFound) {
                try await store.deleteGeneration(generation.id, organisation: OrganisationID())
            }
            let deleted = try await store.deleteGeneration(generation.id, organisation: organisation)
            try expectEqual(deleted.output, output)
            try expectEqual(try await store.generation(generation.id, organisation: organisation), nil)
            try expectEqual(try await store.referencedBlobs(among: [output.blob]), [])
        },
    ]
}

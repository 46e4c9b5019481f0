import Generations
import Time

extension StoreConformance {
    /// What is kept, how much it is, and for how long.
    static let storageCases = [
        StoreConformance("what an organisation keeps is counted while things come and go") { store in
            let organisation = try await makeOrganisation(store)
            let other = try await makeOrganisation(store)
            func use() async throws -> [Int64] {
                let use = try await store.storageUse(organisation)
                return [use.inputByteCount, use.outputByteCount]
            }
            try expectEqual(try await use(), [0, 0])
            var asset = sent(organisation, "content/aa", byteCount: 1000)
            try await store.createAsset(asset, project: nil)
            asset.byteCount = 1500
            _ = try await store.updateAsset(asset)
            try expectEqual(try await use(), [1500, 0])
            let generation = try await completed(organisation, store)
            try expectEqual(try await use(), [1500, 123_456])
            try expectEqual(try await store.storageUses().map(\.organisation), [organisation])
            try expectEqual(try await store.storageUse(other).byteCount, 0)
            _ = try await store.deleteAsset(asset.id, organisation: organisation)
            _ = try await store.deleteGeneration(generation.id, organisation: organisation)
            try expectEqual(try await use(), [0, 0])
            let discarded = try await given(up: store)
            try expectEqual(Set(discarded.map(\.key)), [asset.blob!, generation.output!.blob])
            try expectEqual(try await store.referencedBlobs(among: discarded.map(\.key)), [])
            // Nothing is looked at before its time, and what was given up again meanwhile is not forgotten.
            let early = SystemClock().now.advanced(by: .seconds(-60))
            try expectEqual(try await store.discardedBlobs(before: early, limit: 10), [])
            try await store.discard([asset.blob!])
            try await store.forget(discarded)
            try expectEqual(try await given(up: store).map(\.key), [asset.blob!])
        },
        StoreConformance("outputs go when their time is over, and the generation stays") { store in
            let organisation = try await makeOrganisation(store)
            let generation = try await completed(organisation, store)
            let blob = generation.output!.blob
            var policy = RetentionPolicy()
            let later = Samples.start.advanced(by: .seconds(10 * 86_400))
            try expectEqual(try await store.retire(policy, now: later), 0)
            policy.outputs = .seconds(11 * 86_400)
            try expectEqual(try await store.retire(policy, now: later), 0)
            try expectEqual(try await store.referencedBlobs(among: [blob]), [blob])
            policy.outputs = .seconds(9 * 86_400)
            try expectEqual(try await store.retire(policy, now: later), 1)
            try expectEqual(try await store.retire(policy, now: later), 0)
            try expectEqual(try await store.referencedBlobs(among: [blob]), [])
            try expectEqual(try await given(up: store).map(\.key), [blob])
            try expectEqual(try await store.generation(generation.id, organisation: organisation), generation)
            try expectEqual(try await store.storageUse(organisation).byteCount, 0)
        },
        StoreConformance("inputs go that nothing refers to, and no others") { store in
            let organisation = try await makeOrganisation(store)
            let used = sent(organisation, "content/aa")
            let unused = sent(organisation, "content/bb")
            let filed = sent(organisation, "content/cc")
            let sample = sent(organisation, "content/dd")
            let spoken = Asset(
                organisation: organisation, createdAt: Samples.start, name: "spoken", kind: .audio, origin: .speech,
                blob: BlobKey(rawValue: "content/ee"))
            let project = try await store.createProject(
                Project(organisation: organisation, createdAt: Samples.start, name: "P"))
            for asset in [used, unused, sample, spoken] { try await store.createAsset(asset, project: nil) }
            try await store.createAsset(filed, project: project.id)
            try await store.createVoice(
                ClonedVoice(
                    id: "v", organisation: organisation, name: "V", sample: sample.id, createdAt: Samples.start))
            var generation = Samples.generation(organisation)
            generation.request.lipSync?.inputs[0] = MediaInput(kind: .video, role: .visual, source: .asset(used.id))
            _ = try await store.create(CreateOrder(generations: [generation]))
            let policy = RetentionPolicy()
            try expectEqual(
                try await store.retire(policy, now: Samples.start.advanced(by: .seconds(6 * 86_400))), 0)
            try expectEqual(
                try await store.retire(policy, now: Samples.start.advanced(by: .seconds(8 * 86_400))), 1)
            try expectEqual(try await store.anyAsset(unused.id), nil)
            for asset in [used, filed, sample, spoken] {
                try expect(try await store.anyAsset(asset.id) != nil, "\(asset.name) must stay")
            }
            try expectEqual(try await given(up: store).map(\.key), [BlobKey(rawValue: "content/bb")])
        },
        StoreConformance("an output that a waiting job or a voice is made of stays") { store in
            let organisation = try await makeOrganisation(store)
            let (used, voiced) = (try await completed(organisation, store), try await completed(organisation, store))
            var assets: [Asset] = []
            for generation in [used, voiced] {
                let asset = Asset(
                    organisation: organisation, createdAt: Samples.start, name: "made", kind: .video, origin: .extract,
                    blob: generation.output!.blob, generation: generation.id)
                try await store.createAsset(asset, project: nil)
                assets.append(asset)
            }
            var waiting = Samples.generation(organisation)
            waiting.request.lipSync?.inputs[0] = MediaInput(kind: .video, role: .visual, source: .asset(assets[0].id))
            _ = try await store.create(CreateOrder(generations: [waiting]))
            try await store.createVoice(
                ClonedVoice(
                    id: "v", organisation: organisation, name: "V", sample: assets[1].id, createdAt: Samples.start))
            var policy = RetentionPolicy()
            policy.outputs = .seconds(1)
            let later = Samples.start.advanced(by: .seconds(100))
            try expectEqual(try await store.retire(policy, now: later), 0)
            let now = Moment(Samples.start)
            _ = try await store.cancelJob(waiting.id, organisation: nil, now: now)
            _ = try await store.deleteVoice("v", organisation: organisation)
            try expectEqual(try await store.retire(policy, now: later), 2)
            try expectEqual(try await store.anyAsset(assets[0].id)?.blob, nil)
        },
        StoreConformance("a generation is refused whose input was deleted meanwhile") { store in
            let organisation = try await makeOrganisation(store)
            var generation = Samples.generation(organisation)
            generation.request.lipSync?.inputs[0] = MediaInput(kind: .video, role: .visual, source: .asset(AssetID()))
            try await expectCode(.assetNotFound) { try await store.create(CreateOrder(generations: [generation])) }
        },
    ]

    private static func given(up store: any Store) async throws -> [DiscardedBlob] {
        try await store.discardedBlobs(before: SystemClock().now.advanced(by: .seconds(60)), limit: 10)
    }

    private static func sent(_ organisation: OrganisationID, _ blob: String, byteCount: Int64? = nil) -> Asset {
        Asset(
            organisation: organisation, createdAt: Samples.start, name: blob, kind: .video, origin: .upload,
            blob: BlobKey(rawValue: blob), byteCount: byteCount)
    }

    private static func completed(_ organisation: OrganisationID, _ store: any Store) async throws -> Generation {
        let generation = Samples.generation(organisation)
        _ = try await store.create(CreateOrder(generations: [generation]))
        _ = try await store.claimJob(worker: "w", now: Samples.start, policy: JobPolicy())
        let report = AttemptReport(
            id: generation.id, fence: 1, outcome: .completed(Samples.output(generation.id, fence: 1)))
        try expectEqual(try await store.finishJob(report, now: Samples.start, policy: JobPolicy()), .finish)
        guard let ended = try await store.generation(generation.id, organisation: organisation) else {
            throw ConformanceFailure(description: "the generation is gone")
        }
        return ended
    }
}

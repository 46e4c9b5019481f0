import Generations
import Text
import Time

extension StoreConformance {
    static let resourceCases = [
        StoreConformance("keys open their organisation until they are revoked") { store in
            let organisation = try await makeOrganisation(store)
            let (key, secret) = APIKey.issue(name: "laptop", organisation: organisation, now: Samples.start)
            try await store.createKey(key)
            try expectEqual(try await store.activeKey(digest: APIKey.digest(of: secret)), key)
            try expectEqual(try await store.activeKey(digest: APIKey.digest(of: secret + "x")), nil)
            try expect(try await store.revokeKey(key.id, now: Samples.start), "revoked now")
            try expect(try await !store.revokeKey(key.id, now: Samples.start), "revoked before")
            try expectEqual(try await store.activeKey(digest: APIKey.digest(of: secret)), nil)
            try expectEqual(try await store.keys().map(\.revokedAt), [Samples.start])
            try expectEqual(try await store.organisation(organisation)?.id, organisation)
            try expectEqual(try await store.organisations().count, 1)
        },
        StoreConformance("assets are sorted, searched, paged, changed and deleted") { store in
            let organisation = try await makeOrganisation(store)
            let project = try await store.createProject(
                Project(organisation: organisation, createdAt: Samples.start, name: "One"))
            for index in 0..<12 {
                let asset = Asset(
                    organisation: organisation, createdAt: Samples.start.advanced(by: .seconds(index % 5)),
                    name: "Clip 100% \(index)", kind: index % 2 == 0 ? .video : .audio, origin: .upload,
                    blob: BlobKey(rawValue: "content/\(index)"), byteCount: index % 3 == 0 ? nil : Int64(index),
                    durationSeconds: Double(index % 4))
                try await store.createAsset(asset, project: index < 3 ? project.id : nil)
            }
            let filter = AssetFilter(organisation: organisation)
            for sort in AssetSort.allCases {
                var seen: [AssetID] = []
                while true {
                    let page = try await store.assets(filter, sort: sort, after: seen.last, limit: 5)
                    seen += page.items.map(\.id)
                    if !page.hasMore { break }
                }
                try expectEqual(Set(seen).count, 12)
                try expectEqual(seen.count, 12)
            }
            let videos = AssetFilter(organisation: organisation, kinds: [.video])
            try expectEqual(try await store.assetCount(videos), 6)
            try expectEqual(try await store.assetCount(AssetFilter(organisation: organisation, search: "100% 1")), 3)
            try expectEqual(try await store.assetCount(AssetFilter(organisation: organisation, search: "1_0")), 0)
            let filed = AssetFilter(organisation: organisation, project: project.id)
            try expectEqual(try await store.assetCount(filed), 3)
            let newest = try await store.assets(filter, sort: .dateDesc, after: nil, limit: 1).items[0]
            try await store.attach(newest.id, to: project.id, organisation: organisation)
            try await store.attach(newest.id, to: project.id, organisation: organisation)
            try expectEqual(try await store.assetCount(filed), 4)
            var changed = newest
            changed.name = "New"
            try expect(try await store.updateAsset(changed), "it exists")
            try expectEqual(try await store.asset(newest.id, organisation: organisation), changed)
            try expectEqual(try await store.asset(newest.id, organisation: OrganisationID()), nil)
            try expectEqual(try await store.deleteAsset(newest.id, organisation: organisation), changed)
            try expectEqual(try await store.deleteAsset(newest.id, organisation: organisation), nil)
            try expectEqual(try await store.assetCount(filed), 3)
        },
        StoreConformance("projects are created once, listed by change, and leave their contents when deleted") {
            store in
            let organisation = try await makeOrganisation(store)
            var project = Project(organisation: organisation, createdAt: Samples.start, name: "One")
            try expectEqual(try await store.createProject(project), project)
            try expectEqual(try await store.createProject(project), project)
            var generation = Samples.generation(organisation)
            generation.project = project.id
            _ = try await store.create(CreateOrder(generations: [generation]))
            for index in 1...4 {
                _ = try await store.createProject(
                    Project(
                        organisation: organisation, createdAt: Samples.start.advanced(by: .seconds(index)),
                        name: "P\(index)"))
            }
            project.updatedAt = Samples.start.advanced(by: .seconds(60))
            project.name = "Z"
            try expect(try await store.updateProject(project), "it exists")
            var names: [String] = []
            var cursor: ProjectID?
            while true {
                let page = try await store.projects(
                    organisation: organisation, search: nil, sort: .updatedAt, after: cursor, limit: 2)
                names += page.items.map(\.name)
                cursor = page.items.last?.id
                if !page.hasMore { break }
            }
            try expectEqual(names, ["Z", "P4", "P3", "P2", "P1"])
            let byName = try await store.projects(
                organisation: organisation, search: "p", sort: .name, after: nil, limit: 2)
            try expectEqual(byName.items.map(\.name), ["P1", "P2"])
            try expect(try await store.deleteProject(project.id, organisation: organisation), "it exists")
            try expect(try await !store.deleteProject(project.id, organisation: organisation), "it is gone")
            let left = try await store.generation(generation.id, organisation: organisation)
            try expect(left != nil && left?.project == nil, "the generation stays, unfiled")
            try await expectCode(.projectNameTaken) { try await store.createProject(project) }
        },
        StoreConformance("voices are kept for their organisation, one of each name") { store in
            let organisation = try await makeOrganisation(store)
            let other = try await makeOrganisation(store)
            let voice = ClonedVoice(
                id: "v1", organisation: organisation, name: "Ann", sample: AssetID(), createdAt: Samples.start)
            try await store.createVoice(voice)
            try await expectCode(.voiceNameTaken) {
                try await store.createVoice(
                    ClonedVoice(
                        id: "v2", organisation: organisation, name: "Ann", sample: nil, createdAt: Samples.start))
            }
            let foreign = ClonedVoice(
                id: "v3", organisation: other, name: "Ann", sample: nil,
                createdAt: Samples.start.advanced(by: .seconds(1)))
            try await store.createVoice(foreign)
            try expectEqual(try await store.clonedVoices(), [voice, foreign])
            try expectEqual(try await store.anyVoice("v3"), foreign)
            try expectEqual(try await store.anyVoice("v4"), nil)
            try expect(try await !store.deleteVoice("v1", organisation: other), "it is not theirs")
            try expect(try await store.deleteVoice("v1", organisation: organisation), "it is theirs")
            try expectEqual(try await store.clonedVoices(), [foreign])
        },
        StoreConformance("a promised name is given once, to an asset or to what one generation makes") { store in
            let organisation = try await makeOrganisation(store)
            let other = try await makeOrganisation(store)
            func asset(_ id: AssetID, _ owner: OrganisationID) -> Asset {
                Asset(
                    id: id, organisation: owner, createdAt: Samples.start, name: "a", kind: .image, origin: .upload)
            }
            func promising(_ id: AssetID, _ owner: OrganisationID) -> CreateOrder {
                var generation = Samples.generation(owner)
                generation.outputAsset = id
                return CreateOrder(generations: [generation])
            }
            let (announced, promised) = (AssetID(), AssetID())
            try await store.createAsset(asset(announced, organisation), project: nil)
            _ = try await store.create(promising(promised, organisation))
            for owner in [organisation, other] {
                try await expectCode(.nameTaken) { try await store.create(promising(announced, owner)) }
                try await expectCode(.nameTaken) { try await store.create(promising(promised, owner)) }
                for id in [announced, promised] {
                    try await expectCode(.nameTaken) {
                        try await store.createAsset(asset(id, owner), project: nil)
                    }
                }
            }
            try expectEqual(try await store.generationCount(GenerationFilter(organisation: organisation)), 1)
            try expectEqual(try await store.generationCount(GenerationFilter(organisation: other)), 0)
        },
        StoreConformance("a content is replaced until it is used, and by one of two at once") { store in
            let organisation = try await makeOrganisation(store)
            var asset = Asset(
                organisation: organisation, createdAt: Samples.start, name: "a", kind: .image, origin: .upload)
            try await store.createAsset(asset, project: nil)
            let (first, second) = (BlobKey(rawValue: "content/1"), BlobKey(rawValue: "content/2"))
            asset.blob = first
            try expect(try await store.replaceContent(of: asset, known: nil), "it had none")
            asset.blob = second
            try expect(try await !store.replaceContent(of: asset, known: nil), "somebody was faster")
            try expectEqual(try await store.anyAsset(asset.id)?.blob, first)
            try expect(try await store.replaceContent(of: asset, known: first), "nobody uses it")
            var generation = Samples.generation(organisation, at: 5)
            generation.request.lipSync?.inputs[0].source = .asset(asset.id)
            _ = try await store.create(CreateOrder(generations: [generation]))
            asset.blob = first
            try expect(try await !store.replaceContent(of: asset, known: second), "it is used")
            try expectEqual(try await store.anyAsset(asset.id)?.blob, second)
        },
        StoreConformance("credits are spent up to a limit at once, given back by failures, and not by deletion") {
            store in
            let organisation = try await makeOrganisation(store)
            func order(_ credits: Int?, limit: Int?) -> CreateOrder {
                var generation = Samples.generation(organisation)
                generation.request.credits = credits
                return CreateOrder(generations: [generation], creditLimit: limit)
            }
            try expectEqual(try await store.spentCredits(organisation), 0)
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await store.create(order(10, limit: 35))) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expectEqual(accepted, 3)
            try expectEqual(try await store.spentCredits(organisation), 30)
            do {
                _ = try await store.create(order(6, limit: 35))
                throw ConformanceFailure(description: "6 of 5 credits were spent")
            } catch let error as GenerationError {
                try expectEqual(error.code, .creditsExhausted)
                try expectEqual(error.parameters["credits"], .integer(5))
            }
            _ = try await store.create(order(nil, limit: nil))
            let now = Samples.start.advanced(by: .seconds(1))
            for (index, word) in ["failed", "completed"].enumerated() {
                guard let job = try await store.claimJob(worker: "w", now: now, policy: JobPolicy()) else {
                    throw ConformanceFailure(description: "no job")
                }
                let id = job.generation.id
                let outcome: AttemptOutcome =
                    index == 0
                    ? .rejected(FailureFacts(code: .internalError, message: ""))
                    : .completed(Samples.output(id, fence: job.lease.fence))
                let report = AttemptReport(id: id, fence: job.lease.fence, outcome: outcome)
                try expectEqual(try await store.finishJob(report, now: now, policy: JobPolicy()), .finish)
                try expectEqual(try await store.spentCredits(organisation), 20, line: #line)
                _ = try await store.deleteGeneration(id, organisation: organisation)
                try expect(try await store.spentCredits(organisation) == 20, "a \(word) one was deleted")
            }
        },
        StoreConformance("a voice is stored with the job that made it, under a name of its own where one is taken") {
            store in
            let organisation = try await makeOrganisation(store)
            _ = try await store.create(
                CreateOrder(generations: [Samples.generation(organisation), Samples.generation(organisation, at: 1)]))
            let now = Samples.start.advanced(by: .seconds(1))
            var promised: [AssetID] = []
            for id in ["v1", "v2"] {
                guard let job = try await store.claimJob(worker: "w", now: now, policy: JobPolicy()) else {
                    throw ConformanceFailure(description: "no job")
                }
                let asset = AssetID()
                promised.append(asset)
                let report = AttemptReport(
                    id: job.generation.id, fence: job.lease.fence,
                    outcome: .completed(Samples.output(job.generation.id, fence: job.lease.fence)),
                    voice: ClonedVoice(
                        id: id, organisation: organisation, name: "Ann", sample: nil, createdAt: now, asset: asset))
                try expectEqual(try await store.finishJob(report, now: now, policy: JobPolicy()), .finish)
            }
            let voices = try await store.clonedVoices()
            try expectEqual(voices.map(\.name), ["Ann", "Ann (v2)"])
            try expectEqual(voices.map(\.asset), promised)
        },
        StoreConformance("generations are listed by kind") { store in
            let organisation = try await makeOrganisation(store)
            let video = Samples.generation(organisation)
            var speech = Samples.generation(organisation)
            speech.request.order = .speech(SpeechRequest(provider: "local", voiceID: "v", script: "Hello."))
            _ = try await store.create(CreateOrder(generations: [video]))
            _ = try await store.create(CreateOrder(generations: [speech]))
            func ids(_ kinds: Set<GenerationKind>) async throws -> Set<GenerationID> {
                let filter = GenerationFilter(organisation: organisation, kinds: kinds)
                let listed = try await store.generations(filter, after: nil, limit: 10)
                try expectEqual(listed.count, try await store.generationCount(filter))
                return Set(listed.map(\.id))
            }
            try expectEqual(try await ids([]), [video.id, speech.id])
            try expectEqual(try await ids([.lipSync]), [video.id])
            try expectEqual(try await ids([.speech, .photoAnimation]), [speech.id])
        },
        StoreConformance("uploads are kept by their machine and expire") { store in
            let organisation = try await makeOrganisation(store)
            let expiry = Samples.start.advanced(by: Upload.validity)
            let upload = Upload(
                organisation: organisation, fileName: "a.mp4", contentType: "video/mp4", createdAt: Samples.start,
                lifecycle: UploadLifecycle(expiresAt: expiry, byteLimit: 100))
            try await store.createUpload(upload)
            let blob = BlobKey(rawValue: "content/aa")
            _ = try await store.updateUpload(upload.id) { $0.begin(announcedByteCount: 10, now: Samples.start) }
            let kept = try await store.updateUpload(upload.id) { $0.complete(blob: blob) }
            try expectEqual(kept, .keep(replacing: nil))
            try expectEqual(try await store.referencedBlobs(among: [blob]), [blob])
            try expectEqual(try await store.retire(RetentionPolicy(), now: Samples.start), 0)
            try expectEqual(try await store.retire(RetentionPolicy(), now: expiry), 1)
            let later = SystemClock().now.advanced(by: .seconds(60))
            try expectEqual(try await store.discardedBlobs(before: later, limit: 10).map(\.key), [blob])
            try expectEqual(try await store.upload(upload.id)?.lifecycle.status, .expired)
            try expectEqual(try await store.updateUpload(UploadID()) { $0.register() }, nil)
        },
        StoreConformance("a batch ends once, after all its generations, and says how far it is") { store in
            let organisation = try await makeOrganisation(store)
            let batch = Batch(
                organisation: organisation, createdAt: Samples.start, webhookURL: "https://me.example/batch")
            let generations = (0..<3).map { index in
                var generation = Samples.generation(organisation, at: Int64(index))
                generation.batch = batch.id
                generation.batchRequestName = "r\(index)"
                return generation
            }
            _ = try await store.create(CreateOrder(generations: generations, batch: batch))
            let policy = JobPolicy()
            let now = Samples.start.advanced(by: .seconds(1))
            for index in 0..<3 {
                try expectEqual(try await store.finishableBatches(limit: 5), [])
                guard let job = try await store.claimJob(worker: "a", now: now, policy: policy) else {
                    throw ConformanceFailure(description: "a job is due")
                }
                let found = try await store.batch(batch.id, organisation: organisation)
                try expectEqual(found?.0.status, .processing)
                let id = job.generation.id
                let outcome: AttemptOutcome =
                    index == 0
                    ? .failed(FailureFacts(code: .processingFailed, message: "no"), mayRetry: false)
                    : .completed(Samples.output(id, fence: 1))
                _ = try await store.finishJob(
                    AttemptReport(id: id, fence: 1, outcome: outcome), now: now, policy: policy)
            }
            try expectEqual(try await store.finishableBatches(limit: 5).map(\.id), [batch.id])
            let result = BlobKey(rawValue: "batches/1")
            try expect(
                try await store.finishBatch(batch.id, status: .completed, result: result, now: now), "it was open")
            try expect(
                try await !store.finishBatch(batch.id, status: .completed, result: result, now: now), "it has ended")
            let ended = try await store.batch(batch.id, organisation: organisation)
            try expectEqual(ended?.0.status, .completed)
            try expectEqual(ended?.1, BatchMetrics(total: 3, succeeded: 2, failed: 1))
            try expectEqual(try await store.deliveries(organisation: organisation, limit: 5).map(\.batch), [batch.id])
            let listed = try await store.batches(
                organisation: organisation, status: .completed, createdAfter: nil, createdBefore: nil, limit: 5)
            try expectEqual(listed.map(\.0.id), [batch.id])
        },
    ]
}

import Generations
import LipSync
import Provenance
import Text
import Time

/// One attempt at one job, from its claim to its end.
///
/// Nothing that the attempt does is visible before the store accepts its fence, so it may be killed at any moment.
struct Attempt: Sendable {
    private typealias Ending = LeasedWork.Ending

    let parts: WorkerDependencies
    let resolver: InputResolver
    let builder: PlanBuilder
    let maker: PostProcessingRunner
    let children: MediaChildren
    let cache: BlobCache
    let workingFolder: WorkingFolder
    let job: ClaimedJob

    var generation: Generation { job.generation }
    var fence: Int64 { job.lease.fence }
    private var policy: JobPolicy { parts.configuration.jobs }

    /// Works until the job is done, failed, lost, or the task is cancelled, which hands the job back.
    func run() async {
        parts.live.begin(generation.id, fence: fence)
        defer { parts.live.remove(generation.id, fence: fence) }
        parts.signal.announceChange(of: generation.id, organisation: generation.organisation)
        let progress = AttemptProgress()
        switch await lease(progress).run(progress, { await work(progress) }) {
        case .settled: break
        case .lost: note("job_lost")
        case .stopped: await handBack()
        }
        announce()
    }

    private func announce() {
        parts.signal.announceChange(of: generation.id, organisation: generation.organisation)
        parts.signal.announce(.jobs)
        if generation.request.webhookURL != nil { parts.signal.announce(.deliveries) }
        if generation.batch != nil { parts.signal.announce(.batches) }
    }

    private func note(_ event: String, _ fields: [String: JSONValue] = [:]) {
        var members = fields
        members["generation"] = .string(generation.id.rawValue)
        members["fence"] = .integer(fence)
        parts.note(event, members)
    }

    @Sendable private func noteStoreFailure(_ error: any Error) {
        note("store_failed", ["detail": .string("\(error)")])
    }

    // MARK: Working

    private func work(_ progress: AttemptProgress) async -> Ending {
        let outcome: AttemptOutcome
        var product: Product?
        var folder: String?
        do {
            let made = try await workingFolder.makeFolder("\(generation.id)-\(fence)")
            folder = made
            let done = try await make(in: made, progress)
            product = done
            outcome = .completed(done.facts)
        } catch is LeaseLost {
            if let folder { await workingFolder.remove(folder) }
            return .lost
        } catch is CancellationError {
            if let folder { await workingFolder.remove(folder) }
            return .stopped
        } catch {
            // A child that was killed because nobody wants it any more has not failed.
            if Task.isCancelled {
                if let folder { await workingFolder.remove(folder) }
                return .stopped
            }
            let failure = JobFailure(error, showsSubject: generation.request.kind == .photoAnimation)
            note(
                "attempt_failed",
                [
                    "code": .string(failure.error.code.rawValue), "message": .string(failure.error.message),
                    "detail": .string(failure.error.detail), "mayRetry": .bool(failure.mayRetry),
                ])
            outcome = failure.isLoss ? .lost(failure.facts) : .failed(failure.facts, mayRetry: failure.mayRetry)
        }
        if let folder { await workingFolder.remove(folder) }
        return await settle(outcome, product)
    }

    /// What was made, and what comes into being with it.
    struct Product {
        var facts: OutputFacts
        var assets: [Asset] = []
        var voice: ClonedVoice?
        var records: [OutputRecord] = []
    }

    private func make(in folder: String, _ progress: AttemptProgress) async throws -> Product {
        guard generation.request.kind.movesLips else {
            let medium = try await maker.make(generation, in: folder) { progress.show($0 * 0.97) }
            return try await publish(medium, in: folder)
        }
        if let task = try await divided.begun() { return try await make(task, in: folder, progress) }
        let inputs = try await resolver.resolve(
            generation.request, organisation: generation.organisation, folder: folder)
        try Task.checkCancellation()
        var order = try builder.order(generation.request, inputs, folder: "\(folder)/output")
        var promises: [AnalysisCache.Promise] = []
        if case .animation(let plan) = order.task {
            let prepared = await resolver.analyses.prepare(
                plan, inputs, owner: generation.organisation, folder: folder)
            order.task = .animation(prepared.0)
            promises = prepared.1
        }
        order.task = order.task.measured(texts: await resolver.notes(on: generation.request))
        order.task.marks = parts.configuration.marks(WatermarkNumber.of(generation.id.rawValue))
        progress.show(AttemptProgress.resolvedShare)
        if let task = try await divided.divide(order, inputs) { return try await make(task, in: folder, progress) }
        let files = try await children.render(
            order.task, in: folder, mediaSeconds: order.mediaSeconds, observer: watching(progress))
        await resolver.analyses.keep(promises)
        try await beginToStore(progress)
        return try await publish(order.task, files, in: folder, speech: inputs.speech, kept: inputs.kept)
    }

    private var divided: DividedJob {
        DividedJob(shared: parts, children: children, cache: cache, workingFolder: workingFolder, job: job)
    }

    /// Makes the video of a job that is done in parts.
    private func make(
        _ task: DividedTask, in folder: String, _ progress: AttemptProgress
    ) async throws -> Product {
        let (live, id, fence) = (parts.live, generation.id, fence)
        let observer = watching(progress)
        let (files, last) = try await divided.run(
            task, in: folder,
            onProgress: { state in
                progress.show(AttemptProgress.rendered(state.fraction))
                live.update(id, fence: fence) {
                    $0.stage = state.stage == .analysing ? .analysing : .rendering
                    $0.secondsLeft = state.secondsLeft
                }
            }, onPreview: { observer.onPreview?($0) })
        try await beginToStore(progress)
        var speech: LocalMedium?
        for (name, key) in task.inputs where parts.sealer != nil || name == task.speech?.input {
            try await PartFiles(cache: cache, blobs: parts.blobs).bring(BlobKey(rawValue: key), to: "\(folder)/\(name)")
        }
        if let spoken = task.speech { speech = LocalMedium(path: "\(folder)/\(spoken.input)", summary: spoken.summary) }
        return try await publish(.step(last), files, in: folder, speech: speech, kept: [:])
    }

    /// From here on the output is there; being stored is a state that readers may see.
    private func beginToStore(_ progress: AttemptProgress) async throws {
        progress.show(0.98)
        do {
            let action = try await parts.store.advanceJob(
                generation.id, fence: fence, progress: 0.98, isFinalizing: true)
            if action == .abandon { throw LeaseLost() }
        } catch let error as StoreError {
            // A finished video is not thrown away because a word about it could not be stored.
            noteStoreFailure(error)
        }
        parts.live.update(generation.id, fence: fence) { $0.stage = .storing }
        parts.signal.announceChange(of: generation.id, organisation: generation.organisation)
    }

    /// Shows a render to those who watch.
    private func watching(_ progress: AttemptProgress) -> RenderObserver {
        let (live, id, fence) = (parts.live, generation.id, fence)
        return RenderObserver(
            onProgress: { state in
                progress.show(AttemptProgress.rendered(state.fraction))
                live.update(id, fence: fence) {
                    $0.stage = state.stage == .analysing ? .analysing : .rendering
                    $0.framesPerSecond = state.framesPerSecond
                    $0.secondsLeft = state.secondsLeft
                }
            },
            onPreview: { picture in
                live.update(id, fence: fence) {
                    $0.preview = picture
                    $0.previewCount += 1
                }
            })
    }

    // MARK: Telling the store

    private func settle(_ outcome: AttemptOutcome, _ product: Product?) async -> Ending {
        let report = AttemptReport(
            id: generation.id, fence: fence, outcome: outcome, assets: product?.assets ?? [], voice: product?.voice,
            records: product?.records ?? [])
        let action = await LeasedWork.tell(noteStoreFailure) {
            try await parts.store.finishJob(report, now: parts.now, policy: policy)
        }
        guard let action else { return .settled }
        guard action != .abandon else {
            // Nobody will refer to these files: their names have this attempt's fence in them. But its end may have been stored
            // though the store could not say so.
            try? await parts.blobs.removeUnreferenced(product?.facts.blobs ?? [], by: parts.store)
            return .lost
        }
        note("attempt_ended", ["outcome": .string(Self.word(outcome)), "action": .string(Self.word(action))])
        return .settled
    }

    private func handBack() async {
        // The task is cancelled, the store's calls are not.
        do {
            _ = try await parts.store.releaseJob(generation.id, fence: fence, now: parts.now)
            note("job_handed_back")
        } catch {
            // The lease runs out by itself.
            noteStoreFailure(error)
        }
    }

    // MARK: Keeping the lease

    private func lease(_ progress: AttemptProgress) -> LeasedWork {
        let store = parts.store
        return LeasedWork(
            signal: parts.signal, topic: .generation(generation.id), interval: parts.configuration.progressInterval,
            renewal: policy.renewal, onStoreFailure: noteStoreFailure,
            isHeld: { try await store.holdsJob(generation.id, fence: fence) },
            show: { share in
                let action = try await store.advanceJob(
                    generation.id, fence: fence, progress: share, isFinalizing: false)
                if action == .publish {
                    parts.signal.announceChange(of: generation.id, organisation: generation.organisation)
                }
                return action != .abandon
            },
            renew: {
                try await store.renewJob(generation.id, fence: fence, now: parts.now, policy: policy) != .abandon
            })
    }

    private static func word(_ outcome: AttemptOutcome) -> String {
        switch outcome {
        case .completed: "completed"
        case .failed(let facts, _): facts.code.rawValue
        case .lost(let facts): "lost: \(facts.code.rawValue)"
        case .rejected(let facts): facts.code.rawValue
        }
    }

    private static func word(_ action: JobLifecycle.Action) -> String {
        switch action {
        case .retry: "retry"
        case .finish: "finish"
        default: "\(action)"
        }
    }
}

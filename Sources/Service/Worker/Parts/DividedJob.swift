import Generations
import LipSync
import Text
import Time

/// A job that its attempt divides: it hands parts out to whoever has time, does some itself, and puts them together.
///
/// Parts that are done stay done when the attempt is lost; the next one goes on with them.
struct DividedJob: Sendable {
    let shared: WorkerDependencies
    let children: MediaChildren
    let cache: BlobCache
    let workingFolder: WorkingFolder
    let job: ClaimedJob

    private var id: GenerationID { job.generation.id }
    private var fence: Int64 { job.lease.fence }
    private var store: any WorkerStore { shared.store }
    private var configuration: WorkerConfiguration { shared.configuration }
    private var files: PartFiles { PartFiles(cache: cache, blobs: shared.blobs) }

    /// What the job was divided into by an attempt before, if another one can go on with it.
    func begun() async throws -> DividedTask? {
        guard let division = try await store.division(of: id) else { return nil }
        guard division.build == configuration.build,
            let task = try? KeptText.decode(DividedTask.self, from: division.task)
        else {
            // Programs of another version would go on with parts that nobody puts together.
            _ = try await store.undivide(id, fence: fence)
            return nil
        }
        shared.note("parts_resumed", ["generation": .string(id.rawValue), "fence": .integer(fence)])
        return task
    }

    /// Divides a job that is worth it.
    ///
    /// - Returns: `nil` for one that is done whole: a short one, one for which there is nobody else, or one that has failed
    ///   before, perhaps since it was divided.
    /// - Throws: `StoreError` where an input cannot be stored; `LeaseLost`.
    func divide(_ order: PlanBuilder.PlannedTask, _ inputs: ResolvedInputs) async throws -> DividedTask? {
        guard case .sync(let plan) = order.task, inputs.kept.isEmpty, job.failureCount == 0,
            configuration.divisionSeconds > 0, order.outputSeconds >= configuration.divisionSeconds
        else { return nil }
        let slots = await slotCount()
        guard slots > 1 else { return nil }
        let (names, keys) = try await put(plan, inputs)
        let task = DividedTask(
            plan: plan.moved(inputs: { names[$0] ?? $0 }, outputFolder: ""),
            inputs: keys.mapValues(\.rawValue), rule: configuration.splitRule(workerCount: slots),
            mediaSeconds: order.mediaSeconds,
            speech: inputs.speech.flatMap { speech in
                names[speech.path].map { DividedTask.Speech(input: $0, summary: speech.summary) }
            })
        let isDivided = try await store.divide(
            Division(generation: id, build: configuration.build, task: try KeptText.encode(task)),
            blobs: Array(keys.values), steps: [try KeptText.encode(SplitStep.survey)], fence: fence, now: shared.now)
        guard isDivided else { throw LeaseLost() }
        // From here on the store knows that the inputs are needed. One that was deleted just before is here still.
        for key in keys.values where try await shared.blobs.facts(of: key) == nil {
            _ = try await store.undivide(id, fence: fence)
            return nil
        }
        shared.signal.announce(.jobs)
        return task
    }

    /// Renders that may run at once on all machines; 1 while programs of another version work: they do not understand parts, and
    /// those of before parts would remove files of theirs.
    private func slotCount() async -> Int {
        let nodes = (try? await store.nodes(now: store.steadyTime)) ?? []
        guard nodes.allSatisfy({ $0.version == configuration.version }) else { return 1 }
        let slots = nodes.filter { $0.roles.contains(.render) }.reduce(0) { $0 + $1.renderSlots }
        return max(slots, configuration.renderSlots)
    }

    /// Brings all inputs into the blob store.
    ///
    /// - Returns: Their names by their paths, and their places by their names.
    private func put(
        _ plan: RenderPlan, _ inputs: ResolvedInputs
    ) async throws -> (names: [String: String], keys: [String: BlobKey]) {
        var known: [String: BlobKey] = [:]
        for medium in [inputs.visual] + inputs.voices.values + [inputs.speech].compactMap({ $0 }) {
            known[medium.path] = medium.blob
        }
        var (names, keys): ([String: String], [String: BlobKey]) = ([:], [:])
        for path in plan.inputPaths + [inputs.speech?.path].compactMap({ $0 }) where names[path] == nil {
            let name = "input-\(names.count)"
            names[path] = name
            if let key = known[path], try await shared.blobs.facts(of: key) != nil {
                keys[name] = key
            } else {
                keys[name] = try await shared.blobs.copy(path).key
            }
        }
        return (names, keys)
    }

    // MARK: Working

    /// Does the job, or what is left of it.
    ///
    /// - Parameter folder: The attempt's own, with a folder `output`.
    /// - Returns: What was made, and the task by whose paths it lies in the folder.
    /// - Throws: `JobFailure` of a part that has failed; what `Attempt` throws.
    func run(
        _ task: DividedTask, in folder: String, onProgress: @escaping @Sendable (DividedProgress) -> Void,
        onPreview: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> (RenderedFiles, SplitTask) {
        let joining = try await withThrowingTaskGroup(of: SplitStep?.self) { group in
            group.addTask { try await doParts(onPreview) }
            group.addTask {
                try await watch(onProgress)
                return nil
            }
            defer { group.cancelAll() }
            while let step = try await group.next() { if let step { return step } }
            throw CancellationError()
        }
        let known = try await store.parts(of: id).files()
        // The sound of the part alone is there where it was asked for.
        for name in Set(joining.inputs).union(known.keys.filter { $0.hasSuffix(".mp4") }) {
            if let key = known[name] { try await files.bring(key, to: "\(folder)/\(name)") }
        }
        let last = task.splitTask(joining, in: folder)
        let made = try await children.render(
            .step(last), in: folder, mediaSeconds: task.mediaSeconds, observer: RenderObserver())
        return (made, last)
    }

    /// Hands out stage by stage, and does parts itself, until all but the last step are done; gives that.
    private func doParts(_ onPreview: @escaping @Sendable ([UInt8]) -> Void) async throws -> SplitStep {
        let observation = shared.signal.observe(.generation(id))
        defer { observation.cancel() }
        while true {
            try Task.checkCancellation()
            do {
                let all = try await store.parts(of: id)
                if let following = try following(all) {
                    if case .joining = following[0] { return following[0] }
                    try await begin(following, behind: all)
                    continue
                }
                if let claimed = try await claim(all.present) {
                    await PartAttempt(
                        shared: shared, children: children, cache: cache, workingFolder: workingFolder,
                        claimed: claimed,
                        observer: RenderObserver(onPreview: onPreview)
                    ).run()
                    continue
                }
            } catch let error as StoreError where error.isRetryable {
                // Parts go on elsewhere; how long this attempt may go on is told by its lease.
                shared.note("store_failed", ["detail": .string(error.description)])
            }
            await observation.wait(atMost: configuration.pollInterval)
        }
    }

    /// A part of this job for this attempt; `nil` where none waits, or somebody else was faster.
    private func claim(_ present: ArraySlice<JobPart>) async throws -> ClaimedPart? {
        let now = shared.now
        // Claiming is a write, which an attempt that waits should not do.
        let waits = present.contains { part in
            let attempts = part.lifecycle.attempts
            return part.lifecycle.standing == .unfinished && attempts.lease == nil && attempts.dueAt <= now.steady
        }
        guard waits else { return nil }
        return try await store.claimPart(
            of: id, build: configuration.build, worker: configuration.name, now: now, policy: configuration.jobs)
    }

    /// The steps that come now; `nil` while the present stage is not done.
    private func following(_ all: [JobPart]) throws -> [SplitStep]? {
        guard let stage = all.last?.stage else { throw LeaseLost() }
        try checkForFailures(all.present)
        var named: [[SplitStep]] = []
        for part in all.present {
            guard let result = try part.decodedResult() else { return nil }
            named.append(result.next)
        }
        let steps = SplitStep.following(named)
        let limit = SplitStep.stageLimit(stepsBehindSurvey: all.count(where: { $0.stage == 1 }))
        guard !steps.isEmpty, stage < limit else { throw JobFailure(.processingFailed, detail: "parts without an end") }
        return steps
    }

    private func begin(_ steps: [SplitStep], behind all: [JobPart]) async throws {
        let isAdded = try await store.addParts(
            try steps.map { try KeptText.encode($0) }, stage: (all.last?.stage ?? 0) + 1, to: id, fence: fence,
            now: shared.now)
        guard isAdded else { throw LeaseLost() }
        shared.signal.announce(.jobs)
    }

    private func checkForFailures(_ present: some Sequence<JobPart>) throws {
        for part in present {
            if case .failed(let facts, let mayRetry) = part.lifecycle.standing {
                throw JobFailure(facts.code, facts.message, mayRetry: mayRetry)
            }
        }
    }

    /// Shows how far all parts are, until it is cancelled or one of them has failed.
    private func watch(_ onProgress: @Sendable (DividedProgress) -> Void) async throws {
        let start = ContinuousClock.now
        var first: Double?
        while true {
            try await Task.sleep(for: configuration.progressInterval)
            guard let present = try? await store.parts(of: id).present, let last = present.last else { continue }
            try checkForFailures(present)
            let sum = present.reduce(0.0) { $0 + ($1.lifecycle.standing == .unfinished ? $1.lifecycle.progress : 1) }
            let shares = try last.decodedStep().shares
            let fraction = shares.from + sum / Double(present.count) * (shares.to - shares.from)
            var progress = DividedProgress(stage: shares.stage, fraction: fraction)
            // What was done before this attempt has cost it no time.
            let done = fraction - (first ?? fraction)
            if done > 0.02 { progress.secondsLeft = (ContinuousClock.now - start).inSeconds * (1 - fraction) / done }
            first = first ?? fraction
            onProgress(progress)
        }
    }
}

/// How far all parts of a job are together.
struct DividedProgress: Sendable {
    var stage: RenderProgress.Stage
    /// The share of the whole job, 0 … 1.
    var fraction: Double
    /// An estimate of what is left; `nil` while too little is known.
    var secondsLeft: Double?
}

import Generations
import LipSync
import Text
import Time

/// A job that its attempt divides: it hands parts out to whoever has time, does some itself, and puts them together.
///
/// Parts that are done stay done when the attempt is lost; the next one goes on with them.
struct DividedJob: Sendable {
    let parts: WorkerDependencies
    let children: MediaChildren
    let cache: BlobCache
    let workingFolder: WorkingFolder
    let job: ClaimedJob

    private var id: GenerationID { job.generation.id }
    private var fence: Int64 { job.lease.fence }

    /// What the job was divided into by an attempt before, if another one can go on with it.
    func begun() async throws -> DividedTask? {
        guard let division = try await parts.store.division(of: id), division.build == parts.configuration.build,
            let task = try? DividedTask(text: division.task)
        else { return nil }
        parts.note("parts_resumed", ["generation": .string(id.rawValue), "fence": .integer(fence)])
        return task
    }

    /// Divides a job that is worth it.
    ///
    /// - Returns: `nil` for one that is done whole: a short one, one for which there is nobody else, or one that has failed
    ///   before, perhaps since it was divided.
    /// - Throws: `StoreError` where an input cannot be stored; `LeaseLost`.
    func divide(_ order: PlanBuilder.PlannedTask, _ inputs: ResolvedInputs) async throws -> DividedTask? {
        let configuration = parts.configuration
        guard case .sync(let plan) = order.task, inputs.kept.isEmpty, job.failureCount == 0,
            configuration.divisionSeconds > 0, order.outputSeconds >= configuration.divisionSeconds
        else { return nil }
        let slots = await slotCount()
        guard slots > 1 else { return nil }
        let (names, keys) = try await store(plan, inputs)
        let task = DividedTask(
            plan: plan.moved(inputs: { names[$0] ?? $0 }, outputFolder: ""),
            inputs: keys.mapValues(\.rawValue), rule: configuration.splitRule(workerCount: slots),
            mediaSeconds: order.mediaSeconds,
            speech: inputs.speech.flatMap { speech in
                names[speech.path].map { DividedTask.Speech(input: $0, summary: speech.summary) }
            })
        let isDivided = try await parts.store.divide(
            Division(generation: id, build: configuration.build, task: try task.text()), blobs: Array(keys.values),
            steps: [try SplitStep.survey.text()], fence: fence, now: parts.now)
        guard isDivided else { throw LeaseLost() }
        parts.signal.announce(.jobs)
        return task
    }

    /// Renders that may run at once on all machines that understand this one.
    private func slotCount() async -> Int {
        let configuration = parts.configuration
        let nodes = (try? await parts.store.nodes(now: parts.store.steadyTime)) ?? []
        let slots = nodes.filter { $0.roles.contains(.render) && $0.version == configuration.version }
            .reduce(0) { $0 + $1.renderSlots }
        return max(slots, configuration.renderSlots)
    }

    /// Brings all inputs into the blob store.
    ///
    /// - Returns: Their names by their paths, and their places by their names.
    private func store(
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
            if let key = known[path] {
                keys[name] = key
            } else {
                let key = try await parts.blobs.copy(path).key
                await cache.note(path, as: key)
                keys[name] = key
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
        let known = try await parts.store.parts(of: id).files()
        // The sound of the part alone is there where it was asked for.
        for name in Set(joining.inputs).union(known.keys.filter { $0.hasSuffix(".mp4") }) {
            if let key = known[name] { try await cache.materialize(key, at: "\(folder)/\(name)") }
        }
        let last = task.splitTask(joining, in: folder)
        let files = try await children.render(
            .step(last), in: folder, mediaSeconds: task.mediaSeconds, observer: RenderObserver())
        return (files, last)
    }

    /// Hands out stage by stage, and does parts itself, until all but the last step are done; gives that.
    private func doParts(_ onPreview: @escaping @Sendable ([UInt8]) -> Void) async throws -> SplitStep {
        let observation = parts.signal.observe(.generation(id))
        defer { observation.cancel() }
        while true {
            try Task.checkCancellation()
            if let step = try await advance() { return step }
            let claimed = try await parts.store.claimPart(
                of: id, build: parts.configuration.build, worker: parts.configuration.name, now: parts.now,
                policy: parts.configuration.jobs)
            guard let claimed else {
                await observation.wait(atMost: parts.configuration.pollInterval)
                continue
            }
            await PartAttempt(
                parts: parts, children: children, cache: cache, workingFolder: workingFolder, claimed: claimed,
                observer: RenderObserver(onProgress: { _ in }, onPreview: onPreview)
            ).run()
        }
    }

    /// Begins the next stage where the present one is done; gives the last step where only that is left.
    private func advance() async throws -> SplitStep? {
        let all = try await parts.store.parts(of: id)
        guard let stage = all.last?.stage else { throw LeaseLost() }
        let present = all.filter { $0.stage == stage }
        try checkForFailures(present)
        var next: [SplitStep] = []
        for part in present {
            guard let result = try part.decodedResult() else { return nil }
            for step in result.next where !next.contains(step) { next.append(step) }
        }
        guard let first = next.first, stage < Self.stageLimit else {
            throw JobFailure(.processingFailed, detail: "parts without an end")
        }
        if case .joining = first { return first }
        guard
            try await parts.store.addParts(
                try next.map { try $0.text() }, stage: stage + 1, to: id, fence: fence, now: parts.now)
        else { throw LeaseLost() }
        parts.signal.announce(.jobs)
        return nil
    }

    /// Every span may be asked for again twice; nothing else is repeated.
    private static let stageLimit = 1000

    private func checkForFailures(_ present: [JobPart]) throws {
        for part in present {
            if case .failed(let facts) = part.lifecycle.standing {
                // What has taken too long takes as long in one piece.
                throw JobFailure(facts.code, facts.message, mayRetry: facts.code == .timedOut ? false : nil)
            }
        }
    }

    /// Shows how far all parts are, until it is cancelled or one of them has failed.
    private func watch(_ onProgress: @Sendable (DividedProgress) -> Void) async throws {
        let start = ContinuousClock.now
        var first: Double?
        while true {
            try await Task.sleep(for: parts.configuration.progressInterval)
            guard let all = try? await parts.store.parts(of: id), let last = all.last else { continue }
            let present = all.filter { $0.stage == last.stage }
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

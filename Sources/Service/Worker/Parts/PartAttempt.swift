import Generations
import LipSync
import Text
import Time

/// One attempt at one part of a divided job, from its claim to its end.
struct PartAttempt: Sendable {
    let shared: WorkerDependencies
    let children: MediaChildren
    let cache: BlobCache
    let workingFolder: WorkingFolder
    let claimed: ClaimedPart
    /// Is told of the work on the child's thread.
    var observer = RenderObserver()

    private var name: PartName { claimed.part.name }
    private var fence: Int64 { claimed.lease.fence }
    private var policy: JobPolicy { shared.configuration.jobs }
    private var store: any WorkerStore { shared.store }

    /// Works until the part is done, failed, lost, or the task is cancelled, which hands the part back.
    func run() async {
        let progress = AttemptProgress()
        let renew = { @Sendable (share: Double) in
            try await store.renewPart(name, fence: fence, progress: share, now: shared.now, policy: policy) != .abandon
        }
        let lease = LeasedWork(
            signal: shared.signal, topic: .generation(name.generation), interval: shared.configuration.progressInterval,
            renewal: policy.renewal, onStoreFailure: noteStoreFailure,
            isHeld: { try await store.holdsPart(name, fence: fence) }, show: renew,
            renew: { try await renew(progress.value) })
        switch await lease.run(progress, { await work(progress) }) {
        case .settled: break
        case .lost: note("part_lost")
        case .stopped: await handBack()
        }
        // Whoever holds the job waits for its parts, and a part that was not done is somebody else's.
        shared.signal.announce(.generation(name.generation))
        shared.signal.announce(.jobs)
    }

    private func note(_ event: String, _ fields: [String: JSONValue] = [:]) {
        var members = fields
        members["generation"] = .string(name.generation.rawValue)
        members["part"] = .integer(Int64(name.number))
        members["fence"] = .integer(fence)
        shared.note(event, members)
    }

    @Sendable private func noteStoreFailure(_ error: any Error) {
        note("store_failed", ["detail": .string("\(error)")])
    }

    // MARK: Working

    private func work(_ progress: AttemptProgress) async -> LeasedWork.Ending {
        var folder: String?
        var made: [BlobKey] = []
        let outcome: PartOutcome
        do {
            let place = try await workingFolder.makeFolder("\(name.generation)-part-\(name.number)-\(fence)")
            folder = place
            let result = try await make(in: place, progress)
            made = result.files.values.map { BlobKey(rawValue: $0) }
            outcome = .done(try KeptText.encode(result))
        } catch {
            if let folder { await workingFolder.remove(folder) }
            // A child that was killed because nobody wants it any more has not failed.
            if Task.isCancelled || error is CancellationError { return .stopped }
            return await settle(failed(error), [])
        }
        if let folder { await workingFolder.remove(folder) }
        return await settle(outcome, made)
    }

    private func failed(_ error: any Error) -> PartOutcome {
        let failure = JobFailure(error)
        note(
            "part_failed",
            [
                "code": .string(failure.error.code.rawValue), "message": .string(failure.error.message),
                "detail": .string(failure.error.detail), "mayRetry": .bool(failure.mayRetry),
            ])
        return failure.isLoss ? .lost(failure.facts) : .failed(failure.facts, mayRetry: failure.mayRetry)
    }

    private func make(in folder: String, _ progress: AttemptProgress) async throws -> PartResult {
        let task = try KeptText.decode(DividedTask.self, from: claimed.division.task)
        let step = try claimed.part.decodedStep()
        let files = PartFiles(cache: cache, blobs: shared.blobs)
        for input in task.inputs(of: step) {
            guard let key = task.inputs[input] else { throw JobFailure(.unknownFailure, detail: "no input \(input)") }
            try await files.bring(BlobKey(rawValue: key), to: "\(folder)/\(input)")
        }
        let known = try await store.parts(of: name.generation).files()
        for input in step.inputs {
            // The child says what it lacks.
            if let key = known[input] { try await files.bring(key, to: "\(folder)/\(input)") }
        }
        try Task.checkCancellation()
        let observer = observer
        let outcome = try await children.perform(
            task.splitTask(step, in: folder), in: folder, mediaSeconds: task.mediaSeconds,
            observer: RenderObserver(
                onProgress: { state in
                    progress.show(state.fraction)
                    observer.onProgress(state)
                }, onPreview: observer.onPreview))
        return PartResult(next: outcome.next, files: try await keep(outcome.files, in: "\(folder)/output"))
    }

    /// Stores files that the child has written.
    private func keep(_ names: [String], in folder: String) async throws -> [String: String] {
        var files: [String: BlobKey] = [:]
        do {
            for file in names {
                let path = "\(folder)/\(file)"
                guard ChildFile.byteCount(path) != nil else { throw ChildFailure.senseless }
                files[file] = try await cache.adopt(path, as: .part(name, fence: fence, name: file)).key
            }
        } catch {
            try? await shared.blobs.removeUnreferenced(Array(files.values), by: store)
            throw error
        }
        return files.mapValues(\.rawValue)
    }

    // MARK: Telling the store

    private func settle(_ outcome: PartOutcome, _ blobs: [BlobKey]) async -> LeasedWork.Ending {
        let report = PartReport(name: name, fence: fence, outcome: outcome, blobs: blobs)
        let action = await LeasedWork.tell(noteStoreFailure) {
            try await store.finishPart(report, now: shared.now, policy: policy)
        }
        if action == .abandon {
            // As where an attempt at a whole job has lost its right.
            try? await shared.blobs.removeUnreferenced(blobs, by: store)
            return .lost
        }
        if case .done = outcome, action != nil { note("part_done") }
        return .settled
    }

    private func handBack() async {
        // The task is cancelled, the store's calls are not. Where it cannot be told, the lease runs out by itself.
        do { _ = try await store.releasePart(name, fence: fence, now: shared.now) } catch { noteStoreFailure(error) }
    }
}

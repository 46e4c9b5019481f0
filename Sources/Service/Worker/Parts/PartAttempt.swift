import Generations
import LipSync
import Text
import Time

/// One attempt at one part of a divided job, from its claim to its end.
struct PartAttempt: Sendable {
    let parts: WorkerDependencies
    let children: MediaChildren
    let cache: BlobCache
    let workingFolder: WorkingFolder
    let claimed: ClaimedPart
    /// Is told of the work on the child's thread.
    var observer = RenderObserver()

    private var name: PartName { claimed.part.name }
    private var fence: Int64 { claimed.lease.fence }
    private var policy: JobPolicy { parts.configuration.jobs }

    /// Works until the part is done, failed, lost, or the task is cancelled, which hands the part back.
    func run() async {
        let progress = AttemptProgress()
        let renew = { @Sendable (share: Double) in
            try await parts.store.renewPart(name, fence: fence, progress: share, now: parts.now, policy: policy)
                != .abandon
        }
        let lease = LeasedWork(
            signal: parts.signal, topic: .generation(name.generation), interval: parts.configuration.progressInterval,
            renewal: policy.renewal, onStoreFailure: { note("store_failed", ["detail": .string("\($0)")]) },
            isHeld: { try await parts.store.holdsPart(name, fence: fence) }, show: renew,
            renew: { try await renew(progress.value) })
        switch await lease.run(progress, { await work(progress) }) {
        case .settled: break
        case .lost: note("part_lost")
        case .stopped: await handBack()
        }
        // Whoever holds the job waits for its parts, and a part that was not done is somebody else's.
        parts.signal.announce(.generation(name.generation))
        parts.signal.announce(.jobs)
    }

    private func note(_ event: String, _ fields: [String: JSONValue] = [:]) {
        var members = fields
        members["generation"] = .string(name.generation.rawValue)
        members["part"] = .integer(Int64(name.number))
        members["fence"] = .integer(fence)
        parts.note(event, members)
    }

    // MARK: Working

    private func work(_ progress: AttemptProgress) async -> LeasedWork.Ending {
        var folder: String?
        var made: [BlobKey] = []
        let outcome: PartOutcome
        do {
            let place = try await workingFolder.makeFolder("\(name.generation)-part-\(name.number)-\(fence)")
            folder = place
            let (result, blobs) = try await make(in: place, progress)
            made = blobs
            outcome = .done(try result.text())
        } catch {
            if let folder { await workingFolder.remove(folder) }
            // A child that was killed because nobody wants it any more has not failed.
            if Task.isCancelled || error is CancellationError { return .stopped }
            return await settle(self.outcome(of: error), [])
        }
        if let folder { await workingFolder.remove(folder) }
        return await settle(outcome, made)
    }

    private func outcome(of error: any Error) -> PartOutcome {
        let failure = JobFailure(error)
        note(
            "part_failed",
            [
                "code": .string(failure.error.code.rawValue), "message": .string(failure.error.message),
                "detail": .string(failure.error.detail), "mayRetry": .bool(failure.mayRetry),
            ])
        return failure.isLoss ? .lost(failure.facts) : .failed(failure.facts, mayRetry: failure.mayRetry)
    }

    private func make(in folder: String, _ progress: AttemptProgress) async throws -> (PartResult, [BlobKey]) {
        let task = try DividedTask(text: claimed.division.task)
        let step = try claimed.part.decodedStep()
        for name in task.inputs(of: step) {
            guard let key = task.inputs[name] else { throw JobFailure(.unknownFailure, detail: "no input \(name)") }
            try await cache.materialize(BlobKey(rawValue: key), at: "\(folder)/\(name)")
        }
        let known = try await parts.store.parts(of: name.generation).files()
        for name in step.inputs {
            // The child says what it lacks.
            if let key = known[name] { try await cache.materialize(key, at: "\(folder)/\(name)") }
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
        var files: [String: String] = [:]
        for file in outcome.files {
            let key = BlobKey.part(name, fence: fence, name: file)
            // A child may have been taken over: it names files of its folder, or none.
            guard key.isWellFormed, !file.contains("/"), MediaChildren.existing("\(folder)/output/\(file)") != nil
            else {
                throw ChildFailure.senseless
            }
            files[file] = try await cache.adopt("\(folder)/output/\(file)", as: key).key.rawValue
        }
        return (PartResult(next: outcome.next, files: files), files.values.map { BlobKey(rawValue: $0) })
    }

    // MARK: Telling the store

    private func settle(_ outcome: PartOutcome, _ blobs: [BlobKey]) async -> LeasedWork.Ending {
        let report = PartReport(name: name, fence: fence, outcome: outcome, blobs: blobs)
        var pause = Duration.milliseconds(100)
        while true {
            do {
                guard try await parts.store.finishPart(report, now: parts.now, policy: policy) != .abandon else {
                    await remove(blobs)
                    return .lost
                }
                if case .done = outcome { note("part_done") }
                return .settled
            } catch let error as StoreError where error.isRetryable && pause < .seconds(10) {
                note("store_failed", ["detail": .string(error.description)])
                try? await Task.sleep(for: pause)
                pause *= 2
            } catch {
                // The lease runs out, and another attempt is made.
                note("store_failed", ["detail": .string("\(error)")])
                return .settled
            }
        }
    }

    /// As `Attempt.removeOutput`.
    private func remove(_ blobs: [BlobKey]) async {
        guard !blobs.isEmpty, let kept = try? await parts.store.referencedBlobs(among: blobs) else { return }
        for blob in blobs where !kept.contains(blob) { try? await parts.blobs.remove(blob) }
    }

    private func handBack() async {
        // The task is cancelled, the store's calls are not.
        do { _ = try await parts.store.releasePart(name, fence: fence, now: parts.now) } catch {
            // The lease runs out by itself.
            note("store_failed", ["detail": .string("\(error)")])
        }
    }
}

import Foundation
public import Generations
import HTTP
import LipSync
public import Provenance
import Synchronization
import Text
public import Time

/// Makes the videos of accepted generations and tells whoever asked to be told: the part of a server that works.
///
/// Any number of processes may run one on the same store. It may be killed at any moment: what it had begun is begun
/// again when its lease is over, and nothing is published twice.
public final class WorkerService: Sendable {
    private let parts: WorkerDependencies
    private let uploads: (any PartialUploadStore)?
    private let workingFolder: WorkingFolder
    private let resolver: InputResolver
    private let builder: PlanBuilder
    private let maker: PostProcessingRunner
    private let children: MediaChildren
    private let cache: BlobCache
    private let runningCount = Mutex(0)
    private let isEnding = Mutex(false)
    private let scrubbed = Mutex<ScrubOutcome?>(nil)

    /// Makes a worker that does not work yet, and its working folder.
    ///
    /// - Parameters:
    ///   - uploads: Files that arrive in pieces, of which those are deleted whose time is over.
    ///   - signal: Announces changes of this process; the worker both listens and announces.
    ///   - live: Where running renders are shown.
    ///   - wireForms: What webhooks and results of batches look like.
    ///   - addresses: Whose an input's address is; without it every address is somebody else's.
    ///   - voices: Who speaks texts; without one, texts and dubbing are refused.
    ///   - sealer: Signs outputs; without one they are not signed.
    /// - Throws: `StoreError` if the working folder cannot be made.
    public init(
        store: any WorkerStore, blobs: any BlobStore, uploads: (any PartialUploadStore)? = nil, signal: ChangeSignal,
        live: LiveRenders = LiveRenders(),
        wireForms: WireForms, configuration: WorkerConfiguration,
        addresses: @escaping AddressResolver = { _, _ in .elsewhere },
        voices: (any VoiceProvider)? = nil, sealer: Sealer? = nil, clock: any WallClock = SystemClock(),
        log: @escaping WorkerLog = { _ in }
    ) throws {
        let parts = WorkerDependencies(
            store: store, blobs: blobs, signal: signal, live: live, configuration: configuration,
            wireForms: wireForms, sealer: sealer, clock: clock, log: log)
        self.parts = parts
        self.uploads = uploads
        workingFolder = try WorkingFolder(in: configuration.workingFolder)
        children = MediaChildren(configuration) { event, detail in parts.note(event, ["detail": .string(detail)]) }
        cache = BlobCache(
            blobs: blobs, folder: workingFolder.path + "/blobs", byteLimit: configuration.cacheBytes)
        let fetcher = InputFetcher(
            assets: store, blobs: blobs, addresses: addresses, network: configuration.network,
            limits: configuration.limits, cache: cache)
        resolver = InputResolver(
            fetcher: fetcher, children: children, voices: voices,
            analyses: AnalysisCache(folder: workingFolder.path + "/analyses"))
        maker = PostProcessingRunner(
            resolver: resolver, children: children, constantRateFactor: configuration.constantRateFactor,
            preset: configuration.preset)
        builder = PlanBuilder(
            models: configuration.models, limits: configuration.limits,
            constantRateFactor: configuration.constantRateFactor, preset: configuration.preset)
    }

    /// Works until the task is cancelled. Then no more is begun, children are killed, and the jobs in hand are given
    /// back to the queue unharmed; returns when that is done.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            let configuration = parts.configuration
            let roles = configuration.roles
            for _ in 0..<renderSlots { group.addTask { await self.doJobs(atLeast: .render) } }
            // Speech of a second does not wait until a render of an hour is done.
            if roles.contains(.speak), renderSlots > 0 || !roles.contains(.render) {
                for _ in 0..<configuration.shortSlots { group.addTask { await self.doJobs(atLeast: .short) } }
            }
            if roles.contains(.deliver) {
                let hosts = DeliveryHosts(limit: configuration.deliverySlotsPerHost)
                for _ in 0..<max(1, configuration.deliverySlots) { group.addTask { await self.deliver(hosts) } }
                group.addTask { await self.finishBatches() }
            }
            group.addTask { await self.sayThatItWorks() }
            group.addTask { await self.expireLeases() }
            group.addTask { await self.clean() }
            group.addTask { await self.removeDiscarded() }
            group.addTask { await self.sweep() }
            group.addTask { await self.scrub() }
        }
    }

    /// Lets jobs in hand go on, and begins no others; messages are sent on.
    public func beginNothingMore() { isEnding.withLock { $0 = true } }

    /// What the newest comparison of all files with their digests has found; nil before the first.
    public var newestScrub: ScrubOutcome? { scrubbed.withLock { $0 } }

    private var renderSlots: Int {
        parts.configuration.roles.contains(.render) ? max(0, parts.configuration.renderSlots) : 0
    }

    // MARK: The loops

    /// Says that this process is there, as one that takes nothing from the queues, until the task is cancelled.
    public func onlySayThatItIsThere() async { await sayThatItWorks() }

    private func sayThatItWorks() async {
        let configuration = parts.configuration
        var node = WorkNode(
            name: configuration.name, host: ProcessInfo.processInfo.hostName, version: configuration.version,
            roles: configuration.roles, renderSlots: renderSlots, startedAt: parts.clock.now,
            seenAt: parts.store.steadyTime)
        while !Task.isCancelled {
            node.runningCount = runningCount.withLock { $0 }
            node.seenAt = parts.store.steadyTime
            // Nobody misses it if this is not known.
            try? await parts.store.noteNode(node)
            try? await Task.sleep(for: configuration.noteInterval)
        }
        // This task is cancelled, and what it waits for must not be.
        await Task { [parts] in try? await parts.store.forgetNode(configuration.name) }.value
    }

    /// Whether this process is the one that does a chore now: machines that share a store share its upkeep.
    private func isMine(_ chore: String, every interval: Duration) async throws -> Bool {
        guard parts.configuration.isOneOfMany else { return true }
        // A process that comes a little early must not leave it to one that comes an interval later.
        return try await parts.store.beginChore(chore, now: parts.store.steadyTime, every: interval * 0.9)
    }

    private func doJobs(atLeast priority: JobPriority) async {
        let configuration = parts.configuration
        await loop(on: .jobs) {
            if self.isEnding.withLock({ $0 }) { return configuration.pollInterval }
            // Looking is a read, and claiming is a write, which an idle server should not do.
            let due = try await self.parts.store.nextJobDue(atLeast: priority)
            var pause = self.pause(until: due)
            if let due, due <= self.parts.store.steadyTime {
                let job = try await self.parts.store.claimJob(
                    worker: configuration.name, now: self.parts.now, policy: configuration.jobs, atLeast: priority)
                if let job {
                    await self.work(on: job)
                    return nil
                }
                // Another worker was faster, or the organisations with waiting jobs have as many running as they may.
                pause = configuration.pollInterval
            }
            return priority == .render ? try await self.help(orWait: pause) : pause
        }
    }

    /// Does a part of a job that somebody else has, where no job waits that nobody has; gives how long to wait otherwise.
    private func help(orWait pause: Duration) async throws -> Duration? {
        let (store, configuration) = (parts.store, parts.configuration)
        guard let due = try await store.nextPartDue(build: configuration.build) else { return pause }
        guard due <= store.steadyTime else { return min(pause, self.pause(until: due)) }
        let part = try await store.claimPart(
            of: nil, build: configuration.build, worker: configuration.name, now: parts.now, policy: configuration.jobs)
        guard let part else { return pause }
        await count(part.organisation) {
            await PartAttempt(
                shared: self.parts, children: self.children, cache: self.cache, workingFolder: self.workingFolder,
                claimed: part
            ).run()
        }
        return nil
    }

    private func work(on job: ClaimedJob) async {
        let attempt = Attempt(
            parts: parts, resolver: resolver, builder: builder, maker: maker, children: children, cache: cache,
            workingFolder: workingFolder, job: job)
        await count(job.generation.organisation) { await attempt.run() }
    }

    /// Runs an attempt for an organisation, as one of those that run.
    private func count(_ owner: OrganisationID, _ attempt: @Sendable () async -> Void) async {
        runningCount.withLock { $0 += 1 }
        await WorkOwner.$current.withValue(owner) { await attempt() }
        runningCount.withLock { $0 -= 1 }
    }

    private func deliver(_ hosts: DeliveryHosts) async {
        let sender = WebhookSender(parts: parts)
        let configuration = parts.configuration
        await loop(on: .deliveries) {
            let store = self.parts.store
            var due: Timestamp?
            let claimed = try await hosts.claim { full -> WebhookDelivery? in
                due = try await store.nextDeliveryDue(avoiding: full)
                guard let time = due, time <= store.steadyTime else { return nil }
                return try await store.claimDelivery(
                    worker: configuration.name, now: self.parts.now, policy: configuration.deliveries,
                    avoiding: full)
            }
            guard let delivery = claimed else { return self.pause(until: due) }
            defer { hosts.leave(delivery.host) }
            guard let lease = delivery.lifecycle.lease, let outcome = await sender.send(delivery) else { return nil }
            let action = try await store.finishDelivery(
                delivery.id, fence: lease.fence, response: outcome.response, retryAfter: outcome.retryAfter,
                now: self.parts.now, policy: outcome.policy)
            self.parts.note(
                "webhook_tried",
                [
                    "delivery": .string(delivery.id.rawValue), "try": .integer(lease.fence),
                    "response": .string("\(outcome.response)"), "action": .string("\(action)"),
                ])
            return nil
        }
    }

    private func finishBatches() async {
        let finisher = BatchFinisher(parts: parts)
        await loop(on: .batches) { try await finisher.finishAll() > 0 ? nil : self.parts.configuration.pollInterval }
    }

    private func expireLeases() async {
        let policy = parts.configuration.jobs
        // Late by a fifth of a lease at most.
        let pause = max(policy.lease / 5, .milliseconds(50))
        await loop(on: nil) {
            let expired = try await self.parts.store.expireJobs(now: self.parts.now, policy: policy)
            for id in expired {
                self.parts.note("lease_expired", ["generation": .string(id.rawValue)])
                self.parts.signal.announce(.generation(id))
                if let owner = try await self.parts.store.anyGeneration(id)?.organisation {
                    self.parts.signal.announce(.organisation(owner))
                }
            }
            for part in try await self.parts.store.expireParts(now: self.parts.now, policy: policy) {
                self.parts.note(
                    "part_lease_expired",
                    ["generation": .string(part.generation.rawValue), "part": .integer(Int64(part.number))])
                self.parts.signal.announce(.generation(part.generation))
                self.parts.signal.announce(.jobs)
            }
            if !expired.isEmpty {
                for topic in [ChangeTopic.jobs, .deliveries, .batches] { self.parts.signal.announce(topic) }
            }
            return pause
        }
    }

    private func clean() async {
        await loop(on: nil) {
            let store = self.parts.store
            // On several machines what is due is told by the database's time of day, which their steady time is.
            let now = self.parts.configuration.isOneOfMany ? store.steadyTime : self.parts.clock.now
            let retired = try await store.retire(self.parts.configuration.retention, now: now)
            _ = try await store.purgeIdempotencyRecords(now: now)
            if let abandoned = try await self.uploads?.removeExpired(), !abandoned.isEmpty {
                try await store.discard(abandoned)
            }
            _ = try await store.purgeSessions(endedBefore: now.advanced(by: .zero - Session.purgeAge))
            if let time = self.parts.configuration.retention.outputRecords {
                _ = try await store.removeOutputRecords(before: now.advanced(by: .zero - time))
            }
            await self.cache.forgetIdle()
            try await store.checkpoint(ifLargerThan: self.parts.configuration.logByteLimit)
            return retired > 0 ? .milliseconds(100) : self.parts.configuration.cleaningInterval
        }
    }

    /// Removes the files of what was deleted or retired. Equal contents share one file, so that another thing may need it
    /// still.
    private static let discardedCount = 500

    private func removeDiscarded() async {
        let configuration = parts.configuration
        await loop(on: nil) {
            let (store, blobs) = (self.parts.store, self.parts.blobs)
            let before = self.parts.clock.now.advanced(by: .zero - configuration.discardAge)
            let discarded = try await store.discardedBlobs(before: before, limit: Self.discardedCount)
            var done: [DiscardedBlob] = []
            for blob in discarded {
                do {
                    // Asked one by one: an answer must not be old when the file goes.
                    if try await store.referencedBlobs(among: [blob.key]).isEmpty {
                        // A content that was stored anew a moment ago is about to be referred to.
                        guard try await blobs.remove(blob.key, ifOlderThan: configuration.discardAge) else { continue }
                    }
                    done.append(blob)
                } catch let error as StoreError {
                    // One that cannot be removed keeps no other.
                    self.parts.note("file_not_removed", ["detail": .string(error.description)])
                }
            }
            try await store.forget(done)
            if !done.isEmpty { self.parts.note("files_removed", ["count": .integer(Int64(done.count))]) }
            return discarded.count == Self.discardedCount && !done.isEmpty ? nil : configuration.cleaningInterval
        }
    }

    private func sweep() async {
        let configuration = parts.configuration
        await loop(on: nil) {
            let store = self.parts.store
            guard try await self.isMine("sweep", every: configuration.sweepInterval) else {
                return configuration.sweepInterval
            }
            let outcome = try await self.parts.blobs.sweep(olderThan: configuration.sweepAge) { keys in
                try await store.referencedBlobs(among: keys)
            }
            if outcome != SweepOutcome() {
                self.parts.note(
                    "files_swept",
                    [
                        "putAside": .integer(Int64(outcome.quarantinedCount)),
                        "broughtBack": .integer(Int64(outcome.restoredCount)),
                        "deleted": .integer(Int64(outcome.deletedCount)),
                        "failed": .integer(Int64(outcome.failedCount)),
                    ])
            }
            return configuration.sweepInterval
        }
    }

    private func scrub() async {
        let configuration = parts.configuration
        // Not while a server starts: whoever restarts it often would have every file read each time.
        try? await Task.sleep(for: configuration.scrubDelay)
        await loop(on: nil) {
            guard try await self.isMine("scrub", every: configuration.scrubInterval) else {
                return configuration.scrubInterval
            }
            let outcome = try await self.parts.blobs.scrub(bytesPerSecond: configuration.scrubBytesPerSecond)
            self.scrubbed.withLock { $0 = outcome }
            self.parts.note(
                "files_checked",
                [
                    "count": .integer(Int64(outcome.fileCount)), "bytes": .integer(outcome.byteCount),
                    "damaged": .array(outcome.damaged.map { .string($0.rawValue) }),
                ])
            return configuration.scrubInterval
        }
    }

    /// Repeats `step` until the task is cancelled. A step gives how long to wait when nothing is announced, or nil for
    /// the next one at once.
    private func loop(on topic: ChangeTopic?, _ step: @Sendable () async throws -> Duration?) async {
        // Observed before the store is read, so that nothing falls between reading and waiting.
        let observation = topic.map { parts.signal.observe($0) }
        defer { observation?.cancel() }
        while !Task.isCancelled {
            var pause: Duration?
            do { pause = try await step() } catch is CancellationError where Task.isCancelled {
                return
            } catch {
                parts.note("step_failed", ["detail": .string("\(error)")])
                pause = .seconds(1)
            }
            guard let pause else { continue }
            if let observation {
                await observation.wait(atMost: pause)
            } else {
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Until something is due, but no longer than the queue may be left alone, and never no time at all.
    private func pause(until due: Timestamp?) -> Duration {
        let longest = parts.configuration.pollInterval
        guard let due else { return longest }
        return max(.milliseconds(10), min(longest, due.duration(since: parts.store.steadyTime)))
    }
}

import Blobs
import Foundation
import Generations
import Persistence
import StoreConformance
import TestSupport
import TestTools
import Testing
import Time
import Worker

/// Goal: who has lost the right to a job changes nothing, and who stops gives it back.
@Suite("Leases")
struct LeaseTests {
    @Test("A renewed lease outlives its length")
    func renewal() async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.jobs.lease = .milliseconds(2000)
        let generation = try await harness.ended("slow:4", configuration)
        #expect(generation.status == .completed)
        #expect(generation.output?.blob.isOutput(of: generation.id, fence: 1) == true)
        #expect(harness.log.count(of: "lease_expired") == 0)
    }

    @Test("A worker that stops kills its child and hands the job back at once; the next one does it")
    func shutdown() async throws {
        let harness = try await Harness()
        let pidFile = harness.folder.path("pid")
        let go = harness.folder.path("go")
        let id = try await harness.accept("mark:\(pidFile) until:\(go)")
        let begin = ContinuousClock.now
        let child = try await harness.working(try harness.service()) {
            try await Self.pid(in: pidFile)
        }
        // The child would wait for ever.
        #expect(ContinuousClock.now - begin < .seconds(60))
        #expect(await eventually { kill(child, 0) != 0 || isZombie(child) })
        #expect(try await harness.store.jobCounts() == (1, 0))
        // Readers never see a job go back.
        #expect(try await harness.generation(id).status == .processing)

        close(open(go, O_WRONLY | O_CREAT, 0o600))
        let generation = try await harness.working(try harness.service()) { try await harness.waitForEnd(id) }
        #expect(generation.output?.blob.isOutput(of: id, fence: 2) == true)
        #expect(harness.log.count(of: "attempt_failed") == 0)
    }

    @Test(
        "A cancelled generation ends soon, its child dies and its files go, wherever it is cancelled",
        arguments: [true, false])
    func cancel(inThisProcess: Bool) async throws {
        let harness = try await Harness()
        let pidFile = harness.folder.path("pid")
        let id = try await harness.accept("mark:\(pidFile) hang")
        var configuration = harness.configuration()
        configuration.progressInterval = .seconds(1)
        configuration.jobs.renewal = .seconds(14)
        try await harness.working(try harness.service(configuration)) {
            let child = try await Self.pid(in: pidFile)
            let now = Moment(wall: SystemClock().now, steady: harness.store.steadyTime)
            let start = ContinuousClock.now
            let cancelled = try await harness.store.cancelJob(id, organisation: nil, now: now)
            #expect(cancelled.action == .finish)
            if inThisProcess { harness.signal.announce(.generation(id)) }
            #expect(await eventually { kill(child, 0) != 0 || isZombie(child) })
            #expect(await eventually { harness.log.count(of: "job_lost") == 1 })
            #expect(await eventually { !harness.workNames().contains { $0.hasPrefix(id.rawValue) } })
            // Before the lease is renewed, which is when a job that nobody told of it would notice.
            #expect(ContinuousClock.now - start < .seconds(12))
        }
        let generation = try await harness.generation(id)
        #expect(generation.status == .failed)
        #expect(generation.failure?.code == .cancelled)
        #expect(harness.outputNames(of: id).isEmpty)
        #expect(try await harness.store.jobCounts() == (0, 0))
    }

    @Test("A clock that is set by an hour, forward or back, costs no attempt", arguments: [3600, -3600])
    func clockSet(seconds: Int) async throws {
        let harness = try await Harness()
        let clock = ManualClock()
        let pidFile = harness.folder.path("pid")
        let go = harness.folder.path("go")
        let id = try await harness.accept("mark:\(pidFile) until:\(go)")
        var configuration = harness.configuration()
        configuration.jobs.lease = .milliseconds(2000)
        try await harness.working(try harness.service(configuration, clock: clock)) {
            _ = try await Self.pid(in: pidFile)
            clock.advance(by: .seconds(seconds))
            // Long enough for two looks at leases, a fifth of a lease apart, and for new work under the new time.
            let second = try await harness.accept()
            _ = try await harness.waitForEnd(second)
            try await Task.sleep(for: .seconds(1))
            close(open(go, O_WRONLY | O_CREAT, 0o600))
            let generation = try await harness.waitForEnd(id)
            #expect(generation.status == .completed)
            #expect(generation.output?.blob.isOutput(of: id, fence: 1) == true)
        }
        #expect(harness.log.count(of: "lease_expired") == 0)
    }

    @Test("A worker that lost its lease kills the child and publishes nothing; the other's output stands")
    func lostLease() async throws {
        let harness = try await Harness()
        let pidFile = harness.folder.path("pid")
        let id = try await harness.accept("mark:\(pidFile) hang")
        let policy = JobPolicy()
        try await harness.working(try harness.service()) {
            let child = try await Self.pid(in: pidFile)
            let later = SystemClock().now.advanced(by: .seconds(60))
            #expect(try await harness.store.expireJobs(now: later, policy: policy) == [id])
            let other = try #require(
                try await harness.store.claimJob(worker: "other", now: later, policy: policy))
            #expect(other.lease.fence == 2)
            #expect(await eventually { kill(child, 0) != 0 || isZombie(child) })
            #expect(await eventually { harness.log.count(of: "job_lost") == 1 })
            let facts = OutputFacts(
                blob: .output(id, fence: 2, name: "other.mp4"), durationSeconds: 1, width: 2, height: 2, byteCount: 0,
                frameCount: 1)
            let report = AttemptReport(id: id, fence: 2, outcome: .completed(facts))
            #expect(try await harness.store.finishJob(report, now: later, policy: policy) == .finish)
        }
        #expect(try await harness.generation(id).output?.blob == .output(id, fence: 2, name: "other.mp4"))
        #expect(harness.outputNames(of: id).isEmpty)
    }

    @Test("A late attempt that comes to its end unnoticed changes nothing, and what it stored is swept")
    func lateAttempt() async throws {
        let harness = try await Harness()
        let go = harness.folder.path("go")
        let pidFile = harness.folder.path("pid")
        let id = try await harness.accept("mark:\(pidFile) until:\(go)")
        var configuration = harness.configuration()
        // It looks at its lease so seldom that it does not see the loss.
        configuration.progressInterval = .seconds(600)
        configuration.jobs.renewal = .seconds(600)
        let policy = JobPolicy()
        try await harness.working(try harness.service(configuration)) {
            _ = try await Self.pid(in: pidFile)
            let later = SystemClock().now.advanced(by: .seconds(60))
            _ = try await harness.store.expireJobs(now: later, policy: policy)
            _ = try #require(try await harness.store.claimJob(worker: "other", now: later, policy: policy))
            close(open(go, O_WRONLY | O_CREAT, 0o600))
            #expect(await eventually { harness.log.count(of: "job_lost") == 1 })
        }
        let generation = try await harness.generation(id)
        #expect(generation.status == .processing)
        #expect(generation.output == nil)
        _ = try await harness.blobs.sweep(olderThan: .zero) { try await harness.store.referencedBlobs(among: $0) }
        #expect(harness.outputNames(of: id).isEmpty)
        // The inputs are somebody's.
        guard case .asset(let asset) = generation.request.inputs[0].source else { return }
        let blob = try #require(try await harness.store.anyAsset(asset)?.blob)
        #expect(try await harness.blobs.facts(of: blob) != nil)
    }

    @Test("A lease of a dead worker runs out and the job is done by another")
    func deadWorker() async throws {
        let harness = try await Harness()
        let id = try await harness.accept()
        var policy = JobPolicy()
        policy.lease = .milliseconds(400)
        _ = try #require(
            try await harness.store.claimJob(worker: "dead", now: SystemClock().now, policy: policy))
        let generation = try await harness.working(try harness.service()) { try await harness.waitForEnd(id) }
        #expect(generation.output?.blob.isOutput(of: id, fence: 2) == true)
        #expect(harness.log.count(of: "lease_expired") == 1)
    }

    private static func pid(in file: String) async throws -> Int32 {
        var pid: Int32?
        #expect(
            await eventually {
                pid = (try? String(contentsOfFile: file, encoding: .utf8)).flatMap(Int32.init)
                return pid != nil
            })
        return try #require(pid)
    }
}

/// The names in a folder.
func names(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }

import Generations
import StoreConformance
import TestTools
import Testing
import Time

struct JobLifecycleTests {
    let clock = ManualClock()
    let policy = JobPolicy()
    let failure = FailureFacts(code: .processingFailed, message: "It broke.")

    /// The straight way: claimed, alive, further, finishing, done; then nothing changes it.
    @Test func straightWay() {
        var job = JobLifecycle(createdAt: clock.now)
        let lease = Lease(worker: "a", fence: 1, expiresAt: clock.now.advanced(by: .seconds(15)))
        #expect(job.claim(worker: "a", now: clock.now, policy: policy) == .start(lease))
        #expect(job.status == .processing)
        clock.advance(by: policy.renewal)
        #expect(
            job.renew(fence: 1, now: clock.now, policy: policy) == .proceed(until: clock.now.advanced(by: .seconds(15)))
        )
        #expect(job.advance(fence: 1, progress: 0.5, isFinalizing: false) == .publish)
        #expect(job.advance(fence: 1, progress: 1, isFinalizing: true) == .publish)
        #expect(job.progress == 0.99)
        let output = Samples.output(GenerationID(), fence: 1)
        #expect(job.finish(fence: 1, outcome: .completed(output), now: clock.now, policy: policy) == .finish)
        #expect(job.status == .completed)
        #expect(job.progress == 1)
        let ended = job
        #expect(job.finish(fence: 1, outcome: .rejected(failure), now: clock.now, policy: policy) == .abandon)
        #expect(job.claim(worker: "b", now: clock.now, policy: policy) == .ignore)
        #expect(job.expire(now: clock.now.advanced(by: .seconds(99)), policy: policy) == .ignore)
        #expect(job == ended)
    }

    /// Three failures end a job that may be retried; one ends a job that may not.
    @Test func failures() {
        var job = JobLifecycle(createdAt: clock.now)
        for (fence, delay) in [(Int64(1), Duration.seconds(5)), (2, .seconds(30))] {
            _ = job.claim(worker: "a", now: clock.now, policy: policy)
            let due = clock.now.advanced(by: delay)
            let outcome = AttemptOutcome.failed(failure, mayRetry: true)
            #expect(job.finish(fence: fence, outcome: outcome, now: clock.now, policy: policy) == .retry(at: due))
            #expect(job.claim(worker: "a", now: clock.now, policy: policy) == .ignore)
            #expect(job.status == .processing)
            clock.advance(by: delay)
        }
        _ = job.claim(worker: "a", now: clock.now, policy: policy)
        #expect(
            job.finish(fence: 3, outcome: .failed(failure, mayRetry: true), now: clock.now, policy: policy) == .finish)
        #expect(job.status == .failed)
        #expect(job.failure == failure)

        job = JobLifecycle(createdAt: clock.now)
        _ = job.claim(worker: "a", now: clock.now, policy: policy)
        #expect(
            job.finish(fence: 1, outcome: .failed(failure, mayRetry: false), now: clock.now, policy: policy) == .finish)
    }

    /// A worker that was away too long finds its number outdated at every event.
    @Test func lostLease() {
        var job = JobLifecycle(createdAt: clock.now)
        _ = job.claim(worker: "a", now: clock.now, policy: policy)
        #expect(job.expire(now: clock.now.advanced(by: .milliseconds(14_999)), policy: policy) == .ignore)
        clock.advance(by: policy.lease)
        #expect(job.expire(now: clock.now, policy: policy) == .retry(at: clock.now))
        _ = job.claim(worker: "b", now: clock.now, policy: policy)
        let before = job
        #expect(job.renew(fence: 1, now: clock.now, policy: policy) == .abandon)
        #expect(job.advance(fence: 1, progress: 0.9, isFinalizing: true) == .abandon)
        #expect(job.release(fence: 1, now: clock.now) == .abandon)
        #expect(
            job.finish(fence: 1, outcome: .failed(failure, mayRetry: false), now: clock.now, policy: policy)
                == .abandon)
        #expect(job == before)
        #expect(job.attempts.failureCount == 0)
    }

    /// Machines that vanish cost more patience than failures, but not endless patience: ten losses and six hours.
    @Test func vanishingMachines() {
        var job = JobLifecycle(createdAt: clock.now)
        var pauses: [Duration] = []
        var firstLossAt: Timestamp?
        while !job.status.isTerminal, pauses.count < 1000 {
            _ = job.claim(worker: "a", now: clock.now, policy: policy)
            clock.advance(by: policy.lease)
            firstLossAt = firstLossAt ?? clock.now
            guard case .retry(let due) = job.expire(now: clock.now, policy: policy) else { break }
            pauses.append(due.duration(since: clock.now))
            clock.advance(by: pauses.last!)
        }
        #expect(pauses.prefix(6) == [.zero, .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(600)])
        #expect(job.status == .failed)
        #expect(job.attempts.lossCount > policy.lossLimit)
        #expect(job.attempts.failureCount == 0)
        #expect(clock.now.duration(since: firstLossAt!) >= policy.lossTime)
        #expect(clock.now.duration(since: firstLossAt!) < policy.lossTime + .seconds(700))
        #expect(job.failure?.code == .partUnavailable)
    }

    /// What the machine takes down counts as a loss and not as one of the attempts.
    @Test func lostAttempt() {
        var job = JobLifecycle(createdAt: clock.now)
        for fence in 1...5 {
            _ = job.claim(worker: "a", now: clock.now, policy: policy)
            let action = job.finish(fence: Int64(fence), outcome: .lost(failure), now: clock.now, policy: policy)
            guard case .retry(let due) = action else {
                Issue.record("loss \(fence) gave \(action)")
                return
            }
            clock.advance(by: due.duration(since: clock.now))
        }
        #expect(job.attempts.lossCount == 5)
        #expect(job.attempts.failureCount == 0)
        #expect(job.status == .processing)
        // A failure of its own still counts from the first one on.
        _ = job.claim(worker: "a", now: clock.now, policy: policy)
        let action = job.finish(
            fence: 6, outcome: .failed(failure, mayRetry: true), now: clock.now, policy: policy)
        #expect(action == .retry(at: clock.now.advanced(by: .seconds(5))))
    }

    /// A waiting job and a running one end; the attempt learns it; an ended one stays as it is.
    @Test func cancelled() {
        var waiting = JobLifecycle(createdAt: clock.now)
        #expect(waiting.cancel() == .finish)
        #expect(waiting.status == .failed)
        #expect(waiting.failure?.code == .cancelled)
        #expect(waiting.claim(worker: "a", now: clock.now, policy: policy) == .ignore)
        var running = JobLifecycle(createdAt: clock.now)
        _ = running.claim(worker: "a", now: clock.now, policy: policy)
        #expect(running.cancel() == .finish)
        let ended = running
        #expect(running.renew(fence: 1, now: clock.now, policy: policy) == .abandon)
        #expect(running.cancel() == .ignore)
        #expect(running == ended)
    }

    /// Whatever happens in whatever order: an ended job stays as it is, progress and fences never go back, and only the
    /// present fence changes anything. The seed is printed with a failure.
    @Test(arguments: 0..<200)
    func anyOrder(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var job = JobLifecycle(createdAt: clock.now)
        for _ in 0..<200 {
            let before = job
            let fence = Int64.random(in: 0...(job.attempts.fence + 1), using: &random)
            clock.advance(by: .seconds(Int.random(in: 0...8, using: &random)))
            let now = clock.now
            let action: JobLifecycle.Action =
                switch Int.random(in: 0..<80, using: &random) / 10 {
                case 0, 1: job.claim(worker: "w", now: now, policy: policy)
                case 2: job.renew(fence: fence, now: now, policy: policy)
                case 3:
                    job.advance(
                        fence: fence, progress: .random(in: -1...2, using: &random), isFinalizing: seed % 2 == 0)
                case 4: job.release(fence: fence, now: now)
                case 5: job.expire(now: now, policy: policy)
                case 6: job.finish(fence: fence, outcome: .lost(failure), now: now, policy: policy)
                case 7 where now.milliseconds % 10 == 0 && seed % 7 == 0: job.cancel()
                default:
                    job.finish(
                        fence: fence, outcome: .failed(failure, mayRetry: seed % 3 > 0), now: now, policy: policy)
                }
            #expect(job.attempts.fence >= before.attempts.fence, "seed \(seed)")
            #expect(job.progress >= before.progress, "seed \(seed)")
            if before.status.isTerminal { #expect(job == before, "seed \(seed)") }
            if action == .abandon || action == .ignore { #expect(job == before, "seed \(seed)") }
        }
    }
}

struct DeliveryLifecycleTests {
    let clock = ManualClock()
    let policy = DeliveryPolicy()

    /// Twelve tries within a day, then no more.
    @Test func schedule() {
        var delivery = DeliveryLifecycle()
        let start = clock.now
        for attempt in 1...12 {
            guard case .send(let lease) = delivery.claim(worker: "a", now: clock.now, policy: policy) else {
                Issue.record("try \(attempt) must be due")
                return
            }
            #expect(lease.fence == Int64(attempt))
            #expect(delivery.claim(worker: "b", now: clock.now, policy: policy) == .ignore)
            let action = delivery.finish(fence: lease.fence, response: .status(500), now: clock.now, policy: policy)
            guard case .retry(let due) = action else {
                #expect(attempt == 12)
                #expect(action == .close(.exhausted))
                break
            }
            clock.advance(by: due.duration(since: clock.now))
        }
        #expect(delivery.status == .exhausted)
        #expect(clock.now.duration(since: start) <= .seconds(86_400))
        #expect(clock.now.duration(since: start) > .seconds(80_000))
    }

    /// What has ended can be sent again, with all its tries and with numbers of its own; what waits is left alone.
    @Test func redelivery() {
        var delivery = DeliveryLifecycle()
        #expect(delivery.redeliver(now: clock.now) == .ignore)
        _ = delivery.claim(worker: "a", now: clock.now, policy: policy)
        #expect(delivery.redeliver(now: clock.now) == .ignore)
        #expect(delivery.finish(fence: 1, response: .status(404), now: clock.now, policy: policy) == .close(.refused))
        #expect(delivery.redeliver(now: clock.now) == .retry(at: clock.now))
        #expect(delivery.status == .waiting)
        #expect(delivery.lastResponse == .status(404))
        // The sender of before has no right to it.
        #expect(delivery.finish(fence: 1, response: .status(200), now: clock.now, policy: policy) == .ignore)
        for attempt in 2...13 {
            guard case .send(let lease) = delivery.claim(worker: "b", now: clock.now, policy: policy) else {
                Issue.record("try \(attempt) must be due")
                return
            }
            #expect(lease.fence == Int64(attempt))
            let action = delivery.finish(fence: lease.fence, response: .unreachable, now: clock.now, policy: policy)
            guard case .retry(let due) = action else {
                #expect(attempt == 13)
                break
            }
            #expect(due == clock.now.advanced(by: policy.delays[attempt - 2]))
            clock.advance(by: due.duration(since: clock.now))
        }
        #expect(delivery.status == .exhausted)
        #expect(delivery.attemptCount == 13)
    }

    /// A receiver may ask for a longer pause than the usual one, within bounds, and not for a shorter one.
    @Test(arguments: [(Duration.seconds(0), 5), (.seconds(3), 5), (.seconds(60), 60), (.seconds(999_999), 3600)])
    func retryAfter(_ asked: Duration, _ seconds: Int) {
        var delivery = DeliveryLifecycle()
        _ = delivery.claim(worker: "a", now: clock.now, policy: policy)
        let action = delivery.finish(
            fence: 1, response: .status(429), retryAfter: asked, now: clock.now, policy: policy)
        #expect(action == .retry(at: clock.now.advanced(by: .seconds(seconds))))
    }

    /// Which answers are taken for what.
    @Test(arguments: [
        (DeliveryResponse.status(200), DeliveryStatus.delivered), (.status(204), .delivered), (.status(301), .refused),
        (.status(400), .refused), (.status(404), .refused), (.status(410), .refused), (.status(408), .waiting),
        (.status(429), .waiting), (.status(500), .waiting), (.status(503), .waiting), (.unreachable, .waiting),
    ])
    func answers(_ response: DeliveryResponse, _ status: DeliveryStatus) {
        var delivery = DeliveryLifecycle()
        _ = delivery.claim(worker: "a", now: clock.now, policy: policy)
        _ = delivery.finish(fence: 1, response: response, now: clock.now, policy: policy)
        #expect(delivery.status == status)
    }
}

struct UploadLifecycleTests {
    let clock = ManualClock()
    let blob = BlobKey(rawValue: "content/aa")

    /// Sent twice, since the first connection broke; then registered, also twice.
    @Test func repeatedSending() {
        var upload = UploadLifecycle(expiresAt: clock.now.advanced(by: .seconds(60)), byteLimit: 100)
        #expect(upload.register() == .refuse(.uploadMissing))
        #expect(upload.begin(announcedByteCount: nil, now: clock.now) == .receive)
        #expect(upload.receive(byteCount: 50) == .ignore)
        #expect(upload.interrupt() == .discard)
        #expect(upload.begin(announcedByteCount: 100, now: clock.now) == .receive)
        #expect(upload.complete(blob: blob) == .keep(replacing: nil))
        #expect(upload.begin(announcedByteCount: 5, now: clock.now) == .receive)
        #expect(upload.complete(blob: BlobKey(rawValue: "content/bb")) == .keep(replacing: blob))
        #expect(upload.register() == .register(BlobKey(rawValue: "content/bb")))
        #expect(upload.register() == .register(BlobKey(rawValue: "content/bb")))
        #expect(upload.begin(announcedByteCount: 5, now: clock.now) == .refuse(.uploadMissing))
        clock.advance(by: .seconds(61))
        #expect(upload.expire(now: clock.now) == .ignore)
    }

    /// The second sending begins before the first connection is known to be broken.
    @Test func overlappingSending() {
        var upload = UploadLifecycle(expiresAt: clock.now.advanced(by: .seconds(60)), byteLimit: 100)
        #expect(upload.begin(announcedByteCount: 10, now: clock.now) == .receive)
        #expect(upload.begin(announcedByteCount: 10, now: clock.now) == .receive)
        #expect(upload.interrupt() == .discard)
        #expect(upload.complete(blob: blob) == .keep(replacing: nil))
        #expect(upload.begin(announcedByteCount: 10, now: clock.now) == .receive)
        #expect(upload.register() == .register(blob))
        #expect(upload.complete(blob: BlobKey(rawValue: "content/bb")) == .discard)
    }

    /// Too large, announced or not; and too late.
    @Test func limits() {
        var upload = UploadLifecycle(expiresAt: clock.now.advanced(by: .seconds(60)), byteLimit: 100)
        #expect(upload.begin(announcedByteCount: 101, now: clock.now) == .refuse(.fileTooLarge))
        #expect(upload.begin(announcedByteCount: nil, now: clock.now) == .receive)
        #expect(upload.receive(byteCount: 101) == .refuse(.fileTooLarge))
        clock.advance(by: .seconds(60))
        #expect(upload.begin(announcedByteCount: 1, now: clock.now) == .refuse(.uploadMissing))
        #expect(upload.expire(now: clock.now) == .remove(nil))
    }
}

struct PartLifecycleTests {
    let clock = ManualClock()
    let policy = JobPolicy()
    let failure = FailureFacts(code: .processingFailed, message: "It broke.")

    private var part: PartLifecycle { PartLifecycle(attempts: AttemptLedger(dueAt: clock.now)) }

    @Test func straightWay() {
        var part = part
        let lease = Lease(worker: "a", fence: 1, expiresAt: clock.now.advanced(by: policy.lease))
        #expect(part.claim(worker: "a", now: clock.now, policy: policy) == lease)
        #expect(part.claim(worker: "b", now: clock.now, policy: policy) == nil)
        #expect(part.renew(fence: 1, progress: 0.5, now: clock.now, policy: policy) == .proceed)
        // Progress never goes back, and is never more than all or no number.
        for share in [0.2, .nan, 7] {
            #expect(part.renew(fence: 1, progress: share, now: clock.now, policy: policy) == .proceed)
        }
        #expect(part.progress == 1)
        #expect(part.finish(fence: 1, outcome: .done("x"), now: clock.now, policy: policy) == .finish)
        #expect(part.standing == .done("x"))
        let ended = part
        #expect(part.finish(fence: 1, outcome: .done("y"), now: clock.now, policy: policy) == .abandon)
        #expect(part.claim(worker: "b", now: clock.now, policy: policy) == nil)
        #expect(part.expire(now: clock.now.advanced(by: .seconds(99)), policy: policy) == .proceed)
        #expect(part == ended)
    }

    /// The next attempt begins from nothing, with another number.
    @Test func lost() {
        var part = part
        _ = part.claim(worker: "a", now: clock.now, policy: policy)
        _ = part.renew(fence: 1, progress: 0.5, now: clock.now, policy: policy)
        let end = clock.now.advanced(by: policy.lease)
        #expect(part.expire(now: end.advanced(by: .milliseconds(-1)), policy: policy) == .proceed)
        #expect(part.expire(now: end, policy: policy) == .retry(at: end))
        #expect(part.claim(worker: "b", now: end, policy: policy)?.fence == 2)
        #expect(part.progress == 0)
        #expect(part.renew(fence: 1, progress: 0.9, now: end, policy: policy) == .abandon)
        #expect(part.release(fence: 1, now: end) == .abandon)
        #expect(part.release(fence: 2, now: end) == .retry(at: end))
        #expect(part.attempts.lossCount == 1)
        #expect(part.attempts.failureCount == 0)
    }

    @Test func failures() {
        var part = part
        for fence in Int64(1)...2 {
            _ = part.claim(worker: "a", now: clock.now, policy: policy)
            let due = clock.now.advanced(by: policy.retryDelays[Int(fence) - 1])
            let outcome = PartOutcome.failed(failure, mayRetry: true)
            #expect(part.finish(fence: fence, outcome: outcome, now: clock.now, policy: policy) == .retry(at: due))
            clock.advance(by: policy.retryDelays[Int(fence) - 1])
        }
        _ = part.claim(worker: "a", now: clock.now, policy: policy)
        #expect(
            part.finish(fence: 3, outcome: .failed(failure, mayRetry: true), now: clock.now, policy: policy) == .finish)
        #expect(part.standing == .failed(failure, mayRetry: true))

        var other = self.part
        _ = other.claim(worker: "a", now: clock.now, policy: policy)
        #expect(
            other.finish(fence: 1, outcome: .failed(failure, mayRetry: false), now: clock.now, policy: policy)
                == .finish)
    }
}

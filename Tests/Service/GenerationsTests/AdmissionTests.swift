import Generations
import Testing
import Text
import Time

/// Goal: a store that applies these rules within its transaction accepts what it must and refuses the rest.
struct OrderAdmissionTests {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func generation(credits: Int? = nil, _ organisation: String = "o", asset: String? = nil)
        -> Generation
    {
        let source = asset.map { InputSource.asset(AssetID(rawValue: $0)) } ?? .url("http://x/v.mp4")
        var request = GenerationRequest(
            model: "lipsync-2",
            order: .lipSync(LipSyncOrder(inputs: [MediaInput(kind: .video, role: .visual, source: source)])))
        request.credits = credits
        return Generation(organisation: OrganisationID(rawValue: organisation), request: request, createdAt: now)
    }

    private static func claim(_ payload: String) throws -> IdempotencyClaim {
        IdempotencyClaim(key: try IdempotencyKey(headerValues: ["k"]), fields: .string(payload))
    }

    @Test("an order has generations, all of one organisation")
    func oneOrganisation() {
        #expect(throws: StoreError.self) { try OrderAdmission(CreateOrder(generations: [])) }
        #expect(throws: StoreError.self) {
            try OrderAdmission(CreateOrder(generations: [Self.generation(), Self.generation("p")]))
        }
    }

    @Test("unfinished generations count up to the limit and not beyond", arguments: [(0, true), (3, true), (4, false)])
    func active(_ count: Int, _ isAccepted: Bool) throws {
        var order = CreateOrder(generations: [Self.generation(), Self.generation()])
        order.activeLimit = 5
        let admission = try OrderAdmission(order)
        if isAccepted {
            try admission.checkActive(count)
        } else {
            let error = #expect(throws: GenerationError.self) { try admission.checkActive(count) }
            #expect(error?.code == .activeLimitReached)
            #expect(error?.parameters == ["activeGenerations": 4, "concurrencyLimit": 5])
        }
        order.activeLimit = nil
        try OrderAdmission(order).checkActive(.max - 2)
    }

    @Test("what an order costs must be left; without a limit it is counted all the same")
    func credits() throws {
        var order = CreateOrder(generations: [Self.generation(credits: 4), Self.generation(credits: 3)])
        #expect(try OrderAdmission(order).cost(afterSpending: 1000) == 7)
        order.creditLimit = 10
        #expect(try OrderAdmission(order).cost(afterSpending: 3) == 7)
        let error = #expect(throws: GenerationError.self) { try OrderAdmission(order).cost(afterSpending: 4) }
        #expect(error?.code == .creditsExhausted)
        #expect(error?.parameters == ["credits": 6])
        // More was spent than may be spent now: nothing is left, not less than nothing.
        let none = #expect(throws: GenerationError.self) { try OrderAdmission(order).cost(afterSpending: 12) }
        #expect(none?.parameters == ["credits": 0])
    }

    @Test("a key gives what it made, refuses another request, and is forgotten after its time")
    func replay() throws {
        var order = CreateOrder(generations: [Self.generation()])
        order.idempotency = try Self.claim("one")
        let admission = try OrderAdmission(order)
        let record = try #require(admission.record)
        #expect(record.generation == order.generations[0].id)
        #expect(try admission.replay(nil) { _ in nil } == nil)
        let made = order.generations[0]
        let outcome = try admission.replay(record) { $0 == made.id ? made : nil }
        #expect(outcome == CreateOutcome(generations: [made], isReplay: true))
        let deleted = #expect(throws: GenerationError.self) { try admission.replay(record) { _ in nil } }
        #expect(deleted?.code == .idempotencyKeyReused)
        order.idempotency = try Self.claim("two")
        let other = #expect(throws: GenerationError.self) { try OrderAdmission(order).replay(record) { _ in made } }
        #expect(other?.code == .idempotencyKeyReused)
        var late = Self.generation()
        late = Generation(organisation: late.organisation, request: late.request, createdAt: record.expiresAt)
        order.generations = [late]
        #expect(try OrderAdmission(order).replay(record) { _ in made } == nil)
    }

    @Test("inputs that are gone refuse the order")
    func inputs() throws {
        let admission = try OrderAdmission(CreateOrder(generations: [Self.generation(asset: "a"), Self.generation()]))
        try admission.checkInputs { $0.rawValue == "a" }
        let error = #expect(throws: GenerationError.self) { try admission.checkInputs { _ in false } }
        #expect(error?.code == .assetNotFound)
    }
}

/// Goal: the end of a job brings exactly what its interface promised.
struct JobConclusionTests {
    private static let start = Timestamp(milliseconds: 1_000)
    private static let end = Timestamp(milliseconds: 9_000)
    private static let policy = JobPolicy()

    private static func generation(webhook: String?, credits: Int?) -> Generation {
        var request = GenerationRequest(model: "lipsync-2", order: .lipSync(LipSyncOrder(inputs: [])))
        request.webhookURL = webhook
        request.credits = credits
        return Generation(organisation: OrganisationID(rawValue: "o"), request: request, createdAt: start)
    }

    private static func lifecycle(_ outcome: AttemptOutcome?) -> JobLifecycle {
        var job = JobLifecycle(createdAt: start)
        _ = job.claim(worker: "w", now: start, policy: policy)
        if let outcome { _ = job.finish(fence: 1, outcome: outcome, now: end, policy: policy) }
        return job
    }

    private static let output = OutputFacts(
        blob: BlobKey(rawValue: "b"), durationSeconds: 1, width: 2, height: 2, byteCount: 3, frameCount: 25)

    @Test("a start is seen, and brings nothing else")
    func started() {
        let before = Self.generation(webhook: "https://x/h", credits: 5)
        let conclusion = JobConclusion(before, Self.lifecycle(nil), at: Self.start)
        #expect(conclusion.generation.status == .processing)
        #expect(conclusion.generation.startedAt == Self.start)
        #expect(conclusion.isVisible)
        #expect(conclusion.refund == 0)
        #expect(conclusion.delivery == nil)
        let again = JobConclusion(conclusion.generation, Self.lifecycle(nil), at: Self.end)
        #expect(again.generation.startedAt == Self.start)
        #expect(!again.isVisible)
    }

    @Test("what completes is paid for and told of")
    func completed() {
        let before = Self.generation(webhook: "https://x/h", credits: 5)
        let conclusion = JobConclusion(before, Self.lifecycle(.completed(Self.output)), at: Self.end)
        #expect(conclusion.generation.output == Self.output)
        #expect(conclusion.generation.finishedAt == Self.end)
        #expect(conclusion.refund == 0)
        #expect(conclusion.delivery?.generation == before.id)
        #expect(conclusion.delivery?.url == "https://x/h")
        #expect(conclusion.keepsResults(after: .finish))
        #expect(!conclusion.keepsResults(after: .publish))
    }

    @Test("what fails is given back; nobody is told who did not ask")
    func failed() {
        let before = Self.generation(webhook: nil, credits: 5)
        let facts = FailureFacts(code: .processingFailed, message: "It broke.")
        let conclusion = JobConclusion(before, Self.lifecycle(.failed(facts, mayRetry: false)), at: Self.end)
        #expect(conclusion.generation.failure == facts)
        #expect(conclusion.refund == 5)
        #expect(conclusion.delivery == nil)
        #expect(!conclusion.keepsResults(after: .finish))
        #expect(throws: Never.self) { try conclusion.generation.checkDeletable() }
        #expect(throws: GenerationError.self) { try before.checkDeletable() }
    }

    @Test("a batch is as far as its generations")
    func batch() {
        let batch = Batch(organisation: OrganisationID(rawValue: "o"), createdAt: Self.start)
        let waiting = batch.progressed([(.pending, 3)])
        #expect(waiting.0.status == .accepted)
        #expect(waiting.1 == BatchMetrics(total: 3, succeeded: 0, failed: 0))
        let mixed = batch.progressed([(.pending, 1), (.completed, 2), (.failed, 3), (.rejected, 1), (nil, 1)])
        #expect(mixed.0.status == .processing)
        #expect(mixed.1 == BatchMetrics(total: 8, succeeded: 2, failed: 4))
        #expect(mixed.1.pending == 2)
    }

    @Test("an asset gets another content only from its owner, unseen and unused")
    func replacement() {
        let owner = OrganisationID(rawValue: "o")
        let (old, new) = (BlobKey(rawValue: "old"), BlobKey(rawValue: "new"))
        var asset = Asset(organisation: owner, createdAt: Self.start, name: "a", kind: .video, origin: .upload)
        #expect(asset.mayBeReplaced(by: owner, known: nil, isUsed: true))
        asset.blob = old
        #expect(asset.mayBeReplaced(by: owner, known: old, isUsed: false))
        #expect(!asset.mayBeReplaced(by: owner, known: old, isUsed: true))
        #expect(!asset.mayBeReplaced(by: owner, known: nil, isUsed: false))
        #expect(!asset.mayBeReplaced(by: OrganisationID(rawValue: "p"), known: old, isUsed: false))
        var changed = asset
        changed.blob = new
        #expect(asset.blobsGivenUp(for: changed) == [old])
        #expect(asset.blobsGivenUp(for: asset) == [])
        #expect(asset.blobsGivenUp(for: nil) == [old])
    }
}

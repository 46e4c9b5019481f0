import Generations
import HTTP
import Persistence
import StoreConformance
import TestSupport
import TestTools
import Testing
import Text
import Time
import Worker

/// Goal: whoever asked to be told is told, with a signature that an independent receiver can check.
@Suite("Webhooks and batches")
struct WebhookTests {
    @Test("A receiver that fails at first gets the message again, each time signed anew, under one name")
    func retries() async throws {
        let harness = try await Harness()
        try await LocalServer.run({ _, count in
            HTTPResponse(count == 0 ? .internalServerError : count == 1 ? .tooManyRequests : .noContent)
        }) { server in
            let id = try await harness.accept(webhookURL: server.url("/hook"))
            try await harness.working(try harness.service()) { () async throws -> Void in
                #expect(await eventually { server.all.count == 3 })
                #expect(try await eventually { try await Self.statuses(harness) == [.delivered] })
            }
            #expect(server.all.count == 3)
            for arrival in server.all {
                #expect(arrival.headers["Content-Type"] == "application/json")
                #expect(try JSONValue(parsing: arrival.body)["id"]?.text == id.rawValue)
                #expect(try JSONValue(parsing: arrival.body)["status"]?.text == "completed")
                #expect(Signatures.areValid(arrival, secret: harness.organisation.webhookSecret))
                #expect(!Signatures.areValid(arrival, secret: "whsec_AAAA"))
                #expect(arrival.headers["X-Signature-Primary"] == nil)
            }
            #expect(Set(server.all.map { $0.headers["webhook-id"] }).count == 1)
        }
    }

    @Test("A message about a generation with a report names it in a header; body and signature are the same as without")
    func report() async throws {
        let harness = try await Harness()
        var forms = Harness.wireForms
        forms.report = { $0.output?.reportBlob.map { "https://lips.example/v1/reports/1?token=\($0.rawValue)" } }
        let reported = try await harness.accept()
        for (id, blob) in [(reported, BlobKey(rawValue: "r")), (try await harness.accept(), nil)] {
            let job = try #require(
                try await harness.store.claimJob(worker: "w", now: SystemClock().now, policy: JobPolicy()))
            #expect(job.generation.id == id)
            var facts = OutputFacts(
                blob: .output(id, fence: job.lease.fence, name: "v.mp4"), durationSeconds: 1, width: 2, height: 2,
                byteCount: 1, frameCount: 25)
            facts.reportBlob = blob
            let end = AttemptReport(id: id, fence: job.lease.fence, outcome: .completed(facts))
            #expect(
                try await harness.store.finishJob(end, now: SystemClock().now, policy: JobPolicy()) == .finish)
        }
        try await LocalServer.run({ _, _ in HTTPResponse(.noContent) }) { server in
            for id in try await harness.store.generations(
                GenerationFilter(organisation: harness.organisation.id), after: nil, limit: 2
            ).map(\.id) {
                try await harness.store.enqueue(
                    WebhookDelivery(
                        organisation: harness.organisation.id, generation: id, batch: nil, url: server.url("/hook"),
                        createdAt: SystemClock().now))
            }
            let service = try harness.service(wireForms: forms)
            try await harness.working(service) { () async throws -> Void in
                #expect(await eventually { server.all.count == 2 })
            }
            for arrival in server.all {
                let id = try JSONValue(parsing: arrival.body)["id"]?.text
                #expect(
                    arrival.headers["Link"]
                        == (id == reported.rawValue
                            ? "<https://lips.example/v1/reports/1?token=r>; rel=\"describedby\"; type=\"application/json\""
                            : nil))
                #expect(Signatures.areValid(arrival, secret: harness.organisation.webhookSecret))
                #expect(try JSONValue(parsing: arrival.body).object?.count == 2)
            }
        }
    }

    @Test("A failed generation is told too, with its code")
    func failure() async throws {
        let harness = try await Harness()
        try await LocalServer.run({ _, _ in HTTPResponse(.ok) }) { server in
            try await harness.accept("refuse:face.not-found", webhookURL: server.url("/hook"))
            try await harness.working(try harness.service()) { () async throws -> Void in
                #expect(await eventually { server.all.count == 1 })
            }
            let body = try JSONValue(parsing: try #require(server.all.first).body)
            #expect(body["errorCode"]?.text == "video-unusable")
        }
    }

    @Test("A receiver that says no, or sends elsewhere, is left alone; one that never answers is given up in the end")
    func ends() async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.deliveries.timeout = .seconds(4)
        configuration.deliveries.delays = [.milliseconds(50)]
        try await LocalServer.run({ arrival, _ in
            switch arrival.path {
            case "/no": return HTTPResponse(.badRequest)
            case "/elsewhere": return HTTPResponse(.found, headers: ["Location": "/no"])
            default:
                try await Task.sleep(for: .seconds(30))
                return HTTPResponse(.ok)
            }
        }) { server in
            for path in ["/no", "/elsewhere", "/silent"] { try await harness.accept(webhookURL: server.url(path)) }
            try await harness.working(try harness.service(configuration)) { () async throws -> Void in
                #expect(
                    try await eventually {
                        let statuses = try await Self.statuses(harness)
                        return statuses.count == 3 && statuses.allSatisfy(\.isTerminal)
                    })
            }
            #expect(
                try await Self.statuses(harness).sorted { $0.rawValue < $1.rawValue } == [
                    .exhausted, .refused, .refused,
                ])
            #expect(server.all.count { $0.path == "/no" } == 1)
            #expect(server.all.count { $0.path == "/elsewhere" } == 1)
            #expect(server.all.count { $0.path == "/silent" } == 2)
        }
    }

    @Test("Receivers that do not answer hold two senders each, and the others are told meanwhile")
    func deadHost() async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.deliveries.timeout = .seconds(60)
        let gate = LogLines()
        try await LocalServer.run({ arrival, _ in
            guard arrival.path == "/silent" else { return HTTPResponse(.ok) }
            gate.add("silent")
            try await Task.sleep(for: .seconds(60))
            return HTTPResponse(.ok)
        }) { server in
            let now = SystemClock().now
            func enqueue(_ url: String, _ index: Int) async throws {
                try await harness.store.enqueue(
                    WebhookDelivery(
                        organisation: harness.organisation.id, url: url, body: Array("{}".utf8),
                        createdAt: now.advanced(by: .milliseconds(index))))
            }
            for index in 0..<19 { try await enqueue(server.url("/silent", host: "localhost"), index) }
            try await enqueue(server.url("/quick"), 19)
            try await harness.working(try harness.service(configuration)) { () async throws -> Void in
                #expect(await eventually { server.all.contains { $0.path == "/quick" } && gate.all.count >= 2 })
                // Whoever sends the next one has passed by those that wait for the silent receiver.
                try await enqueue(server.url("/quick"), 20)
                #expect(await eventually { server.all.count { $0.path == "/quick" } == 2 })
                #expect(gate.all.count == 2)
            }
        }
    }

    @Test("An endless answer is read so far and then counted by its status; Retry-After is obeyed")
    func endlessAnswer() async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.deliveries.longestRetryAfter = .milliseconds(500)
        try await LocalServer.run({ _, count in
            guard count > 0 else { return HTTPResponse(.serviceUnavailable, headers: ["Retry-After": "3600"]) }
            return .stream { writer in while true { try await writer.write([UInt8](repeating: 1, count: 65_536)) } }
        }) { server in
            try await harness.accept(webhookURL: server.url("/hook"))
            let started = ContinuousClock.now
            try await harness.working(try harness.service(configuration)) { () async throws -> Void in
                #expect(try await eventually { try await Self.statuses(harness) == [.delivered] })
            }
            #expect(
                ContinuousClock.now - started >= .milliseconds(500),
                "the receiver asked for an hour, and got half a second")
            #expect(server.all.count == 2)
        }
    }

    @Test("A private address is never called")
    func privateAddress() async throws {
        let harness = try await Harness()
        try await LocalServer.run({ _, _ in HTTPResponse(.ok) }) { server in
            try await harness.accept(webhookURL: server.url("/hook", host: "127.0.0.2"))
            try await harness.working(try harness.service()) { () async throws -> Void in
                #expect(try await eventually { try await Self.statuses(harness) == [.exhausted] })
            }
            #expect(server.all.isEmpty)
        }
    }

    @Test("What was deleted before it could be told is told to nobody")
    func deleted() async throws {
        let harness = try await Harness()
        try await LocalServer.run({ _, _ in HTTPResponse(.ok) }) { server in
            let delivery = WebhookDelivery(
                organisation: harness.organisation.id, generation: GenerationID(), url: server.url("/hook"),
                createdAt: SystemClock().now)
            try await harness.store.enqueue(delivery)
            try await harness.working(try harness.service()) { () async throws -> Void in
                #expect(try await eventually { try await Self.statuses(harness) == [.refused] })
            }
            #expect(server.all.isEmpty)
        }
    }

    @Test("A batch ends once with a line for each generation, and its receiver is told")
    func batch() async throws {
        let harness = try await Harness()
        try await LocalServer.run({ _, _ in HTTPResponse(.ok) }) { server in
            let now = SystemClock().now
            let batch = Batch(
                organisation: harness.organisation.id, createdAt: now, webhookURL: server.url("/batch"))
            var generations: [Generation] = []
            let behaviours = ["", "refuse:face.not-found", "crashonce:\(harness.folder.path("c"))"]
            for (index, behaviour) in behaviours.enumerated() {
                let inputs = [
                    try await harness.asset("video 1.0 \(behaviour)", .video),
                    try await harness.asset("audio 1.0", .audio),
                ]
                generations.append(
                    Generation(
                        organisation: harness.organisation.id, batch: batch.id, batchRequestName: "line-\(index)",
                        request: GenerationRequest(model: "lipsync-2", order: .lipSync(LipSyncOrder(inputs: inputs))),
                        createdAt: now))
            }
            _ = try await harness.store.create(CreateOrder(generations: generations, batch: batch))
            // Two workers at once, as two servers would be.
            let second = try harness.service()
            try await harness.working(try harness.service()) {
                try await harness.working(second) { () async throws -> Void in
                    #expect(await eventually { !server.all.isEmpty })
                }
            }
            let (ended, metrics) = try #require(
                try await harness.store.batch(batch.id, organisation: harness.organisation.id))
            #expect(ended.status == .completed)
            #expect((metrics.succeeded, metrics.failed) == (2, 1))
            let lines = try await harness.text(ended.resultBlob).split(separator: "\n").map {
                try JSONValue(parsing: String($0))
            }
            #expect(Set(lines.compactMap { $0["request_id"]?.text }) == ["line-0", "line-1", "line-2"])
            let failed = lines.first { $0["request_id"]?.text == "line-1" }
            #expect(failed?["response"]?["status"]?.text == "failed")
            #expect(server.all.count == 1)
            let arrival = try #require(server.all.first)
            #expect(try JSONValue(parsing: arrival.body)["total"]?.int == 3)
            #expect(arrival.headers["X-Signature-Primary"] == arrival.headers["Sync-Signature"])
            #expect(Signatures.areValid(arrival, secret: harness.organisation.webhookSecret))
        }
    }

    private static func statuses(_ harness: Harness) async throws -> [DeliveryStatus] {
        try await harness.store.deliveries(organisation: nil, limit: 100).map(\.lifecycle.status)
    }
}

/// Checks signatures as a receiver would, from the published descriptions.
enum Signatures {
    static func areValid(_ arrival: LocalServer.Arrival, secret: String) -> Bool {
        guard let sync = arrival.headers["Sync-Signature"], let name = arrival.headers["webhook-id"],
            let seconds = arrival.headers["webhook-timestamp"], let standard = arrival.headers["webhook-signature"]
        else { return false }
        let body = String(decoding: arrival.body, as: UTF8.self)
        let code = Digest.hmacSHA256(key: secret.utf8, message: "\(seconds).\(body)".utf8)
        let key = Base64.decode(secret.dropFirst(6)) ?? []
        let standardCode = Digest.hmacSHA256(key: key, message: "\(name).\(seconds).\(body)".utf8)
        return sync == "t=\(seconds),v1=\(Hexadecimal.encode(code))"
            && standard == "v1,\(Base64.encode(standardCode))"
    }
}

import Generations
import HTTP
import HedraV3API
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Numbered cases of the contract's section 19 about webhooks, keys and tokens.
@Suite("Hedra v3: webhooks and keys")
struct WebhookTests {
    private static let base64Key = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
    private static let vectorBody =
        #"{"job_id":"job_0f6f2f0e-6a4e-4c53-9d0e-7a2f5f7b6c11","model":"hedra-avatar","status":"COMPLETED","prompt":"calm","#
        + #""outputs":[{"status":"COMPLETED","asset_id":"asset_7c1f0a52-1df2-4b0e-8f9f-5b1f0f1f2a33","voice_id":null,"#
        + #""url":"https://lips.example/m/1?token=abc","content_type":"video/mp4","width":720,"height":720,"#
        + #""duration_ms":2480,"fps":25,"error":null}],"metrics":{"processing_time_ms":6314},"error":null}"#

    @Test("53: both signatures of the contract's vector, bit for bit")
    func vector() throws {
        let key = Harness.key
        #expect(Base64.encode(key.publicKey) == Self.base64Key)
        let body = Array(Self.vectorBody.utf8)
        #expect(body.count == 407)
        func signature(_ redelivery: Bool) -> String {
            HedraV3API.webhookSignature(
                body, job: "job_0f6f2f0e-6a4e-4c53-9d0e-7a2f5f7b6c11", event: "job.completed", isRedelivery: redelivery,
                sentAt: Timestamp(milliseconds: 1_795_975_200_000), key: key)
        }
        #expect(
            signature(false)
                == "b339480e15d7d7516631a49e992f33774508a113eda2c48c72f5642233f3e17aedc10adb2abafce878135f737b5fcb082640e8ec08c58e6b22be86ab08db040d"
        )
        #expect(
            signature(true)
                == "137b572c53a5e0f33a2439e5d0bc7295cc7dffdc559f088ce9239527ed779b35c16f6e75681730e51715103df8476c6c147c78ee75db557c4d61012caa67e10f"
        )
    }

    @Test("56: a job goes to its own webhook, else to the default while that is on")
    func defaults() async throws {
        let harness = try await Harness()
        #expect(try await harness.get("/webhooks/default").json.object?["url"] == .null)
        func put(_ json: JSONValue) async throws -> Answer {
            try await harness.send(.put, "/v3/webhooks/default", json: json)
        }
        #expect(try await put(["url": "ftp://x"]).status == 400)
        #expect(try await put([:]).reasons == ["url required"])
        #expect(try await put(["url": "https://me.example/all"])["enabled"] == true)
        func target(_ webhook: JSONValue?) async throws -> (String?, JSONValue?) {
            var body: [String: JSONValue] = ["input": try await harness.avatar()]
            body["webhook"] = webhook
            let id = try await harness.post("/models/hedra-avatar", .object(body))["job_id"]?.text ?? ""
            let job = try await harness.store.generation(
                GenerationID(rawValue: String(id.dropFirst(4))), organisation: harness.organisation)
            return (job?.request.webhookURL, job?.request.echo["webhookSource"])
        }
        #expect(try await target(nil) == ("https://me.example/all", "default"))
        #expect(try await target("https://me.example/one") == ("https://me.example/one", "per_job"))
        _ = try await put(["url": "https://me.example/all", "enabled": false])
        #expect(try await target(nil) == (nil, nil))
        #expect(try await harness.send(.delete, "/v3/webhooks/default").status == 204)
        let test = try await harness.post("/webhooks/default/test", [:])
        #expect(test.code == "FAILED_PRECONDITION")
        let refused = try await harness.post(
            "/models/hedra-avatar", ["input": try await harness.avatar(), "webhook": "nonsense"])
        #expect(refused.reasons == ["webhook invalid"])
    }

    @Test("52, 57: what is sent tells the result without log and cost, and goes again when it is asked for")
    func delivery() async throws {
        let harness = try await Harness { $0.credits = 1000 }
        let answer = try await harness.post(
            "/models/hedra-avatar", ["input": try await harness.avatar(), "webhook": "https://me.example/hook"])
        let job = try #require(answer["job_id"]?.text)
        #expect(try await harness.post("/webhooks/deliveries/\(job)/redeliver", [:]).status == 404)
        try await harness.finishOne()
        let now = Moment(wall: SystemClock().now, steady: harness.store.steadyTime)
        let claimed = try #require(
            try await harness.store.claimDelivery(worker: "w", now: now, policy: DeliveryPolicy()))
        let generation = try #require(
            try await harness.store.generation(
                GenerationID(rawValue: String(job.dropFirst(4))), organisation: harness.organisation))
        let message = try #require(
            try await harness.interface.webhook(claimed, of: generation, sentAt: SystemClock().now))
        let headers = Dictionary(message.headers.map { ($0.name, $0.value) }) { $1 }
        #expect(headers["X-Hedra-Webhook-Id"] == job)
        #expect(headers["X-Hedra-Webhook-Event"] == "job.completed")
        #expect(headers["X-Hedra-Webhook-Attempt"] == "1")
        #expect(message.policy?.attemptLimit == 12)
        let body = try #require(try JSONValue(parsing: message.body).object)
        #expect(Set(body.keys) == ["job_id", "model", "status", "prompt", "outputs", "metrics", "error"])
        #expect(try await harness.post("/webhooks/deliveries/\(job)/redeliver", [:]).code == "ALREADY_IN_PROGRESS")
        _ = try await harness.store.finishDelivery(
            claimed.id, fence: claimed.lifecycle.lease?.fence ?? 0, response: .status(200), now: now,
            policy: DeliveryPolicy())
        let listed = try await harness.get("/webhooks/deliveries")["data"]?.array ?? []
        #expect(listed.map { $0["status"]?.text } == ["DELIVERED"])
        #expect(listed.first?["attempts"] == 1)
        let again = try await harness.post("/webhooks/deliveries/\(job)/redeliver", [:])
        #expect(again.status == 200)
        #expect(again["status"] == "PENDING")
        #expect(again["redelivery_count"] == 1)
        #expect(again["redeliveries"]?.array?.first?["status"] == "DELIVERED")
        let stranger = try await harness.stranger()
        #expect(try await harness.post("/webhooks/deliveries/\(job)/redeliver", [:], key: stranger).status == 404)
        #expect(try await harness.get("/webhooks/deliveries", key: stranger)["data"] == [])
    }

    @Test("63–65: restricted keys do what they may, old secrets go on for their grace, tokens for their time")
    func keys() async throws {
        let harness = try await Harness()
        let reader = try await harness.post("/keys", ["name": "reader", "scopes": ["jobs:read"]])
        #expect(reader.status == 201)
        let id = try #require(reader["key_id"]?.text)
        let secret = try #require(reader["credential"]?.text)
        #expect(secret.hasPrefix(id + ":"))
        #expect(try await harness.get("/jobs", key: secret).status == 200)
        let refused = try await harness.post("/models/hedra-avatar", ["input": [:]], key: secret)
        #expect(refused.status == 403)
        #expect(refused.code == "PERMISSION_DENIED")
        #expect(refused.text.contains("jobs:write"))
        #expect(try await harness.post("/keys", [:], key: secret).status == 403)
        // No token opens more than its key.
        #expect(try await harness.post("/tokens", ["scopes": ["jobs:write"]], key: secret).status == 403)
        let token = try await harness.post("/tokens", ["ttl_seconds": 60], key: secret)
        #expect(token.status == 201)
        let pass = try #require(token["token"]?.text)
        #expect(try await harness.get("/jobs", key: pass).status == 200)
        #expect(try await harness.post("/models/hedra-avatar", ["input": [:]], key: pass).status == 403)
        #expect(try await harness.post("/tokens", [:], key: pass).status == 403)
        // Nor does it make anything that outlives it, also where it may do everything else.
        let whole = try #require(try await harness.post("/tokens", [:])["token"]?.text)
        #expect(try await harness.get("/keys", key: whole).status == 200)
        #expect(try await harness.post("/keys", [:], key: whole).status == 403)
        #expect(try await harness.post("/keys/\(id)/rotate", [:], key: whole).status == 403)
        #expect(try await harness.send(.delete, "/v3/keys/\(id)", key: whole).status == 403)
        #expect(try await harness.post("/tokens", ["ttl_seconds": 3601]).reasons == ["ttl_seconds maximum"])
        #expect(try await harness.post("/keys", ["scopes": ["all"]]).reasons == ["scopes[0] enum"])
        // A key with every scope has still less than one without any, which opens other interfaces.
        let all: JSONValue = ["jobs:read", "files:write", "keys:manage"]
        let manager = try #require(try await harness.post("/keys", ["scopes": all])["credential"]?.text)
        let open = try #require(try await harness.post("/keys", [:])["key_id"]?.text)
        #expect(try await harness.post("/keys/\(open)/rotate", [:], key: manager).status == 403)
        #expect(try await harness.post("/files", [:], key: manager).status == 400)
        #expect(try await harness.send(.delete, "/v3/keys/\(open)").status == 204)
        let rotated = try await harness.post("/keys/\(id)/rotate", ["grace_period_seconds": 60])
        let newer = try #require(rotated["credential"]?.text)
        for key in [secret, newer, pass] { #expect(try await harness.get("/jobs", key: key).status == 200) }
        let stranger = try await harness.stranger()
        #expect(try await harness.post("/keys/\(id)/rotate", [:], key: stranger).status == 404)
        #expect(try await harness.send(.delete, "/v3/keys/\(id)", key: stranger).status == 404)
        #expect(try await harness.send(.delete, "/v3/keys/\(id)").status == 204)
        for key in [secret, newer] { #expect(try await harness.get("/jobs", key: key).status == 401) }
        let rows = try await harness.get("/keys")["data"]?.array ?? []
        #expect(rows.first { $0["key_id"]?.text == id }?["status"] == "revoked")
        #expect(rows.count == 4)
        #expect(try await harness.post("/keys", ["workspace_id": "other"]).status == 404)
    }

    @Test("61: usage is counted by day, model or not at all; wrong times are refused")
    func usage() async throws {
        let harness = try await Harness { $0.credits = 1000 }
        _ = try await harness.order()
        _ = try await harness.order()
        try await harness.finishOne(.failed(FailureFacts(code: .subjectNotFound), mayRetry: false))
        for (grouping, key) in [("total", "total"), ("model", "hedra-avatar")] {
            let usage = try await harness.get("/usage?group_by=\(grouping)")
            #expect(usage["total_jobs"] == 2)
            #expect(usage["total_spent"]?.double == 0.61)
            #expect(usage["data"]?.array?.map { $0["key"]?.text } == [key])
        }
        let day = try await harness.get("/usage?group_by=day")["data"]?.array?.first?["key"]?.text
        #expect(day == String(SystemClock().now.iso8601.prefix(10)))
        let later = try await harness.get("/usage?start=2026-02-02T00:00:00Z&end=2026-02-01T00:00:00Z")
        #expect(later.status == 400)
        #expect(try await harness.get("/usage?start=2026-01-01T00:00:00Z&end=2026-06-01T00:00:00Z").status == 400)
        #expect(try await harness.get("/usage?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z")["total_jobs"] == 0)
    }
}

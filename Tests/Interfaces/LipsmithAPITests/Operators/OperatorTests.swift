import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import StoreConformance
import Testing
import Text
import Time

@Suite("Lipsmith's own API: operators")
struct OperatorTests {
    private static let endpoints: [(HTTPMethod, String)] = [
        (.get, "/v1/operator/overview"), (.get, "/v1/operator/jobs"), (.get, "/v1/operator/webhooks"),
        (.post, "/v1/operator/webhooks/\(DeliveryID())/redeliver"), (.get, "/v1/operator/keys"),
        (.post, "/v1/operator/keys"), (.delete, "/v1/operator/keys/\(APIKeyID())"), (.get, "/v1/operator/settings"),
        (.post, "/v1/sign-in-links"), (.post, "/v1/operator/jobs/\(GenerationID())/cancel"),
    ]

    @Test(
        "Members are let in to none of the installation's pages, by key or cookie; nobody is told to bring a credential"
    )
    func roles() async throws {
        let harness = try await SessionHarness(facts: .test)
        let (member, chief) = (try await harness.signIn(), try await harness.signIn(.operator))
        let key = try await harness.operatorKey()
        for (method, target) in Self.endpoints {
            let body: JSONValue = target.hasSuffix("keys") ? ["name": "made"] : ["role": "member"]
            let json = method == .post ? body : nil
            let byKey =
                json == nil
                ? try await harness.send(method, target) : try await harness.send(method, target, json: body)
            let byCookie = try await harness.page(method, target, cookie: member, json: json)
            for answer in [byKey, byCookie] {
                #expect(answer.status == 403, "\(method) \(target)")
                #expect(answer.refusalCode == "operator-only", "\(method) \(target)")
            }
            let nobody = try await harness.send(method, target, key: "")
            #expect(nobody.status == 401, "\(method) \(target)")
            let served = [
                try await harness.page(method, target, cookie: chief, json: json),
                try await harness.send(method, target, json: body, key: key),
            ]
            for answer in served {
                // What is named does not exist.
                #expect([200, 201, 404].contains(answer.status), "\(method) \(target): \(answer.text)")
            }
        }
        #expect(try await harness.store.keys().filter { $0.name == "made" }.count == 2)
    }

    @Test("The overview counts jobs and bytes of all organisations")
    func overview() async throws {
        let harness = try await SessionHarness(facts: .test)
        let other = Organisation(name: "other", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(other)
        for owner in [harness.organisation, other.id] {
            _ = try await harness.store.create(CreateOrder(generations: [Samples.generation(owner)]))
        }
        _ = try await harness.claim()
        try await harness.store.createAsset(
            Asset(
                organisation: other.id, createdAt: SystemClock().now, name: "a", kind: .audio, origin: .upload,
                byteCount: 777), project: nil)
        let answer = try await harness.send(.get, "/v1/operator/overview", key: try await harness.operatorKey())
        #expect(answer.status == 200)
        #expect(answer["version"] == "9.8.7")
        #expect(answer["startedAt"] == "2026-01-01T00:00:00.000Z")
        #expect(answer["jobs"] == ["waiting": 1, "running": 1])
        #expect(answer["nodes"] == [["name": "here", "slots": 3, "isLocal": true]])
        #expect(answer["warnings"] == ["It is cold."])
        #expect((answer["freeBytes"]?.int ?? 0) > 0)
        let storage: JSONValue = [
            [
                "organisation": ["id": .string(other.id.rawValue), "name": "other"], "inputBytes": 777,
                "outputBytes": 0,
            ]
        ]
        #expect(answer["storage"] == storage)
    }

    @Test("Jobs of all organisations that have not ended are listed, in pages, each with its owner")
    func jobs() async throws {
        let harness = try await SessionHarness(facts: .test)
        let other = Organisation(name: "other", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(other)
        var waiting: [GenerationID] = []
        for index in 0..<3 {
            let generation = Samples.generation(index == 1 ? other.id : harness.organisation, at: Int64(index))
            _ = try await harness.store.create(CreateOrder(generations: [generation]))
            waiting.insert(generation.id, at: 0)
        }
        let ended = Samples.generation(other.id, at: 9)
        _ = try await harness.store.create(CreateOrder(generations: [ended]))
        _ = try await harness.store.cancelJob(ended.id, organisation: nil, now: Moment(Samples.start))
        let key = try await harness.operatorKey()
        let first = try await harness.send(.get, "/v1/operator/jobs?limit=2", key: key)
        let next = try #require(first["next"]?.text)
        let second = try await harness.send(.get, "/v1/operator/jobs?limit=2&cursor=\(next)", key: key)
        let items = (first["items"]?.array ?? []) + (second["items"]?.array ?? [])
        #expect(items.map { $0["id"]?.text } == waiting.map(\.rawValue))
        #expect(items.map { $0["organisation"]?["name"] } == ["test", "other", "test"])
        #expect(items.map { $0["status"] } == ["pending", "pending", "pending"])
        #expect(second.isNull("next"))
    }

    @Test("A job of any organisation is ended by an operator, once, and shown by the name that people gave it")
    func cancel() async throws {
        let harness = try await SessionHarness(facts: .test)
        let other = Organisation(name: "other", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(other)
        var generation = Samples.generation(other.id)
        generation.request.title = "Spring: the film"
        generation.request.outputFileName = "spring-the-film"
        _ = try await harness.store.create(CreateOrder(generations: [generation]))
        let key = try await harness.operatorKey()
        let listed = try await harness.send(.get, "/v1/operator/jobs", key: key)["items"]?.array?.first
        #expect(listed?["name"] == "Spring: the film")
        #expect(listed?["stage"] == "queued")
        let path = "/v1/operator/jobs/\(generation.id)/cancel"
        let answer = try await harness.send(.post, path, key: key)
        #expect(answer.status == 200)
        #expect(answer["id"]?.text == generation.id.rawValue)
        #expect(answer["status"] == "failed")
        #expect(answer["error"]?["code"] == "cancelled")
        #expect(answer["organisation"]?["name"] == "other")
        let stored = try await harness.store.generation(generation.id, organisation: other.id)
        #expect(stored?.failure?.code == .cancelled)
        #expect(try await harness.send(.get, "/v1/operator/jobs", key: key)["items"] == [])
        // Its answer may have been lost.
        #expect(try await harness.send(.post, path, key: key).status == 200)
        for id in [GenerationID().rawValue, "x"] {
            let missing = try await harness.send(.post, "/v1/operator/jobs/\(id)/cancel", key: key)
            #expect(missing.status == 404)
            #expect(missing.refusalCode == "generation-not-found")
        }
    }

    @Test("A job that has ended otherwise is not ended again")
    func cancelEnded() async throws {
        let harness = try await SessionHarness(facts: .test)
        _ = try await harness.store.create(CreateOrder(generations: [Samples.generation(harness.organisation)]))
        let job = try await harness.claim()
        let blob = try await harness.keep("video", of: job, name: "video.mp4")
        try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .completed(
                    OutputFacts(
                        blob: blob.key, durationSeconds: 1, width: 2, height: 2, byteCount: 5, frameCount: 25))))
        let answer = try await harness.send(
            .post, "/v1/operator/jobs/\(job.generation.id)/cancel", key: try await harness.operatorKey())
        #expect(answer.status == 409)
        #expect(answer.refusalCode == "generation-ended")
    }

    @Test("Keys are made with a role for an organisation, listed and revoked at once; the secret is shown once")
    func keys() async throws {
        let harness = try await SessionHarness(facts: .test)
        let chief = try await harness.operatorKey()
        let made = try await harness.send(.post, "/v1/operator/keys", json: ["name": "laptop"], key: chief)
        #expect(made.status == 201)
        #expect(made["role"] == "member")
        #expect(made["organisation"]?["name"] == "test")
        #expect(made.isNull("revokedAt"))
        let secret = try #require(made["secret"]?.text)
        #expect(try await harness.send(.get, "/v1/session", key: secret)["role"] == "member")
        let other = try await harness.send(
            .post, "/v1/operator/keys", json: ["name": "shop", "organisation": "shop", "role": "operator"], key: chief)
        let otherSecret = try #require(other["secret"]?.text)
        let asked = try await harness.send(.get, "/v1/session", key: otherSecret)
        #expect(asked["role"] == "operator")
        #expect(asked["organisation"] == other["organisation"])
        let list = try await harness.send(.get, "/v1/operator/keys", key: chief)
        let names = (list["items"]?.array ?? []).compactMap { $0["name"]?.text }
        #expect(Set(names) == ["test", "operator", "laptop", "shop"])
        #expect(!list.text.contains("secret"))
        let page = try await harness.send(.get, "/v1/operator/keys?limit=3", key: chief)
        let rest = try await harness.send(
            .get, "/v1/operator/keys?limit=3&cursor=\(page["next"]?.text ?? "")", key: chief)
        #expect(rest["items"]?.array?.count == 1)
        let none = try await harness.send(.get, "/v1/operator/keys?cursor=\(APIKeyID())", key: chief)
        #expect(none.status == 400)
        let id = try #require(made["id"]?.text)
        #expect(try await harness.send(.delete, "/v1/operator/keys/\(id)", key: chief).status == 204)
        #expect(try await harness.send(.get, "/v1/session", key: secret).status == 401)
        for gone in [id, APIKeyID().rawValue, "x"] {
            let again = try await harness.send(.delete, "/v1/operator/keys/\(gone)", key: chief)
            #expect(again.status == 404)
            #expect(again.refusalCode == "key-not-found")
        }
        for (body, field): (JSONValue, String) in [
            ([:], "name"), (["name": ""], "name"), (["name": .string(String(repeating: "a", count: 256))], "name"),
            (["name": "a", "role": "king"], "role"), (["name": "a", "organisation": ""], "organisation"),
        ] {
            let refused = try await harness.send(.post, "/v1/operator/keys", json: body, key: chief)
            #expect(refused.status == 400)
            #expect(refused["error"]?["field"]?.text == field)
        }
    }

    @Test("Settings are listed as the program tells them")
    func settings() async throws {
        let harness = try await SessionHarness(facts: .test)
        let answer = try await harness.send(.get, "/v1/operator/settings", key: try await harness.operatorKey())
        let wanted: JSONValue = [
            "items": [
                ["name": "port", "value": "9000", "isSet": true, "default": "8080", "summary": "The port."],
                ["name": "a-key", "value": "•••", "isSet": true, "default": "", "summary": "A key."],
            ], "next": .null,
        ]
        #expect(answer.json == wanted)
    }
}

import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text
import Time

/// The contract's conformance cases about reading and following, by their numbers.
@Suite("Sync: reading")
struct ReadingConformanceTests {
    @Test("4: the link of a finished generation needs no key, and knows ranges")
    func result() async throws {
        let harness = try await Harness()
        let id = try #require(try await harness.create(["outputFileName": "take 1"])["id"]?.text)
        try await harness.finishOne()
        let done = try await harness.get("/v2/generate/\(id)")
        #expect(done["status"]?.text == "COMPLETED")
        #expect(done["outputDuration"]?.double == 8.64)
        let url = try #require(done["outputUrl"]?.text)
        #expect(url.hasPrefix("http://lips.test:8080/v2/generations/\(id)/result?token="))
        let path = String(url.dropFirst("http://lips.test:8080".count))
        let whole = try await harness.send(.get, path, key: "")
        #expect(whole.status == 200)
        #expect(whole.headers["Content-Disposition"]?.contains("take_1.mp4") == true)
        #expect(whole.headers["Content-Type"] == "video/mp4")
        #expect(whole.headers["X-Content-Type-Options"] == "nosniff")
        #expect(whole.headers["Content-Security-Policy"]?.hasPrefix("sandbox;") == true)
        let part = try await harness.send(.get, path, headers: ["Range": "bytes=4-8"], key: "")
        #expect(part.status == 206)
        let tag = try #require(whole.headers["ETag"])
        #expect(try await harness.send(.get, path, headers: ["If-None-Match": tag], key: "").status == 304)
        #expect(try await harness.send(.get, path.replacing("token=", with: "token=9"), key: "").status == 401)
        let download = try await harness.get("/v2/generations/\(id)/download")
        #expect(download.status == 200)
        #expect(download.text.hasPrefix("http://lips.test:8080/v2/generations/\(id)/result?"))
    }

    @Test("a failed generation shows its code under both names")
    func failed() async throws {
        let harness = try await Harness()
        let id = try #require(try await harness.create()["id"]?.text)
        try await harness.finishOne { _ in
            .failed(FailureFacts(GenerationError(.audioUnusable)), mayRetry: false)
        }
        let answer = try await harness.get("/v2/generations/\(id)")
        #expect(answer["status"]?.text == "FAILED")
        #expect(answer["errorCode"]?.text == "generation_input_audio_invalid")
        #expect(answer["error_code"] == answer["errorCode"])
        #expect(answer["error"]?.text?.isEmpty == false)
    }

    @Test("20, 21: filters, joined by commas and repeated")
    func filters() async throws {
        let harness = try await Harness()
        var ids: [String] = []
        for source in ["comfyui", "mcp:claude", ""] {
            let headers: HTTPHeaders = source.isEmpty ? [:] : ["x-sync-source": source]
            ids.append(try #require(try await harness.create(headers: headers)["id"]?.text))
        }
        try await harness.finishOne()
        func list(_ query: String) async throws -> [String] {
            try await harness.get("/v2/generations?\(query)").json.array?.compactMap { $0["id"]?.text } ?? ["?"]
        }
        #expect(try await list("status=COMPLETED,FAILED") == [ids[0]])
        #expect(try await list("status=COMPLETED&status=FAILED") == [ids[0]])
        #expect(try await list("status=COMPLETED%2CFAILED") == [ids[0]])
        #expect(Set(try await list("ids=\(ids[0]),\(ids[2])")) == [ids[0], ids[2]])
        #expect(try await list("ids=\(ids[1])&ids=\(ids[1])") == [ids[1]])
        #expect(try await list("ids=nobody").isEmpty)
        #expect(try await list("source=comfyui") == [ids[0]])
        #expect(try await list("source=mcp") == [ids[1]])
        #expect(try await list("source=api,comfyui&status=PENDING") == [ids[2]])
        #expect(try await list("projectId=nobody").isEmpty)
        #expect(try await harness.get("/v2/generations?status=LOST").status == 400)
        #expect(try await harness.get("/v2/generations/count?status=PENDING").json == ["count": 2])
        #expect(try await harness.get("/v2/generations/count?type=playground").json == ["count": 0])
    }

    @Test("jobs of the other interface are in no list, unless they are asked for, and nobody can pass for one")
    func otherInterface() async throws {
        let harness = try await Harness()
        let own = try #require(try await harness.create()["id"]?.text)
        let disguised = try #require(try await harness.create(headers: ["x-sync-source": "Hedra"])["id"]?.text)
        let other = Generation(
            organisation: harness.organisation, source: "hedra",
            request: GenerationRequest(
                model: "d1dd37a3-e39a-4854-a298-6510289f9cf2",
                order: .animation(
                    AnimationOrder(
                        inputs: [MediaInput(kind: .image, role: .visual, source: .url("http://media.test/face.png"))],
                        parameters: AnimationParameters(prompt: "")))),
            createdAt: SystemClock().now)
        _ = try await harness.store.create(CreateOrder(generations: [other]))
        func list(_ query: String) async throws -> [String] {
            try await harness.get("/v2/generations?\(query)").json.array?.compactMap { $0["id"]?.text } ?? ["?"]
        }
        for query in ["", "limit=10", "ids=\(own),\(disguised),\(other.id)", "status=PENDING", "source=api"] {
            #expect(Set(try await list(query)) == [own, disguised], "\(query)")
        }
        #expect(try await list("source=hedra") == [other.id.rawValue])
        #expect(Set(try await list("source=hedra,api")) == [own, disguised, other.id.rawValue])
        #expect(try await harness.get("/v2/generations/count").json == ["count": 2])
        #expect(try await harness.get("/v2/generations/count?source=hedra").json == ["count": 1])
        #expect(try await harness.get("/v2/generations/\(other.id)")["id"]?.text == other.id.rawValue)
    }

    @Test("a damaged generation hides no other, however long the list is")
    func damagedRow() async throws {
        let harness = try await Harness()
        var ids: [String] = []
        for _ in 0..<60 { ids.append(try #require(try await harness.create()["id"]?.text)) }
        let connection = try SQLiteDatabase.openWriter(path: harness.folder + "/test.db")
        try connection.run("UPDATE generations SET request = 'x' WHERE id IN ('\(ids[30])', '\(ids[59])')")
        let expected = ids.enumerated().filter { ![30, 59].contains($0.offset) }.map(\.element)
        let page = try #require(try await harness.get("/v2/generations?limit=58").json.array)
        #expect(Set(page.compactMap { $0["id"]?.text }) == Set(expected))
        #expect(try await harness.get("/v2/generate/\(ids[30])").status == 500)
    }

    @Test("22: pages, newest first")
    func pages() async throws {
        let harness = try await Harness()
        for _ in 0..<5 { #expect(try await harness.create().status == 201) }
        var seen: [String] = []
        var query = "limit=2"
        while true {
            let page = try #require(try await harness.get("/v2/generations?\(query)").json.array)
            #expect(page.count <= 2)
            seen += page.compactMap { $0["id"]?.text }
            guard let last = page.last?["id"]?.text else { break }
            query = "limit=2&cursor=\(last)"
        }
        #expect(seen.count == 5)
        #expect(Set(seen).count == 5)
        #expect(try await harness.get("/v2/generations").json.array?.compactMap { $0["id"]?.text } == seen)
        #expect(try await harness.get("/v2/generations?cursor=\(seen[0])").status == 400)
        for wrong in ["limit=0", "limit=101", "limit=x", "limit=2&cursor=5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f"] {
            #expect(try await harness.get("/v2/generations?\(wrong)").status == 400, "\(wrong)")
        }
    }

    @Test("26: deleting while it runs, and after")
    func deleting() async throws {
        let harness = try await Harness()
        let id = try #require(try await harness.create()["id"]?.text)
        let early = try await harness.send(.delete, "/v2/generations/\(id)")
        #expect(early.status == 409)
        #expect(early.code == "generation_not_deletable_while_processing")
        try await harness.finishOne()
        let url = try #require(try await harness.get("/v2/generate/\(id)")["outputUrl"]?.text)
        let deleted = try await harness.send(.delete, "/v2/generations/\(id)")
        #expect(deleted.status == 200)
        #expect(deleted["id"]?.text == id)
        let gone = try await harness.get("/v2/generate/\(id)")
        #expect(gone.status == 404)
        #expect(gone.code == "generation_not_found")
        #expect(try await harness.send(.get, String(url.dropFirst(21)), key: "").status == 404)
    }

    @Test("27: the long poll ends with the generation or with its time, and asks no more than it may")
    func longPoll() async throws {
        let harness = try await Harness()
        let id = try #require(try await harness.create()["id"]?.text)
        let start = ContinuousClock.now
        let running = try await harness.get("/v2/generate/\(id)?wait=true&timeout=1")
        #expect(running.status == 200)
        #expect(running["status"]?.text == "PENDING")
        #expect(ContinuousClock.now - start >= .seconds(1))
        #expect(running.headers["Retry-After"] == "2")
        #expect(running.headers["X-Sync-Wait-Mode"] == "long_poll")
        #expect(running.headers["X-Sync-Wait-Timeout-Seconds"] == "1")
        async let waiting = harness.get("/v2/generate/\(id)?wait=true&timeout=55")
        try await harness.finishOne()
        #expect(try await waiting["status"]?.text == "COMPLETED")
        #expect(try await harness.get("/v2/generate/\(id)?wait=true&include=progress").status == 400)
        #expect(try await harness.get("/v2/generate/\(id)?include=progress")["progress_percent"]?.int == 100)
        #expect(try await harness.get("/v2/generate/\(id)?include=secrets").status == 400)
        #expect(try await harness.get("/v2/generate/\(id)?wait=true&timeout=long").status == 400)
    }

    @Test("the session of a browser opens nothing here")
    func cookies() async throws {
        let harness = try await Harness()
        let cookie = try await harness.signIn(.operator)
        let headers: HTTPHeaders = ["Cookie": cookie, "Origin": "http://lips.test:8080"]
        #expect(try await harness.send(.get, "/v2/generations", headers: headers, key: "").status == 401)
        #expect(try await harness.send(.get, "/v2/generations", headers: headers).status == 200)
    }

    @Test("another organisation sees nothing")
    func foreign() async throws {
        let harness = try await Harness()
        let id = try #require(try await harness.create()["id"]?.text)
        let other = Organisation(name: "other", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(other)
        let (key, secret) = APIKey.issue(name: "other", organisation: other.id, now: SystemClock().now)
        try await harness.store.createKey(key)
        #expect(try await harness.send(.get, "/v2/generate/\(id)", key: secret).status == 404)
        #expect(try await harness.send(.delete, "/v2/generations/\(id)", key: secret).status == 404)
        #expect(try await harness.send(.get, "/v2/generations", key: secret).json == [])
        #expect(try await harness.get("/v2/generate/not-an-id").code == "invalid_generation_id")
    }
}

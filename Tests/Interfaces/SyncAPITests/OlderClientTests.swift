import Generations
import HTTP
import InterfaceHarness
import SyncAPI
import Testing
import Text

/// What clients of earlier years and careless ones send.
@Suite("Sync: older clients")
struct OlderClientTests {
    @Test("names of retired models mean the nearest of today, which is what is shown")
    func models() async throws {
        let harness = try await Harness { $0.prices = SyncModels.publishedPrices }
        for name in ["lipsync-1.8.0", "lipsync-1.7.1", "lipsync-1.6.0"] {
            let answer = try await harness.create(["model": .string(name)])
            #expect(answer.status == 201, "\(answer.text)")
            #expect(answer["model"]?.text == "lipsync-1.9.0-beta", "\(answer.text)")
            let cost = try await harness.send(
                .post, "/v2/generations/estimate", json: ["model": .string(name), "duration": 4, "fps": 25])
            #expect(cost["estimatedGenerationCost"]?.double == 0.1, "\(cost.text)")
        }
        let models = try await harness.get("/v2/models").text
        #expect(!models.contains("1.8.0"))
        #expect(!models.contains("1.7.1"))
    }

    @Test("filters may have blanks after commas, and statuses that nothing has any more meet nothing")
    func filters() async throws {
        let harness = try await Harness()
        let done = try #require(try await harness.create()["id"]?.text)
        try await harness.finishOne()
        let waiting = try #require(try await harness.create(headers: ["x-sync-source": "mcp"])["id"]?.text)
        func list(_ query: String) async throws -> [String] {
            let answer = try await harness.get("/v2/generations?\(query)")
            #expect(answer.status == 200, "\(answer.text)")
            return answer.json.array?.compactMap { $0["id"]?.text } ?? ["?"]
        }
        #expect(Set(try await list("ids=\(done),%20\(waiting)%20,")) == [done, waiting])
        #expect(Set(try await list("status=PENDING,+COMPLETED")) == [done, waiting])
        #expect(try await list("source=comfyui,%20mcp") == [waiting])
        for word in ["CANCELED", "CANCELLED", "TIMED_OUT", "TIMED_OUT,CANCELED"] {
            #expect(try await list("status=\(word)").isEmpty)
            #expect(try await list("status=\(word)&limit=5").isEmpty)
            #expect(try await list("status=\(word),%20COMPLETED") == [done])
            #expect(try await harness.get("/v2/generations/count?status=\(word)").json == ["count": 0])
        }
        #expect(try await harness.get("/v2/generations?status=LOST").status == 400)
        #expect(try await harness.get("/v2/assets?types=AUDIO,%20VIDEO").status == 200)
        #expect(try await harness.get("/v2/generate/\(done)?include=progress,%20progress").status == 200)
    }

    @Test("a slash at the end of a path leads to the same")
    func slash() async throws {
        let harness = try await Harness()
        let body: JSONValue = ["model": "lipsync-2", "input": Harness.usualInput]
        let created = try await harness.send(.post, "/v2/generate/", json: body)
        #expect(created.status == 201)
        let id = try #require(created["id"]?.text)
        for path in ["/v2/generate/\(id)/", "/v2/generations/\(id)/", "/v2/generations/", "/v2/models/?x=1"] {
            #expect(try await harness.get(path).status == 200, "\(path)")
        }
        #expect(try await harness.get("/v2/nothing/").status == 404)
    }

    @Test("the document names the languages that a dubbing may come from")
    func languages() async throws {
        let harness = try await Harness()
        let dub = try await harness.get("/api-json")["components"]?["schemas"]?["CreateGeneration"]?["properties"]?[
            "dubParams"]?["properties"]
        let sources = try #require(dub?["sourceLang"]?["enum"]?.array?.compactMap { $0.text })
        let targets = try #require(dub?["targetLang"]?["enum"]?.array?.compactMap { $0.text })
        #expect(targets.count == 93)
        #expect(sources == ["auto"] + targets)
    }
}

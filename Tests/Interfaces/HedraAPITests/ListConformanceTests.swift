import Generations
import HTTP
import InterfaceHarness
import Persistence
import StoreConformance
import Testing
import Text
import Time

/// Goal: lists, states and speech jobs are as the contract's cases 34 to 37 say.
@Suite("Lists and speech: conformance cases by number")
struct ListConformanceTests {
    @Test("34: pages are newest first and begin where they are told to")
    func case34() async throws {
        let harness = try await Harness()
        var ids: [String] = []
        for index in 0..<4 {
            ids.append(try await harness.order(inputs: ["text_prompt": .string("job \(index)")])["id"]?.text ?? "")
            try await Task.sleep(for: .milliseconds(2))
        }
        let answer = try await harness.get("/generations?limit=2&offset=1&foo=bar")
        #expect(answer["page_info"]?["limit"]?.int == 2)
        #expect(answer["page_info"]?["offset"]?.int == 1)
        let items = answer["data"]?.array ?? []
        #expect(items.compactMap { $0["id"]?.text } == [ids[2], ids[1]])
        for item in items {
            #expect(item["input"]?["type"]?.text == "video")
            #expect(item["status"]?.text == "queued")
            #expect(item["created_at"]?.text != nil)
            #expect(item["type"]?.text == "video")
        }
        let beyond = try await harness.get("/generations?offset=99")
        #expect(beyond.status == 200)
        #expect(beyond["data"]?.array?.isEmpty == true)
        #expect(beyond["page_info"]?["limit"]?.int == 100)
        try await harness.finishOne()
        let all = try await harness.get("/generations")["data"]?.array ?? []
        try #require(all.last?["asset"]?["asset"]?["type"]?.text == "generated_video")
        #expect(all[0]["asset"] == nil)
    }

    @Test("a damaged generation or asset hides no other, whatever is asked for")
    func damaged() async throws {
        let harness = try await Harness()
        var ids: [String] = []
        for _ in 0..<3 { ids.append(try #require(try await harness.order()["id"]?.text)) }
        let images = try await harness.get("/assets?type=image").list.count
        let connection = try SQLiteDatabase.openWriter(path: harness.folder + "/test.db")
        try connection.run("UPDATE generations SET request = 'x' WHERE id = '\(ids[1])'")
        try connection.run(
            "UPDATE assets SET visibility = 'x' WHERE id = (SELECT min(id) FROM assets WHERE kind = 'image')")
        for query in [
            "", "type=video", "prompt_query=talks", "type=video&limit=2", "ids=\(ids.joined(separator: ","))",
        ] {
            let answer = try await harness.get("/generations?\(query)")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(Set(answer["data"]?.array?.compactMap { $0["id"]?.text } ?? []) == [ids[0], ids[2]], "\(query)")
        }
        #expect(try await harness.get("/assets?type=image").list.count == images - 1)
    }

    @Test("35: filters hold, alone and together")
    func case35() async throws {
        let harness = try await Harness()
        let thread = AssetID().rawValue
        let video = try await harness.order(
            ["agent_thread_id": .string(thread)], inputs: ["text_prompt": "A Smiling 100% person"])
        let id = try #require(video["id"]?.text)
        let spoken = try await harness.post(
            "/generations", ["type": "text_to_speech", "voice_id": .string(Harness.exampleVoice), "text": "One two"])
        let speech = try #require(spoken["id"]?.text)
        func ids(_ query: String) async throws -> [String] {
            let answer = try await harness.get("/generations?\(query)")
            #expect(answer.status == 200, "\(answer.text)")
            return (answer["data"]?.array ?? []).compactMap { $0["id"]?.text }
        }
        #expect(try await ids("type=text_to_speech") == [speech])
        #expect(try await ids("type=audio") == [speech])
        #expect(try await ids("type=video") == [id])
        #expect(try await ids("type=image").isEmpty)
        #expect(try await ids("ids=\(id)") == [id])
        #expect(try await ids("ids=\(id),\(AssetID().rawValue)") == [id])
        #expect(try await ids("ids=nonsense").isEmpty)
        #expect(try await ids("agent_thread_id=\(thread.uppercased())") == [id])
        #expect(try await ids("agent_thread_id=\(AssetID().rawValue)").isEmpty)
        #expect(try await ids("prompt_query=smiling%20100%25") == [id])
        #expect(try await ids("prompt_query=TWO") == [speech])
        #expect(try await ids("prompt_query=1_0").isEmpty)
        #expect(try await ids("created_after=2100-01-01T00:00:00Z").isEmpty)
        #expect(try await ids("created_before=2026-01-01T00:00:00Z").isEmpty)
        #expect(try await ids("created_after=2020-01-01T00:00:00%2B01:00&type=video") == [id])
        #expect(try await harness.get("/generations?limit=x").problems == ["int_parsing query.limit"])
        #expect(try await harness.get("/generations?limit=0").problems == ["greater_than_equal query.limit"])
        #expect(try await harness.get("/generations?offset=-1").problems == ["greater_than_equal query.offset"])
        #expect(
            try await harness.get("/generations?agent_thread_id=x").problems == ["uuid_parsing query.agent_thread_id"])
        #expect(try await harness.get("/generations?type=x").problems == ["enum query.type"])
        #expect(try await harness.get("/generations?created_after=now").isRefusal(422))
    }

    @Test("36: unknown names are 404, others 422")
    func case36() async throws {
        let harness = try await Harness()
        #expect(try await harness.get("/generations/\(GenerationID().rawValue)/status").isRefusal(404, "NOT_FOUND"))
        #expect(try await harness.get("/generations/abc/status").problems == ["uuid_parsing path.generation_id"])
        let foreign = try await Harness()
        let id = try await foreign.order()["id"]?.text ?? ""
        #expect(try await harness.get("/generations/\(id)/status").isRefusal(404))
    }

    @Test("37: a text becomes a sound that is an asset and may be used as a voice")
    func case37() async throws {
        let harness = try await Harness()
        let voice = try await harness.get("/voices").list[0]["id"] ?? .null
        let answer = try await harness.post(
            "/generations", ["type": "text_to_speech", "voice_id": voice, "text": "One two three"])
        #expect(answer["type"]?.text == "text_to_speech")
        #expect(answer["stability"]?.double == 1)
        #expect(answer["language"]?.text == "auto")
        #expect(answer["batch_results"] == nil)
        try await harness.finishOne()
        let done = try await harness.get("/generations/\(answer["id"]?.text ?? "")/status")
        #expect(done["status"]?.text == "complete")
        #expect(done["type"]?.text == "audio")
        #expect(done["url"]?.text != nil)
        let asset = try await harness.get("/assets?type=audio&ids=\(answer["asset_id"]?.text ?? "")").list[0]
        #expect(asset["asset"]?["duration_ms"]?.int == 4000)
        #expect(asset["asset"]?["type"]?.text == "generated_audio")
        #expect(asset["asset"]?["generated_audio_inputs"]?["voice_id"] == voice)
        #expect(try await harness.order(["audio_id": answer["asset_id"]]).status == 200)
        #expect(
            try await harness.post("/generations", ["type": "text_to_speech"]).problems
                == ["missing body.text_to_speech.voice_id", "missing body.text_to_speech.text"])
        let silent = try await Harness(speaks: false).post(
            "/generations", ["type": "text_to_speech", "voice_id": voice, "text": "One"])
        #expect(silent.isRefusal(400, "FAILED_PRECONDITION"))
    }

    @Test("The time that is left is told by the server's own history, and not before there is one")
    func estimate() async throws {
        let harness = try await Harness()
        let first = try await harness.order()
        #expect(first["eta_sec"] == nil)
        let now = SystemClock().now
        let job = try #require(
            try await harness.store.claimJob(
                worker: "w", now: now.advanced(by: .seconds(1)), policy: JobPolicy()))
        let facts = OutputFacts(
            blob: BlobKey(rawValue: "x"), durationSeconds: 4, width: 2, height: 2, byteCount: 1, frameCount: 1)
        _ = try await harness.store.finishJob(
            AttemptReport(id: job.generation.id, fence: job.lease.fence, outcome: .completed(facts)),
            now: now.advanced(by: .seconds(31)), policy: JobPolicy())
        // Another look at the store, as after ten seconds.
        let later = try await Harness(sharing: harness)
        let second = try await later.order()
        #expect(second["eta_sec"]?.int == 30, "\(second.text)")
        #expect(try await later.get("/models").list[0]["eta_ms"]?.int == 30_000)
    }
}

import Generations
import HTTP
import InterfaceHarness
import Persistence
import StoreConformance
import Testing
import Text
import Time

/// Goal: orders of videos are accepted, refused and turned into work as the contract's cases 10 to 25 say.
@Suite("Videos, their voices, lengths and batches: conformance cases by number")
struct VideoConformanceTests {
    @Test("10, 11, 13: an order is echoed, readable at once, goes forward, and becomes an asset with its parts inside")
    func cases10To13() async throws {
        let harness = try await Harness()
        let answer = try await harness.order()
        #expect(answer.status == 200)
        #expect(answer["type"]?.text == "video")
        #expect(answer["status"]?.text == "queued")
        let id = try #require(answer["id"]?.text)
        let assetID = try #require(answer["asset_id"]?.text)
        #expect(answer["ai_model_id"]?.text == Harness.defaultModel)
        #expect(answer["batch_size"]?.int == 1)
        #expect(answer["progress"]?.double == 0)
        #expect(answer["eta_sec"] == nil)
        let parts = try #require(answer["batch_results"]?.array)
        try #require(parts.count == 1)
        #expect(parts[0]["id"]?.text == id)
        #expect(parts[0]["asset_id"]?.text == assetID)
        #expect(answer["batch_generation_id"]?.text != nil)
        #expect(answer["audio_id"]?.text != nil)
        for name in [
            "workspace_id", "agent_thread_id", "generation_id", "generation_ids", "start_keyframe_url",
            "end_keyframe_id", "audio_generation", "audio_start_ms", "reference_image_ids", "video_id",
        ] { #expect(answer.json.object?[name]?.isNull == true, "\(name)") }
        #expect(answer["generated_video_inputs"]?["enhance_prompt"]?.bool == false)

        let queued = try await harness.get("/generations/\(id)/status")
        #expect(queued["status"]?.text == "queued")
        #expect(queued["asset_id"]?.text == assetID)
        #expect(queued["url"] == nil)
        #expect(try await harness.get("/assets?type=video&ids=\(assetID)").list.isEmpty)
        let job = try #require(
            try await harness.store.claimJob(worker: "w", now: SystemClock().now, policy: JobPolicy()))
        for (progress, isFinalizing, word) in [(0.4, false, "processing"), (0.98, true, "finalizing")] {
            _ = try await harness.store.advanceJob(
                job.generation.id, fence: job.lease.fence, progress: progress, isFinalizing: isFinalizing)
            let seen = try await harness.get("/generations/\(id)/status")
            #expect(seen["status"]?.text == word)
            #expect(seen["progress"]?.double == progress)
            #expect(seen["url"] == nil)
        }
        _ = try await harness.store.releaseJob(job.generation.id, fence: job.lease.fence, now: SystemClock().now)
        #expect(try await harness.get("/generations/\(id)/status")["status"]?.text == "finalizing")
        try await harness.finishOne()

        let url = try await Self.expectComplete(answer, harness)
        #expect(try await harness.send(.get, url, key: "").status == 200)
        #expect(try await harness.send(.head, url, key: "").status == 200)
        let part = try await harness.send(.get, url, headers: ["Range": "bytes=0-3"], key: "")
        #expect(part.status == 206)
        try await Self.expectAsset(answer, harness)
    }

    /// The status of an order that is done; gives the path and query of its video.
    private static func expectComplete(_ answer: Answer, _ harness: Harness) async throws -> String {
        let id = try #require(answer["id"]?.text)
        let done = try await harness.get("/generations/\(id)/status")
        #expect(done["status"]?.text == "complete")
        #expect(done["progress"]?.double == 1)
        #expect(done["type"]?.text == "video")
        #expect(done["created_at"] == answer["created_at"])
        #expect(done["error"] == nil)
        let url = try #require(done["download_url"]?.text)
        #expect(done["url"]?.text == url)
        #expect(done["streaming_url"]?.text == url)
        return String(url.dropFirst("http://lips.test:8080".count))
    }

    /// The asset that an order became, with its parts inside and a thumbnail that can be fetched.
    private static func expectAsset(_ answer: Answer, _ harness: Harness) async throws {
        let assetID = try #require(answer["asset_id"]?.text)
        let assets = try await harness.get("/assets?type=video&ids=\(assetID)").list
        let inner = try #require(assets.first?["asset"])
        #expect(assets.count == 1)
        #expect(inner["type"]?.text == "generated_video")
        #expect((inner["width"]?.int, inner["height"]?.int, inner["duration_ms"]?.int) == (540, 960, 4000))
        #expect(inner["preview_url"]?.text != nil)
        #expect(inner["poster_url"]?.text != nil)
        #expect(inner["keyframe_start"]?["id"] == answer["start_keyframe_id"])
        #expect(inner["audio"]?["id"] == answer["audio_id"])
        #expect(inner["generated_video_inputs"]?["text_prompt"] != nil)
        let thumbnail = try #require(assets[0]["thumbnail_url"]?.text)
        let small = try await harness.send(.get, String(thumbnail.dropFirst("http://lips.test:8080".count)), key: "")
        #expect(small.status == 200)
        #expect(small.headers["Content-Type"] == "image/jpeg")
    }

    @Test("14 to 17: shift and length reach the plan; a shift behind the end, and a fraction, are refused")
    func cases14To17() async throws {
        let harness = try await Harness()
        for (start, wanted, expected) in [
            (-1000, nil, nil), (1500, nil, nil), (-1000, 3000, 3000), (nil, 6000, 6000), (nil, 0, nil),
        ] as [(Int?, Int?, Int?)] {
            let answer = try await harness.order(
                ["audio_start_ms": start.map { .integer(Int64($0)) } ?? .null],
                inputs: ["duration_ms": wanted.map { .integer(Int64($0)) } ?? .null])
            let animation = try #require(try await harness.generation(answer).request.animationParameters)
            #expect(animation.audioStartMilliseconds == start ?? 0)
            #expect(animation.durationMilliseconds == expected)
        }
        let count = try await harness.count()
        #expect(try await harness.order(["audio_start_ms": 4000]).isRefusal(400, "INVALID_ARGUMENT"))
        #expect(
            try await harness.order(["audio_start_ms": 1.5]).problems == ["int_from_float body.video.audio_start_ms"])
        #expect(try await harness.order(inputs: ["duration_ms": -1]).isRefusal(400))
        #expect(try await harness.order(inputs: ["duration_ms": 600_001]).isRefusal(400))
        let omnia: [String: JSONValue?] = ["ai_model_id": "ab372b84-432f-44f5-bacc-c2542465f712"]
        let long: JSONValue = .string(try await harness.asset("audio 9"))
        #expect(try await harness.order(omnia.merging(["audio_id": long]) { $1 }).isRefusal(400))
        #expect(try await harness.count() == count)
        #expect(
            try await harness.order(omnia.merging(["audio_id": long]) { $1 }, inputs: ["duration_ms": 8000]).status
                == 200)
    }

    @Test("18: a text is spoken first by the chosen voice; it becomes an asset that the video shows")
    func case18() async throws {
        let harness = try await Harness()
        let voices = try await harness.get("/voices").list
        let speech: JSONValue = [
            "voice_id": voices[1]["id"] ?? .null, "text": "Guten Tag", "speed": 0.8, "stability": 0.25,
        ]
        let answer = try await harness.order(["audio_id": nil, "audio_generation": speech])
        #expect(answer["audio_generation"]?["type"]?.text == "text_to_speech", "\(answer.text)")
        let request = try await harness.generation(answer).request
        guard case .script(let script)? = request.inputs.last?.source else { throw JSONFormError("no script") }
        #expect(
            (script.voiceID, script.script, script.speed, script.stability) == ("espeak-de", "Guten Tag", 0.8, 0.75))
        try await harness.finishOne()
        let video = try await harness.get("/assets?type=video").list[0]["asset"]
        #expect(video?["audio"]?["asset"]?["type"]?.text == "generated_audio")
        #expect(video?["audio"]?["asset"]?["generated_audio_inputs"]?["text_prompt"]?.text == "Guten Tag")
        let audio = try await harness.get("/assets?type=audio&ids=\(video?["audio"]?["id"]?.text ?? "")").list
        try #require(audio.count == 1)
        #expect(audio[0]["asset"]?["generated_audio_inputs"]?["voice_name"]?.text == "German")
    }

    @Test("The voice of all examples speaks the language that is asked for, English without a word")
    func exampleVoice() async throws {
        let harness = try await Harness()
        for (language, expected) in [("auto", "flite-slt"), ("German", "espeak-de"), ("Thai", "flite-slt")] {
            let answer = try await harness.order([
                "audio_id": nil,
                "audio_generation": [
                    "voice_id": .string(Harness.exampleVoice), "text": "Hello", "language": .string(language),
                ],
            ])
            guard case .script(let script)? = try await harness.generation(answer).request.inputs.last?.source else {
                throw JSONFormError("no script")
            }
            #expect(script.voiceID == expected)
        }
    }

    @Test("19, 20: an uploaded sound wins over a text; a talking picture without any voice is refused")
    func cases19And20() async throws {
        let harness = try await Harness()
        let speech: JSONValue = ["voice_id": .string(Harness.exampleVoice), "text": "Other words"]
        let both = try await harness.order(["audio_generation": speech])
        let request = try await harness.generation(both).request
        #expect(request.inputs.map(\.kind) == [.image, .audio])
        #expect(request.speechAsset == nil)
        #expect(both["audio_generation"]?["text"]?.text == "Other words")
        #expect(try await harness.order(["audio_id": nil]).problems == ["missing body.video.audio_id"])
        #expect(try await harness.count() == 1)
    }

    @Test("21: what is wrong in a text to be spoken is named by its place")
    func case21() async throws {
        let harness = try await Harness()
        func problems(_ speech: JSONValue) async throws -> [String] {
            try await harness.order(["audio_id": nil, "audio_generation": speech]).problems
        }
        let place = "body.video.audio_generation"
        #expect(
            try await problems(["type": "audio"])
                == ["literal_error \(place).type", "missing \(place).voice_id", "missing \(place).text"])
        let voice: JSONValue = .string(Harness.exampleVoice)
        #expect(
            try await problems(["voice_id": voice, "text": "a", "speed": 3]) == ["less_than_equal \(place).speed"])
        #expect(try await problems(["voice_id": voice, "text": "a", "language": "en"]) == ["enum \(place).language"])
        #expect(try await problems(["voice_id": "v", "text": "a"]) == ["uuid_parsing \(place).voice_id"])
        for (speech, status) in [
            (["voice_id": .string(AssetID().rawValue), "text": "a"], 404), (["voice_id": voice, "text": "..."], 400),
            (["voice_id": voice, "text": .string(String(repeating: "a", count: 5001))], 400),
        ] as [(JSONValue, Int)] {
            #expect(try await harness.order(["audio_id": nil, "audio_generation": speech]).isRefusal(status))
        }
        #expect(try await harness.count() == 0)
    }

    @Test("22, 23: a batch is so many jobs with names, assets and seeds of their own, and one spoken sound")
    func cases22And23() async throws {
        let harness = try await Harness()
        let speech: JSONValue = ["voice_id": .string(Harness.exampleVoice), "text": "Hello"]
        let answer = try await harness.order(
            ["batch_size": 3, "audio_id": nil, "audio_generation": speech], inputs: ["seed": 7])
        let parts = try #require(answer["batch_results"]?.array)
        #expect(Set(parts.compactMap { $0["id"]?.text }).count == 3)
        #expect(Set(parts.compactMap { $0["asset_id"]?.text }).count == 3)
        var made: [Generation] = []
        for index in 0..<3 { made.append(try await harness.generation(answer, part: index)) }
        #expect(made.map(\.request.animationParameters?.seed) == [7, 8, 9])
        #expect(Set(made.map(\.request.speechAsset)).count == 1)
        #expect(made[0].request.speechAsset != nil)
        let listed = try await harness.get("/generations")["data"]?.array ?? []
        #expect(Set(listed.map { $0["batch_generation_id"] }) == [answer["batch_generation_id"]])
        // Each ends on its own; the sound that they share is there once.
        for _ in 0..<3 { try await harness.finishOne() }
        #expect(try await harness.get("/assets?type=audio").list.count == 1)
        #expect(try await harness.get("/assets?type=video").list.count == 3)

        let place = "body.video.batch_size"
        #expect(try await harness.order(["batch_size": 0]).problems == ["greater_than_equal \(place)"])
        #expect(try await harness.order(["batch_size": 9]).problems == ["less_than_equal \(place)"])
        #expect(try await harness.order(["batch_size": 1.5]).problems == ["int_from_float \(place)"])
        #expect(try await harness.order(["batch_size": "two"]).problems == ["int_parsing \(place)"])
        #expect(try await harness.order(["batch_size": "2"])["batch_results"]?.array?.count == 2)
        let unseeded = try await harness.order(["batch_size": 2, "batch_generation_id": "mine"])
        let seeds = [
            try await harness.generation(unseeded).request.animationParameters?.seed,
            try await harness.generation(unseeded, part: 1).request.animationParameters?.seed,
        ]
        #expect(seeds[0] != nil)
        #expect(seeds[0] != seeds[1])
        #expect(unseeded["batch_generation_id"]?.text == "mine")
    }

    @Test("24: a reserved name is used once; the same request again is answered, another one refused")
    func case24() async throws {
        let harness = try await Harness()
        let other = try await Harness()
        let id = GenerationID().rawValue
        let body: [String: JSONValue?] = [
            "generation_id": .string(id), "start_keyframe_id": .string(try await harness.asset("image")),
            "audio_id": .string(try await harness.asset("audio 4")),
        ]
        let first = try await harness.order(body)
        #expect(first["id"]?.text == id)
        #expect(first["generation_id"]?.text == id)
        let again = try await harness.order(body)
        #expect(again.status == 200)
        #expect(again["id"]?.text == id)
        #expect(again["asset_id"] == first["asset_id"])
        #expect(try await harness.count() == 1)
        #expect(try await harness.order(body, inputs: ["text_prompt": "Other"]).isRefusal(409, "ALREADY_EXISTS"))
        #expect(try await harness.count() == 1)
        #expect(try await other.order(["generation_id": .string(id)]).status == 200)
    }

    @Test("an empty list of reserved names reserves none")
    func emptyNames() async throws {
        let harness = try await Harness()
        let id = GenerationID().rawValue
        let empty: [String: JSONValue?] = ["generation_ids": [], "reserved_asset_ids": []]
        let batch = try await harness.order(empty.merging(["batch_size": 2]) { $1 })
        #expect(batch.status == 200, "\(batch.text)")
        #expect(batch["batch_results"]?.array?.count == 2, "\(batch.text)")
        #expect(batch.json.object?["generation_ids"] == .null)
        // Nothing is reserved, so the same request again is another wish.
        #expect(try await harness.order(empty.merging(["batch_size": 2]) { $1 })["id"] != batch["id"])
        let single = try await harness.order(empty.merging(["generation_id": .string(id)]) { $1 })
        #expect(single.status == 200, "\(single.text)")
        #expect(single["id"]?.text == id, "\(single.text)")
    }

    @Test("24: two equal requests at the same moment make one job")
    func simultaneous() async throws {
        let harness = try await Harness()
        let ids = (0..<2).map { _ in JSONValue.string(GenerationID().rawValue) }
        let body: [String: JSONValue] = [
            "batch_size": 2, "generation_ids": .array(ids),
            "start_keyframe_id": .string(try await harness.asset("image")),
            "audio_id": .string(try await harness.asset("audio 4")), "generated_video_inputs": ["text_prompt": ""],
        ]
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<8 { group.addTask { try await harness.post("/generations", .object(body)) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 200 && $0["batch_results"]?.array?.map { $0["id"] } == ids })
        #expect(try await harness.count() == 2)
    }

    @Test("25: lists of reserved names must fit the batch")
    func case25() async throws {
        let harness = try await Harness()
        let (one, two) = (JSONValue.string(GenerationID().rawValue), JSONValue.string(GenerationID().rawValue))
        let place = "body.video.generation_ids"
        func problems(_ size: Int64, _ changes: [String: JSONValue?]) async throws -> [String] {
            try await harness.order(changes.merging(["batch_size": .integer(size)]) { $1 }).problems
        }
        #expect(try await problems(2, ["generation_ids": [one]]) == ["value_error \(place)"])
        #expect(try await problems(2, ["generation_ids": [one, one]]) == ["value_error \(place)"])
        #expect(try await problems(1, ["generation_ids": [one], "generation_id": one]) == ["value_error \(place)"])
        #expect(try await problems(2, ["generation_id": one]) == ["value_error body.video.generation_id"])
        #expect(try await problems(1, ["generation_ids": ["x"]]) == ["uuid_parsing \(place).0"])
        #expect(try await harness.count() == 0)
        let answer = try await harness.order(["batch_size": 2, "generation_ids": [one, two]])
        #expect(answer["batch_results"]?.array?.map { $0["id"] } == [one, two])
        #expect(try await harness.order(["generation_ids": [.string(GenerationID().rawValue)]]).status == 200)
        let asset = JSONValue.string(AssetID().rawValue)
        #expect(try await harness.order(["reserved_asset_id": asset])["asset_id"] == asset)
        #expect(try await harness.order(["reserved_asset_id": asset]).isRefusal(409, "ALREADY_EXISTS"))
    }
}

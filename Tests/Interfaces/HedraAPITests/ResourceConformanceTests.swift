import Generations
import HTTP
import HedraAPI
import InterfaceHarness
import Persistence
import Testing
import Text

/// Goal: models, voices, assets and credits are as the contract's conformance cases 1 to 9 and 38 say.
@Suite("Models, voices, assets, credits: conformance cases by number")
struct ResourceConformanceTests {
    @Test("1: without a key, and with a wrong one, nothing is told")
    func case1() async throws {
        let harness = try await Harness()
        for key in ["", "sk_hedra_wrong"] {
            let answer = try await harness.send(.get, "/web-app/public/models", key: key.isEmpty ? "" : key)
            #expect(answer.isRefusal(401, "UNAUTHORIZED"), "\(answer.text)")
        }
    }

    @Test("2: the list of models begins with the talking picture and has what strict clients demand")
    func case2() async throws {
        let harness = try await Harness()
        let models = try await harness.get("/models").list
        #expect(!models.isEmpty)
        for model in models {
            for name in ["id", "name", "type"] { #expect(model[name]?.text != nil, "\(name) of \(model)") }
            #expect(model["price_details"]?["billing_unit"]?.text != nil)
        }
        #expect(models[0]["id"]?.text == Harness.defaultModel)
        #expect(models[0]["type"]?.text == "video")
        #expect(models[0]["requires_audio_input"]?.bool == true)
        #expect(models[0]["requires_start_frame"]?.bool == true)
        let size = models[0]["dimensions"]?["9:16"]?["540p"]
        #expect((size?["width"]?.int, size?["height"]?.int) == (540, 960))
        let ids = Set(models.compactMap { $0["id"]?.text })
        for id in [
            "26f0fc66-152b-40ab-abed-76c43df99bc8", "ab372b84-432f-44f5-bacc-c2542465f712",
            "d7eb3b2e-c8f8-45f9-83db-34f18dd0ba85", "0451ceea-a7b5-4275-a970-82bf4ef38055", Harness.motionModel,
            "10a4d9fb-491a-4ced-ac00-e980bf18e53f", Harness.morphModel,
        ] { #expect(ids.contains(id), "\(id)") }
    }

    @Test("3: types come as repeated keys, as a JSON array, and joined by commas; another word is refused")
    func case3() async throws {
        let harness = try await Harness()
        func types(_ query: String) async throws -> Set<String> {
            Set(try await harness.get("/models?\(query)").list.compactMap { $0["type"]?.text })
        }
        #expect(try await types("types=video&types=image") == ["video"])
        #expect(try await types("types=%5B%22video%22%5D") == ["video"])
        #expect(try await types("types=video,text_to_speech") == ["video", "text_to_speech"])
        let answer = try await harness.get("/models?types=nonsense")
        #expect(answer.isRefusal(422), "\(answer.text)")
        #expect(answer.problems == ["enum query.types.0"], "\(answer.text)")
    }

    @Test("4: voices are assets with labels, and their names are UUIDs that stay the same")
    func case4() async throws {
        let harness = try await Harness()
        let voices = try await harness.get("/voices").list
        #expect(voices.count == 2)
        for voice in voices {
            #expect(voice["type"]?.text == "voice")
            #expect(voice["asset"]?["type"]?.text == "voice")
            #expect(voice["thumbnail_url"]?.text != nil)
            #expect(AssetID(parsing: voice["id"]?.text ?? "") != nil)
            for label in voice["asset"]?["labels"]?.array ?? [] {
                #expect(label["name"]?.text != nil)
                #expect(label["value"]?.text != nil)
            }
        }
        #expect(try await Harness().get("/voices").list.map { $0["id"] } == voices.map { $0["id"] })
        #expect(try await harness.get("/assets?type=voice&ids=\(voices[1]["id"]?.text ?? "")").list.count == 1)
        #expect(try await Harness(speaks: false).get("/voices").list.isEmpty)
    }

    @Test("5, 6: announced, sent without and with a type, the files are what they are")
    func cases5And6() async throws {
        let harness = try await Harness()
        let announced = try await harness.post("/assets", ["name": "p.png", "type": "image"])
        #expect(announced.status == 200)
        #expect(announced["upload_url"] == nil)
        #expect(announced["name"]?.text == "p.png")
        let id = try #require(announced["id"]?.text)
        let sent = try await harness.upload("image", to: id)
        #expect(sent.status == 200)
        #expect(sent["id"]?.text == id)
        #expect(sent["asset"]?["type"]?.text == "uploaded_image")
        #expect((sent["asset"]?["width"]?.int, sent["asset"]?["height"]?.int) == (640, 480))
        let url = try #require(sent["asset"]?["url"]?.text)
        #expect(url.hasPrefix("http://lips.test:8080/"))
        #expect(sent["thumbnail_url"]?.text == url)
        let path = String(url.dropFirst("http://lips.test:8080".count))
        #expect(try await harness.send(.get, path, key: "").status == 200)
        #expect(try await harness.send(.get, String(path.prefix { $0 != "?" }), key: "").isRefusal(401))
        let audio = try await harness.post("/assets", ["name": "a.wav", "type": "audio"])
        let heard = try await harness.upload("audio 4.0", to: audio["id"]?.text ?? "", type: "application/octet-stream")
        #expect(heard["asset"]?["duration_ms"]?.int == 4000)
        #expect(heard["thumbnail_url"]?.text == "")
    }

    @Test("7: a type that does not exist, nothing at all, and a type that nobody uploads")
    func case7() async throws {
        let harness = try await Harness()
        #expect(try await harness.post("/assets", ["name": "x", "type": "pdf"]).problems == ["enum body.type"])
        #expect(try await harness.post("/assets", [:]).problems == ["missing body.name", "missing body.type"])
        #expect(try await harness.post("/assets", ["name": "x", "type": "voice"]).isRefusal(400, "INVALID_ARGUMENT"))
    }

    @Test("8: another part's name, an unknown asset, no UUID, another kind of file")
    func case8() async throws {
        let harness = try await Harness()
        let id = try await harness.post("/assets", ["name": "p", "type": "image"])["id"]?.text ?? ""
        #expect(try await harness.upload("image", to: id, part: "f").problems == ["missing body.file"])
        let bare = try await harness.send(.post, "/web-app/public/assets/\(id)/upload", body: Array("image".utf8))
        #expect(bare.problems == ["missing body.file"])
        #expect(try await harness.upload("image", to: AssetID().rawValue).isRefusal(404, "NOT_FOUND"))
        #expect(try await harness.upload("image", to: "abc").problems == ["uuid_parsing path.id"])
        #expect(try await harness.upload("audio 4", to: id).isRefusal(400, "INVALID_ARGUMENT"))
        #expect(try await harness.get("/assets/\(id)").isRefusal(400, "FAILED_PRECONDITION"))
    }

    @Test("9: assets are listed by type and name, newest first, without those that have no file")
    func case9() async throws {
        let harness = try await Harness()
        #expect(try await harness.get("/assets").problems == ["missing query.type"])
        let first = try await harness.asset("image")
        let second = try await harness.asset("image 2")
        _ = try await harness.post("/assets", ["name": "p", "type": "image"])
        func ids(_ query: String) async throws -> [String] {
            try await harness.get("/assets?type=image\(query)").list.compactMap { $0["id"]?.text }
        }
        #expect(Set(try await ids("")) == [first, second])
        #expect(try await ids("&ids=\(first)") == [first])
        #expect(Set(try await ids("&ids=\(first)&ids=\(second)")) == [first, second])
        #expect(Set(try await ids("&ids=\(first),\(AssetID().rawValue)")) == [first])
        #expect(try await ids("&ids=nonsense").isEmpty)
        #expect(try await harness.get("/assets?type=nonsense").problems == ["enum query.type"])
    }

    @Test("A file may be sent twice, replaced until it is used, and not after")
    func replacing() async throws {
        let harness = try await Harness()
        let id = try await harness.asset("image")
        #expect(try await harness.upload("image", to: id).status == 200)
        #expect(try await harness.upload("image other", to: id).status == 200)
        #expect(try await harness.order(["start_keyframe_id": .string(id)]).status == 200)
        #expect(try await harness.upload("image other", to: id).status == 200)
        #expect(try await harness.upload("image third", to: id).isRefusal(400, "FAILED_PRECONDITION"))
    }

    @Test("A video may be sent by one PUT without a key, and is usable at once")
    func presigned() async throws {
        let harness = try await Harness()
        let announced = try await harness.post("/assets", ["name": "v.mp4", "type": "video"])
        let url = try #require(announced["upload_url"]?.text)
        let path = String(url.dropFirst("http://lips.test:8080".count))
        #expect(url.utf8.count <= 2083)
        #expect(
            try await harness.send(.put, String(path.prefix { $0 != "?" }), body: Array("video 5".utf8), key: "")
                .isRefusal(403))
        #expect(try await harness.send(.put, path, body: Array("video 5".utf8), key: "").status == 200)
        let id = announced["id"]?.text ?? ""
        let listed = try await harness.get("/assets?type=video&ids=\(id)").list
        #expect(listed.first?["asset"]?["duration_ms"]?.int == 5000)
        #expect(try await harness.upload("video 5", to: id).status == 200)
    }

    @Test("A reserved name of an asset is taken once")
    func reserved() async throws {
        let harness = try await Harness()
        let id = AssetID().rawValue
        let body: JSONValue = ["name": "p", "type": "image", "reserved_asset_id": .string(id), "unknown": 1]
        #expect(try await harness.post("/assets", body)["id"]?.text == id)
        #expect(try await harness.post("/assets", body).isRefusal(409, "ALREADY_EXISTS"))
    }

    @Test("38, 39: credits are a constant, or counted, given back by failures, and run out with 402")
    func credits() async throws {
        let free = try await Harness()
        let balance = try await free.get("/billing/credits")
        #expect(try await free.order().status == 200)
        #expect(try await free.get("/billing/credits").text == balance.text)
        #expect(balance["remaining"]?.int == 1_000_000)
        let counted = try await Harness { $0.credits = 24 }
        #expect(try await counted.order().status == 200)
        // 4 s at 6 credits, half of it at 540p.
        let after = try await counted.get("/billing/credits")
        #expect((after["remaining"]?.int, after["used"]?.int, after["expiring"]?.int) == (12, 12, 0))
        #expect(try await counted.get("/generations")["data"]?.array?[0]["credit_cost"]?.int == 12)
        #expect(try await counted.order(["batch_size": 2]).isRefusal(402, "MISSING_CREDITS"))
        #expect(try await counted.order().status == 200)
        #expect(try await counted.order().isRefusal(402, "MISSING_CREDITS"))
        try await counted.finishOne(failure: FailureFacts(code: .processingFailed, message: "No."))
        #expect(try await counted.order().status == 200)
        #expect(try await counted.count() == 3)
        // What was made was paid for, whether it is kept or not.
        let made = try await counted.finishOne()
        _ = try await counted.store.deleteGeneration(made, organisation: counted.organisation)
        #expect(try await counted.get("/billing/credits")["remaining"]?.int == 0)
    }

    @Test("The other two prefixes serve the same; other paths and methods are refused in both forms")
    func prefixes() async throws {
        let harness = try await Harness()
        let models = try await harness.get("/models").text
        #expect(try await harness.send(.get, "/public/models").text == models)
        #expect(try await harness.send(.get, "/api/public/models").text == models)
        #expect(try await harness.get("/nothing").isRefusal(404))
        #expect(try await harness.get("/generations/\(GenerationID().rawValue)").isRefusal(404))
        #expect(try await harness.send(.delete, "/web-app/public/models").isRefusal(405))
        let slow = try await Harness(requestsPerMinute: 1)
        _ = try await slow.get("/models")
        let refused = try await slow.get("/models")
        #expect(refused.isRefusal(429, "RESOURCE_EXHAUSTED"))
        #expect(refused.headers["Retry-After"] != nil)
    }
}

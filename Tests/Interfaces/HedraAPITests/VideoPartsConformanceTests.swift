import Generations
import HTTP
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Goal: what an order of a video names, and what it leaves out, counts as the contract's cases 26 to 33 say.
@Suite("Videos and what they are made of: conformance cases by number")
struct VideoPartsConformanceTests {
    @Test("26: references take the place of keyframes, which are echoed and need not exist")
    func case26() async throws {
        let harness = try await Harness()
        let subject = try await harness.asset("image 2")
        let answer = try await harness.order(["reference_image_ids": [.string(subject)]])
        #expect(answer["start_keyframe_id"]?.text != nil)
        #expect(answer["reference_image_ids"]?.array?.count == 1)
        let inputs = try await harness.generation(answer).request.inputs
        #expect(inputs.map(\.role) == [.reference, .voice])
        #expect(inputs[0].source == .asset(AssetID(rawValue: subject)))
        #expect(try await harness.order(["reference_image_ids": []]).status == 200)
        let many = JSONValue.array(Array(repeating: .string(subject), count: 9))
        #expect(try await harness.order(["reference_image_ids": many]).isRefusal(400, "INVALID_ARGUMENT"))
        let gone = JSONValue.string(AssetID().rawValue)
        for name in ["start_keyframe_id", "end_keyframe_id"] {
            let ignored = try await harness.order(["reference_image_ids": [.string(subject)], name: gone])
            #expect(ignored.status == 200, "\(ignored.text)")
            #expect(ignored[name] == gone, "\(ignored.text)")
            while try await harness.finishOne().rawValue != ignored["id"]?.text {}
            let assets = try await harness.get("/assets?type=video&ids=\(ignored["asset_id"]?.text ?? "")").list
            #expect(assets.count == 1)
        }
    }

    @Test("27: start and end picture need no voice; an end without a start, and a length off the list, are refused")
    func case27() async throws {
        let harness = try await Harness()
        let end = JSONValue.string(try await harness.asset("image 2"))
        let morph: [String: JSONValue?] = [
            "ai_model_id": .string(Harness.morphModel), "end_keyframe_id": end, "audio_id": nil,
        ]
        let answer = try await harness.order(morph, inputs: ["duration_ms": 5000])
        #expect(try await harness.generation(answer).request.inputs.map(\.role) == [.visual, .endFrame])
        try await harness.finishOne()
        let video = try await harness.get("/assets?type=video").list[0]["asset"]
        #expect(video?["keyframe_end"]?["id"] == end)
        #expect(video?.object?["audio"]?.isNull == true)
        #expect(try await harness.order(morph, inputs: ["duration_ms": 4999]).isRefusal(400))
        #expect(try await harness.order(morph.merging(["start_keyframe_id": nil]) { $1 }).isRefusal(400))
    }

    @Test("28: addresses of pictures are checked by their form alone, and fetched by the job")
    func case28() async throws {
        let harness = try await Harness()
        func order(_ url: JSONValue) async throws -> Answer {
            try await harness.order(["start_keyframe_id": nil, "start_keyframe_url": url])
        }
        let address = "http://127.0.0.1:1/p.png"
        let good = try await order(.string(address))
        #expect(try await harness.generation(good).request.inputs[0].source == .url(address))
        let place = "body.video.start_keyframe_url"
        for (url, problem) in [
            ("", "url_parsing"), ("nowhere", "url_parsing"), ("ftp://a.example/p.png", "url_scheme"),
            ("http://a.example/" + String(repeating: "a", count: 2083 - 16), "url_too_long"),
        ] { #expect(try await order(.string(url)).problems == ["\(problem) \(place)"], "\(url.prefix(40))") }
        #expect(try await order(.string("http://a.example/" + String(repeating: "a", count: 2083 - 17))).status == 200)
        // A stored picture wins over an address.
        let both = try await harness.order(["start_keyframe_url": .string(address)])
        guard case .asset = try await harness.generation(both).request.inputs[0].source else {
            throw JSONFormError("the address won")
        }
    }

    @Test("28: pictures by address are shown inside the finished asset")
    func keptPictures() async throws {
        let harness = try await Harness()
        let answer = try await harness.order([
            "start_keyframe_id": nil, "start_keyframe_url": "https://media.example/a.png",
            "end_keyframe_url": "https://media.example/b.png", "batch_size": 2,
        ])
        let inputs = try await harness.generation(answer).request.inputs
        let kept = try inputs.filter { $0.kind == .image }.map { try #require($0.keptAs) }
        try #require(kept.count == 2)
        #expect(kept[0] != kept[1])
        #expect(try await harness.generation(answer, part: 1).request.inputs == inputs)
        for id in kept {
            try await harness.store.createAsset(
                Asset(
                    id: id, organisation: harness.organisation, createdAt: SystemClock().now, name: "keyframe",
                    kind: .image, origin: .url, blob: BlobKey(rawValue: "content/\(id)")), project: nil)
        }
        try await harness.finishOne()
        let asset = try await harness.get("/assets?type=video&ids=\(answer["asset_id"]?.text ?? "")").list[0]["asset"]
        #expect(asset?["keyframe_start"]?["id"]?.text == kept[0].rawValue)
        #expect(asset?["keyframe_end"]?["id"]?.text == kept[1].rawValue)
    }

    @Test("29: a failure after acceptance is told in both forms, at status 200")
    func case29() async throws {
        let harness = try await Harness()
        let id = try #require(try await harness.order()["id"]?.text)
        try await harness.finishOne(
            failure: FailureFacts(code: .imageInaccessible, message: "The address answered with 404."))
        let answer = try await harness.get("/generations/\(id)/status")
        #expect(answer.status == 200)
        #expect(answer["status"]?.text == "error")
        #expect(answer["url"] == nil)
        #expect(answer["error"]?["type"]?.text == "INVALID_ARGUMENT")
        #expect(answer["asset_id"]?.text != nil)
        #expect(answer["error_message"]?.text == answer["error"]?["message"]?.text)
        _ = try await harness.order()
        try await harness.finishOne(failure: FailureFacts(code: .subjectNotFound, message: "No face."))
        let item = try await harness.get("/generations")["data"]?.array?[0]
        #expect(item?["error"]?["reason_code"]?.text == "IMAGE_SUBJECT_NOT_DETECTED")
        #expect(item?["asset"] == nil)
    }

    @Test("30: a driving video moves the picture; alone it needs a voice, and says that voice")
    func case30() async throws {
        let harness = try await Harness()
        let video = JSONValue.string(try await harness.asset("video 5"))
        let motion: [String: JSONValue?] = [
            "ai_model_id": .string(Harness.motionModel), "video_id": video, "audio_id": nil,
        ]
        let answer = try await harness.order(motion, inputs: ["character_orientation": "image"])
        let transfer = try await harness.generation(answer).request
        #expect(transfer.kind == .photoAnimation)
        #expect(transfer.inputs.map(\.role) == [.visual, .driving])
        #expect(transfer.animationParameters?.orientation == .image)
        let long = motion.merging(["video_id": .string(try await harness.asset("video 20"))]) { $1 }
        // A driving video that is too long is cut, a wish for more is refused.
        #expect(try await harness.order(long, inputs: ["character_orientation": "image"]).status == 200)
        for (orientation, status) in [("image", 400), ("video", 200)] as [(JSONValue, Int)] {
            let inputs: [String: JSONValue] = ["character_orientation": orientation, "duration_ms": 15_000]
            #expect(try await harness.order(long, inputs: inputs).status == status)
        }
        #expect(try await harness.order(motion.merging(["video_id": nil]) { $1 }).isRefusal(400))
        #expect(try await harness.order(motion.merging(["start_keyframe_id": nil]) { $1 }).isRefusal(400))
        let resync = try await harness.order(["start_keyframe_id": nil, "video_id": video])
        let request = try await harness.generation(resync).request
        #expect(request.kind == .lipSync)
        #expect(request.inputs.map(\.role) == [.visual, .voice])
        #expect(resync["ai_model_id"]?.text == Harness.defaultModel)
        // The model's length holds for films, too.
        let tooLong: [[String: JSONValue?]] = [
            ["audio_start_ms": -7_000_000], ["audio_id": .string(try await harness.asset("audio 700"))],
        ]
        for changes in tooLong {
            let long = try await harness.order(
                ["start_keyframe_id": nil, "video_id": video].merging(changes) { $1 })
            #expect(long.isRefusal(400, "INVALID_ARGUMENT"))
        }
        let takes = try await harness.order(["start_keyframe_id": nil, "video_id": video, "batch_size": 8])
        var liveliness: [Double] = []
        for part in 0..<8 {
            liveliness.append(
                try await harness.generation(takes, part: part).request.lipSync?.options.temperature ?? 0.5)
        }
        #expect(liveliness[0] == 0.5)
        #expect(Set(liveliness).count == 8)
        #expect(
            try await harness.order(["start_keyframe_id": nil, "video_id": video, "audio_id": nil]).isRefusal(400))
        let control = try await harness.post(
            "/generations",
            [
                "type": "motion_control", "video_id": video,
                "start_keyframe_id": .string(try await harness.asset("image")),
                "generated_video_inputs": ["text_prompt": "", "character_orientation": "sideways"],
            ])
        #expect(
            control.problems == ["literal_error body.motion_control.generated_video_inputs.character_orientation"])
    }

    @Test("31: no type means video; unknown types and what is no object are refused")
    func case31() async throws {
        let harness = try await Harness()
        #expect(try await harness.order(["type": nil])["type"]?.text == "video")
        #expect(try await harness.order(["type": "vid"]).problems == ["union_tag_invalid body"])
        func raw(_ text: String, type: String? = "application/json") async throws -> [String] {
            var headers: HTTPHeaders = [:]
            if let type { headers["Content-Type"] = type }
            let answer = try await harness.send(
                .post, "/web-app/public/generations", headers: headers, body: Array(text.utf8))
            #expect(answer.isRefusal(422))
            return answer.problems
        }
        #expect(try await raw("{\"type\":") == ["json_invalid body.8"])
        #expect(try await raw("[]") == ["model_attributes_type body"])
        #expect(try await raw("{}", type: "text/plain") == ["model_attributes_type body"])
        #expect(try await raw("") == ["missing body"])
        #expect(try await raw("{}", type: nil) == ["missing body.video.generated_video_inputs"])
        #expect(
            try await raw("{\"generated_video_inputs\":{}}")
                == ["missing body.video.generated_video_inputs.text_prompt"])
    }

    @Test("32, 33: unknown models and models of another kind are refused; unknown fields are not")
    func cases32And33() async throws {
        let harness = try await Harness()
        #expect(try await harness.order(["ai_model_id": .string(AssetID().rawValue)]).isRefusal(404))
        let speech = try await harness.get("/models?types=text_to_speech").list[0]["id"]?.text ?? ""
        let refused = try await harness.order(["ai_model_id": .string(speech)])
        #expect(refused.isRefusal(400))
        let sentence = refused["messages"]?.array?[0].text ?? ""
        #expect(sentence.contains(speech))
        #expect(sentence.contains("video"))
        #expect(try await harness.order(["motion_video_url": "x"], inputs: ["seed": 7, "other": []]).status == 200)
        // The slug wins over the id.
        let slug = try await harness.order(["model_slug": "together/hedra-avatar"])
        #expect(try await harness.generation(slug).request.model == "26f0fc66-152b-40ab-abed-76c43df99bc8")
    }

    @Test("Without any picture a generative network would be needed: refused with a sentence, nothing stored")
    func textOnly() async throws {
        let harness = try await Harness()
        for changes in [
            ["start_keyframe_id": nil], ["start_keyframe_id": nil, "audio_id": nil],
            ["start_keyframe_id": nil, "ai_model_id": "827122cd-5fdd-4412-86f2-554f7bb8eef9"],
        ] as [[String: JSONValue?]] {
            let answer = try await harness.order(changes)
            #expect(answer.isRefusal(400, "FAILED_PRECONDITION"))
            #expect(answer["messages"]?.array?[0].text?.contains("generative network") == true)
        }
        for type in ["image", "text_to_sound", "voice_clone", "speech_to_speech", "video_to_video", "text_to_music"] {
            let answer = try await harness.post("/generations", ["type": .string(type)])
            #expect(answer.isRefusal(400, "FAILED_PRECONDITION"))
            #expect(answer["messages"]?.array?[0].text?.contains(type) == true)
        }
        #expect(try await harness.count() == 0)
    }

    @Test("Assets that are unknown, foreign, of another kind or without a file are refused by their field")
    func wrongAssets() async throws {
        let harness = try await Harness()
        let image = JSONValue.string(try await harness.asset("image"))
        let empty = try await harness.post("/assets", ["name": "p", "type": "image"])["id"] ?? .null
        #expect(try await harness.order(["start_keyframe_id": empty]).isRefusal(400, "FAILED_PRECONDITION"))
        #expect(try await harness.order(["audio_id": image]).isRefusal(400, "INVALID_ARGUMENT"))
        #expect(try await harness.order(["video_id": image]).isRefusal(400, "INVALID_ARGUMENT"))
        #expect(try await harness.order(["start_keyframe_id": .string(AssetID().rawValue)]).isRefusal(404, "NOT_FOUND"))
        #expect(
            try await harness.order(["start_keyframe_id": "x"]).problems == [
                "uuid_parsing body.video.start_keyframe_id"
            ])
        #expect(try await harness.count() == 0)
    }

    @Test("Choices that the model does not offer, and points that are none, are refused; null is as good as nothing")
    func choices() async throws {
        let harness = try await Harness()
        #expect(try await harness.order(inputs: ["resolution": "8K"]).isRefusal(400))
        #expect(try await harness.order(inputs: ["aspect_ratio": "2:1"]).isRefusal(400))
        let place = "body.video.generated_video_inputs.bounding_box_target"
        #expect(
            try await harness.order(inputs: ["bounding_box_target": [0.1, 1.5]]).problems == [
                "less_than_equal \(place).1"
            ])
        #expect(try await harness.order(inputs: ["bounding_box_target": [0, 0, 0]]).problems == ["too_long \(place)"])
        #expect(try await harness.order(inputs: ["bounding_box_target": [0]]).problems == ["missing \(place).1"])
        #expect(try await harness.order(inputs: ["bounding_box_target": []]).status == 200)
        #expect(try await harness.order(inputs: ["bounding_box_target": [[0, 0], [1, 1]]]).isRefusal(400))
        let two = JSONValue.array([
            .string(try await harness.asset("audio 1")), .string(try await harness.asset("audio 2")),
        ])
        #expect(try await harness.order(["audio_id": two]).isRefusal(400))
        let answer = try await harness.order(
            ["workspace_id": nil, "video_id": .null, "batch_size": .null],
            inputs: ["resolution": nil ?? .null, "aspect_ratio": .null, "bounding_box_target": ["0.25", 0.5]])
        let animation = try #require(try await harness.generation(answer).request.animationParameters)
        #expect(animation.resolution == nil)
        #expect(animation.aspectRatio == nil)
        #expect(animation.target == [0.25, 0.5])
        let full = try await Harness(activeLimit: 1)
        _ = try await full.order()
        let refused = try await full.order()
        #expect(refused.isRefusal(429, "RESOURCE_EXHAUSTED"))
        #expect(refused.headers["Retry-After"] != nil)
    }

    @Test("A request that is too large to be kept and shown again is refused; a session of the ended product is gone")
    func size() async throws {
        let harness = try await Harness()
        let text = String(repeating: "word ", count: 14_000)
        #expect(try await harness.order(inputs: ["text_prompt": .string(text)]).isRefusal(400, "INVALID_ARGUMENT"))
        #expect(
            try await harness.order(["name": .string(String(text.prefix(256)))]).problems == [
                "string_too_long body.video.name"
            ])
        #expect(try await harness.count() == 0)
        #expect(try await harness.order(inputs: ["text_prompt": .string(String(text.prefix(50_000)))]).status == 200)
        #expect(try await harness.order(["unknown": .string(String(repeating: "x", count: 300_000))]).isRefusal(413))
        #expect(try await harness.send(.post, "/public/livekit/v1/session", key: "").isRefusal(410))
    }

    @Test("Shots take the place of prompt and length")
    func shots() async throws {
        let harness = try await Harness()
        let answer = try await harness.order(inputs: [
            "duration_ms": 9000,
            "multi_prompt": [
                ["prompt": "One smiles", "duration_ms": 3000], ["prompt": "zoom in", "duration_ms": 4000],
            ],
        ])
        let animation = try #require(try await harness.generation(answer).request.animationParameters)
        #expect(animation.durationMilliseconds == 7000)
        #expect(animation.prompt == "One smiles. zoom in")
        let status = try await harness.get("/generations/\(answer["id"]?.text ?? "")/status")
        #expect(status["report"]?["prompt_words_with_effect"]?.array?.compactMap(\.text) == ["smiles", "zoom in"])
    }

    @Test("Lists that are longer than anybody needs are refused, not cut without a word")
    func longLists() async throws {
        let harness = try await Harness()
        let shot: JSONValue = ["prompt": "a", "duration_ms": 40]
        #expect(
            try await harness.order(inputs: ["multi_prompt": .array(Array(repeating: shot, count: 101))]).problems == [
                "too_long body.video.generated_video_inputs.multi_prompt"
            ])
        let ids = (0..<1001).map { _ in JSONValue.string(AssetID().rawValue) }
        #expect(
            try await harness.order(["reference_image_ids": .array(ids)]).problems == [
                "too_long body.video.reference_image_ids"
            ])
        #expect(try await harness.count() == 0)
    }
}

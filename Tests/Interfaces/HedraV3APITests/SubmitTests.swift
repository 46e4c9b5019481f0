import Generations
import HTTP
import HedraV3API
import InterfaceHarness
import Persistence
import StoreConformance
import Testing
import Text
import Time

/// Numbered cases of the contract's section 19 about inputs, media and orders.
@Suite("Hedra v3: orders")
struct SubmitTests {
    @Test("12, 16: an order is answered at once with its paths; a key in the header and one in the body are the same")
    func accepted() async throws {
        let harness = try await Harness()
        let body: JSONValue = ["input": try await harness.avatar()]
        let answer = try await harness.post("/models/hedra-avatar", body, headers: ["Idempotency-Key": "k 1"])
        #expect(answer.status == 202)
        let id = try #require(answer["job_id"]?.text)
        #expect(id.hasPrefix("job_"))
        #expect(answer["status"] == "IN_QUEUE")
        #expect(answer["result_url"]?.text == "/v3/jobs/\(id)")
        #expect(answer["status_url"]?.text == "/v3/jobs/\(id)/status")
        #expect(answer.headers["Location"] == "/v3/jobs/\(id)")
        var older = body.object ?? [:]
        older["idempotency_key"] = "k 1"
        #expect(try await harness.post("/models/hedra-avatar", .object(older))["job_id"]?.text == id)
        let other = try await harness.post(
            "/models/hedra-avatar", ["input": try await harness.avatar(["prompt": "other"])],
            headers: ["Idempotency-Key": "k 1"])
        #expect(other.status == 409)
        #expect(other.code == "ALREADY_EXISTS")
        let long = try await harness.post(
            "/models/hedra-avatar", body, headers: ["Idempotency-Key": String(repeating: "k", count: 256)])
        #expect(long.status == 400)
    }

    @Test("15: the same key at the same time is one job")
    func atOnce() async throws {
        let harness = try await Harness()
        let body: JSONValue = ["input": try await harness.avatar()]
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await harness.post("/models/hedra-avatar", body, headers: ["Idempotency-Key": "k"])["job_id"]?
                        .text
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1 ?? "?") }
        }
        #expect(ids.count == 1)
        #expect(try await harness.get("/jobs")["data"]?.array?.count == 1)
    }

    @Test("18–21: every wrong field is told at once, each with its reason")
    func fields() async throws {
        let harness = try await Harness()
        func refused(_ body: JSONValue) async throws -> Answer {
            let answer = try await harness.post("/models/hedra-avatar", body)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(answer.code == "INVALID_ARGUMENT")
            return answer
        }
        #expect(try await refused([:]).reasons == ["input required"])
        let empty = try await refused(["input": [:]])
        #expect(
            Set(empty.reasons)
                == Set(
                    ["audio", "aspect_ratio", "prompt", "resolution", "start_image"].map { "input.\($0) required" }))
        #expect(empty["error"]?["param"]?.text == empty["error"]?["details"]?.array?.first?["field"]?.text)
        let three = try await refused([
            "input": try await harness.avatar([
                "resolution": "4K", "aspect_ratio": "5:4", "duration_ms": 600_001,
            ])
        ])
        #expect(
            Set(three.reasons)
                == ["input.resolution enum", "input.aspect_ratio enum", "input.duration_ms maximum"])
        #expect(three["error"]?["message"] == "3 input fields are invalid; see details.")
        let allowed = three["error"]?["details"]?.array?.first { $0["field"] == "input.resolution" }?["allowed"]
        #expect(allowed == ["540p", "720p", "1080p"])
        #expect(
            try await refused(["input": try await harness.avatar(["seed": 1])]).reasons
                == ["input.seed additionalProperties"])
        #expect(
            try await refused(["input": try await harness.avatar(["prompt": " \n"])]).reasons == [
                "input.prompt pattern"
            ])
        #expect(
            try await refused(["input": try await harness.avatar(["num_outputs": 2])]).reasons
                == ["input.num_outputs maximum"])
        #expect(
            try await refused(["input": try await harness.avatar(["duration_ms": 1.5])]).reasons
                == ["input.duration_ms type"])
        let more = try await harness.post(
            "/models/hedra-avatar", ["input": try await harness.avatar(["num_outputs": 1]), "other": 1])
        #expect(more.status == 202)
    }

    @Test("22: media objects have one form each")
    func mediaObjects() async throws {
        let harness = try await Harness()
        for (value, reason) in [
            (["source": "file"], "enum"), (["source": "url"], "required"),
            (["source": "url", "url": "http://a.test/x", "asset_id": "asset_1"], "additionalProperties"),
            ("http://a.test/x", "type"), (["source": "asset", "asset_id": ""], "required"),
        ] as [(JSONValue, String)] {
            let answer = try await harness.post(
                "/models/hedra-avatar", ["input": try await harness.avatar(["start_image": value])])
            #expect(answer.reasons == ["input.start_image \(reason)"], "\(answer.text)")
        }
    }

    @Test("23, 24: an address of a file is good for an hour, and as it was given")
    func handles() async throws {
        let clock = ManualClock()
        // Tokens of links are checked by the machine's own time.
        clock.advance(by: .seconds(Double(SystemClock().now.seconds - clock.now.seconds)))
        let harness = try await Harness(clock: clock)
        let image = try await harness.file("image 1")
        let url = try #require(image["url"]?.text)
        let path = String(url.dropFirst("http://lips.test:8080".count))
        #expect(try await harness.send(.get, path, key: "").status == 200)
        let changed = url.dropLast() + (url.last == "A" ? "B" : "A")
        let foreign = try await harness.post(
            "/models/hedra-avatar",
            ["input": try await harness.avatar(["start_image": ["source": "url", "url": .string(String(changed))]])])
        #expect(foreign.reasons == ["input.start_image unknown_handle"], "\(foreign.text)")
        clock.advance(by: .seconds(3601))
        let late = try await harness.post(
            "/models/hedra-avatar", ["input": try await harness.avatar(["start_image": image])])
        #expect(late.reasons == ["input.start_image expired"], "\(late.text)")
        #expect(try await harness.get("/jobs")["data"] == [])
    }

    @Test("10, 11, 26: files are what their content says, and of the kind that a field takes")
    func files() async throws {
        let harness = try await Harness()
        func send(_ parts: [FormPart]) async throws -> Answer {
            try await harness.send(form: parts, to: "/v3/files")
        }
        let text = try await send([FormPart("file", "words", fileName: "a.png")])
        #expect(text.status == 400)
        #expect(text.reasons == ["file media_type"])
        #expect(try await send([FormPart("other", "x", fileName: "a")]).reasons == ["file required"])
        #expect(try await send([FormPart("file", "", fileName: "a")]).reasons == ["file minLength"])
        #expect(try await harness.post("/files", [:]).reasons == ["file required"])
        let swapped = try await harness.post(
            "/models/hedra-avatar",
            ["input": try await harness.avatar(["start_image": try await harness.file("audio 2")])])
        #expect(swapped.reasons == ["input.start_image media_type"])
    }

    @Test("25: assets are named by their ids; a job's, an unknown one's and somebody else's are refused")
    func assets() async throws {
        let harness = try await Harness()
        func reasons(_ id: String) async throws -> Answer {
            try await harness.post(
                "/models/hedra-avatar",
                ["input": try await harness.avatar(["audio": ["source": "asset", "asset_id": .string(id)]])])
        }
        let job = try await harness.order()
        #expect(try await reasons(job)["error"]?["message"]?.text?.contains("outputs[].asset_id") == true)
        #expect(try await reasons("asset_\(AssetID().rawValue)").reasons == ["input.audio not_found"])
        let stranger = try await harness.stranger()
        let foreign = try await harness.send(
            .post, "/v3/files", headers: ["Content-Type": "multipart/form-data; boundary=edge"],
            body: Array(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\naudio 9\r\n--edge--\r\n"
                    .utf8),
            key: stranger)
        let url = try #require(foreign["url"]?.text)
        let name = url.split(separator: "/").last?.prefix { $0 != "?" } ?? ""
        #expect(try await reasons("asset_\(name)").reasons == ["input.audio not_found"])
        let byAddress = try await harness.post(
            "/models/hedra-avatar",
            ["input": try await harness.avatar(["audio": ["source": "url", "url": .string(url)]])])
        #expect(byAddress.reasons == ["input.audio unknown_handle"], "\(byAddress.text)")
    }

    @Test("27: addresses of others are taken, unless the operator takes files alone")
    func addresses() async throws {
        let input: [String: JSONValue?] = [
            "start_image": ["source": "url", "url": "http://media.test/a.png"],
            "audio": ["source": "url", "url": "http://media.test/a8.wav"],
        ]
        let open = try await Harness()
        #expect(try await open.post("/models/hedra-avatar", ["input": try await open.avatar(input)]).status == 202)
        let strict = try await Harness { $0.takesAddresses = false }
        let refused = try await strict.post("/models/hedra-avatar", ["input": try await strict.avatar(input)])
        #expect(Set(refused.reasons) == ["input.start_image unknown_handle", "input.audio unknown_handle"])
        let unreachable = try await open.post(
            "/models/hedra-avatar",
            ["input": try await open.avatar(["audio": ["source": "url", "url": "http://media.test/unreachable.wav"]])])
        #expect(unreachable.status == 400)
        #expect(unreachable.code == "INVALID_ARGUMENT")
    }

    @Test("33, 38, 40: voices, levels of quality and lists of sounds")
    func choices() async throws {
        let harness = try await Harness()
        func speak(_ changes: [String: JSONValue]) async throws -> Answer {
            var input: [String: JSONValue] = ["text": "Hello.", "voice_id": .string("voice_\(AssetID().rawValue)")]
            for (name, value) in changes { input[name] = value }
            return try await harness.post("/models/elevenlabs-v3", ["input": .object(input)])
        }
        #expect(try await speak([:]).reasons == ["input.voice_id not_found"])
        #expect(
            try await speak(["text": .string(String(repeating: "a", count: 5001))]).reasons == ["input.text maxLength"])
        #expect(try await speak(["speed": 2]).reasons == ["input.speed maximum"])
        let voices = try await harness.get("/models/elevenlabs-v3/voices")["data"]?.array ?? []
        #expect(try await speak(["voice_id": try #require(voices.first?["id"])]).status == 202)
        for (quality, shown) in [(nil, "standard"), ("pro", "pro")] as [(JSONValue?, String)] {
            let job = try await harness.post(
                "/models/kling-ai-avatar-v2",
                ["input": try await harness.avatar(["resolution": "720p", "quality": quality])])
            #expect(job.status == 202, "\(job.text)")
            let id = job["job_id"]?.text ?? ""
            #expect(try await harness.get("/jobs/\(id)")["quality"]?.text == shown)
        }
        #expect(try await harness.get("/jobs/\(try await harness.order())")["quality"] == nil)
        let sound = try await harness.file("audio 3")
        let two = try await harness.post(
            "/models/hedra-avatar", ["input": try await harness.avatar(["audio": [sound, sound]])])
        #expect(two.reasons == ["input.audio type"])
        let one = try await harness.order(["audio": [sound], "bounding_box_target": [[0.5, 0.5]]])
        #expect(!one.isEmpty)
    }

    @Test("59, 60: an estimate orders nothing; an order that the balance does not cover is refused with what is left")
    func money() async throws {
        let free = try await Harness()
        let estimate = try await free.post("/models/hedra-avatar/estimate", ["input": try await free.avatar()])
        #expect(estimate.json == ["model": "hedra-avatar", "cost": 0, "currency": "USD"])
        #expect(try await free.post("/models/hedra-avatar/estimate", [:]).reasons == ["input required"])
        #expect(try await free.get("/jobs")["data"] == [])
        #expect(try await free.get("/balance")["balance"]?.double == 1_000_000)
        let counted = try await Harness { $0.credits = 100 }
        let price = try await counted.post("/models/hedra-avatar/estimate", ["input": try await counted.avatar()])
        // 8.64 s at 7 credits.
        #expect(price["cost"]?.double == 0.61)
        _ = try await counted.order()
        let refused = try await counted.post("/models/hedra-avatar", ["input": try await counted.avatar()])
        #expect(refused.status == 402)
        let billing = refused["error"]?["billing"]
        #expect(billing?["balance"]?.double == 0.39)
        #expect(billing?["required"]?.double == 0.61)
        #expect(billing?["funding_url"]?.text?.isEmpty == false)
        #expect(try await counted.get("/balance").json == ["balance": 0.39, "currency": "USD", "spent": 0.61])
        try await counted.finishOne(.failed(FailureFacts(code: .subjectNotFound), mayRetry: false))
        #expect(try await counted.get("/balance")["balance"]?.double == 1)
        let rows = try await counted.get("/transactions")["data"]?.array ?? []
        #expect(rows.map { $0["kind"]?.text } == ["refund"])
    }

    @Test("A model's limits of length and size hold where they are known")
    func limits() async throws {
        let harness = try await Harness()
        let tall = try await harness.post(
            "/models/topaz-image-upscaler",
            ["input": ["source_image": try await harness.file("image 5"), "target_resolution": "4K"]])
        #expect(tall.status == 202, "\(tall.text)")
        let following: JSONValue = [
            "start_image": try await harness.file("image 6"), "source_video": try await harness.file("video 7"),
            "resolution": "720p",
        ]
        #expect(try await harness.post("/models/kling-26-motion-control", ["input": following]).status == 202)
        let voice = try await harness.post(
            "/models/elevenlabs-audio-isolation", ["input": ["audio": try await harness.file("audio 8")]])
        #expect(voice.status == 202)
    }
}

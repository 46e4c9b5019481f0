import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text
import Time

/// The numbered cases of fal's queue (section B.8 of the contract).
@Suite("fal: conformance")
struct FalConformanceTests {
    private static let app = "/fal/fal-ai/sync-lipsync"
    private static let input: [String: JSONValue] = [
        "video_url": "http://media.test/v4.mp4", "audio_url": "http://media.test/a8.wav",
    ]

    private static func harness(requestsPerMinute: Int = 0) async throws -> InterfaceHarness<FalAPI> {
        var parts = InterfaceHarness<FalAPI>.Parts(links: SyncAPI.links + FalAPI.links, errors: FalAPI.errors) {
            NamedMedia(blobs: $0)
        }
        parts.requestsPerMinute = requestsPerMinute
        return try await InterfaceHarness(parts) { services, _ in
            var settings = SyncSettings()
            settings.rules.features = [.pictures, .emotions]
            return FalAPI(services, settings: settings, key: SigningKey(seed: Array(0..<32)))
        } register: { api, router in
            api.register(on: &router)
        }
    }

    private static func request(_ id: String, _ harness: InterfaceHarness<FalAPI>) async throws -> GenerationRequest? {
        try await harness.store.generation(GenerationID(rawValue: id), organisation: harness.organisation)?.request
    }

    @Test("B1, B4, B21: a submit gives four addresses, which lead on, also below the model's whole name")
    func submit() async throws {
        let harness = try await Self.harness()
        let answer = try await harness.send(.post, Self.app + "/v2", json: .object(Self.input))
        #expect(answer.status == 200, "\(answer.text)")
        let id = try #require(answer["request_id"]?.text)
        #expect(answer["status"] == "IN_QUEUE")
        #expect(answer["queue_position"] == 0)
        for (name, tail) in [("response_url", ""), ("status_url", "/status"), ("cancel_url", "/cancel")] {
            #expect(answer[name]?.text == "http://lips.test:8080\(Self.app)/requests/\(id)\(tail)")
        }
        for path in [Self.app, Self.app + "/v2", Self.app + "/v2/pro"] {
            let status = try await harness.send(.get, "\(path)/requests/\(id)/status?logs=1")
            #expect(status.status == 200)
            #expect(status.headers["x-fal-request-id"] == id)
            #expect(status["response_url"] != nil)
        }
    }

    @Test("B8, B9, B19, B20: fields in fal's words become Sync's, with fal's defaults")
    func fields() async throws {
        let harness = try await Self.harness()
        func order(_ path: String, _ more: [String: JSONValue] = [:]) async throws -> GenerationRequest {
            let answer = try await harness.send(
                .post, Self.app + path, json: .object(Self.input.merging(more) { $1 }))
            #expect(answer.status == 200, "\(answer.text)")
            return try #require(try await Self.request(answer["request_id"]?.text ?? "", harness))
        }
        let plain = try await order("")
        #expect(plain.model == "lipsync-1.9.0-beta")
        #expect(plain.lipSync?.options.syncMode == .cutOff)
        #expect(try await order("", ["model": "lipsync-1.7.1", "unknown": 1]).model == "lipsync-1.9.0-beta")
        #expect(
            try await order("/v2", ["model": "lipsync-2-pro", "sync_mode": "loop"]).lipSync?.options.syncMode == .loop)
        #expect(try await order("/v2/pro").model == "lipsync-2-pro")
        let nested = try await order("/v3", ["sync_mode": "loop", "options": ["sync_mode": "cut_off"]])
        #expect(nested.lipSync?.options.syncMode == .cutOff)
        #expect(try await order("/react-1", ["emotion": "happy"]).lipSync?.options.syncMode == .bounce)
        #expect(
            try await order("/react-1", ["emotion": "sad", "sync_mode": "loop"]).lipSync?.options.syncMode == .loop)
        let picture = try await harness.send(
            .post, Self.app + "/v3/image-to-video",
            json: ["image_url": "http://media.test/a.png", "audio_url": "http://media.test/a8.wav"])
        #expect(picture.status == 200, "\(picture.text)")
        func refused(_ path: String, _ input: JSONValue) async throws -> JSONValue? {
            let answer = try await harness.send(.post, Self.app + path, json: input)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer["message"]?.text != nil)
            return answer["detail"]?.array?.first
        }
        let missing = try await refused("/v2", ["audio_url": "http://media.test/a8.wav"])
        #expect(missing?["loc"] == ["body", "video_url"])
        #expect(missing?["type"] == "missing")
        let mode = try await refused("/v2", .object(Self.input.merging(["sync_mode": "x"]) { $1 }))
        #expect(mode?["type"] == "literal_error")
        let unreachable = try await refused(
            "/v2", ["video_url": "http://media.test/unreachable.mp4", "audio_url": "http://media.test/a8.wav"])
        #expect(unreachable?["type"] == "file_download_error")
        #expect(try await harness.send(.post, "/fal/fal-ai/other", json: [:]).status == 404)
    }

    @Test("B3, B5, B6: statuses know three words; a failure is told by the result")
    func following() async throws {
        let harness = try await Self.harness()
        let id = try #require(
            try await harness.send(.post, Self.app + "/v2", json: .object(Self.input))["request_id"]?.text)
        let path = "\(Self.app)/requests/\(id)"
        let early = try await harness.send(.get, path)
        #expect(early.status == 400)
        #expect(early["detail"] == "Request is still in progress")
        let job = try await harness.claim()
        let running = try await harness.send(.get, path + "/status")
        #expect(running["status"] == "IN_PROGRESS")
        #expect(running.json.object?["logs"] == .null)
        try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .failed(FailureFacts(code: .subjectNotFound, message: "There is no face."), mayRetry: false)))
        let ended = try await harness.send(.get, path + "/status?logs=true")
        #expect(ended["status"] == "COMPLETED")
        #expect(ended["error"] == "There is no face.")
        #expect(ended["logs"]?.array?.count == 3)
        let result = try await harness.send(.get, path)
        #expect(result.status == 422)
        #expect(result["detail"]?.array?.first?["msg"] == "There is no face.")
        #expect(result["detail"]?.array?.first?["loc"] == ["body", "video_url"])
        let stranger = try await harness.stranger()
        #expect(try await harness.send(.get, path + "/status", key: stranger).status == 404)
        #expect(try await harness.send(.get, path + "/status", key: "").status == 401)
    }

    @Test("B7: a request is cancelled once it waits, and no more when it has ended")
    func cancel() async throws {
        let harness = try await Self.harness()
        func submit() async throws -> String {
            try await harness.send(.post, Self.app + "/v2", json: .object(Self.input))["request_id"]?.text ?? ""
        }
        func cancel(_ id: String) async throws -> (Int, JSONValue?) {
            let answer = try await harness.send(.put, "\(Self.app)/requests/\(id)/cancel")
            return (answer.status, answer["status"])
        }
        let waiting = try await submit()
        #expect(try await cancel(waiting) == (202, "CANCELLATION_REQUESTED"))
        #expect(try await harness.send(.get, "\(Self.app)/requests/\(waiting)/status")["status"] == "COMPLETED")
        let done = try await submit()
        let job = try await harness.claim()
        let facts = try await harness.keep("video", of: job, name: "v.mp4")
        try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .completed(
                    OutputFacts(
                        blob: facts.key, durationSeconds: 4, width: 2, height: 2, byteCount: 5, frameCount: 100))))
        #expect(try await cancel(done) == (400, "ALREADY_COMPLETED"))
        #expect(try await cancel(GenerationID().rawValue) == (404, "NOT_FOUND"))
        #expect(try await cancel("x") == (404, "NOT_FOUND"))
        let output = try await harness.send(.get, "\(Self.app)/requests/\(done)")
        #expect(output["video"]?["content_type"] == "video/mp4")
        #expect(output["video"]?["file_size"] == 5)
    }

    @Test("B10: the stream of a status ends with the request")
    func stream() async throws {
        let harness = try await Self.harness()
        let id = try await harness.send(.post, Self.app + "/v2", json: .object(Self.input))["request_id"]?.text ?? ""
        let (answer, pieces) = try await harness.stream("\(Self.app)/requests/\(id)/status/stream?logs=1")
        #expect(answer.headers["Content-Type"] == "text/event-stream")
        var text = ""
        for await piece in pieces {
            if text.isEmpty {
                _ = try await harness.send(.put, "\(Self.app)/requests/\(id)/cancel")
            }
            text += piece
        }
        let words = text.split(separator: "\n\n").compactMap { block in
            (try? JSONValue(parsing: String(block.dropFirst("data: ".count))))?["status"]?.text
        }
        #expect(words.first == "IN_QUEUE")
        #expect(words.last == "COMPLETED")
    }

    @Test("B11, B12, B22: the door answers what means fal's hosts, here, and nothing else")
    func proxy() async throws {
        let harness = try await Self.harness()
        func call(_ method: HTTPMethod, _ url: String?, _ json: JSONValue = [:]) async throws -> Answer {
            var headers: HTTPHeaders = ["Authorization": "Key \(harness.secret)"]
            headers["x-fal-target-url"] = url
            return try await harness.send(method, "/api/fal/proxy", json: json, headers: headers, key: "")
        }
        for url in [
            nil, "https://evilfal.ai/x", "http://169.254.169.254/", "https://queue.fal.run.evil.test/x",
            "https://queue.fal.run@evil.test/x", "https://queue.fal.run/../v2/models", "http://queue.fal.run/x",
        ] {
            let answer = try await call(.post, url)
            #expect(answer.status == 400, "\(url ?? "none")")
            #expect(answer.text == "Invalid request")
        }
        let announced = try await call(
            .post, "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3",
            ["content_type": "video/mp4", "file_name": "a.mp4"])
        #expect(announced.status == 200, "\(announced.text)")
        let sending = try #require(announced["upload_url"]?.text?.dropFirst("http://lips.test:8080".count))
        let sent = try await harness.send(.put, String(sending), body: Array("video".utf8), key: "")
        #expect(sent.status == 200, "\(sent.text)")
        let submitted = try await call(
            .post, "https://queue.fal.run/fal-ai/sync-lipsync/v2",
            ["video_url": announced["file_url"] ?? .null, "audio_url": "http://media.test/a8.wav"])
        let id = try #require(submitted["request_id"]?.text)
        let status = try await call(.get, "https://queue.fal.run/fal-ai/sync-lipsync/requests/\(id)/status?logs=0")
        #expect(status["status"] == "IN_QUEUE")
        let wrong: HTTPHeaders = [
            "Authorization": "Key kid:wrong", "x-fal-target-url": "https://queue.fal.run/fal-ai/sync-lipsync/v2",
        ]
        #expect(try await harness.send(.post, "/api/fal/proxy", json: [:], headers: wrong, key: "").status == 401)
    }

    @Test("B13, B14: webhooks have fal's body, and the vector's signature bit for bit")
    func webhook() async throws {
        let key = SigningKey(seed: Array(0..<32))
        let body = Array(
            #"{"request_id":"764cabcf-b745-4b3e-ae38-1200304cf45b","gateway_request_id":"764cabcf-b745-4b3e-ae38-1200304cf45b","status":"OK","payload":{"video":{"url":"https://lips.example/m/1?token=abc","content_type":"video/mp4","file_name":"output.mp4","file_size":123456}}}"#
                .utf8)
        #expect(body.count == 263)
        let message = FalAPI.message(
            body, request: "764cabcf-b745-4b3e-ae38-1200304cf45b", user: "org_1",
            sentAt: Timestamp(milliseconds: 1_795_975_200_000), key: key)
        #expect(
            message.headers.last?.value
                == "53e10885ad15c27110e1e600130d5633b9c9bfc807e30e52a5aad9fbf8ef80f3130e58edfefb9d598a2384417d5ad91a344aca68789125b609c652a913dc8903"
        )
        let harness = try await Self.harness()
        let keys = try await harness.send(.get, "/fal/.well-known/jwks.json", key: "")
        #expect(keys["keys"]?.array?.first?["x"] == "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg")
        let submitted = try await harness.send(
            .post, Self.app + "/v2?fal_webhook=https%3A%2F%2Fme.example%2Fhook", json: .object(Self.input))
        let id = try #require(submitted["request_id"]?.text)
        #expect(try await Self.request(id, harness)?.webhookURL == "https://me.example/hook")
        let job = try await harness.claim()
        try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .failed(FailureFacts(code: .subjectNotFound), mayRetry: false)))
        let now = Moment(wall: SystemClock().now, steady: harness.store.steadyTime)
        let claimed = try #require(
            try await harness.store.claimDelivery(worker: "w", now: now, policy: DeliveryPolicy()))
        let generation = try #require(
            try await harness.store.generation(GenerationID(rawValue: id), organisation: harness.organisation))
        let sent = try #require(
            try await harness.interface.webhook(claimed, of: generation, sentAt: SystemClock().now))
        let told = try JSONValue(parsing: sent.body)
        #expect(told["status"] == "ERROR")
        #expect(told["error"] == "Invalid status code: 422")
        #expect(told["payload"]?["detail"]?.array != nil)
        #expect(sent.policy?.attemptLimit == 11)
    }

    @Test("B18: an input may be data")
    func data() async throws {
        let harness = try await Self.harness()
        let data = "data:audio/wav;base64," + Base64.encode(Array("audio".utf8))
        let answer = try await harness.send(
            .post, Self.app + "/v2", json: .object(Self.input.merging(["audio_url": .string(data)]) { $1 }))
        #expect(answer.status == 200, "\(answer.text)")
        for wrong in ["data:audio/wav;base64,!", "data:audio/wav,plain", "data:", "data:audio/wav;base64,AAAA"] {
            let refused = try await harness.send(
                .post, Self.app + "/v2", json: .object(Self.input.merging(["audio_url": .string(wrong)]) { $1 }))
            #expect(refused.status == 422, "\(wrong): \(refused.text)")
        }
    }
}

import Access
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text
import WebInterface

/// The numbered cases of ComfyUI's own nodes (section A.7 of the contract).
@Suite("ComfyUI: conformance")
struct ComfyConformanceTests {
    private static let path = "/proxy/synclabs/v2/generate"

    private static func harness(
        activeLimit: Int? = nil, sharing other: InterfaceHarness<ComfyAPI>? = nil,
        guest: EndpointDispatcher.Guest? = nil
    ) async throws -> InterfaceHarness<ComfyAPI> {
        var parts = InterfaceHarness<ComfyAPI>.Parts(
            links: SyncAPI.links + ComfyAPI.links, errors: ComfyAPI.errors
        ) { NamedMedia(blobs: $0) }
        parts.activeLimit = activeLimit
        return try await InterfaceHarness(parts, sharing: other) { services, _ in
            ComfyAPI(services, settings: settings, renderSlots: 1, guest: guest)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    private static var settings: SyncSettings {
        var settings = SyncSettings()
        settings.rules.features = [.pictures]
        return settings
    }

    private static func body(_ kind: String, _ options: JSONValue = [:]) -> JSONValue {
        [
            "model": "sync-3", "options": options,
            "input": [
                ["type": .string(kind), "url": .string("http://media.test/v4.\(kind == "image" ? "png" : "mp4")")],
                ["type": "audio", "url": "http://media.test/a8.wav"],
            ],
        ]
    }

    @Test("A1, A2: a file is announced without its size, sent without a key and read from its address")
    func storage() async throws {
        let harness = try await Self.harness()
        let announced = try await harness.send(
            .post, "/customers/storage",
            json: ["file_name": "x.mp4", "content_type": "video/mp4", "file_hash": "0"])
        #expect(announced.status == 200)
        let sending = try #require(announced["upload_url"]?.text)
        let file = try #require(announced["download_url"]?.text)
        func path(_ url: String) -> String { String(url.dropFirst("http://lips.test:8080".count)) }
        let sent = try await harness.send(
            .put, path(sending), headers: ["Content-Type": "video/mp4"], body: Array("video of any size".utf8), key: "")
        #expect(sent.status == 200, "\(sent.text)")
        #expect(try await harness.send(.put, path(sending), body: [], key: "").status == 400)
        #expect(try await harness.send(.put, path(file), body: [1], key: "").status == 404)
        let stolen = path(sending).replacing("token=", with: "token=x")
        #expect(try await harness.send(.put, stolen, body: [1], key: "").status == 403)
        #expect(try await harness.send(.post, "/customers/storage", json: ["content_type": "a/b"]).status == 400)
    }

    @Test("A5, A6: a picture needs no options, words steer it, and a video ignores them; the order names its program")
    func create() async throws {
        let harness = try await Self.harness()
        let plain = try await harness.send(.post, Self.path, json: Self.body("image"))
        #expect(plain.status == 201, "\(plain.text)")
        #expect(plain["status"]?.text == "PENDING")
        let words: JSONValue = ["i2v_prompt": "smile, slowly push in"]
        for kind in ["image", "video"] {
            let steered = try await harness.send(.post, Self.path, json: Self.body(kind, words))
            #expect(steered.status == 201, "\(steered.text)")
            #expect(steered["options"]?["i2v_prompt"] == "smile, slowly push in")
            let id = try #require(steered["id"]?.text)
            let stored = try #require(
                try await harness.store.generation(GenerationID(rawValue: id), organisation: harness.organisation))
            #expect(stored.source == "comfyui")
            #expect(stored.request.lipSync?.animation?.prompt == (kind == "image" ? "smile, slowly push in" : nil))
        }
    }

    @Test("A7, A13: a point of the first frame chooses the face of a picture; what is wrong is told in one text")
    func speaker() async throws {
        let harness = try await Self.harness()
        func choose(_ speaker: JSONValue) async throws -> Answer {
            try await harness.send(
                .post, Self.path, json: Self.body("image", ["active_speaker_detection": speaker]))
        }
        #expect(try await choose(["frame_number": 0, "coordinates": [10, 20]]).status == 201)
        let automatic = try await choose(["auto_detect": true])
        #expect(automatic.status == 400)
        #expect(automatic["message"]?.text != nil)
        let several = try await harness.send(
            .post, Self.path, json: Self.body("video", ["sync_mode": "x", "temperature": 7]))
        #expect(several.status == 400)
        let message = try #require(several["message"]?.text)
        #expect(message.contains("sync_mode"))
        #expect(message.contains("temperature"))
    }

    @Test("A8, A9: both paths show the same; a failure is a sentence with a code")
    func polling() async throws {
        let harness = try await Self.harness()
        let id = try #require(try await harness.send(.post, Self.path, json: Self.body("image"))["id"]?.text)
        let job = try await harness.claim()
        _ = try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .failed(FailureFacts(code: .subjectNotFound, message: "There is no face."), mayRetry: false)))
        for path in ["\(Self.path)/\(id)", "/proxy/synclabs/generate/\(id)"] {
            let answer = try await harness.send(.get, path)
            #expect(answer.status == 200)
            #expect(answer["status"]?.text == "FAILED")
            #expect(answer["error"]?.text == "There is no face.")
            #expect(answer["errorCode"]?.text?.isEmpty == false)
        }
        #expect(try await harness.send(.get, "\(Self.path)/\(id)", key: try await harness.stranger()).status == 404)
    }

    @Test("A10: without a key a program of this machine is let in where the operator wants it, and nobody else is")
    func guests() async throws {
        let strict = try await Self.harness()
        let refused = try await strict.send(.post, Self.path, json: Self.body("image"), key: "")
        #expect(refused.status == 401)
        #expect(refused["message"]?.text != nil)
        let guest = LocalGuest(store: strict.store)
        func caller(_ address: String, _ headers: HTTPHeaders) async throws -> OrganisationID? {
            var request = try HTTPRequest(.post, Self.path, headers: headers, body: HTTPBody([]), id: "test")
            request.peerAddress = address
            return try await guest.caller(of: request)?.organisation
        }
        let local: HTTPHeaders = ["Host": "127.0.0.1:8080"]
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            #expect(try await caller(address, local) == strict.organisation)
        }
        #expect(try await caller("127.0.0.1", ["Host": "LocalHost"]) == strict.organisation)
        #expect(try await caller("127.0.0.1", ["Host": "[::1]:80"]) == strict.organisation)
        #expect(try await caller("10.0.0.1", local) == nil)
        #expect(try await caller("127.0.0.1", ["Host": "evil.test"]) == nil)
        for name in ["Origin", "Sec-Fetch-Site", "Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"] {
            var headers = local
            headers[name] = "x"
            #expect(try await caller("127.0.0.1", headers) == nil, "\(name)")
        }
        let open = try await Self.harness { _ in
            Caller(organisation: OrganisationID(rawValue: "guest"), role: .member, credential: .none)
        }
        #expect(try await open.send(.get, "\(Self.path)/\(GenerationID().rawValue)", key: "").status == 404)
        #expect(try await open.send(.get, "\(Self.path)/\(GenerationID().rawValue)", key: "wrong").status == 401)
    }

    @Test("A11: a key that comes again, also at once, is one job; with another request it says so in a header")
    func idempotency() async throws {
        let harness = try await Self.harness()
        let headers: HTTPHeaders = ["Idempotency-Key": "0123456789abcdef0123456789abcdef"]
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    try await harness.send(.post, Self.path, json: Self.body("image"), headers: headers)
                }
            }
            return try await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        #expect(answers.map(\.status) == [201, 201])
        #expect(Set(answers.compactMap { $0["id"]?.text }).count == 1)
        let other = try await harness.send(.post, Self.path, json: Self.body("video"), headers: headers)
        #expect(other.status == 409)
        #expect(other.headers["X-Comfy-Error-Type"] == "idempotency_mismatch")
    }

    @Test("A12: too many jobs are refused for now, with a time")
    func limit() async throws {
        let harness = try await Self.harness(activeLimit: 1)
        #expect(try await harness.send(.post, Self.path, json: Self.body("image")).status == 201)
        let refused = try await harness.send(.post, Self.path, json: Self.body("image"))
        #expect(refused.status == 429)
        #expect(refused.headers["Retry-After"].flatMap { Int($0) } ?? 0 >= 1)
    }

    @Test("A16: once jobs have ended, the answer says how long the next takes")
    func estimate() async throws {
        let harness = try await Self.harness()
        let name = "X-Comfy-Estimated-Duration-Seconds"
        let first = try await harness.send(.post, Self.path, json: Self.body("image"))
        #expect(first.headers[name] == nil)
        let job = try await harness.claim()
        let facts = try await harness.keep("video", of: job, name: "video.mp4")
        try await harness.finish(
            AttemptReport(
                id: job.generation.id, fence: job.lease.fence,
                outcome: .completed(
                    OutputFacts(
                        blob: facts.key, durationSeconds: 4, width: 640, height: 480, byteCount: facts.byteCount,
                        frameCount: 100))))
        // What was known before the first had ended is remembered for some seconds, but not by another server.
        let later = try await Self.harness(sharing: harness)
        let second = try await later.send(.post, Self.path, json: Self.body("image"))
        #expect(second.headers[name].flatMap { Int($0) } ?? 0 >= 1)
    }
}

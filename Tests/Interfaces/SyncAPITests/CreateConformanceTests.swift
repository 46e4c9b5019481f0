import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text

/// The contract's conformance cases about creating, by their numbers; those that need a rendered video are among the
/// tests of the whole product.
@Suite("Sync: creating")
struct CreateConformanceTests {
    @Test("1, 2: no key and a wrong key")
    func keys() async throws {
        let harness = try await Harness()
        let none = try await harness.send(.post, "/v2/generate", key: "")
        #expect(none.status == 401)
        #expect(none["statusCode"]?.int == 401)
        #expect(none["error"]?.text == "Unauthorized")
        #expect(none["message"]?.text?.isEmpty == false)
        let wrong = try await harness.send(.post, "/v2/generate", key: "wrong")
        #expect(wrong.status == 401)
        #expect(wrong.json == ["message": "Unauthorized", "statusCode": 401, "error": "Unauthorized"])
        let bearer = try await harness.send(
            .get, "/v2/generations", headers: ["Authorization": "Bearer \(harness.secret)"], key: "")
        #expect(bearer.status == 200)
    }

    @Test("3: two addresses")
    func addresses() async throws {
        let harness = try await Harness()
        let answer = try await harness.create()
        #expect(answer.status == 201)
        #expect(GenerationID(parsing: answer["id"]?.text ?? "") != nil)
        #expect(answer["status"]?.text == "PENDING")
        #expect(answer["model"]?.text == "lipsync-2")
        #expect(answer["input"] == Harness.usualInput)
        let members = try #require(answer.json.object)
        for key in [
            "outputUrl", "segmentOutputUrl", "outputDuration", "outputFileName", "projectId", "error", "errorCode",
            "error_code", "segments", "webhookUrl", "options",
        ] {
            #expect(members[key] == .null, "\(key) is there and null")
        }
        #expect(try /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.wholeMatch(in: answer["createdAt"]?.text ?? "") != nil)
    }

    @Test("5: options are echoed as they were sent", arguments: ["cut_off", "loop", "silence", "remap", "bounce"])
    func modes(mode: String) async throws {
        let harness = try await Harness()
        let options: JSONValue = ["sync_mode": .string(mode), "temperature": 0.4, "unknown": [1, 2]]
        let answer = try await harness.create(["options": options])
        #expect(answer.status == 201)
        #expect(answer["options"] == options)
    }

    @Test("6, 7, 8: no model, no input, two sounds without segments")
    func shape() async throws {
        let harness = try await Harness()
        let noModel = try await harness.create(["model": nil])
        #expect(noModel.status == 400)
        #expect(noModel.text.contains("model"))
        #expect(try await harness.create(["input": []]).status == 400)
        let two = try await harness.create([
            "input": [
                ["type": "video", "url": "http://media.test/v4.mp4"],
                ["type": "audio", "url": "http://media.test/a8.wav"],
                ["type": "audio", "url": "http://media.test/b8.wav"],
            ]
        ])
        #expect(two.status == 400)
    }

    @Test("9, 10, 11: segments")
    func segments() async throws {
        let harness = try await Harness()
        let input: JSONValue = [
            ["type": "video", "url": "http://media.test/v4.mp4"],
            ["type": "audio", "url": "http://media.test/a8.wav", "refId": "a"],
            ["type": "audio", "url": "http://media.test/b8.wav", "refId": "b"],
        ]
        func segment(_ start: Double, _ end: Double, _ name: String) -> JSONValue {
            ["startTime": .number(start), "endTime": .number(end), "audioInput": ["refId": .string(name)]]
        }
        let good: JSONValue = [segment(0, 1, "a"), segment(1, 3, "b")]
        let answer = try await harness.create(["input": input, "segments": good])
        #expect(answer.status == 201)
        #expect(answer["segments"]?.serialized == good.serialized)
        let overlap = try await harness.create(["input": input, "segments": [segment(0, 5, "a"), segment(4, 8, "b")]])
        #expect(overlap.status == 422)
        #expect(overlap.code == "generation_input_segments_invalid")
        let unknown = try await harness.create(["input": input, "segments": [segment(0, 5, "nobody")]])
        #expect(unknown.status == 422)
        #expect(unknown.code == "generation_input_segments_invalid")
    }

    @Test("12, 13: an address that does not answer, a model that does not exist")
    func refusals() async throws {
        let harness = try await Harness()
        let gone = try await harness.create([
            "input": [
                ["type": "video", "url": "http://unreachable.test/v.mp4"],
                ["type": "audio", "url": "http://media.test/a8.wav"],
            ]
        ])
        #expect(gone.status == 422)
        #expect(gone.code == "generation_input_video_inaccessible")
        #expect(gone["suggestion"]?.text?.isEmpty == false)
        #expect(gone["field"]?.text == "input[0].url")
        let model = try await harness.create(["model": "nope-9"])
        #expect(model.status == 400)
        #expect(model.code == "generation_unsupported_model")
        #expect(try await harness.store.jobCounts().waiting == 0)
    }

    @Test("14: a picture with a model that takes one, and with one that does not")
    func picture() async throws {
        let harness = try await Harness { $0.rules.features = [.pictures] }
        let input: JSONValue = [
            ["type": "image", "url": "http://media.test/i.png"], ["type": "audio", "url": "http://media.test/a8.wav"],
        ]
        #expect(try await harness.create(["model": "sync-3", "input": input]).status == 201)
        #expect(try await harness.create(["model": "lipsync-2", "input": input]).status == 400)
        let without = try await Harness()
        let refused = try await without.create(["model": "sync-3", "input": input])
        #expect(refused.status == 422)
        #expect(refused.code == "plan_feature_unavailable")
    }

    @Test("15: the output's name", arguments: [("my cool/clip!", "my_coolclip"), ("naïve", "nave"), ("***", nil)])
    func name(sent: String, shown: String?) async throws {
        let harness = try await Harness()
        let answer = try await harness.create(["outputFileName": .string(sent)])
        #expect(answer.status == 201)
        #expect(answer["outputFileName"]?.text == shown)
    }

    @Test("16: a project that is not there")
    func project() async throws {
        let harness = try await Harness()
        let answer = try await harness.create(["projectId": "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f"])
        #expect(answer.status == 422)
        #expect(answer.code == "project_not_found")
        #expect(answer["field"]?.text == "projectId")
    }

    @Test("23: every code is in the public list, which needs no key")
    func errors() async throws {
        let harness = try await Harness()
        let answer = try await harness.send(.get, "/v2/errors", key: "")
        let entries = try #require(answer.json.array)
        #expect(entries.count == 62)
        #expect(entries.allSatisfy { $0["code"] != nil && $0["message"] != nil && $0["suggestion"] != nil })
        #expect(entries.contains { $0["code"]?.text == "generation_input_video_inaccessible" })
    }

    @Test("25: a repeated request with a key makes one generation, also at the same time")
    func idempotency() async throws {
        let harness = try await Harness()
        let headers: HTTPHeaders = ["Idempotency-Key": "k-1"]
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<8 { group.addTask { try await harness.create(headers: headers)["id"]?.text } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(ids.first != .some(nil))
        #expect(try await harness.get("/v2/generations").json.array?.count == 1)
        try await harness.finishOne()
        #expect(try await harness.create(headers: headers)["status"]?.text == "COMPLETED")
        let other = try await harness.create(["model": "sync-3"], headers: headers)
        #expect(other.status == 409)
        #expect(other.code == "IDEMPOTENCY_KEY_CONFLICT")
        let space = try await harness.create(headers: ["Idempotency-Key": "k 1"])
        #expect(space.status == 400)
        #expect(space.code == "INVALID_IDEMPOTENCY_KEY")
        let id = try #require(try await harness.create(headers: headers)["id"]?.text)
        #expect(try await harness.send(.delete, "/v2/generations/\(id)").status == 200)
        #expect(try await harness.create(headers: headers).status == 409, "a deleted generation is not made again")
        let wrong = try await harness.create(["model": "nope"], headers: ["Idempotency-Key": "k-2"])
        #expect(wrong.status == 400)
        #expect(try await harness.create(headers: ["Idempotency-Key": "k-2"]).status == 201, "a refusal uses up no key")
    }

    @Test("what is no JSON object is refused", arguments: ["", "[]", "{", "\"x\"", "{\"a\":1}x", "\u{FEFF}{}"])
    func notJSON(body: String) async throws {
        let harness = try await Harness()
        let answer = try await harness.send(
            .post, "/v2/generate", headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        #expect(answer.status == 400)
        #expect(answer.code == "generation_input_validation_failed")
    }

    @Test("hostile JSON is refused")
    func hostile() async throws {
        let harness = try await Harness()
        for body in [
            Array(String(repeating: "[", count: 100_000).utf8), Array("{\"model\":\"\\ud800\"}".utf8),
            [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], Array("{\"model\":1e999}".utf8),
            Array("{\"model\":{\"a\":[[[1]]]},\"input\":{\"0\":1},\"options\":7,\"segments\":\"x\"}".utf8),
        ] {
            let answer = try await harness.send(
                .post, "/v2/generate", headers: ["Content-Type": "application/json"], body: body)
            #expect(answer.status == 400, "\(answer.text)")
        }
    }

    @Test("long lists are refused before they cost anything, and so is what would be kept and shown for ever")
    func large() async throws {
        let harness = try await Harness()
        let many = try await harness.create(["input": .array(Array(repeating: [:], count: 101))])
        #expect(many.status == 400)
        #expect(many.text.contains("more than 100 items"))
        #expect(try await harness.create(["input": .array(Array(repeating: [:], count: 500_000))]).status == 400)
        let junk = try await harness.create(["options": ["junk": .array(Array(repeating: 0, count: 200_000))]])
        #expect(junk.status == 400)
        #expect(junk.text.contains("bounding_boxes_url"))
    }

    @Test("every wrong field is named")
    func fields() async throws {
        let harness = try await Harness()
        let answer = try await harness.create([
            "options": ["temperature": 7, "sync_mode": "backwards"], "webhookUrl": "ftp://x",
            "input": [["type": "video", "url": 5], ["type": "audio", "url": "http://media.test/a8.wav"]],
        ])
        #expect(answer.status == 400)
        let messages = (answer["message"]?.array ?? []).compactMap(\.text)
        for field in ["input[0].url", "options.temperature", "options.sync_mode", "webhookUrl"] {
            #expect(messages.contains { $0.hasPrefix(field) }, "\(field)")
        }
    }

    @Test("a limit of unfinished generations is kept, with the contract's members")
    func concurrency() async throws {
        let harness = try await Harness(activeLimit: 1)
        #expect(try await harness.create().status == 201)
        let refused = try await harness.create()
        #expect(refused.status == 429)
        #expect(refused.code == "concurrency_limit_reached")
        #expect(refused["activeGenerations"]?.int == 1)
        #expect(refused["concurrencyLimit"]?.int == 1)
        #expect(refused["retryAfterSeconds"]?.int != nil)
        #expect(refused.headers["Retry-After"] != nil)
        try await harness.finishOne()
        #expect(try await harness.create().status == 201)
    }

    @Test("a limit of requests a minute is kept")
    func rate() async throws {
        let harness = try await Harness(requestsPerMinute: 2)
        #expect(try await harness.get("/v2/models").status == 200)
        #expect(try await harness.get("/v2/models").status == 200)
        let refused = try await harness.get("/v2/models")
        #expect(refused.status == 429)
        #expect(refused.code == "rate_limit_exceeded")
        #expect(Int(refused.headers["Retry-After"] ?? "") == 30)
        #expect(refused["error"]?.text == "Too Many Requests")
    }
}

import Generations
import HTTP
import HedraV3API
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Numbered cases of the contract's section 19 about models, voices, credentials and errors.
@Suite("Hedra v3: models, credentials, errors")
struct ModelTests {
    @Test("1–4: models are listed to anybody, by modality, with one schema for the model and its document")
    func models() async throws {
        let harness = try await Harness()
        let all = try await harness.get("/models", key: "")
        let ids = all["data"]?.array?.compactMap { $0["id"]?.text } ?? []
        #expect(all.status == 200)
        #expect(all.json.object?["next_cursor"] == .null)
        #expect(ids.contains("hedra-avatar"))
        #expect(!ids.contains("veo-31"))
        #expect(!ids.contains("elevenlabs-voice-clone"))
        #expect(Set(ids).count == ids.count)
        let sounds = try await harness.get("/models?modality=audio", key: "")["data"]?.array ?? []
        #expect(!sounds.isEmpty)
        #expect(sounds.allSatisfy { $0["modality"] == "audio" })
        let wrong = try await harness.get("/models?modality=x", key: "")
        #expect(wrong.status == 400)
        #expect(wrong.reasons == ["modality enum"])
        for id in ids {
            let detail = try await harness.get("/models/\(id)", key: "")
            let schema = try #require(detail["input_schema"])
            #expect(schema["additionalProperties"] == false)
            #expect(detail["output_schema"]?.object != nil)
            let document = try await harness.get("/models/\(id)/openapi.json", key: "").json
            let body = document["paths"]?["/v3/models/\(id)"]?["post"]?["requestBody"]
            #expect(body?["content"]?["application/json"]?["schema"]?["properties"]?["input"] == schema, "\(id)")
        }
    }

    @Test("5, 6: voices have ids and labels of texts; a search ranks them, and needs words")
    func voices() async throws {
        let harness = try await Harness()
        let voices = try await harness.get("/models/elevenlabs-v3/voices", key: "")["data"]?.array ?? []
        #expect(!voices.isEmpty)
        for voice in voices {
            #expect(voice["id"]?.text?.hasPrefix("voice_") == true)
            #expect(voice["labels"]?.object?.values.allSatisfy { $0.text != nil } == true)
        }
        #expect(try await harness.get("/models/elevenlabs-v3/voices/search").reasons == ["q required"])
        #expect(try await harness.get("/models/elevenlabs-v3/voices/search?q=x&limit=101").reasons == ["limit maximum"])
        let none = try await harness.get("/models/elevenlabs-v3/voices/search?q=nothing-like-it")
        #expect(none["data"] == [])
        let silent = try await harness.get("/models/hedra-avatar/voices")
        #expect(silent.status == 400)
        #expect(silent.code == "FAILED_PRECONDITION")
    }

    @Test("7: keys come as Bearer or Key; where none is needed a wrong one is refused all the same")
    func credentials() async throws {
        let harness = try await Harness()
        func status(_ authorization: String?, _ path: String = "/jobs") async throws -> Int {
            var headers: HTTPHeaders = [:]
            headers["Authorization"] = authorization
            let answer = try await harness.get(path, headers: headers, key: "")
            if answer.status == 401 { #expect(answer.code == "UNAUTHORIZED") }
            return answer.status
        }
        #expect(try await status(nil) == 401)
        #expect(try await status("Bearer kid:wrong") == 401)
        #expect(try await status("Key \(harness.secret)") == 200)
        #expect(try await status("bearer \(harness.secret)") == 200)
        #expect(try await status("Bearer kid:wrong", "/models") == 401)
        #expect(try await status(nil, "/webhooks/public-key") == 200)
    }

    @Test("8: every error has the envelope, and every answer its trace")
    func envelope() async throws {
        let harness = try await Harness()
        for (method, path, status) in [(HTTPMethod.get, "/v3/nothing", 404), (.delete, "/v3/models", 405)] {
            let answer = try await harness.send(method, path)
            #expect(answer.status == status)
            #expect(answer.code != nil)
            let trace = try #require(answer.headers["X-Trace-Id"])
            #expect(answer["trace_id"]?.text == trace)
            #expect(trace.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        }
        #expect(try await harness.get("/models").headers["X-Trace-Id"] != nil)
    }

    @Test("28–30: what cannot be made is refused in the contract's form")
    func refused() async throws {
        let harness = try await Harness()
        for path in ["/models/veo-31", "/models/veo-31/estimate"] {
            let answer = try await harness.post(path, ["input": [:]])
            #expect(answer.status == 400)
            #expect(answer.code == "FAILED_PRECONDITION")
        }
        #expect(try await harness.get("/models/veo-31").status == 404)
        #expect(try await harness.post("/models/nope", ["input": [:]]).status == 404)
        let older = try await harness.post("/models/together%2Fhedra-avatar", ["input": [:]])
        #expect(older.status == 404)
        #expect(older["error"]?["message"]?.text?.contains("hedra-avatar") == true)
        let clone = try await harness.post("/models/elevenlabs-voice-clone", ["input": [:]])
        #expect(clone.code == "FAILED_PRECONDITION")
        #expect(clone.text.contains("elevenlabs-key"))
    }

    @Test("62: too many requests are refused with a pause, in the header and in the body")
    func rate() async throws {
        let harness = try await Harness({ $0.requestsPerMinute = 2 }, requestsPerMinute: 2)
        for _ in 0..<2 { #expect(try await harness.get("/jobs").status == 200) }
        let refused = try await harness.get("/jobs")
        #expect(refused.status == 429)
        #expect(refused.code == "RESOURCE_EXHAUSTED")
        let pause = try #require(refused.headers["Retry-After"].flatMap { Int($0) })
        #expect(pause >= 1)
        #expect(refused["error"]?["retry_after"]?.int == pause)
        #expect(refused.headers["X-RateLimit-Remaining"] == "0")
        #expect(refused.headers["X-RateLimit-Limit"] == "2")
        let reset = try #require(refused.headers["X-RateLimit-Reset"].flatMap { Int64($0) })
        #expect(abs(reset - SystemClock().now.seconds - Int64(pause)) <= 1)
    }
}

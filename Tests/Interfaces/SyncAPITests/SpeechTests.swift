import Blobs
import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Synchronization
import Testing
import Text
import Time

@Suite("Voices and texts")
struct SpeechTests {
    private static let text: JSONValue = [
        "type": "text", "provider": ["name": "elevenlabs", "voiceId": "ann", "script": "Hello."],
    ]
    private static let video: JSONValue = ["type": "video", "url": "http://media.test/v4.mp4"]

    @Test("a text is accepted as JSON and as a form, with the address of its sound to come")
    func create() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        let answer = try await harness.create(["input": [Self.text, Self.video]])
        #expect(answer.status == 201)
        #expect(answer.json.object?["synthesizedAudioUrl"] == .null)
        #expect(answer["input"] == [Self.text, Self.video])
        let form = try await harness.form([
            FormPart("model", "lipsync-2"), FormPart("video", "video of a face", fileName: "clip.mp4"),
            FormPart("input", JSONValue.array([Self.text, ["type": "video"]]).serialized),
        ])
        #expect(form.status == 201, "\(form.text)")
        let id = try await harness.finishOne { job in
            let key = BlobKey.output(job.generation.id, fence: job.lease.fence, name: "video.mp4")
            let speech = BlobKey.output(job.generation.id, fence: job.lease.fence, name: "speech.wav")
            for key in [key, speech] {
                let writer = try await harness.blobs.makeWriter()
                try await writer.write(Array("the content of \(key)".utf8))
                _ = try await writer.finish(as: key)
            }
            return .completed(
                OutputFacts(
                    blob: key, speechBlob: speech, durationSeconds: 1, width: 6, height: 4, byteCount: 1,
                    frameCount: 25))
        }
        let done = try await harness.get("/v2/generate/\(id)")
        let url = try #require(done["synthesizedAudioUrl"]?.text)
        let sound = try await harness.send(.get, String(url.dropFirst("http://lips.test:8080".count)), key: "")
        #expect(sound.status == 200)
        #expect(sound.headers["Content-Type"] == "audio/wav")
        // The same take again, as a sound.
        let again = try await harness.create(["input": [Self.video, ["type": "audio", "url": .string(url)]]])
        #expect(again.status == 201)
    }

    @Test("several texts belong to segments by their names")
    func segments() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        func text(_ name: String) -> JSONValue {
            [
                "type": "text", "refId": .string(name),
                "provider": ["name": "elevenlabs", "voiceId": "ann", "script": .string("Part \(name).")],
            ]
        }
        func segment(_ start: Double, _ end: Double, _ name: String) -> JSONValue {
            ["startTime": .number(start), "endTime": .number(end), "audioInput": ["refId": .string(name)]]
        }
        let answer = try await harness.create([
            "input": [Self.video, text("a"), text("b")], "segments": [segment(0, 1, "a"), segment(2, 3, "b")],
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let two = try await harness.create(["input": [Self.video, text("a"), text("b")]])
        #expect(two.status == 400)
    }

    @Test(
        "texts that cannot be spoken are refused with a code and the field",
        arguments: [
            (["voiceId": "nobody"] as JSONValue, 404, "voice_not_found", "voiceId"),
            (["voiceId": "foreign"], 404, "voice_not_found", "voiceId"),
            (["voiceId": ""], 400, "generation_input_validation_failed", "voiceId"),
            (["script": ""], 400, "generation_input_validation_failed", "script"),
            (["script": "…?!"], 400, "generation_input_validation_failed", "script"),
            (
                ["script": .string(String(repeating: "a", count: 5001))], 400, "generation_input_validation_failed",
                "script"
            ),
            (["script": 5], 400, "generation_input_validation_failed", "script"),
            (["stability": 1.5], 400, "generation_input_validation_failed", "stability"),
            (["similarityBoost": -1], 400, "generation_input_validation_failed", "similarityBoost"),
            (["name": "openai", "provider": "openai"], 400, "generation_input_validation_failed", "provider"),
        ] as [(JSONValue, Int, String, String)])
    func refused(change: JSONValue, status: Int, code: String, field: String) async throws {
        let harness = try await Harness(voices: RecordedVoices())
        try await harness.store.createVoice(
            ClonedVoice(
                id: "foreign", organisation: try await harness.otherOrganisation(), name: "F", sample: nil,
                createdAt: SystemClock().now))
        var provider: [String: JSONValue] = ["name": "elevenlabs", "voiceId": "ann", "script": "Hello."]
        provider.merge(change.object ?? [:]) { $1 }
        let created = try await harness.create([
            "input": [Self.video, ["type": "text", "provider": .object(provider)]]
        ])
        #expect(created.status == status, "\(created.text)")
        #expect(created.code == code)
        #expect(created["suggestion"]?.text?.isEmpty == false)
        var body: [String: JSONValue] = ["provider": "elevenlabs", "voiceId": "ann", "script": "Hello."]
        body.merge(change.object ?? [:]) { $1 }
        for path in ["/v2/tts", "/v2/tts/jobs"] {
            let spoken = try await harness.send(.post, path, json: .object(body))
            #expect(spoken.status == status, "\(spoken.text)")
            #expect(spoken.code == code)
            #expect(spoken["field"]?.text == field)
        }
    }

    @Test("5,000 characters are taken, whatever they are made of")
    func longest() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        for script in [String(repeating: "😀", count: 5000), String(repeating: "e\u{301}", count: 5000)] {
            let answer = try await harness.send(
                .post, "/v2/tts/jobs", json: ["script": .string(script), "voiceId": "ann"])
            #expect(answer.status == 202, "\(answer.text)")
        }
    }

    @Test("a text is spoken at once and becomes an asset that can be used again")
    func speech() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        let answer = try await harness.send(
            .post, "/v2/tts", json: ["script": "Hello.", "voiceId": "ann", "provider": "elevenlabs", "stability": 0.2])
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer["duration"]?.double == 1.5)
        let id = try #require(answer["id"]?.text)
        let asset = try await harness.get("/v2/assets/\(id)")
        #expect(asset["inputType"]?.text == "TTS")
        #expect(asset["type"]?.text == "AUDIO")
        #expect(asset["durationSeconds"]?.double == 1.5)
        let url = try #require(answer["url"]?.text)
        let sound = try await harness.send(.get, String(url.dropFirst("http://lips.test:8080".count)), key: "")
        #expect(sound.status == 200)
        let stored = try #require(try await harness.store.anyAsset(AssetID(rawValue: id))?.blob)
        let reader = try #require(try await harness.blobs.reader(for: stored))
        let content = try await reader.read(offset: 0, maximumCount: 100)
        #expect(String(decoding: content, as: UTF8.self) == "ann 0.2: Hello.")
        let used = try await harness.create(["input": [Self.video, ["type": "audio", "assetId": .string(id)]]])
        #expect(used.status == 201)
    }

    @Test("a speech job: 202 with its place, once for each key, SUCCESS at the end, hidden from other lists")
    func job() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        let body: JSONValue = ["script": "Hello.", "voiceId": "ann"]
        func send(_ json: JSONValue, key: String) async throws -> Answer {
            try await harness.send(.post, "/v2/tts/jobs", json: json, headers: ["Idempotency-Key": key])
        }
        let first = try await send(body, key: "k-1")
        #expect(first.status == 202)
        let id = try #require(first["id"]?.text)
        #expect(first.headers["Location"] == "http://lips.test:8080/v2/tts/jobs/\(id)")
        #expect(first["status"]?.text == "PENDING")
        #expect(first.json.object?["url"] == .null)
        #expect(try await send(body, key: "k-1")["id"]?.text == id)
        #expect(try await send(["script": "Other.", "voiceId": "ann"], key: "k-1").code == "IDEMPOTENCY_KEY_CONFLICT")
        #expect(try await send(body, key: "k 2").code == "INVALID_IDEMPOTENCY_KEY")
        #expect(try await harness.get("/v2/tts/jobs/\(id)").headers["Retry-After"] == "3")
        #expect(try await harness.get("/v2/generations").json == [])
        #expect(try await harness.get("/v2/generations/count")["count"]?.int == 0)
        #expect(try await harness.get("/v2/generate/\(id)").status == 404)
        #expect(try await harness.get("/v2/generations/\(id)").status == 404)
        try await harness.finishOne()
        let done = try await harness.get("/v2/tts/jobs/\(id)")
        #expect(done["status"]?.text == "SUCCESS")
        #expect(done["duration"]?.double == 8.64)
        #expect(done["url"]?.text?.contains("/v2/assets/") == true)
        #expect(done.headers["Retry-After"] == nil)
        let created = try await harness.create()
        #expect(try await harness.get("/v2/tts/jobs/\(created["id"]?.text ?? "")").status == 404)
        #expect(try await harness.get("/v2/tts/jobs/nonsense").status == 404)
    }

    @Test("voices are listed under the interface's one provider name")
    func voices() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        try await harness.store.createVoice(
            ClonedVoice(
                id: "bob", organisation: try await harness.otherOrganisation(), name: "F", sample: nil,
                createdAt: SystemClock().now))
        for target in ["/v2/voices", "/v2/voices?provider=elevenlabs"] {
            let listed = try #require(try await harness.get(target).json.array)
            #expect(listed.map { $0["id"]?.text } == ["ann"], "another organisation's clone is not listed")
            #expect(listed[0]["provider"]?.text == "elevenlabs")
            #expect(listed[0]["engine"]?.text == "stub")
        }
        #expect(try await harness.get("/v2/voices?provider=other").json == [])
        #expect(try await harness.get("/v2/voices/ann")["language"]?.text == "en")
        #expect(try await harness.get("/v2/voices/bob").code == "voice_not_found")
        #expect(try await harness.get("/v2/voices/..%2F..%2Fetc").code == "voice_not_found")
    }

    @Test("a voice is made of a sample, kept, spoken with and removed")
    func clone() async throws {
        let voices = RecordedVoices()
        let harness = try await Harness(voices: voices)
        let made = try await harness.send(
            .post, "/v2/voices", json: ["name": "Mine", "url": "http://media.test/me.wav", "provider": "elevenlabs"])
        #expect(made.status == 201, "\(made.text)")
        let id = try #require(made["id"]?.text)
        let record = try #require(try await harness.store.anyVoice(id))
        let sampleID = try #require(record.sample)
        let sample = try #require(try await harness.store.anyAsset(sampleID))
        #expect(sample.name == "Mine")
        #expect(sample.blob != nil)
        let again = try await harness.send(
            .post, "/v2/voices", json: ["name": "Mine", "url": "http://media.test/me.wav"])
        #expect(again.status == 409)
        #expect(again.code == "voice_name_conflict")
        let asset = try await harness.send(
            .post, "/v2/voices", json: ["name": "Second", "assetId": .string(sample.id.rawValue)])
        #expect(asset.status == 201)
        #expect(try await harness.send(.delete, "/v2/voices/\(id)").json == true)
        #expect(try await harness.send(.delete, "/v2/voices/\(id)").status == 404)
        #expect(try await harness.send(.delete, "/v2/voices/ann").code == "voice_not_found")
        #expect(voices.removed == [id])
    }

    @Test(
        "samples that are of no use are refused with a code",
        arguments: [
            ("unreachable.wav", 422, "voice_sample_not_accessible"),
            ("large.wav", 422, "voice_sample_source_too_large"),
            ("picture.png", 422, "voice_sample_type_unsupported"), ("short.wav", 422, "voice_sample_too_short"),
            ("silent.wav", 422, "voice_sample_extraction_failed"),
        ])
    func badSample(name: String, status: Int, code: String) async throws {
        let harness = try await Harness(voices: RecordedVoices())
        let answer = try await harness.send(
            .post, "/v2/voices", json: ["name": "Mine", "url": .string("http://media.test/\(name)")])
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.code == code)
        #expect(try await harness.store.clonedVoices() == [])
    }

    @Test("without a provider that clones, a sample is refused and nothing pretends")
    func noClones() async throws {
        let harness = try await Harness(voices: RecordedVoices(clones: false))
        let answer = try await harness.send(
            .post, "/v2/voices", json: ["name": "Mine", "url": "http://media.test/me.wav"])
        #expect(answer.status == 422)
        #expect(answer.code == "plan_feature_unavailable")
        #expect(answer["suggestion"]?.text?.contains("LIPSMITH_ELEVENLABS_KEY") == true)
        for body in [["name": ""], ["name": "x"], ["name": "x", "url": "ftp://x"], ["name": "x", "assetId": "y"]] {
            let answer = try await harness.send(
                .post, "/v2/voices", json: .object(body.mapValues(JSONValue.string)))
            #expect(answer.status == 400, "\(answer.text)")
        }
    }

    @Test("a dubbing that nobody makes is refused at once, one that somebody makes is kept without voices beside it")
    func dub() async throws {
        let harness = try await Harness(voices: RecordedVoices())
        let answer = try await harness.create(["dubParams": ["targetLang": "es", "numSpeakers": 2]])
        #expect(answer.status == 201, "\(answer.text)")
        let id = GenerationID(rawValue: answer["id"]?.text ?? "")
        let request = try #require(try await harness.store.anyGeneration(id)).request
        #expect(request.inputs.count == 1)
        #expect(request.lipSync?.dub?.speakerCount == 2)
        let refused = try await harness.create(["dubParams": ["targetLang": "zu"]])
        #expect(refused.status == 422)
        #expect(refused.code == "plan_feature_unavailable")
        for wrong: JSONValue in [["targetLang": "xx"], ["targetLang": "es", "numSpeakers": 51], [:]] {
            #expect(try await harness.create(["dubParams": wrong]).status == 400)
        }
        let strict = try await Harness({ $0.rules.refusesVoiceBesideDub = true }, voices: RecordedVoices())
        let conflict = try await strict.create(["dubParams": ["targetLang": "es"]])
        #expect(conflict.status == 422)
        #expect(conflict.code == "generation_input_dub_audio_conflict")
        for code in DubLanguages.codes where code != "zu" {
            #expect(try await harness.create(["dubParams": ["targetLang": .string(code)]]).status == 201)
        }
    }
}

extension Harness {
    /// An organisation that the harness's key does not open.
    func otherOrganisation() async throws -> OrganisationID {
        let other = Organisation(name: "other", createdAt: SystemClock().now)
        try await store.createOrganisation(other)
        return other.id
    }
}

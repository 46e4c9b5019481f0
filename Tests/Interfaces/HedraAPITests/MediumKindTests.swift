import Generations
import HTTP
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

@Suite("Kinds of jobs in which no lips move")
struct MediumKindTests {
    private static func body(_ type: String, _ members: [String: JSONValue]) -> JSONValue {
        .object(members.merging(["type": .string(type)]) { $1 })
    }

    @Test("A sound is freed of its noise: accepted, filed as audio, listed as a generated sound")
    func isolation() async throws {
        let harness = try await Harness()
        let sound = JSONValue.string(try await harness.asset("audio 4.0"))
        let answer = try await harness.post("/generations", Self.body("audio_isolation", ["audio_id": sound]))
        #expect(answer.status == 200)
        #expect(answer["type"]?.text == "audio_isolation")
        #expect(answer["batch_results"] == nil)
        #expect(answer["audio_id"] == sound)
        #expect(answer["status"]?.text == "queued")
        #expect(answer["asset_id"]?.text != nil)
        let request = try await harness.generation(answer).request
        #expect(request.kind == .voiceIsolation)
        #expect(request.inputs.map(\.role) == [.voice])
        try await harness.finishOne()
        let status = try await harness.get("/generations/\(answer["id"]?.text ?? "")/status")
        #expect(status["type"]?.text == "audio")
        #expect(status["url"]?.text != nil)
        let listed = try await harness.get("/assets?type=audio&ids=\(answer["asset_id"]?.text ?? "")").list.first
        #expect(listed?["asset"]?["type"]?.text == "generated_audio")
        #expect(listed?["asset"]?["generated_audio_inputs"]?["text_prompt"]?.text == "")
        #expect(try await harness.get("/generations?type=audio_isolation")["data"]?.array?.count == 1)
        #expect(try await harness.get("/generations?type=audio")["data"]?.array?.count == 1)
        #expect(try await harness.get("/generations?type=video")["data"]?.array?.isEmpty == true)
    }

    @Test("Pictures and videos get larger: names, factors and what cannot be are told by their field")
    func enlargement() async throws {
        let harness = try await Harness()
        // Both are 640 by 480.
        let image = JSONValue.string(try await harness.asset("image"))
        let video = JSONValue.string(try await harness.asset("video 5"))
        func order(_ type: String, _ more: [String: JSONValue] = [:]) async throws -> Answer {
            let medium = type == "image_upscale" ? ["image_id": image] : ["video_id": video]
            return try await harness.post("/generations", Self.body(type, medium.merging(more) { $1 }))
        }
        let named = try await order(
            "video_upscale", ["target_resolution": "1080p", "upscale_factor": 3, "target_fps": 60, "options": ["a": 1]])
        #expect(named.status == 200)
        #expect(named["target_fps"]?.int == 60)
        #expect(named["upscale_factor"]?.double == 3)
        #expect(try await harness.generation(named).request.upscaling == Upscaling(.shorterSide(1080)))
        let usual = try await order("image_upscale")
        #expect(try await harness.generation(usual).request.upscaling == Upscaling(.usual))
        let factor = try await order("image_upscale", ["upscale_factor": "2.5"])
        #expect(try await harness.generation(factor).request.upscaling == Upscaling(.factor(2.5)))
        #expect(
            try await order("video_upscale", ["upscale_factor": 4.5]).problems == [
                "less_than_equal body.video_upscale.upscale_factor"
            ])
        #expect(
            try await order("video_upscale", ["target_resolution": "9K"]).problems == [
                "literal_error body.video_upscale.target_resolution"
            ])
        #expect(
            try await harness.post("/generations", Self.body("video_upscale", [:])).problems == [
                "missing body.video_upscale.video_id"
            ])
        let wrong = try await harness.post("/generations", Self.body("video_upscale", ["video_id": image]))
        #expect(wrong.isRefusal(400, "INVALID_ARGUMENT"))
        #expect(
            try await harness.post(
                "/generations", Self.body("image_upscale", ["image_id": image, "model_slug": "fal/grok-video-i2v"])
            ).isRefusal(400, "INVALID_ARGUMENT"))
        // A 4K video cannot get twice as large, and a name may not make anything smaller.
        let large = AssetID()
        try await harness.store.createAsset(
            Asset(
                id: large, organisation: harness.organisation, createdAt: SystemClock().now, name: "4K", kind: .video,
                origin: .upload, blob: BlobKey(rawValue: "content/x"), width: 3840, height: 2160), project: nil)
        for (field, wish) in [("upscale_factor", 2), ("target_resolution", "1080p")] as [(String, JSONValue)] {
            let answer = try await harness.post(
                "/generations", Self.body("video_upscale", ["video_id": .string(large.rawValue), field: wish]))
            #expect(answer.isRefusal(400, "INVALID_ARGUMENT"))
            #expect(answer["messages"]?.array?[0].text?.hasPrefix(field) == true, "\(answer.text)")
        }
        #expect(try await harness.count() == 3)
    }

    @Test("A picture that was enlarged is a generated picture, a video a generated video that names its source")
    func enlarged() async throws {
        let harness = try await Harness()
        let image = JSONValue.string(try await harness.asset("image"))
        let video = JSONValue.string(try await harness.asset("video 5"))
        let first = try await harness.post("/generations", Self.body("image_upscale", ["image_id": image]))
        try await harness.finishOne()
        let picture = try await harness.get("/assets?type=image&ids=\(first["asset_id"]?.text ?? "")").list.first
        #expect(picture?["asset"]?["type"]?.text == "generated_image")
        #expect(picture?["thumbnail_url"]?.text != nil)
        #expect(picture?["asset"]?["generated_image_inputs"]?["reference_image_ids"] == [image])
        let second = try await harness.post("/generations", Self.body("video_upscale", ["video_id": video]))
        try await harness.finishOne()
        let film = try await harness.get("/assets?type=video&ids=\(second["asset_id"]?.text ?? "")").list.first
        #expect(film?["asset"]?["type"]?.text == "generated_video")
        #expect(film?["asset"]?["source_video_id"] == video)
        #expect(film?["asset"]?["generated_video_inputs"]?["text_prompt"]?.text == "")
        #expect(film?["asset"]?["preview_url"]?.text != nil)
    }

    @Test("Without a provider, changed and copied voices are refused with the setting that would bring one")
    func withoutProvider() async throws {
        for speaks in [true, false] {
            let harness = try await Harness(speaks: speaks)
            let sound = JSONValue.string(try await harness.asset("audio 4.0"))
            for type in ["voice_clone", "speech_to_speech"] {
                let answer = try await harness.post(
                    "/generations",
                    Self.body(type, ["audio_id": sound, "name": "Ann", "voice_id": .string(Harness.exampleVoice)]))
                #expect(answer.isRefusal(400, "FAILED_PRECONDITION"))
                #expect(answer["messages"]?.array?[0].text?.contains("LIPSMITH_ELEVENLABS_KEY") == true)
                #expect(answer["messages"]?.array?[0].text?.contains(type) == true)
            }
            #expect(try await harness.get("/models?types=voice_clone,speech_to_speech").list.isEmpty)
            #expect(try await harness.get("/models?types=audio_isolation,image_upscale,video_upscale").list.count == 3)
            #expect(try await harness.count() == 0)
        }
    }

    @Test("With a provider a voice is made under the promised name, listed under it, and says sounds again")
    func withProvider() async throws {
        let harness = try await Harness(voices: CopyingVoices())
        let sound = JSONValue.string(try await harness.asset("audio 4.0"))
        #expect(try await harness.get("/models?types=voice_clone,speech_to_speech").list.count == 2)
        #expect(
            try await harness.post("/generations", Self.body("voice_clone", ["audio_id": sound])).problems == [
                "missing body.voice_clone.name"
            ])
        let order = Self.body("voice_clone", ["audio_id": sound, "name": "Ann"])
        let answer = try await harness.post("/generations", order)
        let id = try #require(answer["asset_id"]?.text, "\(answer.text)")
        try await harness.finishOne(voice: "copy")
        let status = try await harness.get("/generations/\(answer["id"]?.text ?? "")/status")
        #expect(status["status"]?.text == "complete")
        #expect(status["type"]?.text == "voice")
        #expect(status["url"] == nil)
        let voices = try await harness.get("/voices").list
        #expect(voices.first { $0["id"]?.text == id }?["asset"]?["external_id"]?.text == "copy")
        #expect(try await harness.get("/assets?type=voice&ids=\(id)").list.count == 1)
        let item = try await harness.get("/generations?type=voice")["data"]?.array?.first
        #expect(item?["asset"]?["id"]?.text == id)
        #expect(try await harness.post("/generations", order).isRefusal(409, "ALREADY_EXISTS"))
        let said = try await harness.post(
            "/generations", Self.body("speech_to_speech", ["audio_id": sound, "voice_id": .string(id)]))
        #expect(try await harness.generation(said).request.conversionVoice == "copy")
        let local = voices.first { $0["asset"]?["external_id"]?.text == "flite-slt" }?["id"] ?? .null
        let refused = try await harness.post(
            "/generations", Self.body("speech_to_speech", ["audio_id": sound, "voice_id": local]))
        #expect(refused.isRefusal(400, "FAILED_PRECONDITION"))
        #expect(refused.text.contains("voice_id"))
    }
}

/// The two voices, and one that a provider makes of samples.
struct CopyingVoices: VoiceProvider {
    var capabilities: VoiceCapabilities { get async { VoiceCapabilities(clones: true, converts: true) } }
    func voices() async throws -> [Voice] {
        TwoVoices.all + [Voice(id: "copy", name: "Ann", provider: "elevenlabs")]
    }
    func voice(_ id: String) async throws -> Voice { try await TwoVoices().voice(id) }
    func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound {
        SpokenSound(durationSeconds: 1)
    }
    func clone(_ sample: String, name: String, mark: String?) async throws -> Voice { try await voices()[2] }
    func checkConversion(to voiceID: String) async throws {
        if voiceID != "copy" { throw GenerationError(.notOffered) }
    }
    func removeVoice(_ id: String) async throws {}
    func checkDub(_ parameters: DubParameters) async throws {}
    func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {}
}

extension GenerationRequest {
    /// How much larger its medium gets; `nil` for other kinds of work.
    fileprivate var upscaling: Upscaling? { if case .upscaling(_, let upscaling) = order { upscaling } else { nil } }

    /// The voice in which its sound is said again; `nil` for other kinds of work.
    fileprivate var conversionVoice: String? { if case .conversion(_, let voice) = order { voice } else { nil } }
}

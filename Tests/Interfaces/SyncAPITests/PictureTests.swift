import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text

/// The contract's rules for a picture in place of a video.
@Suite("Sync: pictures")
struct PictureTests {
    private static let picture: JSONValue = ["type": "image", "url": "http://media.test/i.png"]
    private static let video: JSONValue = ["type": "video", "url": "http://media.test/v4.mp4"]
    private static let voice: JSONValue = ["type": "audio", "url": "http://media.test/a8.wav", "refId": "a"]
    private static let imageFile = FormPart("image", "image bytes", fileName: "upload")

    private static func harness(_ change: (inout SyncSettings) -> Void = { _ in }) async throws -> Harness {
        try await Harness {
            $0.rules.features = [.pictures, .emotions]
            change(&$0)
        }
    }

    /// Sends a picture and a voice to sync-3, with members added or replaced.
    private static func create(_ harness: Harness, _ members: [String: JSONValue] = [:]) async throws -> Answer {
        try await harness.create(["model": "sync-3", "input": [picture, voice]].merging(members) { $1 })
    }

    private static func request(_ answer: Answer, _ harness: Harness) async throws -> GenerationRequest {
        let id = try #require(GenerationID(parsing: answer["id"]?.text ?? ""), "\(answer.text)")
        return try #require(try await harness.store.generation(id, organisation: harness.organisation)).request
    }

    private static func asset(_ harness: Harness, _ kind: MediaKind) async throws -> String {
        let made = try await harness.send(
            .post, "/v2/assets",
            json: ["url": .string("http://media.test/\(kind.rawValue)"), "type": .string(kind.rawValue.uppercased())])
        return try #require(made["id"]?.text, "\(made.text)")
    }

    @Test("a picture by address, in either order, is taken and shown again")
    func address() async throws {
        let harness = try await Self.harness()
        let inputs: [JSONValue] = [[Self.picture, Self.voice], [Self.voice, Self.picture]]
        for input in inputs {
            let answer = try await Self.create(harness, ["input": input])
            #expect(answer.status == 201, "\(answer.text)")
            #expect(answer["input"] == input, "\(answer.text)")
            let visual = try await Self.request(answer, harness).inputs.first { $0.role == .visual }
            #expect(visual?.kind == .image)
        }
        let none = try await Self.create(harness, ["input": [["type": "image"], Self.voice]])
        #expect(none.status == 400)
        #expect(none["field"]?.text == "input[0].url")
        let gone = try await Self.create(
            harness, ["input": [["type": "image", "url": "http://unreachable.test/i.png"], Self.voice]])
        #expect(gone.status == 422)
        #expect(gone.code == "generation_input_image_inaccessible")
        #expect(gone["suggestion"]?.text?.isEmpty == false)
        #expect(gone["field"]?.text == "input[0].url")
    }

    @Test("i2v_prompt says how a picture moves; a film ignores it")
    func description() async throws {
        let harness = try await Self.harness()
        let options: JSONValue = ["i2v_prompt": "smiling, slow zoom"]
        let answer = try await Self.create(harness, ["options": options])
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer["options"] == options, "\(answer.text)")
        let asked = AnimationParameters(prompt: "smiling, slow zoom")
        #expect(try await Self.request(answer, harness).animationParameters == asked)
        let film = try await Self.create(harness, ["input": [Self.video, Self.voice], "options": options])
        #expect(try await Self.request(film, harness).animationParameters == nil)
        let empty = try await Self.create(harness, ["options": ["i2v_prompt": ""]])
        #expect(try await Self.request(empty, harness).animationParameters == nil)
        let wrong = try await Self.create(harness, ["options": ["i2v_prompt": 5]])
        #expect(wrong.status == 400)
        #expect(wrong["field"]?.text == "options.i2v_prompt")
    }

    @Test("only sync-3 takes a picture", arguments: ["lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "react-1"])
    func models(model: String) async throws {
        let harness = try await Self.harness()
        let json = try await Self.create(harness, ["model": .string(model)])
        #expect(json.status == 400, "\(json.text)")
        #expect(json.code == "generation_unsupported_model", "\(json.text)")
        #expect(json["field"]?.text == "model")
        #expect(json.text.contains("picture"))
        let form = try await harness.form([
            Self.imageFile, FormPart("audio", "audio bytes", fileName: "upload"), FormPart("model", model),
        ])
        #expect(form.status == 400, "\(form.text)")
        #expect(form.code == "generation_unsupported_model", "\(form.text)")
        #expect(try await harness.store.jobCounts().waiting == 0)
    }

    @Test("a picture as a file: alone, in its item's place, over an address, and by a flat field")
    func forms() async throws {
        let harness = try await Self.harness()
        let voice = FormPart("audio", "audio bytes", fileName: "upload")
        let model = FormPart("model", "sync-3")
        let bodies = [
            [Self.imageFile, voice, model],
            [model, FormPart("input", #"[{"type":"image"},{"type":"audio"}]"#), Self.imageFile, voice],
            [
                model, FormPart("input", #"{"type":"image","url":"http://unreachable.test/i.png"}"#), Self.imageFile,
                voice,
            ],
        ]
        for parts in bodies {
            let answer = try await harness.form(parts)
            #expect(answer.status == 201, "\(answer.text)")
            let item = try #require(answer["input"]?.array?.first { $0["type"]?.text == "image" })
            let stored = try await harness.get("/v2/assets/\(try #require(item["assetId"]?.text))")
            #expect(item["url"]?.text != nil)
            #expect(item["url"] == stored["url"])
            #expect(stored["type"]?.text == "IMAGE")
            #expect(stored.json.object?["durationSeconds"] == .null)
        }
        let flat = try await harness.form([model, FormPart("image_url", "http://media.test/i.png"), voice])
        #expect(flat.status == 201, "\(flat.text)")
        #expect(try await Self.request(flat, harness).inputs.contains { $0.kind == .image })
        let twice = try await harness.form([Self.imageFile, Self.imageFile, voice, model])
        #expect(twice.status == 400)
        #expect(twice["field"]?.text == "image")
    }

    @Test("a file of another kind than its part is refused")
    func wrongFiles() async throws {
        let harness = try await Self.harness()
        let audio = FormPart("audio", "audio bytes", fileName: "upload")
        for (part, content) in [("image", "video bytes"), ("video", "image bytes"), ("image", "neither")] {
            let answer = try await harness.form([
                FormPart(part, content, fileName: "upload"), audio, FormPart("model", "sync-3"),
            ])
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.code == "generation_input_video_invalid", "\(answer.text)")
            #expect(answer["field"]?.text == part)
        }
    }

    @Test("a picture as an asset; an asset of another kind is refused, whichever way round")
    func assets() async throws {
        let harness = try await Self.harness()
        let image = try await Self.asset(harness, .image)
        let video = try await Self.asset(harness, .video)
        func create(_ type: String, _ id: String) async throws -> Answer {
            try await Self.create(
                harness, ["input": [["type": .string(type), "assetId": .string(id)], Self.voice]])
        }
        let good = try await create("image", image)
        #expect(good.status == 201, "\(good.text)")
        #expect(try await Self.request(good, harness).inputs[0].source == .asset(AssetID(rawValue: image)))
        for (type, id) in [("image", video), ("video", image)] {
            let wrong = try await create(type, id)
            #expect(wrong.status == 422)
            #expect(wrong.code == "generation_input_asset_type_mismatch")
            #expect(wrong["field"]?.text == "input[0].assetId")
        }
        #expect(try await create("image", "nonsense").code == "invalid_asset_id_format")
        #expect(try await create("image", "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f").code == "asset_not_found")
    }

    @Test("several visual inputs are refused")
    func severalVisuals() async throws {
        let harness = try await Self.harness()
        for pair in [[Self.picture, Self.picture], [Self.picture, Self.video], [Self.video, Self.picture]] {
            let answer = try await Self.create(harness, ["input": .array(pair + [Self.voice])])
            #expect(answer.status == 400, "\(answer.text)")
            #expect(answer.code == "generation_input_too_many_visual", "\(answer.text)")
            #expect(answer["field"]?.text == "input[1]")
        }
        let form = try await harness.form([
            Self.imageFile, FormPart("video", "video bytes", fileName: "v.mp4"),
            FormPart("audio", "audio bytes", fileName: "a.wav"), FormPart("model", "sync-3"),
        ])
        #expect(form.status == 400)
        #expect(form.code == "generation_input_too_many_visual")
    }

    @Test("a face may be chosen by a point of frame 0 or by one box")
    func chosenFace() async throws {
        let harness = try await Self.harness()
        let point = SpeakerSelection.point(frame: 0, horizontal: 640, vertical: 310.5)
        let cases: [(JSONValue, SpeakerSelection?)] = [
            (["frame_number": 0, "coordinates": [640, 310.5]], point), (["coordinates": [640, 310.5]], point),
            (["auto_detect": false, "frame_number": 0, "coordinates": [640, 310.5]], point),
            (["bounding_boxes": [[10, 20, 30, 40]]], .boxes([SpeakerBox(left: 10, top: 20, right: 30, bottom: 40)])),
            (["bounding_boxes_url": "http://media.test/boxes.json"], .boxesURL("http://media.test/boxes.json")),
            (["auto_detect": false], nil), ([:], nil),
        ]
        for (speaker, expected) in cases {
            let answer = try await Self.create(harness, ["options": ["active_speaker_detection": speaker]])
            #expect(answer.status == 201, "\(answer.text)")
            #expect(try await Self.request(answer, harness).lipSync?.options.speaker == expected)
        }
        let form = try await harness.form([
            Self.imageFile, FormPart("audio", "audio bytes", fileName: "a.wav"), FormPart("model", "sync-3"),
            FormPart("options", #"{"active_speaker_detection":{"frame_number":"0","coordinates":["640","310.5"]}}"#),
        ])
        #expect(form.status == 201, "\(form.text)")
        #expect(try await Self.request(form, harness).lipSync?.options.speaker == point)
    }

    @Test(
        "a speaker that a picture cannot have is refused by name",
        arguments: [
            (["active_speaker_detection": ["auto_detect": true]], ".auto_detect"),
            (["active_speaker": true], ".auto_detect"),
            (["active_speaker_detection": ["frame_number": 3, "coordinates": [1, 2]]], ".frame_number"),
            (["active_speaker_detection": ["frame_number": 0]], ".coordinates"),
            (["active_speaker_detection": ["frame_number": 0, "coordinates": [-1, 2]]], ".coordinates"),
            (["active_speaker_detection": ["bounding_boxes": [nil, [1, 2, 3, 4]]]], ".bounding_boxes"),
            (["active_speaker_detection": ["bounding_boxes": [[4, 2, 3, 4]]]], ".bounding_boxes[0]"),
            (["active_speaker_detection": ["auto_detect": true, "coordinates": [1, 2]]], ""),
        ] as [(JSONValue, String)])
    func refusedFace(options: JSONValue, field: String) async throws {
        let harness = try await Self.harness()
        let answer = try await Self.create(harness, ["options": options])
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.code == "generation_input_face_selection_invalid", "\(answer.text)")
        #expect(answer["field"]?.text == "options.active_speaker_detection" + field)
        #expect(answer["suggestion"]?.text?.isEmpty == false)
    }

    @Test("a face that a node's flat field wants detected is refused too")
    func flatDetection() async throws {
        let harness = try await Self.harness()
        let answer = try await harness.form([
            Self.imageFile, FormPart("audio", "audio bytes", fileName: "a.wav"), FormPart("model", "sync-3"),
            FormPart("active_speaker_detection", #"{"auto_detect":true}"#),
        ])
        #expect(answer.status == 422)
        #expect(answer.code == "generation_input_face_selection_invalid")
    }

    @Test("segments of a picture are refused in all three spellings")
    func segments() async throws {
        let harness = try await Self.harness()
        let segment: JSONValue = ["startTime": 0, "endTime": 1, "audioInput": ["refId": "a"]]
        let answer = try await Self.create(harness, ["segments": [segment]])
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.code == "generation_input_segments_invalid", "\(answer.text)")
        #expect(answer["field"]?.text == "segments")
        #expect(answer.text.contains("picture"))
        for name in ["segments_secs", "segments_frames"] {
            let picture: JSONValue = ["type": "image", "url": "http://media.test/i.png", "\(name)": [[0, 1]]]
            let legacy = try await Self.create(harness, ["input": [picture, Self.voice]])
            #expect(legacy.status == 422, "\(legacy.text)")
            #expect(legacy.code == "generation_input_segments_invalid", "\(legacy.text)")
            #expect(legacy["field"]?.text == "input[0].\(name)")
        }
        let form = try await harness.form([
            Self.imageFile, FormPart("input", Self.voice.serialized), FormPart("model", "sync-3"),
            FormPart("segments", JSONValue.array([segment]).serialized),
        ])
        #expect(form.status == 422, "\(form.text)")
        #expect(form.code == "generation_input_segments_invalid", "\(form.text)")
    }

    @Test("what has no meaning for a picture is accepted; wrong words are not; a translation is refused")
    func options() async throws {
        let harness = try await Self.harness()
        let options: JSONValue = [
            "sync_mode": "cut_off", "temperature": 0.8, "occlusion_detection_enabled": true, "model_mode": "head",
            "prompt": "happy",
        ]
        let answer = try await Self.create(harness, ["options": options])
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer["options"] == options, "\(answer.text)")
        #expect(try await Self.request(answer, harness).lipSync?.options.temperature == 0.8)
        let wrong = try await Self.create(harness, ["options": ["sync_mode": "backwards"]])
        #expect(wrong.status == 400)
        let dub = try await Self.create(harness, ["input": [Self.picture], "dubParams": ["targetLang": "de"]])
        #expect(dub.status == 400, "\(dub.text)")
        #expect(dub["field"]?.text == "dubParams", "\(dub.text)")
        let silent = try await Self.create(harness, ["input": [Self.picture]])
        #expect(silent.status == 400)
        #expect(silent["field"]?.text == "input")
    }

    @Test("a picture costs what its sound is long, at 25 frames a second")
    func cost() async throws {
        let harness = try await Self.harness { $0.prices = SyncModels.publishedPrices }
        let body: JSONValue = [
            "model": "sync-3", "input": [Self.picture, Self.voice], "options": ["sync_mode": "silence"],
        ]
        let answer = try await harness.send(.post, "/v2/analyze/cost", json: body)
        #expect(answer.status == 200, "\(answer.text)")
        let estimate = try #require(answer.json.array?.first)
        #expect(estimate["estimatedFrameCount"]?.int == 216)
        #expect(estimate["estimatedGenerationCost"]?.double == 1.15344)
        let long = try await harness.send(.post, "/v2/generations/estimate", json: body)
        #expect(long["estimatedFrameCount"]?.int == 216)
        let refused = try await harness.send(
            .post, "/v2/analyze/cost", json: ["model": "lipsync-2", "input": [Self.picture, Self.voice]])
        #expect(refused.status == 400)
        #expect(refused.code == "generation_unsupported_model")
    }

    @Test("lines of a batch may have pictures")
    func batch() async throws {
        let harness = try await Self.harness()
        func row(_ number: Int, _ model: String) -> JSONValue {
            [
                "request_id": .string("r\(number)"), "endpoint": "/v2/generate",
                "payload": ["model": .string(model), "input": [Self.picture, Self.voice]],
            ]
        }
        let good = try await harness.send(
            .post, "/v2/batch", json: ["rows": .array((1...20).map { row($0, "sync-3") }), "dry_run": true])
        #expect(good.status == 200, "\(good.text)")
        let bad = try await harness.send(
            .post, "/v2/batch", json: ["rows": .array((1...20).map { row($0, "lipsync-2") }), "dry_run": true])
        #expect(bad.status == 400 || bad.status == 422, "\(bad.text)")
        #expect(bad.text.contains("picture"))
    }
}

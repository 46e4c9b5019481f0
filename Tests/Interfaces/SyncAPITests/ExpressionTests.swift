import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text
import Time

/// The contract's rules for react-1, and how it and pictures are described.
@Suite("Sync: react-1")
struct ExpressionTests {
    private static func harness(_ change: (inout SyncSettings) -> Void = { _ in }) async throws -> Harness {
        try await Harness {
            $0.rules.features = [.pictures, .emotions]
            change(&$0)
        }
    }

    private static func options(_ answer: Answer, _ harness: Harness) async throws -> GenerationOptions {
        let id = try #require(GenerationID(parsing: answer["id"]?.text ?? ""), "\(answer.text)")
        let generation = try #require(try await harness.store.generation(id, organisation: harness.organisation))
        return try #require(generation.request.lipSync).options
    }

    @Test(
        "each feeling in each region is taken, stored and shown again",
        arguments: ["happy", "sad", "angry", "disgusted", "surprised", "neutral"], ["lips", "face", "head"])
    func words(prompt: String, mode: String) async throws {
        let harness = try await Self.harness()
        let sent: JSONValue = ["prompt": .string(prompt), "model_mode": .string(mode), "temperature": 0.9]
        let answer = try await harness.create(["model": "react-1", "options": sent])
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer["options"] == sent, "\(answer.text)")
        let options = try await Self.options(answer, harness)
        #expect(options.emotion?.rawValue == prompt)
        #expect(options.modelMode?.rawValue == mode)
    }

    @Test("neither word is needed")
    func bare() async throws {
        let harness = try await Self.harness()
        let options = try await Self.options(try await harness.create(["model": "react-1"]), harness)
        #expect(options.emotion == nil)
        #expect(options.modelMode == nil)
    }

    @Test(
        "other words are refused by name",
        arguments: [
            (["prompt": "a happy man in the rain"], "options.prompt"), (["prompt": ""], "options.prompt"),
            (["prompt": "Happy"], "options.prompt"), (["model_mode": "ears"], "options.model_mode"),
            (["prompt": 7], "options.prompt"),
        ] as [(JSONValue, String)])
    func wrongWords(options: JSONValue, field: String) async throws {
        let harness = try await Self.harness()
        let answer = try await harness.create(["model": "react-1", "options": options])
        #expect(answer.status == 400, "\(answer.text)")
        #expect(answer.code == "generation_input_validation_failed", "\(answer.text)")
        #expect(answer["field"]?.text == field)
    }

    @Test("a form carries the words as well")
    func form() async throws {
        let harness = try await Self.harness()
        let answer = try await harness.form([
            FormPart("video", "video bytes", fileName: "upload"), FormPart("audio", "audio bytes", fileName: "upload"),
            FormPart("model", "react-1"), FormPart("options", #"{"prompt":"sad","model_mode":"lips"}"#),
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let options = try await Self.options(answer, harness)
        #expect(options.emotion == .sad)
        #expect(options.modelMode == .lips)
    }

    @Test("options of other models are ignored, and so are react-1's by them")
    func ignored() async throws {
        let harness = try await Self.harness()
        let react = try await harness.create([
            "model": "react-1",
            "options": ["active_speaker_detection": ["auto_detect": true], "occlusion_detection_enabled": true],
        ])
        #expect(react.status == 201, "\(react.text)")
        let model = try #require(ModelCatalog.standard.model(named: "react-1"))
        #expect(model.effective(try await Self.options(react, harness)) == GenerationOptions())
        let other = try await harness.create(["options": ["prompt": "happy", "model_mode": "head"]])
        #expect(other.status == 201, "\(other.text)")
        let plain = try #require(ModelCatalog.standard.model(named: "lipsync-2"))
        #expect(plain.effective(try await Self.options(other, harness)) == GenerationOptions())
    }

    @Test("inputs beyond 15 s are refused where their length is known")
    func length() async throws {
        let harness = try await Self.harness()
        for kind in [MediaKind.video, .audio] {
            let asset = Asset(
                organisation: harness.organisation, createdAt: SystemClock().now, name: "long", kind: kind,
                origin: .upload, blob: BlobKey(rawValue: "content/aa/long"), durationSeconds: 15.5)
            try await harness.store.createAsset(asset, project: nil)
            var input = try #require(Harness.usualInput.array)
            input[kind == .video ? 0 : 1] = ["type": .string(kind.rawValue), "assetId": .string(asset.id.rawValue)]
            let refused = try await harness.create(["model": "react-1", "input": .array(input)])
            #expect(refused.status == 422, "\(refused.text)")
            #expect(refused.code == "generation_model_duration_exceeded", "\(refused.text)")
            #expect(try await harness.create(["input": .array(input)]).status == 201)
        }
    }

    @Test("an installation without pictures or emotions says so")
    func unavailable() async throws {
        let harness = try await Harness()
        let answer = try await harness.create(["model": "react-1", "options": ["prompt": "happy"]])
        #expect(answer.status == 422)
        #expect(answer.code == "plan_feature_unavailable")
        #expect(answer["field"]?.text == "model")
    }

    @Test("its frames have a price")
    func cost() async throws {
        let harness = try await Self.harness { $0.prices = SyncModels.publishedPrices }
        let answer = try await harness.send(
            .post, "/v2/analyze/cost",
            json: ["model": "react-1", "input": Harness.usualInput, "options": ["sync_mode": "cut_off"]])
        let estimate = try #require(answer.json.array?.first, "\(answer.text)")
        #expect(estimate["estimatedFrameCount"]?.int == 100)
        #expect(estimate["estimatedGenerationCost"]?.double == 0.667)
    }

    @Test("models and the public document tell of pictures and feelings")
    func description() async throws {
        let harness = try await Self.harness()
        let models = try #require(try await harness.get("/v2/models").json.array)
        #expect(models.first { $0["id"]?.text == "react-1" }?["type"]?.text == "react")
        #expect(models.first { $0["id"]?.text == "sync-3" }?["description"]?.text?.contains("picture") == true)
        let schemas = try #require(try await harness.get("/api-json").json["components"]?["schemas"])
        let options = try #require(schemas["Options"]?["properties"])
        #expect(options["prompt"]?["enum"]?.array?.count == 6)
        #expect(options["prompt"]?["description"]?.text?.contains("react-1") == true)
        #expect(options["model_mode"]?["default"]?.text == "face")
        let type = try #require(schemas["InputItem"]?["properties"]?["type"])
        #expect(type["enum"]?.array?.contains("image") == true)
        #expect(type["description"]?.text?.contains("sync-3") == true)
        #expect(schemas["CreateGenerationForm"]?["properties"]?["image"]?["format"]?.text == "binary")
        #expect(schemas["CreateGeneration"]?["properties"]?["model"]?["enum"]?.array?.contains("react-1") == true)
    }
}

import Generations
import LipSync
import Media
import Rendering
import TestSupport
import Testing
import Worker

/// Goal: what a request says of a picture is what the engine is told, and what makes no sense for one is refused.
@Suite("Orders for pictures")
struct AnimationOrderTests {
    private static func inputs(
        soundSeconds: Double? = 8, boxes: [String: [SpeakerBox?]] = [:]
    ) -> ResolvedInputs {
        let picture = MediaSummary(kind: .image, format: "png", byteCount: 1, width: 640, height: 480)
        let sound = MediaSummary(
            kind: .audio, format: "wav", byteCount: 1, durationSeconds: soundSeconds, soundSeconds: soundSeconds,
            hasSound: true)
        return ResolvedInputs(
            visual: LocalMedium(path: "/w/image", summary: picture),
            voices: [1: LocalMedium(path: "/w/1", summary: sound)], boxes: boxes)
    }

    private static func request(
        _ options: GenerationOptions = GenerationOptions(), model: String = "sync-3", segments: [Segment] = []
    ) -> GenerationRequest {
        GenerationRequest(
            model: model,
            order: .lipSync(
                LipSyncOrder(
                    inputs: [
                        MediaInput(kind: .image, role: .visual, source: .url("https://a.example/p.png")),
                        MediaInput(kind: .audio, role: .voice, source: .url("https://a.example/a.wav")),
                    ], options: options, segments: segments)))
    }

    private static func plan(
        _ options: GenerationOptions = GenerationOptions(), _ inputs: ResolvedInputs = inputs()
    ) throws -> AnimationPlan {
        try plan(of: request(options), inputs)
    }

    private static func plan(of request: GenerationRequest, _ inputs: ResolvedInputs = inputs()) throws -> AnimationPlan
    {
        let task = try PlanBuilder(constantRateFactor: 19, preset: "fast")
            .order(request, inputs, folder: "/w/output").task
        guard case .animation(let plan) = task else { throw Program.Failed("no animation") }
        return plan
    }

    private static func failure(_ request: GenerationRequest, _ inputs: ResolvedInputs = inputs()) -> FailureCode? {
        do {
            _ = try PlanBuilder().order(request, inputs, folder: "/w")
            return nil
        } catch {
            #expect(!error.mayRetry)
            return error.error.code
        }
    }

    @Test("The defaults of a bare request: 25 frames a second, the largest face, as long as the sound")
    func defaults() throws {
        let plan = try Self.plan()
        #expect(plan.pictures == [PictureCue(path: "/w/image")])
        #expect((plan.audioPath, plan.outputPath) == ("/w/1", "/w/output/output.mp4"))
        #expect(plan.audioRange == nil)
        #expect(plan.durationSeconds == nil)
        #expect(plan.drivePath == nil)
        #expect(plan.size == nil)
        #expect(plan.frameRate == FrameRate(25))
        #expect(plan.temperature == 0.5)
        #expect(plan.emotion == .neutral)
        #expect((plan.constantRateFactor, plan.preset) == (19, "fast"))
        #expect(try PlanBuilder().order(Self.request(), Self.inputs(), folder: "/w").mediaSeconds == 8)
    }

    @Test("Temperature is passed on; ways to match lengths and occluders mean nothing")
    func options() throws {
        let plan = try Self.plan(
            GenerationOptions(
                syncMode: .cutOff, temperature: 0.9, detectsOcclusion: true, modelMode: .lips, emotion: .angry))
        let bare = try Self.plan()
        #expect(plan.temperature == 0.9)
        #expect((plan.emotion, plan.region, plan.durationSeconds) == (bare.emotion, bare.region, nil))
    }

    @Test("A description steers feeling, movement and camera; without words of effect it changes nothing")
    func description() throws {
        func plan(_ words: String) throws -> AnimationPlan {
            var request = Self.request()
            request.lipSync?.animation = AnimationParameters(prompt: words)
            return try Self.plan(of: request)
        }
        let steered = try plan("A woman smiling calmly, the camera zooms in")
        #expect((steered.emotion, steered.motion, steered.camera) == (.happy, 0.4, .pushIn))
        #expect(steered.size == nil)
        #expect(steered.durationSeconds == nil)
        let bare = try Self.plan()
        let plain = try plan("a person at a desk")
        #expect((plain.emotion, plain.motion, plain.camera) == (bare.emotion, bare.motion, bare.camera))
    }

    @Test("A face is chosen by a point, or by the middle of the first box")
    func faces() throws {
        func speaker(_ selection: SpeakerSelection, _ boxes: [SpeakerBox?] = []) throws -> PicturePoint? {
            try Self.plan(GenerationOptions(speaker: selection), Self.inputs(boxes: ["u": boxes])).pictures[0].speaker
        }
        let box = SpeakerBox(left: 10, top: 20, right: 31, bottom: 60)
        #expect(try speaker(.point(frame: 0, horizontal: 4.5, vertical: 6)) == PicturePoint(x: 4.5, y: 6))
        #expect(try speaker(.boxes([box, nil])) == PicturePoint(x: 20.5, y: 40))
        #expect(try speaker(.boxesURL("u"), [box]) == PicturePoint(x: 20.5, y: 40))
        #expect(throws: JobFailure.self) { try speaker(.boxesURL("u"), [nil, box]) }
        for selection in [SpeakerSelection.automatic, .boxes([nil, box]), .boxesURL("elsewhere")] {
            #expect(
                Self.failure(Self.request(GenerationOptions(speaker: selection)))
                    == .speakerInvalid)
        }
    }

    @Test("Segments, other models, and sounds that are empty or endless are refused")
    func misfits() {
        let segment = Segment(range: .seconds(0, 1), voiceInput: 1)
        #expect(Self.failure(Self.request(segments: [segment])) == .segmentsInvalid)
        for model in ["lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "react-1"] {
            #expect(Self.failure(Self.request(model: model)) == .modelUnknown)
        }
        for seconds in [nil, 0, Double.infinity] {
            #expect(
                Self.failure(Self.request(), Self.inputs(soundSeconds: seconds)) == .mediaFactsMissing)
        }
        #expect(
            Self.failure(Self.request(), Self.inputs(soundSeconds: 7201))
                == .inputTooLong)
        var silent = Self.request()
        silent.lipSync?.inputs.removeLast()
        #expect(Self.failure(silent) == .voiceMissing)
    }
}

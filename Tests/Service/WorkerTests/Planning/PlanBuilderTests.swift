import Generations
import LipSync
import Rendering
import TestSupport
import Testing
import Worker

/// Goal: what the request says, with the contract's defaults, is what the engine is told.
@Suite("Plans")
struct PlanBuilderTests {
    private static let video = MediaInput(kind: .video, role: .visual, source: .url("https://a.example/v.mp4"))
    private static func sound(_ name: String? = nil) -> MediaInput {
        MediaInput(kind: .audio, role: .voice, source: .url("https://a.example/a.wav"), referenceName: name)
    }

    private static func inputs(
        videoSeconds: Double? = 12, soundSeconds: Double = 8, soundCount: Int = 1, boxes: [String: [SpeakerBox?]] = [:]
    ) -> ResolvedInputs {
        let video = MediaSummary(
            kind: .video, format: "mp4", byteCount: 1, durationSeconds: videoSeconds, width: 640, height: 480,
            framesPerSecond: 25)
        let sound = MediaSummary(
            kind: .audio, format: "wav", byteCount: 1, durationSeconds: soundSeconds, soundSeconds: soundSeconds,
            hasSound: true)
        return ResolvedInputs(
            visual: LocalMedium(path: "/w/video", summary: video),
            voices: Dictionary(
                uniqueKeysWithValues: (1...soundCount).map { ($0, LocalMedium(path: "/w/\($0)", summary: sound)) }),
            boxes: boxes)
    }

    private static func request(
        _ model: String = "lipsync-2", _ options: GenerationOptions = GenerationOptions(), segments: [Segment] = [],
        sounds: [MediaInput] = [sound()]
    ) -> GenerationRequest {
        GenerationRequest(
            model: model,
            order: .lipSync(LipSyncOrder(inputs: [video] + sounds, options: options, segments: segments)))
    }

    private static func plan(
        _ request: GenerationRequest, _ inputs: ResolvedInputs = inputs()
    ) throws -> RenderPlan {
        try syncPlan(try PlanBuilder().order(request, inputs, folder: "/w").task)
    }

    private static func syncPlan(_ task: EngineTask) throws -> RenderPlan {
        guard case .sync(let plan) = task else { throw Program.Failed("no video") }
        return plan
    }

    private static func failure(
        _ request: GenerationRequest, _ inputs: ResolvedInputs = inputs()
    ) -> FailureCode? {
        do {
            _ = try PlanBuilder().order(request, inputs, folder: "/w")
            return nil
        } catch {
            #expect(!error.mayRetry)
            return error.error.code
        }
    }

    @Test("A seed is the engine's; without one it is 0", arguments: [(nil, 0), (7, 7), (1 << 53 - 1, 1 << 53 - 1)])
    func seed(sent: Int64?, planned: UInt64) throws {
        #expect(try Self.plan(Self.request("react-1", GenerationOptions(seed: sent))).seed == planned)
        #expect(try Self.plan(Self.request("lipsync-2", GenerationOptions(seed: sent))).seed == planned)
    }

    @Test("The defaults of a bare request")
    func defaults() throws {
        let order = try PlanBuilder().order(Self.request(), Self.inputs(), folder: "/w")
        let plan = try Self.syncPlan(order.task)
        #expect((plan.videoPath, plan.outputPath) == ("/w/video", "/w/output.mp4"))
        #expect(plan.segmentOutputPath == nil)
        #expect(plan.profile == .mouthBank)
        let part = try #require(plan.parts.first)
        #expect(plan.parts.count == 1)
        #expect(part.range == nil)
        #expect(part.audioRange == nil)
        #expect((part.audioPath, part.syncMode, part.temperature) == ("/w/1", .bounce, 0.5))
        #expect(part.speaker == .mostPresent)
        #expect(!part.keepsOccluders)
        #expect(order.mediaSeconds == 20)
    }

    @Test(
        "Models are profiles; sync-3 keeps what is in front of the mouth unless told otherwise",
        arguments: [
            ("lipsync-1.9.0-beta", EngineProfile.warp, false), ("lipsync-2", .mouthBank, false),
            ("lipsync-2-pro", .mouthBankFine, false), ("sync-3", .mouthBankFine, true),
        ])
    func models(name: String, profile: EngineProfile, keepsOccluders: Bool) throws {
        #expect(try Self.plan(Self.request(name)).profile == profile)
        #expect(try Self.plan(Self.request(name)).parts[0].keepsOccluders == keepsOccluders)
        let told = try Self.plan(Self.request(name, GenerationOptions(detectsOcclusion: !keepsOccluders)))
        #expect(told.parts[0].keepsOccluders == !keepsOccluders)
    }

    @Test("A model that is not there, and one that takes no video")
    func absentModels() {
        #expect(Self.failure(Self.request("nonsense")) == .modelUnknown)
        #expect(Self.failure(Self.request(Model.photo.name)) == .notOffered)
    }

    @Test("react-1 carries feeling and region; the face is the region that nobody named")
    func expressions() throws {
        func part(
            _ emotion: Emotion?, _ mode: ModelMode?, _ model: String = "react-1"
        ) throws -> RenderPart {
            let options = GenerationOptions(
                temperature: 0.8, detectsOcclusion: true, speaker: .point(frame: 0, horizontal: 1, vertical: 2),
                modelMode: mode, emotion: emotion)
            return try Self.plan(Self.request(model, options)).parts[0]
        }
        for emotion in Emotion.allCases {
            let expression = try #require(try part(emotion, nil).expression)
            #expect(expression.emotion.rawValue == emotion.rawValue)
            #expect(expression.region == .face)
        }
        for mode in ModelMode.allCases {
            #expect(try part(.sad, mode).expression?.region.rawValue == mode.rawValue)
        }
        #expect(try part(nil, nil).expression == nil)
        #expect(try part(nil, .head).expression == FacialExpression(emotion: .neutral, region: .head))
        let react = try part(.happy, .face)
        #expect(react.temperature == 0.8)
        #expect(react.speaker == .mostPresent)
        #expect(!react.keepsOccluders)
        #expect(try part(.happy, .face, "lipsync-2").expression == nil)
        #expect(try Self.plan(Self.request("react-1")).profile == .mouthBank)
    }

    @Test("Every segment of react-1 shows the feeling")
    func expressiveSegments() throws {
        let segments = [(0.0, 2.0), (3, 5)].map { Segment(range: .seconds($0, $1), voiceInput: 1) }
        let request = Self.request(
            "react-1", GenerationOptions(emotion: .angry), segments: segments, sounds: [Self.sound("a")])
        let parts = try Self.plan(request).parts
        #expect(parts.map(\.expression) == Array(repeating: FacialExpression(emotion: .angry, region: .face), count: 2))
    }

    @Test("Options that a model does not honour are ignored")
    func ignoredOptions() throws {
        let options = GenerationOptions(
            syncMode: .remap, temperature: 0.9, speaker: .point(frame: 3, horizontal: 4.5, vertical: 6))
        let part = try Self.plan(Self.request("lipsync-1.9.0-beta", options)).parts[0]
        #expect((part.syncMode, part.temperature, part.speaker) == (.remap, 0.5, .mostPresent))
        let honoured = try Self.plan(Self.request("lipsync-2", options)).parts[0]
        #expect(honoured.temperature == 0.9)
        #expect(honoured.speaker == .point(frame: 3, x: 4.5, y: 6, isRelativeToPart: false))
    }

    @Test("Speakers: automatic, boxes given and boxes fetched")
    func speakers() throws {
        let box = SpeakerBox(left: 1, top: 2, right: 3, bottom: 4)
        let pixelBox = PixelBox(left: 1, top: 2, right: 3, bottom: 4)
        func speaker(_ selection: SpeakerSelection) throws -> SpeakerChoice {
            let request = Self.request("sync-3", GenerationOptions(speaker: selection))
            return try Self.plan(request, Self.inputs(boxes: ["u": [nil, box]])).parts[0].speaker
        }
        #expect(try speaker(.automatic) == .automatic)
        #expect(try speaker(.boxes([box, nil])) == .boxes([pixelBox, nil]))
        #expect(try speaker(.boxesURL("u")) == .boxes([nil, pixelBox]))
    }

    @Test("Segments become parts in order of time, each with its sound, crop and overrides")
    func segments() throws {
        let segments = [
            Segment(range: .seconds(6, 9), voiceInput: 2, options: GenerationOptions(syncMode: .cutOff)),
            Segment(range: .seconds(1, 4.5), voiceInput: 1, voiceCrop: VoiceCrop(start: 1, end: 4)),
        ]
        let request = Self.request(
            "lipsync-2", GenerationOptions(syncMode: .loop, temperature: 0.2), segments: segments,
            sounds: [Self.sound("a"), Self.sound("b")])
        let plan = try Self.plan(request, Self.inputs(soundCount: 2))
        #expect(plan.parts.map(\.range) == [.seconds(1, 4.5), .seconds(6, 9)])
        #expect(plan.parts.map(\.audioPath) == ["/w/1", "/w/2"])
        #expect(plan.parts.map(\.audioRange) == [TimeRange(startSeconds: 1, endSeconds: 4), nil])
        #expect(plan.parts.map(\.syncMode) == [.loop, .cutOff])
        #expect(plan.parts.map(\.temperature) == [0.2, 0.2])
        #expect(plan.segmentOutputPath == nil)
        let single = try Self.plan(Self.request(segments: [segments[1]], sounds: [Self.sound("a")]))
        #expect(single.segmentOutputPath == "/w/segment.mp4")
    }

    @Test("The deprecated spelling counts the speaker's frame from the segment's start")
    func legacySegments() throws {
        let options = GenerationOptions(speaker: .point(frame: 2, horizontal: 5, vertical: 6))
        func speaker(_ range: SegmentRange, _ name: String?) throws -> SpeakerChoice {
            let segment = Segment(range: range, voiceInput: 1)
            return try Self.plan(Self.request("lipsync-2", options, segments: [segment], sounds: [Self.sound(name)]))
                .parts[0].speaker
        }
        #expect(try speaker(.frames(100, 200), nil) == .point(frame: 2, x: 5, y: 6, isRelativeToPart: true))
        #expect(try speaker(.seconds(4, 8), nil) == .point(frame: 2, x: 5, y: 6, isRelativeToPart: true))
        #expect(try speaker(.seconds(4, 8), "a") == .point(frame: 2, x: 5, y: 6, isRelativeToPart: false))
    }

    @Test("What does not fit the media is refused with its code")
    func misfits() {
        func segment(_ range: SegmentRange, crop: VoiceCrop? = nil) -> GenerationRequest {
            Self.request(segments: [Segment(range: range, voiceInput: 1, voiceCrop: crop)], sounds: [Self.sound("a")])
        }
        #expect(Self.failure(segment(.seconds(11, 12.02))) == nil)
        #expect(Self.failure(segment(.seconds(11, 12.5))) == .segmentsInvalid)
        #expect(Self.failure(segment(.frames(0, 301))) == nil)
        #expect(Self.failure(segment(.frames(0, 305))) == .segmentsInvalid)
        #expect(Self.failure(segment(.seconds(1, 2), crop: VoiceCrop(start: 8, end: 9))) == .trimInvalid)
        #expect(Self.failure(segment(.seconds(1, 2), crop: VoiceCrop(start: 7, end: 9))) == .trimInvalid)
        #expect(
            Self.failure(Self.request(), Self.inputs(videoSeconds: 7201))
                == .inputTooLong)
        #expect(
            Self.failure(Self.request(), Self.inputs(soundSeconds: 7201))
                == .inputTooLong)
        #expect(Self.failure(Self.request(), Self.inputs(videoSeconds: nil)) == .mediaFactsMissing)
        #expect(Self.failure(Self.request("react-1"), Self.inputs(videoSeconds: 15, soundSeconds: 15)) == nil)
        #expect(
            Self.failure(Self.request("react-1"), Self.inputs(videoSeconds: 15.1)) == .modelLimitExceeded)
        #expect(
            Self.failure(Self.request("react-1"), Self.inputs(soundSeconds: 15.1)) == .modelLimitExceeded)
    }

    @Test(
        "Boxes that are no boxes are refused",
        arguments: [
            "", "[]", #"{"bounding_boxes": 3}"#, #"{"bounding_boxes": []}"#, #"{"bounding_boxes": [null]}"#,
            #"{"bounding_boxes": [[1, 2, 3]]}"#, #"{"bounding_boxes": [[3, 2, 1, 4]]}"#,
            #"{"bounding_boxes": [[1, 2, "3", 4]]}"#,
        ])
    func badBoxes(text: String) {
        #expect(throws: JobFailure.self) { try SpeakerBoxes.parse(Array(text.utf8)) }
    }
}

import Generations
import LipSync
import Rendering
import TestSupport
import Testing
import Worker

/// Goal: orders of animations become the plan that the contract's table of lengths and the list of words ask for.
@Suite("Orders for animations")
struct PhotoOrderTests {
    private static let character = Model.photo.name

    private static func medium(
        _ kind: MediaSummary.Kind, _ path: String, seconds: Double? = nil, width: Int = 640, height: Int = 480
    ) -> LocalMedium {
        LocalMedium(
            path: path,
            summary: MediaSummary(
                kind: kind, format: "x", byteCount: 1, durationSeconds: seconds, soundSeconds: seconds,
                width: kind == .audio ? nil : width, height: kind == .audio ? nil : height,
                framesPerSecond: kind == .video ? 25 : nil, hasSound: kind == .audio))
    }

    private static func request(
        _ parameters: AnimationParameters = AnimationParameters(prompt: ""), model: String = character,
        hasVoice: Bool = true, kind: GenerationKind = .photoAnimation
    ) -> GenerationRequest {
        let picture = MediaInput(
            kind: kind == .lipSync ? .video : .image, role: .visual, source: .url("https://a.example/p"))
        let voice = MediaInput(kind: .audio, role: .voice, source: .url("https://a.example/a"))
        let inputs = hasVoice ? [picture, voice] : [picture]
        return GenerationRequest(
            model: model,
            order: kind == .lipSync
                ? .lipSync(LipSyncOrder(inputs: inputs, animation: parameters))
                : .animation(AnimationOrder(inputs: inputs, parameters: parameters)))
    }

    private static func inputs(
        soundSeconds: Double = 4, pictures: [LocalMedium] = [medium(.image, "/w/image")], driving: LocalMedium? = nil
    ) -> ResolvedInputs {
        ResolvedInputs(
            visual: pictures[0], voices: [1: medium(.audio, "/w/1", seconds: soundSeconds)], pictures: pictures,
            driving: driving)
    }

    private static func plan(
        _ request: GenerationRequest = request(), _ inputs: ResolvedInputs = inputs()
    ) throws -> AnimationPlan {
        let task = try PlanBuilder(constantRateFactor: 19, preset: "fast").order(request, inputs, folder: "/w/output")
            .task
        guard case .animation(let plan) = task else { throw Program.Failed("no animation") }
        return plan
    }

    private static func failure(_ request: GenerationRequest, _ inputs: ResolvedInputs = inputs()) -> FailureCode? {
        do {
            _ = try PlanBuilder().order(request, inputs, folder: "/w")
            return nil
        } catch { return error.error.code }
    }

    /// Section 7 of the contract: a sound of 4 s, its shift, the wished length; then what the engine is told.
    @Test(
        "Silence before the sound, what is left out of it, and the length",
        arguments: [
            (0, nil, 0, nil, nil, 4), (-1000, nil, 1, nil, nil, 5), (1500, nil, 0, [1.5, 4], nil, 2.5),
            (0, 3000, 0, [0, 3], 3, 3), (0, 6000, 0, nil, 6, 6), (-1000, 3000, 1, [0, 2], 3, 3),
            (1500, 4000, 0, [1.5, 4], 4, 4), (0, 0, 0, nil, nil, 4), (-5000, 3000, 5, [0, 0.1], 3, 3),
        ] as [(Int, Int?, Double, [Double]?, Double?, Double)])
    func lengths(
        shift: Int, wanted: Int?, lead: Double, heard: [Double]?, duration: Double?, output: Double
    ) throws {
        let parameters = AnimationParameters(
            prompt: "", durationMilliseconds: wanted, audioStartMilliseconds: shift)
        let plan = try Self.plan(Self.request(parameters))
        #expect((plan.leadSeconds, plan.durationSeconds) == (lead, duration))
        #expect(plan.audioRange == heard.map { TimeRange(startSeconds: $0[0], endSeconds: $0[1]) })
        #expect(try PlanBuilder().order(Self.request(parameters), Self.inputs(), folder: "/w").mediaSeconds == output)
    }

    @Test("A sound that begins behind its end, and an output that is longer than the model's, are refused")
    func limits() {
        let late = AnimationParameters(prompt: "", audioStartMilliseconds: 4000)
        #expect(Self.failure(Self.request(late)) == .trimInvalid)
        let omnia = Model.photoWideMotion.name
        #expect(
            Self.failure(Self.request(model: omnia), Self.inputs(soundSeconds: 9)) == .modelLimitExceeded)
        // What counts is the output, not the file.
        let short = AnimationParameters(prompt: "", durationMilliseconds: 8000)
        #expect(Self.failure(Self.request(short, model: omnia), Self.inputs(soundSeconds: 9)) == nil)
        #expect(Self.failure(Self.request(), Self.inputs(soundSeconds: .infinity)) == .mediaFactsMissing)
        #expect(Self.failure(Self.request(model: "nope")) == .modelUnknown)
    }

    @Test("Without a voice the video is as long as the wish, the driving video within the model's limit, or 5 s")
    func silentLengths() throws {
        let silent = Self.request(hasVoice: false)
        #expect(try Self.plan(silent).durationSeconds == 5)
        let wish = Self.request(AnimationParameters(prompt: "", durationMilliseconds: 7000), hasVoice: false)
        #expect(try Self.plan(wish).durationSeconds == 7)
        let motion = Model.motionTransfer.name
        for (seconds, expected) in [(12.0, 12.0), (40, 30)] {
            let driving = Self.medium(.video, "/w/driving", seconds: seconds)
            let plan = try Self.plan(Self.request(model: motion, hasVoice: false), Self.inputs(driving: driving))
            #expect(plan.durationSeconds == expected)
            #expect(plan.drivePath == "/w/driving")
            #expect(plan.audioPath == nil)
        }
        let both = try Self.plan(Self.request(), Self.inputs(driving: Self.medium(.video, "/w/driving", seconds: 12)))
        #expect(both.durationSeconds == nil)
        #expect(both.audioPath == "/w/1")
        #expect(both.drivePath == "/w/driving")
    }

    @Test("The size is the one of shape and resolution; without a shape, the listed one nearest to the picture")
    func sizes() throws {
        func size(_ resolution: String?, _ ratio: String?, width: Int = 640, height: Int = 480) throws -> PictureSize? {
            let parameters = AnimationParameters(prompt: "", resolution: resolution, aspectRatio: ratio)
            let picture = Self.medium(.image, "/w/image", width: width, height: height)
            return try Self.plan(Self.request(parameters), Self.inputs(pictures: [picture])).size
        }
        #expect(try size("540p", "9:16") == PictureSize(width: 540, height: 960))
        #expect(try size(nil, "16:9") == PictureSize(width: 1280, height: 720))
        #expect(try size("1080p", nil) == PictureSize(width: 1440, height: 1080))
        #expect(try size(nil, nil, width: 500, height: 510) == PictureSize(width: 720, height: 720))
        #expect(try size("540p", nil, width: 900, height: 1700) == PictureSize(width: 540, height: 960))
    }

    @Test("A point in shares of the picture becomes a pixel inside it; pictures keep their order")
    func pictures() throws {
        let second = Self.medium(.image, "/w/image-1")
        let parameters = AnimationParameters(prompt: "", target: [0.25, 1], seed: 41)
        let plan = try Self.plan(
            Self.request(parameters), Self.inputs(pictures: [Self.medium(.image, "/w/image"), second]))
        #expect(plan.pictures.map(\.path) == ["/w/image", "/w/image-1"])
        #expect(plan.pictures.map(\.speaker) == [PicturePoint(x: 160, y: 479), nil])
        #expect(plan.seed == 41)
        #expect(plan.pictures.allSatisfy { $0.change == nil })
    }

    @Test("Two subjects take turns, where a first and a last frame turn into each other all the while")
    func subjects() throws {
        let two = Self.inputs(pictures: [Self.medium(.image, "/w/image"), Self.medium(.image, "/w/image-1")])
        var request = Self.request()
        #expect(try Self.plan(request, two).pictures.allSatisfy { $0.change == nil })
        request.animation?.inputs[0].role = .reference
        let change = try Self.plan(request, two).pictures[1].change
        #expect(change == PictureChange(startSeconds: 1.5, durationSeconds: 1))
    }

    @Test("Words steer feeling, liveliness and camera; the model scales the liveliness")
    func steering() throws {
        func plan(_ prompt: String, _ model: String = Self.character) throws -> AnimationPlan {
            try Self.plan(Self.request(AnimationParameters(prompt: prompt), model: model))
        }
        let bare = try plan("A woman in a red room")
        #expect((bare.emotion, bare.motion, bare.camera) == (.neutral, 1, .still))
        let steered = try plan("A calm, smiling woman; zoom in")
        #expect((steered.emotion, steered.motion, steered.camera) == (.happy, 0.4, .pushIn))
        let avatar = Model.photoMotion.name
        #expect(try plan("", avatar).motion == 1.3)
        // The engine knows nothing livelier than 2.
        #expect(try plan("lively", avatar).motion == 2)
        for (word, emotion) in [("sad", FacialEmotion.sad), ("angry", .angry), ("disgusted", .disgusted)] {
            #expect(try plan(word).emotion == emotion)
        }
        #expect(try plan("pan to the right").camera == .panRight)
        #expect(try plan("pulls out").camera == .pullOut)
    }

    @Test("A film that says something else: its shift is a part of the sound, its point a pixel of the film")
    func films() throws {
        func part(_ parameters: AnimationParameters) throws -> RenderPart {
            let film = Self.medium(.video, "/w/video", seconds: 6)
            let request = Self.request(parameters, model: "lipsync-2", kind: .lipSync)
            let inputs = ResolvedInputs(visual: film, voices: [1: Self.medium(.audio, "/w/1", seconds: 4)])
            let task = try PlanBuilder().order(request, inputs, folder: "/w/output").task
            guard case .sync(let plan) = task else { throw Program.Failed("no film") }
            return plan.parts[0]
        }
        #expect(try part(AnimationParameters(prompt: "")).audioRange == nil)
        let shifted = try part(AnimationParameters(prompt: "", audioStartMilliseconds: 1500))
        #expect(shifted.audioRange == TimeRange(startSeconds: 1.5, endSeconds: 4))
        #expect(shifted.syncMode == .bounce)
        let cut = try part(
            AnimationParameters(prompt: "", durationMilliseconds: 2000, audioStartMilliseconds: 1500))
        #expect(cut.audioRange == TimeRange(startSeconds: 1.5, endSeconds: 3.5))
        let pointed = try part(AnimationParameters(prompt: "", target: [0.5, 0.5]))
        #expect(pointed.speaker == .point(frame: 0, x: 320, y: 240))
    }
}

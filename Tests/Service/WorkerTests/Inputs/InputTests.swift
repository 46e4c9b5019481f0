import Foundation
import Generations
import HTTP
import LipSync
import Persistence
import TestSupport
import TestTools
import Testing
import Time
import Worker

/// Goal: inputs reach the plan from wherever they may come, and from nowhere else.
@Suite("Inputs of a job")
struct InputTests {
    /// Serves a stub's media and what goes wrong with addresses.
    private static func answer(_ arrival: LocalServer.Arrival, _ count: Int) async throws -> HTTPResponse {
        switch arrival.path {
        case "/video": .text("video 1.0")
        case "/audio": .text("audio 1.0")
        case "/image": .text("image 1.0")
        case "/moved": HTTPResponse(.found, headers: ["Location": "/video"])
        case "/into-the-house":
            HTTPResponse(.found, headers: ["Location": "http://127.0.0.2:1/video"])
        case "/metadata": HTTPResponse(.found, headers: ["Location": "http://169.254.169.254/latest"])
        case "/loop": HTTPResponse(.found, headers: ["Location": "/loop"])
        case "/once-broken": count == 0 ? HTTPResponse(.serviceUnavailable) : .text("video 1.0")
        case "/once-cut":
            count > 0
                ? .text("video 1.0")
                : .stream(length: 1000) { writer in
                    try await writer.write("video")
                    throw CancellationError()
                }
        case "/always-cut":
            .stream(length: 1000) { writer in
                try await writer.write("video")
                throw CancellationError()
            }
        case "/broken": HTTPResponse(HTTPStatus(rawValue: 502))
        case "/page": .text("\n<!DOCTYPE html><title>Download</title>", contentType: "text/html; charset=utf-8")
        case "/misnamed": .text("video 1.0", contentType: "text/html")
        case "/large": .text("video 1.0 " + String(repeating: "x", count: 5000))
        case "/boxes": .text(#"{"bounding_boxes": [[10, 20.5, 110, 120], null, [12, 22, 112, 122]]}"#)
        case "/bad-boxes": .text(#"{"bounding_boxes": [[10, 20]]}"#)
        default: HTTPResponse(.notFound)
        }
    }

    private static func input(_ url: String, _ kind: MediaKind = .video) -> MediaInput {
        MediaInput(kind: kind, role: kind == .audio ? .voice : .visual, source: .url(url))
    }

    @Test("Fetched inputs, after a redirect too, reach the plan")
    func fetched() async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            let id = try await harness.accept(inputs: [
                Self.input(server.url("/moved")), Self.input(server.url("/audio"), .audio),
            ])
            let generation = try await harness.working(try harness.service()) { try await harness.waitForEnd(id) }
            #expect(generation.status == .completed, "\(harness.log.all)")
        }
    }

    @Test(
        "An address that gives nothing ends the job with the code of its kind, without a second attempt",
        arguments: [
            ("/none", MediaKind.video, FailureCode.videoInaccessible),
            ("/none", .audio, .audioInaccessible),
            ("/into-the-house", .video, .videoInaccessible),
            ("/metadata", .video, .videoInaccessible),
            ("/loop", .video, .videoInaccessible), ("/large", .video, .fileTooLarge),
            ("/audio", .video, .videoUnusable), ("/image", .video, .videoUnusable),
            ("/boxes", .video, .videoUnusable),
            ("/boxes", .audio, .audioUnusable),
        ])
    func inaccessible(path: String, kind: MediaKind, code: FailureCode) async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.limits.fetchBytes = 4096
        configuration.limits.boxesBytes = 4096
        try await LocalServer.run(Self.answer) { server in
            let id = try await harness.accept(inputs: [
                Self.input(server.url(kind == .video ? path : "/video")),
                Self.input(server.url(kind == .audio ? path : "/audio"), .audio),
            ])
            let generation = try await harness.working(try harness.service(configuration)) {
                try await harness.waitForEnd(id)
            }
            #expect(generation.failure?.code == code, "\(harness.log.all)")
            #expect(harness.log.count(of: "attempt_failed") == 1)
        }
    }

    @Test("An address that is out of order for a moment is asked again")
    func recovers() async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            let id = try await harness.accept(inputs: [
                Self.input(server.url("/once-broken")), try await harness.asset("audio 1.0", .audio),
            ])
            let generation = try await harness.working(try harness.service()) { try await harness.waitForEnd(id) }
            #expect(generation.status == .completed)
            #expect(harness.log.count(of: "attempt_failed") == 0)
            #expect(server.all.count == 2)
        }
    }

    @Test("A transfer that was cut short is made again, and a file that is called a page is taken for what it is")
    func cutShort() async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            let audio = try await harness.asset("audio 1.0", .audio)
            try await harness.working(try harness.service()) { () async throws -> Void in
                for path in ["/once-cut", "/misnamed"] {
                    let id = try await harness.accept(inputs: [Self.input(server.url(path)), audio])
                    #expect(try await harness.waitForEnd(id).status == .completed, "\(harness.log.all)")
                }
            }
            #expect(harness.log.count(of: "attempt_failed") == 0)
        }
    }

    @Test(
        "What keeps an input from being fetched is said as it is, with advice that fits",
        arguments: [
            ("/page", "web page (text/html)", "downloads the file from", 1),
            ("/always-cut", "The transfer from the address ended early.", "try again", 9),
            ("/broken", "answered with status 502", "Try again when the address answers.", 9),
            ("/none", "answered with status 404", "nothing is there", 1),
        ])
    func words(path: String, message: String, advice: String, calls: Int) async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            let audio = try await harness.asset("audio 1.0", .audio)
            let id = try await harness.accept(inputs: [Self.input(server.url(path)), audio])
            let generation = try await harness.working(try harness.service()) { try await harness.waitForEnd(id) }
            #expect(generation.failure?.code == .videoInaccessible)
            #expect(generation.failure?.message.contains(message) == true, "\(generation.failure?.message ?? "")")
            #expect(generation.failure?.message.contains(advice) == true, "\(generation.failure?.message ?? "")")
            #expect(generation.failure?.message.contains("signing in") == false)
            #expect(server.all.count == calls)
        }
    }

    @Test("Inputs of one job are fetched at the same time")
    func together() async throws {
        let harness = try await Harness()
        let arrived = LogLines()
        try await LocalServer.run({ arrival, count in
            arrived.add(arrival.path)
            // Each waits for the other.
            #expect(await eventually { arrived.all.count >= 2 })
            return try await Self.answer(arrival, count)
        }) { server in
            let id = try await harness.accept(inputs: [
                Self.input(server.url("/video")), Self.input(server.url("/audio"), .audio),
            ])
            let generation = try await harness.working(try harness.service()) { try await harness.waitForEnd(id) }
            #expect(generation.status == .completed, "\(harness.log.all)")
            #expect(server.all.count == 2)
        }
    }

    @Test("The server's own addresses lead to files without a call, or to nothing")
    func ownAddresses() async throws {
        let harness = try await Harness()
        guard case .asset(let asset) = try await harness.asset("video 1.0", .video).source else { return }
        let blob = try #require(try await harness.store.anyAsset(asset)?.blob)
        try await LocalServer.run(Self.answer) { server in
            let base = server.url("/own")
            let addresses: AddressResolver = { url, _ in
                guard url.hasPrefix(base) else { return .elsewhere }
                return url.hasSuffix("/known") ? .here(blob) : .nothing
            }
            let audio = try await harness.asset("audio 1.0", .audio)
            let known = try await harness.accept(inputs: [Self.input(base + "/known"), audio])
            let unknown = try await harness.accept(inputs: [Self.input(base + "/unknown"), audio])
            try await harness.working(try harness.service(addresses: addresses)) { () async throws -> Void in
                #expect(try await harness.waitForEnd(known).status == .completed)
                #expect(
                    try await harness.waitForEnd(unknown).failure?.code == .videoInaccessible)
            }
            #expect(server.all.isEmpty)
        }
    }

    @Test("An asset of another organisation, without content, or whose file is gone")
    func assets() async throws {
        let harness = try await Harness()
        let audio = try await harness.asset("audio 1.0", .audio)
        let other = Organisation(name: "Other", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(other)
        var inputs: [(MediaInput, FailureCode)] = []
        for (organisation, blob, code) in [
            (other.id, BlobKey(rawValue: "content/aa/foreign"), FailureCode.assetNotFound),
            (harness.organisation.id, nil, .videoInaccessible),
            (harness.organisation.id, BlobKey(rawValue: "content/aa/gone"), .videoInaccessible),
        ] {
            let asset = Asset(
                organisation: organisation, createdAt: SystemClock().now, name: "a", kind: .video, origin: .upload,
                blob: blob)
            try await harness.store.createAsset(asset, project: nil)
            inputs.append((MediaInput(kind: .video, role: .visual, source: .asset(asset.id)), code))
        }
        try await harness.working(try harness.service()) { () async throws -> Void in
            for (input, code) in inputs {
                let id = try await harness.accept(inputs: [input, audio])
                #expect(try await harness.waitForEnd(id).failure?.code == code)
            }
        }
    }

    @Test("Boxes are fetched into the plan; those that are none end the job")
    func boxes() async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            func request(_ path: String) async throws -> GenerationRequest {
                GenerationRequest(
                    model: "lipsync-2",
                    order: .lipSync(
                        LipSyncOrder(
                            inputs: [
                                try await harness.asset("video 1.0", .video),
                                try await harness.asset("audio 1.0", .audio),
                            ], options: GenerationOptions(speaker: .boxesURL(server.url(path))))))
            }
            let good = try await harness.accept(try await request("/boxes"))
            let bad = try await harness.accept(try await request("/bad-boxes"))
            let absent = try await harness.accept(try await request("/none"))
            try await harness.working(try harness.service()) {
                guard case .sync(let plan) = try await Self.task(harness, try await harness.waitForEnd(good)) else {
                    Issue.record("an animation was made of a video")
                    return
                }
                #expect(
                    plan.parts[0].speaker
                        == .boxes([
                            PixelBox(left: 10, top: 20.5, right: 110, bottom: 120), nil,
                            PixelBox(left: 12, top: 22, right: 112, bottom: 122),
                        ]))
                for id in [bad, absent] {
                    let generation = try await harness.waitForEnd(id)
                    #expect(generation.failure?.code == .speakerInvalid)
                }
            }
        }
    }

    @Test("Text and dubbing are refused without a voice provider")
    func withoutVoices() async throws {
        let harness = try await Harness()
        let video = try await harness.asset("video 1.0", .video)
        let text = try await harness.accept(inputs: [video, Self.script("Hello.")])
        let dub = try await harness.accept(
            GenerationRequest(
                model: "lipsync-2",
                order: .lipSync(
                    LipSyncOrder(inputs: [video], dub: DubParameters(provider: "elevenlabs", targetLanguage: "es")))))
        try await harness.working(try harness.service()) { () async throws -> Void in
            for id in [text, dub] {
                #expect(try await harness.waitForEnd(id).failure?.code == .notOffered)
            }
        }
    }

    @Test("A text is spoken, a video is dubbed, and the sound is kept")
    func voices() async throws {
        let harness = try await Harness()
        let video = try await harness.asset("video 1.0", .video)
        let text = try await harness.accept(inputs: [video, Self.script("Hello.")])
        let dub = try await harness.accept(
            GenerationRequest(
                model: "lipsync-2",
                order: .lipSync(
                    LipSyncOrder(inputs: [video], dub: DubParameters(provider: "elevenlabs", targetLanguage: "es")))))
        try await harness.working(try harness.service(voices: StubVoices())) {
            let spoken = try #require(try await harness.waitForEnd(text).output)
            #expect(spoken.speechBlob?.isOutput(of: text, fence: 1, "speech.wav") == true)
            #expect(try await harness.text(spoken.speechBlob) == "audio 2.0 Hello.")
            let dubbed = try #require(try await harness.waitForEnd(dub).output)
            #expect(try await harness.text(dubbed.speechBlob) == "audio 3.0 es video 1.0")
        }
    }

    @Test("A picture, fetched or stored, reaches the engine as an animation; its box is fetched too")
    func picture() async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            let audio = try await harness.asset("audio 1.0", .audio)
            let pictures = [
                Self.input(server.url("/image"), .image), try await harness.asset("image 1.0", .image),
            ]
            try await harness.working(try harness.service()) { () async throws -> Void in
                for picture in pictures {
                    let id = try await harness.accept(
                        GenerationRequest(
                            model: "sync-3",
                            order: .lipSync(
                                LipSyncOrder(
                                    inputs: [audio, picture],
                                    options: GenerationOptions(speaker: .boxesURL(server.url("/boxes")))))))
                    let generation = try await harness.waitForEnd(id)
                    guard case .animation(let plan) = try await Self.task(harness, generation) else {
                        Issue.record("a video was made of a picture")
                        continue
                    }
                    #expect(plan.pictures.count == 1)
                    #expect(plan.pictures[0].speaker == PicturePoint(x: 60, y: 70.25))
                    #expect(plan.pictures[0].path.hasSuffix("/image"))
                    #expect(plan.audioPath?.hasSuffix("/voice-0") == true)
                    #expect(generation.output?.segmentBlob == nil)
                }
            }
        }
    }

    @Test(
        "What is announced as a picture and is none ends the job with words about pictures",
        arguments: [
            ("/video", FailureCode.videoUnusable), ("/audio", .videoUnusable),
            ("/boxes", .videoUnusable), ("/none", .imageInaccessible),
        ])
    func noPicture(path: String, code: FailureCode) async throws {
        let harness = try await Harness()
        try await LocalServer.run(Self.answer) { server in
            let id = try await harness.accept(
                GenerationRequest(
                    model: "sync-3",
                    order: .lipSync(
                        LipSyncOrder(
                            inputs: [
                                Self.input(server.url(path), .image), try await harness.asset("audio 1.0", .audio),
                            ]))))
            let failure = try await harness.working(try harness.service()) {
                try await harness.waitForEnd(id).failure
            }
            #expect(failure?.code == code, "\(harness.log.all)")
            if code == .videoUnusable { #expect(failure?.message.contains("picture") == true) }
            #expect(harness.log.count(of: "attempt_failed") == 1)
        }
    }

    @Test("A text that is spoken alone becomes an asset")
    func speechJob() async throws {
        let harness = try await Harness()
        let asset = AssetID()
        let job = try await harness.accept(
            GenerationRequest(model: "speech", order: .speech(Self.speech("Hello."))), outputAsset: asset)
        try await harness.working(try harness.service(voices: StubVoices())) {
            let output = try #require(try await harness.waitForEnd(job).output)
            #expect(output.durationSeconds == 2)
            let stored = try #require(try await harness.store.anyAsset(asset))
            #expect(stored.kind == .audio)
            #expect(stored.origin == .speech)
            #expect(try await harness.text(stored.blob) == "audio 2.0 Hello.")
        }
    }

    @Test("A video that is too long to be dubbed fails with its own code")
    func longDub() async throws {
        let harness = try await Harness()
        let video = try await harness.asset("video 61.0", .video)
        let dub = try await harness.accept(
            GenerationRequest(
                model: "lipsync-2",
                order: .lipSync(
                    LipSyncOrder(inputs: [video], dub: DubParameters(provider: "elevenlabs", targetLanguage: "es")))))
        try await harness.working(try harness.service(voices: StubVoices())) { () async throws -> Void in
            #expect(try await harness.waitForEnd(dub).failure?.code == .dubTooLong)
        }
    }

    @Test("Other kinds of job are refused with a code")
    func later() async throws {
        let harness = try await Harness()
        // A server without voices.
        let speech = try await harness.accept(
            GenerationRequest(model: "speech", order: .speech(Self.speech("Hello."))))
        try await harness.working(try harness.service()) { () async throws -> Void in
            #expect(try await harness.waitForEnd(speech).failure?.code == .notOffered)
        }
    }

    private static func script(_ text: String) -> MediaInput {
        MediaInput(kind: .text, role: .voice, source: .script(speech(text)))
    }

    private static func speech(_ text: String) -> SpeechRequest {
        SpeechRequest(provider: "elevenlabs", voiceID: "v", script: text)
    }

    /// The stub's output is the task that it got.
    private static func task(_ harness: Harness, _ generation: Generation) async throws -> EngineTask {
        let text = try await harness.text(generation.output?.blob)
        return try JSONDecoder().decode(EngineTask.self, from: Data(text.utf8))
    }
}

import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import StoreConformance
import Testing
import Text
import Time

@Suite("Lipsmith's own API: orders")
struct OrderTests {
    @Test("an order is stored as it was meant and shown as it was sent")
    func accepted() async throws {
        let harness = try await OwnHarness()
        let options: JSONValue = [
            "syncMode": "cut_off", "temperature": 0.25, "speaker": ["frame": 3, "x": 100, "y": 50.5],
            "keepsOccluders": true, "emotion": "sad", "region": "head", "seed": 9_007_199_254_740_991,
        ]
        let answer = try await harness.order([
            "model": "react-1", "options": options, "name": "Take 1: späte", "webhookUrl": "https://hook.test/x",
        ])
        #expect(answer.status == 201)
        #expect(answer["status"]?.text == "pending")
        #expect(answer["stage"]?.text == "queued")
        #expect(answer["name"]?.text == "Take 1: späte")
        #expect(answer["source"]?.text == "lipsmith")
        #expect(answer["input"] == ["kind": "video", "url": "http://media.test/v4.mp4"])
        #expect(answer["order"]?["options"] == options)
        #expect(answer.json.object?["output"] == .null)
        let request = try await harness.stored(answer).request
        #expect(request.model == "react-1")
        #expect(request.outputFileName == "Take_1_spte")
        #expect(request.webhookURL == "https://hook.test/x")
        #expect(request.inputs.map(\.role) == [.visual, .voice])
        #expect(
            request.lipSync?.options
                == GenerationOptions(
                    syncMode: .cutOff, temperature: 0.25, detectsOcclusion: true,
                    speaker: .point(frame: 3, horizontal: 100, vertical: 50.5), modelMode: .head, emotion: .sad,
                    seed: 9_007_199_254_740_991))
        #expect(request.echo["publicBase"]?.text == "http://lips.test:8080")
    }

    @Test("without a model a video gets lipsync-2 and a picture photo")
    func usualModels() async throws {
        let harness = try await OwnHarness()
        #expect(try await harness.order(["model": nil])["model"]?.text == "lipsync-2")
        let picture = try await harness.order([
            "model": nil, "video": nil, "image": ["url": "http://media.test/p.png"],
        ])
        #expect(picture["model"]?.text == "photo")
    }

    @Test("a picture is animated, with its speaker's point in shares of it")
    func picture() async throws {
        let harness = try await OwnHarness()
        let answer = try await harness.order([
            "model": "photo", "video": nil, "image": ["url": "http://media.test/p.png"],
            "options": [
                "resolution": "1080p", "aspectRatio": "9:16", "durationSeconds": 2.5, "seed": 4, "emotion": "happy",
                "speaker": ["frame": 0, "x": 160, "y": 240],
            ],
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let parameters = try #require(try await harness.stored(answer).request.animation?.parameters)
        #expect(
            parameters
                == AnimationParameters(
                    prompt: "happy", resolution: "1080p", aspectRatio: "9:16", durationMilliseconds: 2500,
                    target: [0.25, 0.5], seed: 4))
        #expect(PromptSteering(parameters.prompt).emotion == .happy)
    }

    @Test("sync-3 takes a picture as if it were a video")
    func pictureAsVideo() async throws {
        let harness = try await OwnHarness()
        let answer = try await harness.order([
            "model": "sync-3", "video": nil, "image": ["url": "http://media.test/p.png"],
        ])
        #expect(answer.status == 201)
        #expect(try await harness.stored(answer).request.lipSync?.inputs.first?.kind == .image)
    }

    @Test("every word for a feeling steers an animation", arguments: Emotion.allCases)
    func feelings(emotion: Emotion) {
        #expect(PromptSteering(emotion.rawValue).emotion == emotion)
    }

    @Test("parts become segments in their order, each with its speaker")
    func parts() async throws {
        let harness = try await OwnHarness()
        let answer = try await harness.order([
            "options": ["speaker": "auto", "seed": 1],
            "parts": [
                ["startSeconds": 2, "endSeconds": 3.5, "syncMode": "loop", "speaker": "most-present"],
                ["startSeconds": 0, "endSeconds": 2, "audioStartSeconds": 1, "audioEndSeconds": 3],
            ],
        ])
        #expect(answer.status == 201, "\(answer.text)")
        let order = try #require(try await harness.stored(answer).request.lipSync)
        #expect(
            order.segments == [
                Segment(
                    range: .seconds(0, 2), voiceInput: 1, voiceCrop: VoiceCrop(start: 1, end: 3),
                    options: GenerationOptions(speaker: .automatic)),
                Segment(range: .seconds(2, 3.5), voiceInput: 1, options: GenerationOptions(syncMode: .loop)),
            ])
        // A speaker of the whole would come back where a part says "most-present".
        #expect(order.options == GenerationOptions(seed: 1))
        // Without it a speaker's frame would be counted from the part.
        #expect(order.inputs[1].referenceName != nil)
    }

    @Test("a text is spoken by the voice that it names")
    func text() async throws {
        let harness = try await OwnHarness()
        let answer = try await harness.order([
            "audio": nil, "text": ["script": "Good morning.", "voice": "ann", "speed": 1.5],
        ])
        #expect(answer.status == 201)
        #expect(
            try await harness.stored(answer).request.inputs[1].source
                == .script(SpeechRequest(provider: "stub", voiceID: "ann", script: "Good morning.", speed: 1.5)))
        let unknown = try await harness.order(["audio": nil, "text": ["script": "Hello.", "voice": "zoe"]])
        #expect(unknown.status == 404)
        #expect(unknown.code == "voice-not-found")
        #expect(unknown.field == "text.voice")
        let silent = try await OwnHarness(voices: nil)
        let refused = try await silent.order(["audio": nil, "text": ["script": "Hello.", "voice": "ann"]])
        #expect(refused.code == "not-offered-here")
        #expect(refused.field == "text")
    }

    /// Members of an order, and the field that the refusal names.
    static let wrong: [([String: JSONValue?], String)] = [
        (["model": "sync-99"], "model"), (["model": 3], "model"), (["model": "photo"], "model"),
        (["video": nil], "video"), (["video": "x"], "video"), (["video": [:]], "video.asset"),
        (["video": ["url": "ftp://x/y"]], "video.url"), (["video": ["asset": "x"]], "video.asset"),
        (["video": ["url": "http://a.test", "asset": "6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d"]], "video.url"),
        (["video": ["uri": "http://a.test"]], "video.uri"), (["image": ["url": "http://a.test"]], "image"),
        (["audio": nil], "audio"), (["text": ["script": "a", "voice": "ann"]], "text"),
        (["audio": nil, "text": ["voice": "ann"]], "text.script"),
        (["audio": nil, "text": ["script": "...", "voice": "ann"]], "text.script"),
        (
            ["audio": nil, "text": ["script": .string(String(repeating: "a", count: 5001)), "voice": "a"]],
            "text.script"
        ),
        (["audio": nil, "text": ["script": "a"]], "text.voice"),
        (["audio": nil, "text": ["script": "a", "voice": "ann", "speed": 3]], "text.speed"),
        (["options": []], "options"), (["options": ["sync_mode": "loop"]], "options.sync_mode"),
        (["options": ["syncMode": "stretch"]], "options.syncMode"),
        (["options": ["temperature": 1.1]], "options.temperature"),
        (["options": ["speaker": "loud"]], "options.speaker"),
        (["options": ["speaker": ["frame": 0, "x": 1]]], "options.speaker.y"),
        (["options": ["speaker": ["frame": -1, "x": 1, "y": 1]]], "options.speaker.frame"),
        (["options": ["keepsOccluders": 2]], "options.keepsOccluders"),
        (["options": ["emotion": "bored"]], "options.emotion"), (["options": ["region": "hat"]], "options.region"),
        (["options": ["seed": -1]], "options.seed"), (["options": ["seed": 9_007_199_254_740_992]], "options.seed"),
        (["options": ["seed": 1.5]], "options.seed"), (["options": ["resolution": "4k"]], "options.resolution"),
        (["options": ["aspectRatio": "2:1"]], "options.aspectRatio"),
        (["options": ["durationSeconds": 0]], "options.durationSeconds"),
        (["options": ["durationSeconds": 601]], "options.durationSeconds"),
        (["parts": [["endSeconds": 1]]], "parts[0].startSeconds"),
        (["parts": [["startSeconds": 1, "endSeconds": 1]]], "parts[0].endSeconds"),
        (["parts": [["startSeconds": 0, "endSeconds": 1], "x"]], "parts[1]"),
        (["parts": [["startSeconds": 0, "endSeconds": 1, "audioStartSeconds": 1]]], "parts[0].audioEndSeconds"),
        (["parts": [["startSeconds": 0, "endSeconds": 2], ["startSeconds": 1, "endSeconds": 3]]], "parts[1]"),
        (["parts": [["startSeconds": 0, "endSeconds": 1, "seed": 1]]], "parts[0].seed"),
        (["name": ""], "name"), (["name": .string(String(repeating: "n", count: 256))], "name"),
        (["project": "x"], "project"), (["webhookUrl": "hook"], "webhookUrl"), (["title": "x"], "title"),
    ]

    @Test("every wrong field is named", arguments: wrong.indices)
    func fields(index: Int) async throws {
        let (members, field) = Self.wrong[index]
        let harness = try await OwnHarness()
        for target in ["/v1/generations", "/v1/generations?dryRun=true"] {
            let answer = try await harness.order(members, to: target)
            #expect(answer.status == 400, "\(members)")
            #expect(answer.code == "request-invalid")
            #expect(answer.field == field)
            #expect(answer["error"]?["message"]?.text?.hasPrefix(field + " ") == true)
            #expect(answer["error"]?["requestId"]?.text == "test")
        }
        #expect(
            try await harness.store.generationCount(GenerationFilter(organisation: harness.organisation)) == 0)
    }

    @Test("a picture has no parts, and its speaker lies in it")
    func pictureFields() async throws {
        let harness = try await OwnHarness()
        let image: [String: JSONValue?] = [
            "model": "photo", "video": nil, "image": ["url": "http://media.test/p.png"],
        ]
        let parts = try await harness.order(
            image.merging(["parts": [["startSeconds": 0, "endSeconds": 1]]]) { $1 })
        #expect(parts.field == "parts")
        let outside = try await harness.order(
            image.merging(["options": ["speaker": ["frame": 0, "x": 641, "y": 1]]]) { $1 })
        #expect(outside.status == 400)
        #expect(outside.field == "options.speaker")
    }

    @Test("bodies that are no orders are refused")
    func bodies() async throws {
        let harness = try await OwnHarness()
        for body in ["", "[]", "{", "\u{0}"] {
            let answer = try await harness.send(.post, "/v1/generations", body: Array(body.utf8))
            #expect(answer.status == 400, "\(body)")
            #expect(answer.code == "request-invalid")
        }
        let large = try await harness.order(["name": .string(String(repeating: "n", count: 300_000))])
        #expect(large.status == 413)
        let plain = try await OwnHarness { $0.allowsPlainWebhooks = false }
        #expect(try await plain.order(["webhookUrl": "http://hook.test"]).field == "webhookUrl")
    }

    @Test("what is named and does not exist, or is somebody else's, is told by its place")
    func references() async throws {
        let harness = try await OwnHarness()
        let stranger = Organisation(name: "other", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(stranger)
        let foreign = try await harness.asset(.video, "video", of: stranger.id)
        for id in [foreign, AssetID()] {
            let answer = try await harness.order(["video": ["asset": .string(id.rawValue)]])
            #expect(answer.status == 404)
            #expect(answer.code == "asset-not-found")
            #expect(answer.field == "video.asset")
        }
        let sound = try await harness.asset(.audio, "audio")
        let mismatch = try await harness.order(["video": ["asset": .string(sound.rawValue)]])
        #expect(mismatch.code == "asset-kind-mismatch")
        let unreachable = try await harness.order(["audio": ["url": "http://media.test/unreachable.wav"]])
        #expect(unreachable.code == "audio-inaccessible")
        #expect(unreachable.field == "audio.url")
        let project = try await harness.order(["project": .string(ProjectID().rawValue)])
        #expect(project.status == 404)
        #expect(project.field == "project")
    }

    @Test("a repeated key gives what it made; another body under it is a conflict")
    func idempotency() async throws {
        let harness = try await OwnHarness(activeLimit: 1)
        let first = try await harness.order(headers: ["Idempotency-Key": "k1"])
        let again = try await harness.order(headers: ["Idempotency-Key": "k1"])
        #expect(again.status == 201)
        #expect(again["id"] == first["id"])
        let other = try await harness.order(["name": "x"], headers: ["Idempotency-Key": "k1"])
        #expect(other.status == 409)
        #expect(other.code == "idempotency-key-reused")
        let wrong = try await harness.order(headers: ["Idempotency-Key": "a b"])
        #expect(wrong.status == 400)
        #expect(wrong.field == "Idempotency-Key")
        let full = try await harness.order()
        #expect(full.code == "active-limit-reached")
        #expect(full.status == 429)
        #expect(full.headers["Retry-After"] == "2")
    }

    @Test("a dry run tells lengths and refusals, and orders nothing")
    func dryRun() async throws {
        let harness = try await OwnHarness()
        func dry(_ members: [String: JSONValue?] = [:]) async throws -> Answer {
            try await harness.order(members, to: "/v1/generations?dryRun=true")
        }
        let answer = try await dry()
        #expect(answer.status == 200)
        // 1.5 s, and (4.08 - 1.5) s for each 26 s of 25 pictures of 1280 × 720, as checks say it.
        #expect(
            answer.json
                == ["isValid": true, "outputSeconds": 8.64, "estimateSeconds": 1.786, "queueSeconds": 0])
        #expect(try await dry(["options": ["syncMode": "cut_off"]])["outputSeconds"] == 4)
        let script = JSONValue.string(String(repeating: "abcd ", count: 12))
        let text = try await dry(["audio": nil, "text": ["script": script, "voice": "ann", "speed": 2]])
        #expect(text["outputSeconds"] == 2)
        let image: [String: JSONValue?] = [
            "model": nil, "video": nil, "image": ["url": "http://media.test/p.png"],
        ]
        #expect(try await dry(image)["outputSeconds"] == 8.64)
        #expect(try await dry(image.merging(["options": ["durationSeconds": 3]]) { $1 })["outputSeconds"] == 3)
        let unreachable = try await dry(["video": ["url": "http://media.test/unreachable.mp4"]])
        #expect(unreachable.code == "video-inaccessible")
        #expect(unreachable.field == "video.url")
        #expect(try await harness.order(to: "/v1/generations?dryRun=maybe").field == "dryRun")
        #expect(
            try await harness.store.generationCount(GenerationFilter(organisation: harness.organisation)) == 0)
    }

    @Test("what waits before an order is told beside the time of its own render")
    func queue() async throws {
        let harness = try await OwnHarness()
        for _ in 0..<2 { #expect(try await harness.order().status == 201) }
        let answer = try await harness.order(to: "/v1/generations?dryRun=true")
        #expect(answer["estimateSeconds"] == 1.786)
        #expect(answer["queueSeconds"] == 3.572)
    }

    @Test("after the first video a dry run tells how long the next would take")
    func estimate() async throws {
        let harness = try await OwnHarness()
        // Stored without a look at it, which would remember for seconds that there is no history.
        _ = try await harness.store.create(CreateOrder(generations: [Samples.generation(harness.organisation)]))
        try await harness.finishOne(seconds: 0.001)
        let answer = try await harness.order(to: "/v1/generations?dryRun=true")
        #expect(answer["estimateSeconds"]?.double ?? 0 > 1.5)
    }
}

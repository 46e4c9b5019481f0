import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import StoreConformance
import Testing
import Text
import Time

@Suite("Lipsmith's own API: checks")
struct CheckTests {
    private static let id = "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f"
    private static let video: JSONValue = ["asset": .string(id)]
    private static let audio: JSONValue = ["url": "https://media.test/a.wav"]

    @Test("A clip and a sound: what they are, what becomes of them, how long it takes, what is wrong")
    func whole() async throws {
        let checker = CannedChecker()
        let harness = try await MediaHarness(media: checker)
        let answer = try await harness.send(.post, "/v1/checks", json: ["video": Self.video, "audio": Self.audio])
        #expect(answer.status == 200)
        #expect(
            answer["picture"] == [
                "kind": "video", "durationSeconds": 10, "width": 1280, "height": 720, "frameRate": 25,
                "frameCount": 250,
                "samples": [
                    [
                        "seconds": 0, "frame": 0,
                        "faces": [
                            [
                                "left": 10, "top": 20, "right": 210, "bottom": 260, "yawDegrees": -3.5,
                                "confidence": 0.99,
                            ]
                        ],
                    ]
                ], "shots": [0], "gaps": [],
            ])
        #expect(
            answer["sound"] == [
                "durationSeconds": 12, "loudness": -20.5, "peakDecibels": -1.2, "clippedShare": 0,
                "silentShare": 0.25, "waveform": [0, 0.5, 1],
            ])
        let outcomes = answer["outcomes"]?.array ?? []
        #expect(outcomes.compactMap { $0["syncMode"]?.text } == ["bounce", "loop", "cut_off", "silence", "remap"])
        #expect(outcomes.compactMap { $0["outputSeconds"]?.double } == [12, 12, 10, 12, 12])
        #expect(outcomes.allSatisfy { $0["sentence"]?.text?.hasSuffix(".") == true })
        // 1.5 s, and (4.08 - 1.5) s for each 26 s of 25 pictures of this size.
        let estimate = try #require(answer["estimateSeconds"]?.double)
        #expect(abs(estimate - 2.691) < 0.001)
        #expect(answer["problems"] == [])
        #expect(
            Set(checker.inputs.map(\.source))
                == [.asset(AssetID(rawValue: Self.id)), .url("https://media.test/a.wav")])
    }

    @Test("A text's length is estimated, and its sound is not known")
    func text() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let text = String(repeating: "a", count: 330)
        let answer = try await harness.send(
            .post, "/v1/checks", json: ["video": Self.video, "text": .string(text)])
        #expect(answer.json.object?["sound"] == .null)
        #expect(answer["outcomes"]?.array?.first?["outputSeconds"] == 22)
        #expect(answer["problems"]?.array?.compactMap { $0["code"]?.text } == ["sound-longer-than-clip"])
    }

    @Test("A clip alone, a sound alone and a photo have what is known of them")
    func parts() async throws {
        let photo = CheckedPicture(
            kind: .image, width: 800, height: 600, samples: [.init(seconds: 0, frame: 0, faces: [])], shots: [0])
        let harness = try await MediaHarness(media: CannedChecker(picture: photo))
        let alone = try await harness.send(.post, "/v1/checks", json: ["image": Self.video])
        #expect(alone.json.object?["sound"] == .null)
        #expect(alone["outcomes"] == [])
        #expect(alone.json.object?["estimateSeconds"] == .null)
        #expect(alone["picture"]?["kind"]?.text == "image")
        #expect(alone["picture"]?.object?["durationSeconds"] == .null)
        #expect(alone["picture"]?.object?["frameRate"] == .null)
        #expect(alone["problems"]?.array?.compactMap { $0["code"]?.text } == ["no-face"])
        #expect(alone["problems"]?.array?.compactMap { $0["level"]?.text } == ["error"])
        let both = try await harness.send(.post, "/v1/checks", json: ["image": Self.video, "audio": Self.audio])
        #expect(both["outcomes"] == [])
        #expect(both["estimateSeconds"]?.double ?? 0 > 1.5)
        let sound = try await harness.send(.post, "/v1/checks", json: ["audio": Self.audio])
        #expect(sound.json.object?["picture"] == .null)
        #expect(sound["sound"]?["durationSeconds"] == 12)
    }

    @Test(
        "What is ordered badly is refused by its field",
        arguments: [
            ([:], "video"), (["text": "Hello"], "video"), (["video": 1], "video"),
            (["video": [:]], "video.asset"),
            (["video": ["asset": "x"]], "video.asset"), (["video": ["url": "x"]], "video.url"),
            (["video": ["url": "ftp://a/b"]], "video.url"), (["video": ["asset": nil]], "video.asset"),
            (["video": ["asset": .string(id), "url": "https://a.test/b"]], "video.url"),
            (["video": video, "image": video], "image"), (["video": video, "audio": audio, "text": "a"], "text"),
            (["video": video, "text": ""], "text"), (["video": video, "text": 5], "text"),
            (["video": video, "text": .string(String(repeating: "a", count: 5001))], "text"),
        ] as [(JSONValue, String)])
    func badOrders(body: JSONValue, field: String) async throws {
        let checker = CannedChecker()
        let answer = try await MediaHarness(media: checker).send(.post, "/v1/checks", json: body)
        #expect(answer.status == 400)
        #expect(answer.errorCode == "request-invalid")
        #expect(answer.errorField == field)
        #expect(checker.inputs.isEmpty)
    }

    @Test("A medium that cannot be had is named")
    func unreachable() async throws {
        let answer = try await MediaHarness(media: CannedChecker()).send(
            .post, "/v1/checks", json: ["video": Self.video, "audio": ["url": "https://unreachable.test/a"]])
        #expect(answer.status == 422)
        #expect(answer.errorCode == "audio-inaccessible")
        #expect(answer.errorField == "audio")
    }

    @Test("The estimate follows what was made here: the median of the pace, by frames and pixels")
    func pace() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        // Three jobs of 250 frames of 640 × 360, a quarter of the clip's pixels, in 2.5, 11.5 and 100 s.
        for seconds in [2.5, 100, 11.5] {
            let start = SystemClock().now
            let generation = Generation(
                organisation: harness.organisation, request: Samples.request(), createdAt: start)
            _ = try await harness.store.create(CreateOrder(generations: [generation]))
            let job = try #require(
                try await harness.store.claimJob(worker: "test", now: start, policy: JobPolicy()))
            let blob = try await harness.keep("video", of: job, name: "video.mp4")
            let output = OutputFacts(
                blob: blob.key, durationSeconds: 10, width: 640, height: 360, byteCount: 5, frameCount: 250)
            let end = start.advanced(by: .seconds(seconds))
            #expect(
                try await harness.store.finishJob(
                    AttemptReport(id: job.generation.id, fence: job.lease.fence, outcome: .completed(output)),
                    now: end, policy: JobPolicy()) == .finish)
        }
        // 12 s of output at 25 pictures are 300 frames of four times the pixels: 1.5 + (11.5 - 1.5) / 250 * 300 * 4.
        let answer = try await harness.send(.post, "/v1/checks", json: ["video": Self.video, "audio": Self.audio])
        let estimate = try #require(answer["estimateSeconds"]?.double)
        #expect(abs(estimate - 49.5) < 0.1)
    }

    @Test("Nothing is looked at for an organisation that keeps as much as it may")
    func noRoom() async throws {
        let checker = CannedChecker()
        let harness = try await MediaHarness(media: checker, quotaByteCount: 10)
        #expect(try await harness.asset("video 1234").status == 201)
        let answer = try await harness.send(.post, "/v1/checks", json: ["video": Self.video])
        #expect(answer.status == 429)
        #expect(answer.errorCode == "storage-quota-reached")
        #expect(checker.inputs.isEmpty)
    }
}

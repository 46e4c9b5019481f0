import Blobs
import Foundation
import Generations
import HTTP
import LipSync
import TestSupport
import Testing
import Worker

/// Goal: the real program as child, the real store and the real blob folder make a real video.
@Suite("Real renders", .serialized)
struct RealRenderTests {
    @Test("A clip and a voice become a video, fetched and stored")
    func video() async throws {
        let harness = try await Harness()
        let video = try Data(contentsOf: URL(fileURLWithPath: RealMediaFiles.clip))
        try await LocalServer.run({ arrival, _ in HTTPResponse(.ok, bytes: Array(video)) }) { server in
            // The name says nothing; the content does.
            let input = MediaInput(kind: .video, role: .visual, source: .url(server.url("/clip.txt")))
            let id = try await harness.accept(inputs: [
                input, try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness),
            ])
            let generation = try await Self.ended(id, harness)
            let output = try #require(generation.output, "\(harness.log.all)")
            #expect((output.width, output.height, output.frameCount) == (320, 320, 25))
            #expect(output.durationSeconds == 1)
            let facts = try await Self.facts(output.blob, harness)
            #expect((facts.kind, facts.format, facts.hasSound) == (.video, "mp4", true))
            #expect(abs((facts.durationSeconds ?? 0) - 1) < 0.05)
        }
    }

    @Test("One segment gives the whole video and the part alone")
    func segment() async throws {
        let harness = try await Harness()
        var voice = try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness)
        voice.referenceName = "a"
        let request = GenerationRequest(
            model: "lipsync-2",
            order: .lipSync(
                LipSyncOrder(
                    inputs: [try await RealMediaFiles.asset(RealMediaFiles.clip, .video, in: harness), voice],
                    segments: [
                        Segment(
                            range: .seconds(0.4, 1.0), voiceInput: 1, voiceCrop: VoiceCrop(start: 0, end: 0.6),
                            options: GenerationOptions(syncMode: .cutOff))
                    ])))
        let generation = try await Self.ended(try await harness.accept(request), harness)
        let output = try #require(generation.output, "\(String(describing: generation.failure)) \(harness.log.all)")
        #expect(output.frameCount == 40)
        let part = try await Self.facts(try #require(output.segmentBlob), harness)
        #expect(abs((part.durationSeconds ?? 0) - 0.6) < 0.05)
    }

    @Test("react-1 shows a feeling on the face of a clip, and none where none is asked for")
    func feeling() async throws {
        let harness = try await Harness()
        let inputs = [
            try await RealMediaFiles.asset(RealMediaFiles.clip, .video, in: harness),
            try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness),
        ]
        func upperFace(_ model: String, _ emotion: Emotion?) async throws -> [[UInt8]] {
            let options = GenerationOptions(temperature: 1, emotion: emotion)
            let request = GenerationRequest(
                model: model, order: .lipSync(LipSyncOrder(inputs: inputs, options: options)))
            let generation = try await Self.ended(try await harness.accept(request), harness)
            let output = try #require(generation.output, "\(String(describing: generation.failure))")
            let path = harness.folder.path("\(model)-\(emotion?.rawValue ?? "none").mp4")
            try await harness.blobs.materialize(output.blob, at: path)
            // Brows and eyes lie above the middle of the picture.
            return try TestPictures.frames(path).map { Array(TestPictures.planes($0)[0].prefix(320 * 160)) }
        }
        func changed(_ left: [[UInt8]], _ right: [[UInt8]]) -> Int {
            zip(left, right).map { zip($0, $1).count { abs(Int($0) - Int($1)) > 32 } }.max() ?? 0
        }
        let plain = try await upperFace("lipsync-2", nil)
        let bare = try await upperFace("react-1", nil)
        let surprised = try await upperFace("react-1", .surprised)
        let ignored = try await upperFace("lipsync-2", .surprised)
        #expect(plain.count == 25)
        #expect(changed(plain, bare) < 20, "\(changed(plain, bare))")
        #expect(changed(plain, ignored) < 20, "\(changed(plain, ignored))")
        #expect(changed(plain, surprised) > 200, "\(changed(plain, surprised))")
    }

    @Test("A clip without a face ends with a sentence that says so, at once")
    func noFace() async throws {
        let harness = try await Harness()
        let path = harness.folder.path("bars.mp4")
        try Program.ffmpeg(["-f", "lavfi", "-i", "testsrc=size=320x240:rate=25", "-t", "1", path])
        let id = try await harness.accept(inputs: [
            try await RealMediaFiles.asset(path, .video, in: harness),
            try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness),
        ])
        let generation = try await Self.ended(id, harness)
        #expect(generation.failure?.code == .videoUnusable)
        #expect(generation.failure?.message.contains("face") == true)
        #expect(harness.log.count(of: "attempt_failed") == 1)
    }

    private static func ended(_ id: GenerationID, _ harness: Harness) async throws -> Generation {
        var configuration = harness.configuration(executable: TestPrograms.lipsmith)
        configuration.preset = "ultrafast"
        return try await harness.working(try harness.service(configuration)) { try await harness.waitForEnd(id) }
    }

    private static func facts(_ blob: BlobKey, _ harness: Harness) async throws -> MediaFacts {
        try await GuardedMediaInspector(
            assets: harness.store, blobs: harness.blobs,
            configuration: harness.configuration(executable: TestPrograms.lipsmith)
        ).facts(of: blob, as: .video, field: .named("f"))
    }
}

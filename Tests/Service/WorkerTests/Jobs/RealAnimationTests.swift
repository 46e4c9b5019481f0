import Blobs
import Foundation
import Generations
import TestSupport
import Testing
import Worker

/// Goal: the real program as a confined child makes a picture speak, or says why it cannot.
@Suite("Real animations", .serialized)
struct RealAnimationTests {
    private static func ended(
        _ picture: MediaInput, _ voice: MediaInput, _ harness: Harness,
        options: GenerationOptions = GenerationOptions()
    ) async throws -> Generation {
        let id = try await harness.accept(
            GenerationRequest(
                model: "sync-3", order: .lipSync(LipSyncOrder(inputs: [picture, voice], options: options))))
        var configuration = harness.configuration(executable: TestPrograms.lipsmith)
        configuration.preset = "ultrafast"
        return try await harness.working(try harness.service(configuration)) { try await harness.waitForEnd(id) }
    }

    private static func voice(_ harness: Harness) async throws -> MediaInput {
        try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness)
    }

    /// The portrait, changed by filters, as an asset of the kind that a picture is.
    private static func portrait(_ filters: String, _ name: String, _ harness: Harness) async throws -> MediaInput {
        let path = harness.folder.path(name)
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", filters, "-frames:v", "1", path])
        return try await RealMediaFiles.asset(path, .image, in: harness)
    }

    @Test(
        "A picture and a voice become a video of the voice's length in which the mouth moves",
        arguments: ["portrait.png", "portrait.jpg", "portrait.webp"])
    func picture(name: String) async throws {
        let harness = try await Harness()
        let generation = try await Self.ended(
            try await Self.portrait("crop=340:340:55:0", name, harness), try await Self.voice(harness), harness)
        let output = try #require(generation.output, "\(String(describing: generation.failure)) \(harness.log.all)")
        #expect((output.width, output.height, output.frameCount) == (340, 340, 25))
        #expect(output.durationSeconds == 1)
        #expect(output.segmentBlob == nil)
        let path = harness.folder.path("output.mp4")
        try await harness.blobs.materialize(output.blob, at: path)
        let frames = try TestPictures.frames(path)
        #expect(frames.count == 25)
        // Somewhere in the video something has moved; a still picture differs from itself by what the encoder drops.
        let luma = frames.map { TestPictures.planes($0)[0] }
        let moved = luma.map { frame in zip(frame, luma[0]).count { abs(Int($0) - Int($1)) > 24 } }.max() ?? 0
        #expect(moved > 150, "\(moved)")
        let facts = try await GuardedMediaInspector(
            assets: harness.store, blobs: harness.blobs,
            configuration: harness.configuration(executable: TestPrograms.lipsmith)
        ).facts(of: output.blob, as: .video, field: .named("f"))
        #expect((facts.framesPerSecond, facts.hasSound) == (25, true))
    }

    @Test("A point chooses the face; where there is none, the job ends with the code of the choice")
    func chosenFace() async throws {
        let harness = try await Harness()
        let picture = try await RealMediaFiles.asset(Repository.portrait, .image, in: harness)
        let voice = try await Self.voice(harness)
        func ended(_ selection: SpeakerSelection) async throws -> Generation {
            try await Self.ended(picture, voice, harness, options: GenerationOptions(speaker: selection))
        }
        let face = try await ended(.point(frame: 0, horizontal: 225, vertical: 120))
        #expect(face.status == .completed, "\(String(describing: face.failure))")
        let box = try await ended(.boxes([SpeakerBox(left: 170, top: 60, right: 280, bottom: 190)]))
        #expect(box.status == .completed, "\(String(describing: box.failure))")
        let nowhere = try await ended(.point(frame: 0, horizontal: 500, vertical: 500))
        #expect(nowhere.failure?.code == .speakerInvalid)
        #expect(nowhere.failure?.message.contains("inside a face") == true)
    }

    @Test(
        "A picture without a face, and one whose face is too small, end with a sentence that helps, at once",
        arguments: [
            ("crop=100:100:400:0", ["face", "camera"]), ("scale=128:128", ["pixels wide", "at least 40"]),
        ])
    func unusable(filters: String, words: [String]) async throws {
        let harness = try await Harness()
        let generation = try await Self.ended(
            try await Self.portrait(filters, "p.png", harness), try await Self.voice(harness), harness)
        #expect(generation.failure?.code == .videoUnusable)
        for word in words {
            #expect(generation.failure?.message.contains(word) == true, "\(String(describing: generation.failure))")
        }
        #expect(harness.log.count(of: "attempt_failed") == 1)
    }

    @Test("A broken picture, a bomb and a moving GIF are refused before and in a job, with codes of the catalogue")
    func hostilePictures() async throws {
        let harness = try await Harness()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Repository.portrait))
        var bomb = whole
        // The header's width and height, and a checksum that nobody reads before the size.
        bomb.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        let gif = harness.folder.path("p.gif")
        // One picture in a GIF would be a picture.
        try Program.ffmpeg(["-loop", "1", "-i", Repository.portrait, "-frames:v", "3", gif])
        let files: [(Data, FailureCode)] = [
            (whole.prefix(2000), .videoUnusable), (bomb, .pictureSizeUnsupported),
            (try Data(contentsOf: URL(fileURLWithPath: gif)), .videoUnusable),
            (Data("no picture at all".utf8), .videoUnusable), (Data(), .videoUnusable),
        ]
        let voice = try await Self.voice(harness)
        for (index, (content, code)) in files.enumerated() {
            let path = harness.folder.path("hostile-\(index)")
            try content.write(to: URL(fileURLWithPath: path))
            let generation = try await Self.ended(
                try await RealMediaFiles.asset(path, .image, in: harness), voice, harness)
            #expect(generation.failure?.code == code, "\(index): \(String(describing: generation.failure))")
            let message = generation.failure?.message ?? ""
            #expect(message.utf8.allSatisfy { $0 < 0x80 }, "\(index): \(message)")
            #expect(!message.contains("MP4"), "\(index): \(message)")
        }
        #expect(harness.log.count(of: "attempt_failed") == files.count)
    }

    @Test("A sound without a sample ends the job with a code; a silent one is no fault")
    func emptySound() async throws {
        let harness = try await Harness()
        let picture = try await Self.portrait("crop=340:340:55:0", "p.png", harness)
        func ended(_ name: String, _ arguments: [String]) async throws -> Generation {
            let path = harness.folder.path(name)
            try Program.ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono"] + arguments + [path])
            return try await Self.ended(
                picture, try await RealMediaFiles.asset(path, .audio, in: harness), harness)
        }
        let silent = try await ended("silent.wav", ["-t", "0.4"])
        #expect(silent.output?.frameCount == 10, "\(String(describing: silent.failure))")
        let empty = try await ended("empty.wav", ["-frames:a", "0"])
        let codes: [FailureCode] = [.audioUnusable, .mediaFactsMissing]
        #expect(codes.contains(try #require(empty.failure?.code)), "\(String(describing: empty.failure))")
    }
}

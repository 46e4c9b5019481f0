import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Of a clip is read what the sound needs")
struct ReadFramesTests {
    private func report(
        clipSeconds: Double, soundSeconds: Double, mode: LengthRule, speaker: SpeakerChoice = .mostPresent
    ) throws -> RenderReport {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("clip.mp4"), seconds: clipSeconds)
        try Program.ffmpeg(["-i", TestClips.voice, "-t", "\(soundSeconds)", folder.path("voice.wav")])
        return try TestClips.engine.render(
            RenderPlan(
                videoPath: folder.path("clip.mp4"), audioPath: folder.path("voice.wav"),
                outputPath: folder.path("out.mp4"), syncMode: mode, speaker: speaker, profile: .warp,
                preset: "ultrafast"))
    }

    @Test(
        "No further than the sound goes, though its length is found while the clip is read",
        arguments: [LengthRule.cutOff, .bounce])
    func short(mode: LengthRule) throws {
        let report = try report(clipSeconds: 3, soundSeconds: 1, mode: mode)
        #expect(report.sourceFrames == 25)
        #expect(report.output.frames == 25)
    }

    @Test("All of it where the sound is longer, and where nothing ends with the sound")
    func whole() throws {
        #expect(try report(clipSeconds: 1, soundSeconds: 2, mode: .loop).sourceFrames == 25)
        #expect(try report(clipSeconds: 2, soundSeconds: 1, mode: .remap).sourceFrames == 50)
    }

    @Test("And the frame in which the speaker was pointed at, wherever it is")
    func pointed() throws {
        let report = try report(
            clipSeconds: 4, soundSeconds: 1, mode: .cutOff, speaker: .point(frame: 80, x: 128, y: 128))
        #expect(report.sourceFrames > 25)
        #expect(report.framesDrawn == 25)
        let failure = #expect(throws: RenderFailure.self) {
            try self.report(
                clipSeconds: 1, soundSeconds: 1, mode: .cutOff, speaker: .point(frame: 500, x: 128, y: 128))
        }
        #expect(failure?.code == .faceSelectionInvalid)
    }

    // Two seconds around a part are seen for the sake of its edges.
    @Test("Of parts as far as their sounds go, and the margins around them")
    func parts() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("clip.mp4"), seconds: 14)
        try Program.ffmpeg(["-i", TestClips.voice, "-t", "1", folder.path("voice.wav")])
        func part(_ start: Double, _ end: Double, _ mode: LengthRule) -> RenderPart {
            RenderPart(range: .seconds(start, end), audioPath: folder.path("voice.wav"), syncMode: mode)
        }
        func read(_ parts: [RenderPart]) throws -> Int {
            try TestClips.engine.render(
                RenderPlan(
                    videoPath: folder.path("clip.mp4"), outputPath: folder.path("\(parts.count).mp4"), parts: parts,
                    profile: .warp, preset: "ultrafast")
            ).sourceFrames
        }
        #expect(try read([part(3, 6, .bounce)]) == (2 + 1 + 2) * 25)
        #expect(try read([part(1, 3, .cutOff), part(9, 11, .remap)]) == (1 + 1 + 2) * 25 + (2 + 2 + 2) * 25)
    }
}

import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("Segments through the engine")
struct SegmentTests {
    /// Four seconds with a low tone.
    private func clip(_ folder: TemporaryFolder, more: [String] = []) throws -> String {
        let path = folder.path("clip.mp4")
        try TestClips.portrait(path, seconds: 4, sound: "sine=f=440:r=32000:d=4", more: more)
        return path
    }

    private func plan(_ clip: String, _ folder: TemporaryFolder, _ parts: [RenderPart]) -> RenderPlan {
        RenderPlan(
            videoPath: clip, outputPath: folder.path("out.mp4"), parts: parts, profile: .warp, constantRateFactor: 8,
            preset: "ultrafast")
    }

    private func part(
        _ start: Double, _ end: Double, _ sound: String, _ mode: LengthRule = .cutOff, crop: (Double, Double)? = nil
    ) -> RenderPart {
        RenderPart(
            range: .seconds(start, end), audioPath: sound,
            audioRange: crop.map { TimeRange(startSeconds: $0.0, endSeconds: $0.1) }, syncMode: mode)
    }

    private func frames(_ path: String) throws -> [[UInt8]] {
        try TestPictures.frames(path).map { TestPictures.planes($0)[0] }
    }

    private func code(_ plan: RenderPlan) -> EngineCode? {
        do {
            _ = try TestClips.engine.render(plan)
            return nil
        } catch { return (error as? RenderFailure)?.code }
    }

    @Test("Only the segment changes; around it the clip's own picture and sound go on; nothing clicks")
    func passesThrough() throws {
        let folder = try TemporaryFolder()
        let clip = try clip(folder)
        try TestClips.tone(folder.path("high.wav"), hertz: 1000, seconds: 3)
        var plan = plan(clip, folder, [part(1, 2, TestClips.voice), part(2.4, 3.2, folder.path("high.wav"), .loop)])
        let report = try TestClips.engine.render(plan)
        // 0.8 s of picture are replaced by 3 s of sound.
        #expect(report.output.frames == 100 - 20 + 75)
        #expect(report.parts.map(\.firstFrame) == [25, 60])
        #expect(report.parts.map(\.frames) == [25, 75])
        #expect(report.parts.map(\.sourceFrames) == [25, 20])
        #expect(report.parts.allSatisfy { $0.speakers.count == 1 && $0.framesDrawn == $0.frames })
        #expect(report.gaps == [])
        let (source, output) = (try frames(clip), try frames(folder.path("out.mp4")))
        #expect(output.count == 155)
        for (index, number) in [(0, 0), (24, 24), (52, 52), (59, 59), (135, 80), (154, 99)] {
            #expect(TestClips.likeness(output[index], source[number]) > 45, "frame \(index)")
        }
        let sound = try TestClips.samples(folder.path("out.mp4"))
        #expect(abs(sound.count - 155 * 1920) < 2048)
        func heard(_ hertz: Double, _ start: Double, _ end: Double) -> Double {
            TestClips.amplitude(sound[Int(start * 48_000)..<Int(end * 48_000)], hertz: hertz)
        }
        for (start, end) in [(0.1, 0.95), (2.05, 2.35), (5.45, 6.1)] {
            #expect(heard(440, start, end) > 0.1, "\(start)")
            #expect(heard(1000, start, end) < 0.01, "\(start)")
        }
        #expect(heard(1000, 2.45, 5.35) > 0.1)
        #expect(heard(440, 2.45, 5.35) < 0.01)
        // The steepest step of a 1000 Hz tone of this loudness is 0.016; voices are steeper, so they are left out.
        for seam in [115_200, 259_200] {
            let steps = (seam - 960..<seam + 960).map { abs(sound[$0 + 1] - sound[$0]) }
            #expect((steps.max() ?? 1) < 0.05)
        }

        // The same again, with another number of parts and the segment alone beside it.
        plan.parts.removeFirst()
        plan.segmentOutputPath = folder.path("segment.mp4")
        let second = try TestClips.engine.render(plan)
        #expect(second.segmentOutput?.frames == 75)
        let alone = try frames(folder.path("segment.mp4"))
        let whole = try frames(folder.path("out.mp4"))
        #expect(alone.count == 75)
        for index in [0, 30, 74] { #expect(TestClips.likeness(alone[index], whole[60 + index]) > 45) }
        let aloneSound = try TestClips.samples(folder.path("segment.mp4"))
        #expect(abs(aloneSound.count - 75 * 1920) < 2048)
        #expect(TestClips.amplitude(aloneSound[4800..<140_000], hertz: 1000) > 0.1)
        #expect(TestClips.amplitude(aloneSound[4800..<140_000], hertz: 440) < 0.01)
        #expect(folder.names == ["clip.mp4", "high.wav", "out.mp4", "segment.mp4"])
    }

    @Test("The clip's own sound may begin before or after its picture", arguments: [-0.4, 0.4])
    func ownSoundOffset(lead: Double) throws {
        let folder = try TemporaryFolder()
        // A tone that stops for the third second of the sound's own clock.
        try TestClips.portrait(folder.path("a.mp4"), seconds: 4)
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=f=440:r=44100:d=4", "-af", "volume=0:enable='between(t,2,3)'",
            folder.path("a.wav"),
        ])
        try Program.ffmpeg([
            "-itsoffset", "\(max(lead, 0))", "-i", folder.path("a.mp4"), "-itsoffset", "\(max(-lead, 0))", "-i",
            folder.path("a.wav"), "-c:v", "copy", "-c:a", "aac", folder.path("clip.mkv"),
        ])
        let plan = plan(folder.path("clip.mkv"), folder, [part(0, 0.6, TestClips.voice)])
        let report = try TestClips.engine.render(plan)
        #expect(report.output.frames == 100)
        let sound = try TestClips.samples(folder.path("out.mp4"))
        func loudness(_ time: Double) -> Double {
            TestClips.amplitude(sound[Int((time - 0.03) * 48_000)..<Int((time + 0.03) * 48_000)], hertz: 440)
        }
        let pause = 2 - lead
        #expect(loudness(pause - 0.05) > 0.08)
        #expect(loudness(pause + 0.05) < 0.03)
        #expect(loudness(pause + 0.95) < 0.03)
        #expect(loudness(pause + 1.05) > 0.08)
    }

    @Test("A clip without sound is silent outside the segment; a crop uses that part of the sound")
    func noOwnSound() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("clip.mp4"), seconds: 2)
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=f=500:r=24000:d=1", "-f", "lavfi", "-i", "sine=f=1500:r=24000:d=1",
            "-filter_complex", "[0][1]concat=v=0:a=1", folder.path("two.wav"),
        ])
        let plan = plan(
            folder.path("clip.mp4"), folder, [part(0.4, 1.2, folder.path("two.wav"), .silence, crop: (1.1, 1.5))])
        let report = try TestClips.engine.render(plan)
        #expect(report.output.frames == 50)
        #expect(abs((report.parts.first?.soundSeconds ?? 0) - 0.4) < 1e-4)
        let sound = try TestClips.samples(folder.path("out.mp4"))
        #expect(TestClips.amplitude(sound[20_640..<36_960], hertz: 1500) > 0.1)
        #expect(TestClips.amplitude(sound[20_640..<36_960], hertz: 500) < 0.01)
        for range in [2400..<16_800, 40_800..<90_000] { #expect(sound[range].allSatisfy { abs($0) < 0.01 }) }
    }

    @Test("A segment without length replaces nothing")
    func zeroLength() throws {
        let folder = try TemporaryFolder()
        let clip = try clip(folder)
        var plan = plan(clip, folder, [part(1, 1, TestClips.voice)])
        plan.segmentOutputPath = folder.path("segment.mp4")
        let report = try TestClips.engine.render(plan)
        #expect(report.output.frames == 100)
        #expect(report.framesDrawn == 0)
        #expect(report.sourceFrames == 0)
        #expect(report.segmentOutput == nil)
        #expect(folder.names == ["clip.mp4", "out.mp4"])
        let sound = try TestClips.samples(folder.path("out.mp4"))
        #expect(TestClips.amplitude(sound[4800..<180_000], hertz: 440) > 0.1)
    }

    @Test("Only the frames that are needed are searched for faces")
    func searchesLittle() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("long.mp4")
        try TestClips.portrait(path, seconds: 20)
        let plan = plan(path, folder, [part(10, 11, TestClips.voice)])
        let report = try TestClips.engine.render(plan)
        #expect(report.sourceFrames == 125)
        #expect(report.output.frames == 500)
        #expect(report.framesDrawn == 25)
    }

    @Test("Segments that do not fit the clip and crops that do not fit the sound are refused with their codes")
    func refused() throws {
        let folder = try TemporaryFolder()
        let clip = try clip(folder)
        let voice = TestClips.voice
        let segments = EngineCode.segmentsInvalid
        for parts in [
            [part(1, 5, voice)], [part(3, 2, voice)], [part(-1, 2, voice)], [part(5, 5, voice)],
            [part(0, 2, voice), part(1.9, 3, voice)], [part(2, 3, voice), part(0, 1, voice)], [],
            [part(0, .nan, voice)], [part(0, 1e300, voice)], [part(0, 1, voice), RenderPart(audioPath: voice)],
            [RenderPart(range: .frames(0, Int.max), audioPath: voice)],
            [RenderPart(range: .frames(10, 101 + 3), audioPath: voice)],
        ] { #expect(code(plan(clip, folder, parts)) == segments) }
        let trim = EngineCode.trimInvalid
        let crops: [(Double, Double)] = [(0, 100), (2, 1), (-1, 1), (1, 1), (0, .infinity), (90, 91)]
        for crop in crops {
            #expect(code(plan(clip, folder, [part(1, 2, voice, crop: crop)])) == trim)
        }
        var two = plan(clip, folder, [part(0, 1, voice), part(1, 2, voice)])
        two.segmentOutputPath = folder.path("segment.mp4")
        #expect(code(two) == segments)
        // Lengths of containers include a little more than the picture.
        #expect(code(plan(clip, folder, [part(3, 4.05, voice)])) == nil)
        #expect(folder.names == ["clip.mp4", "out.mp4"])
    }
}

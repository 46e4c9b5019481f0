import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("Media made clearer and larger")
struct PostProcessingTests {
    /// How much neighbouring pixels of a row differ.
    private static func crispness(_ frame: VideoFrame) -> Double {
        let luma = frame.luma
        var sum = 0
        for row in 0..<luma.height {
            for column in 1..<luma.width {
                sum += abs(Int(luma.base[row * luma.stride + column]) - Int(luma.base[row * luma.stride + column - 1]))
            }
        }
        return Double(sum) / Double(luma.width * luma.height)
    }

    private static func output(_ result: EngineResult) -> RenderReport.Output? {
        if case .picture(let output) = result { output } else { nil }
    }

    @Test("A video gets its new size, keeps rate, length, sound and look, and is crisper than plain scaling")
    func video() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("in.mp4"), seconds: 2, sound: "sine=f=440:d=2,pan=stereo|c0=c0|c1=0*c0")
        let order = VideoUpscaling(
            path: folder.path("in.mp4"), outputPath: folder.path("out.mp4"), size: PictureSize(width: 512, height: 512),
            constantRateFactor: 8)
        let output = Self.output(try MediaEngine().run(.processing(.video(order))))
        #expect(output?.frames == 50)
        #expect(output?.width == 512)
        let reader = try VideoReader(folder.path("out.mp4"))
        #expect(reader.info.width == 512)
        #expect(reader.info.height == 512)
        #expect(reader.info.frameRate == Rational(25))
        #expect(abs(reader.info.durationSeconds - 2) < 0.05)
        #expect(reader.audio?.channelCount == 2)
        let heard = try TestClips.samples(folder.path("out.mp4"))
        #expect(abs(Double(heard.count) / 48_000 - 2) < 0.05)
        #expect(TestClips.amplitude(heard[24_000..<48_000], hertz: 440) > 0.02)
        try Program.ffmpeg([
            "-i", folder.path("in.mp4"), "-an", "-vf", "scale=512:512:flags=lanczos", "-crf", "8",
            folder.path("plain.mp4"),
        ])
        let made = try TestPictures.frames(folder.path("out.mp4"))
        let plain = try TestPictures.frames(folder.path("plain.mp4"))
        #expect(made.count == plain.count)
        #expect(Self.crispness(made[10]) > Self.crispness(plain[10]) * 1.05)
        #expect(TestClips.likeness(TestPictures.planes(made[10])[0], TestPictures.planes(plain[10])[0]) > 28)
        #expect(TestClips.likeness(TestPictures.planes(made[10])[1], TestPictures.planes(plain[10])[1]) > 36)
    }

    @Test("A silent video stays without a sound track")
    func silentVideo() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("in.mp4"), seconds: 0.4)
        let order = VideoUpscaling(
            path: folder.path("in.mp4"), outputPath: folder.path("out.mp4"), size: PictureSize(width: 320, height: 320))
        _ = try MediaEngine().run(.processing(.video(order)))
        #expect(try VideoReader(folder.path("out.mp4")).audio == nil)
    }

    @Test("A picture keeps its colours", arguments: ["png", "jpg"])
    func picture(format: String) throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", "scale=300:200", folder.path("in.\(format)")])
        let order = PictureUpscaling(
            path: folder.path("in.\(format)"), outputPath: folder.path("out.jpg"),
            size: PictureSize(width: 900, height: 600))
        #expect(Self.output(try MediaEngine().run(.processing(.picture(order))))?.height == 600)
        func pixels(_ path: String) throws -> [Double] {
            let file = folder.path("pixels")
            try Program.ffmpeg([
                "-i", path, "-vf", "scale=64:64:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", file,
            ])
            return try Data(contentsOf: URL(fileURLWithPath: file)).map(Double.init)
        }
        // Single places change by sharpening; on the whole nothing gets brighter, darker or another colour.
        let (before, after) = (try pixels(order.path), try pixels(order.outputPath))
        for channel in 0..<3 {
            let changes = stride(from: channel, to: before.count, by: 3).map { after[$0] - before[$0] }
            #expect(abs(changes.reduce(0, +) / Double(changes.count)) < 3.5)
        }
        let size = try StillImage(order.outputPath)
        #expect(size.width == 900)
        #expect(size.height == 600)
    }

    @Test("A voice in noise comes out as a WAV file as long as it was, with the noise of its pauses gone")
    func voice() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-i", TestClips.voice, "-filter_complex",
            "[0]aresample=48000,apad=pad_dur=1[v];anoisesrc=r=48000:a=0.02:c=pink:d=20[n];[v][n]amix=duration=first:normalize=0",
            folder.path("in.flac"),
        ])
        let isolation = VoiceIsolation(path: folder.path("in.flac"), outputPath: folder.path("out.wav"))
        guard case .sound(let sound) = try MediaEngine().run(.processing(.voice(isolation))) else {
            Issue.record("a cleaned voice is a sound")
            return
        }
        let before = try TestClips.samples(folder.path("in.flac"))
        let after = try TestClips.samples(folder.path("out.wav"))
        #expect(before.count == after.count)
        #expect(abs(sound.durationSeconds - Double(before.count) / 48_000) < 0.01)
        func level(_ samples: ArraySlice<Float>) -> Float { samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count) }
        #expect(level(after.suffix(24_000)) < level(before.suffix(24_000)) / 10)
        #expect(level(after.prefix(96_000)) > level(before.prefix(96_000)) / 1.5)
    }

    @Test("What is no such medium is refused with its code, and no file is left")
    func refusals() throws {
        let folder = try TemporaryFolder()
        try "words".write(toFile: folder.path("words"), atomically: true, encoding: .utf8)
        let size = PictureSize(width: 64, height: 64)
        let (path, output) = (folder.path("words"), folder.path("out"))
        func code(_ processing: PostProcessing) -> EngineCode? {
            do {
                _ = try MediaEngine().run(.processing(processing))
                return nil
            } catch { return (error as? RenderFailure)?.code }
        }
        #expect(code(.voice(VoiceIsolation(path: path, outputPath: output))) == .audioInvalid)
        #expect(
            code(.picture(PictureUpscaling(path: path, outputPath: output, size: size)))
                == .imageInvalid)
        #expect(
            code(.video(VideoUpscaling(path: path, outputPath: output, size: size)))
                == .videoInvalid)
        #expect(code(.video(VideoUpscaling(path: Repository.portrait, outputPath: output, size: size))) != nil)
        #expect(folder.names == ["words"])
    }

    @Test("A cancelled piece of work stops, and no file is left")
    func cancelled() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("in.mp4"), seconds: 0.4, sound: "sine=f=440:d=0.4")
        let (path, output) = (folder.path("in.mp4"), folder.path("out"))
        let cancellation = Cancellation()
        cancellation.cancel()
        for task: EngineTask in [
            .processing(.voice(VoiceIsolation(path: path, outputPath: output))),
            .processing(
                .video(VideoUpscaling(path: path, outputPath: output, size: PictureSize(width: 512, height: 512)))),
            .mix(.extraction(of: path, to: output, sampleRate: 48_000, channelCount: 1)),
        ] {
            let failure = #expect(throws: RenderFailure.self) {
                _ = try MediaEngine().run(task, cancellation: cancellation, observer: RenderObserver())
            }
            #expect(failure?.code == .cancelled)
        }
        #expect(folder.names == ["in.mp4"])
    }
}

@Suite("What is known is not found out again")
struct KnownAnalysisTests {
    @Test("A second job reads what the first has left, needs no networks, and draws the same frames")
    func sharing() throws {
        let folder = try TemporaryFolder()
        func plan(_ name: String, known: Bool) -> AnimationPlan {
            func analysis(_ what: String) -> KnownAnalysis {
                known ? KnownAnalysis(path: folder.path(what)) : KnownAnalysis(outputPath: folder.path(what))
            }
            var cue = PictureCue(path: Repository.portrait)
            cue.faces = analysis("faces")
            var plan = AnimationPlan(
                pictures: [cue], audioPath: TestClips.voice, outputPath: folder.path(name), seed: 3, preset: "ultrafast"
            )
            plan.speech = analysis("speech")
            return plan
        }
        _ = try TestClips.engine.animate(plan("first.mp4", known: false))
        let blind = EmbeddedEngine(Installation(folder: folder.path("no-installation")))
        _ = try blind.animate(plan("second.mp4", known: true))
        let files = try ["first.mp4", "second.mp4"].map { try Data(contentsOf: URL(fileURLWithPath: folder.path($0))) }
        #expect(files[0] == files[1])
    }

    @Test(
        "What does not fit the file is found out anew", arguments: ["", "{}", #"{"width":1,"height":1,"entries":[]}"#])
    func nonsense(text: String) throws {
        let folder = try TemporaryFolder()
        var cue = PictureCue(path: Repository.portrait)
        for name in ["faces", "speech"] {
            try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
        }
        cue.faces = KnownAnalysis(path: folder.path("faces"))
        var plan = AnimationPlan(
            pictures: [cue], audioPath: TestClips.voice, durationSeconds: 0.4, outputPath: folder.path("out.mp4"))
        plan.speech = KnownAnalysis(path: folder.path("speech"))
        #expect(try TestClips.engine.animate(plan).output.frames == 10)
    }
}

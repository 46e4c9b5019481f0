import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("The measured report of a render")
struct MeasuredRenderTests {
    private static let frames = 100

    /// The portrait says the test's words for four seconds; measured unless told otherwise.
    private static func render(
        _ folder: TemporaryFolder, isMeasured: Bool = true, filters: String = "null", sound: String = TestClips.voice
    ) throws -> (report: RenderReport, path: String) {
        let (clip, output) = (folder.path("clip.mp4"), folder.path("out-\(isMeasured).mp4"))
        if !FileManager.default.fileExists(atPath: clip) {
            try TestClips.portrait(clip, seconds: 4, filters: filters)
        }
        var plan = RenderPlan(
            videoPath: clip, audioPath: sound, outputPath: output, syncMode: .cutOff, preset: "ultrafast")
        plan.parts[0].syncMode = .silence
        plan.isMeasured = isMeasured
        plan.texts = [TextNote("Pam bought a map", voice: "flite-slt", language: "en")]
        return (try TestClips.engine.render(plan), output)
    }

    @Test("Every measure of a clip is there, and says that the lips follow")
    func measures() throws {
        let report = try Self.render(try TemporaryFolder()).report
        #expect(report.schemaVersion == 1)
        let measures = try #require(report.measures)
        #expect((8...report.output.frames / 7).contains(measures.framesMeasured))
        #expect(try #require(measures.opening?.correlation) > 0.7)
        #expect(try #require(measures.width?.correlation) > 0.3)
        let closures = try #require(measures.closures)
        #expect(closures.wanted >= 5)
        #expect(closures.measured >= 3)
        #expect(closures.shown + closures.missed.count == closures.measured)
        let outside = try #require(measures.outside)
        #expect(outside.changedSamples == 0)
        #expect(try #require(outside.psnrDecibels) > 38)
        // The portrait's teeth are painted: sharper than its shut mouth, however much.
        #expect(try #require(measures.sharpness) > 0.2)
        #expect((0.2...3).contains(try #require(measures.seam)))
        #expect(try #require(report.timings.measureMilliseconds) > 0)
    }

    @Test("Verdicts, curves, pictures, texts and the sound say the same as the measures")
    func report() throws {
        let report = try Self.render(try TemporaryFolder()).report
        let (measures, curves) = (try #require(report.measures), try #require(report.curves))
        let sentences = try #require(report.verdicts).map(\.sentence)
        let closures = try #require(measures.closures)
        let left = closures.wanted - closures.measured
        let rest = left > 0 ? " (\(left) more were not measured)" : ""
        #expect(sentences.contains("Closures: \(closures.shown) of \(closures.measured) shown\(rest)."))
        #expect(sentences.contains("Drawn: a mouth in \(report.framesDrawn) of \(report.output.frames) frames."))
        #expect(curves.framesPerPoint == 1)
        #expect(curves.opening.count == report.output.frames)
        #expect(curves.speech.count == report.output.frames)
        #expect(curves.drawn.count == measures.framesMeasured)
        #expect(curves.closures.count == closures.wanted)
        #expect(curves.closures.count { $0.isShown == true } == closures.shown)
        #expect(try #require(report.thumbnails).count == 4)
        #expect(try #require(report.thumbnails?.first).picture.hasPrefix("data:image/jpeg;base64,/9j/"))
        #expect(report.texts == [TextNote("Pam bought a map", voice: "flite-slt", language: "en")])
        let sound = try #require(report.sound)
        #expect(abs(sound.durationSeconds - report.output.durationSeconds) < 0.05)
        #expect(sound.waveform.count == 800)
        #expect(sound.clippedSamples == 0)
    }

    @Test("Measuring changes no picture, and without it nothing is told")
    func untouched() throws {
        let folder = try TemporaryFolder()
        let measured = try Self.render(folder)
        let plain = try Self.render(folder, isMeasured: false)
        #expect(plain.report.measures == nil)
        #expect(plain.report.schemaVersion == nil)
        let files = try [measured.path, plain.path].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(files[0] == files[1])
    }

    @Test("A stretch without a face has its timecodes, its place in the output, a reason and a picture")
    func gaps() throws {
        let report = try Self.render(
            try TemporaryFolder(), filters: "drawbox=c=gray:t=fill:enable='between(t,1,1.99)'"
        ).report
        let gap = try #require(report.gaps.first { $0.reason == .noFace })
        #expect(abs(gap.firstFrame - 25) <= 1)
        #expect(gap.firstTimecode == GapFinder.timecode(gap.firstFrame, Rational(25)))
        #expect(gap.lastTimecode == GapFinder.timecode(gap.lastFrame, Rational(25)))
        let seconds = try #require(gap.outputSeconds?.first)
        #expect(abs(seconds[0] - Double(gap.firstFrame) / 25) < 1e-6)
        #expect(abs(seconds[1] - Double(gap.lastFrame + 1) / 25) < 1e-6)
        #expect(gap.largestYawDegrees == nil)
        #expect(try #require(gap.thumbnail).hasPrefix("data:image/jpeg;base64,"))
    }

    @Test("A photo's lips are read back, too; it has no filmed mouth beside them")
    func photo() throws {
        let folder = try TemporaryFolder()
        var plan = AnimationPlan(
            pictures: [PictureCue(path: Repository.portrait)], outputPath: folder.path("out.mp4"))
        plan.audioPath = TestClips.voice
        plan.size = PictureSize(width: 256, height: 256)
        plan.preset = "ultrafast"
        plan.isMeasured = true
        let report = try TestClips.engine.animate(plan)
        let measures = try #require(report.measures)
        #expect(try #require(measures.opening?.correlation) > 0.6)
        #expect(try #require(measures.closures).shown > 0)
        #expect(measures.outside == nil)
        #expect(measures.sharpness == nil)
        #expect(report.sound != nil)
    }

    @Test("Previews are JPEGs of what is drawn")
    func previews() throws {
        let folder = try TemporaryFolder()
        let clip = folder.path("clip.mp4")
        try TestClips.portrait(clip, seconds: 2)
        let pictures = Pictures()
        let plan = RenderPlan(
            videoPath: clip, audioPath: TestClips.voice, outputPath: folder.path("out.mp4"), syncMode: .cutOff,
            preset: "ultrafast")
        _ = try TestClips.engine.run(.sync(plan), observer: RenderObserver(onPreview: { pictures.add($0) }))
        let first = try #require(pictures.all.first)
        #expect(first.prefix(3) == [0xFF, 0xD8, 0xFF])
    }

    private final class Pictures: @unchecked Sendable {
        private let lock = NSLock()
        private var pictures: [[UInt8]] = []

        func add(_ picture: [UInt8]) { lock.withLock { pictures.append(picture) } }
        var all: [[UInt8]] { lock.withLock { pictures } }
    }
}

@Suite("The sound in a measured report")
struct MeasuredSoundTests {
    private func sound(_ source: String, rate: Int = 48_000) throws -> RenderReport.Sound {
        let folder = try TemporaryFolder()
        let (clip, file) = (folder.path("clip.mp4"), folder.path("sound.wav"))
        try TestClips.portrait(clip, seconds: 2)
        try Program.ffmpeg(["-f", "lavfi", "-i", source, "-ar", "\(rate)", "-c:a", "pcm_s16le", file])
        var plan = RenderPlan(
            videoPath: clip, audioPath: file, outputPath: folder.path("out.mp4"), syncMode: .cutOff,
            preset: "ultrafast")
        plan.isMeasured = true
        return try #require(try TestClips.engine.render(plan).sound)
    }

    // A sine of 997 Hz reads its root mean square, −3.01 dB below its peak (EBU Tech 3341, case 1).
    @Test("Loudness and peak of a sine at any rate", arguments: [48_000, 44_100, 22_050, 16_000])
    func loudness(rate: Int) throws {
        let sound = try sound("aevalsrc='0.1*sin(2*PI*997*t)':d=2:s=\(rate)", rate: rate)
        #expect(abs(try #require(sound.loudness) - (-23.0)) <= 0.2)
        #expect(abs(try #require(sound.truePeakDecibels) - (-20.0)) <= 0.2)
        #expect(abs(try #require(sound.waveform.max()) - 0.1) < 0.002)
    }

    @Test("Silence has no loudness")
    func silence() throws {
        let sound = try sound("anullsrc=d=2")
        #expect(sound.loudness == nil)
        #expect(sound.truePeakDecibels == nil)
        #expect(sound.silentShare == 1)
        #expect(sound.waveform.allSatisfy { $0 == 0 })
    }

    @Test("Half a sound that is silent, and a square that is cut off")
    func halves() throws {
        let half = try sound("aevalsrc='if(lt(t,1),0.2*sin(2*PI*300*t),0)':d=2:s=48000")
        #expect(abs(half.silentShare - 0.5) <= 0.05)
        // A third of each half wave of twice full scale lies below it: two thirds are cut off.
        let cut = try sound("aevalsrc='2*sin(2*PI*100*t)':d=2:s=48000")
        #expect(abs(Double(cut.clippedSamples) - 96_000 * 2 / 3) < 1_000)
    }
}

import Face
import Foundation
import Media
import TestSupport
import Testing

@Suite("Input that is poor but can be rendered")
struct DegradedInputTests {
    /// The gap between the lips, in face units, over a file.
    private func openings(_ path: String) throws -> [Float] {
        let tracker = try TestFaces.tracker()
        return try TestPictures.frames(path).compactMap { frame in
            try tracker.track(frame).faces.first.map { face in
                let pose = FacePose(of: face.landmarks)
                return pose.canonical(face.landmarks[Landmarks.lowerLipMiddle]).y
                    - pose.canonical(face.landmarks[Landmarks.upperLipMiddle]).y
            }
        }
    }

    private func rendered(_ video: String, _ audio: String, _ folder: TemporaryFolder) throws -> Event.Report {
        // The mark follows from the paths, which differ from run to run; what is measured here is the mouth.
        let program = try Lipsmith.sync(video, audio, out: folder.path("out.mp4"), ["--watermark", "off", "--json"])
        #expect(program.exitCode == 0, "\(program.errors)")
        return try #require(try Event.all(program.output).last?.report)
    }

    @Test("A silent sound gives a resting mouth and a warning")
    func silent() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", "1.2", folder.path("a.wav")])
        let report = try rendered(TestMedia.shortClip, folder.path("a.wav"), folder)
        #expect(report.warnings.map(\.code).contains("sound_silent"))
        #expect(report.output.frames == 30)
        let opening = try openings(folder.path("out.mp4"))
        #expect(opening.count == 30)
        #expect((opening.max() ?? 1) < 0.06)
        #expect((opening.max() ?? 1) - (opening.min() ?? 0) < 0.03)
    }

    @Test("An empty sound gives the whole clip with a resting mouth, silence and a warning")
    func empty() throws {
        let folder = try TemporaryFolder()
        // A header that promises mono at 16 kHz, and no samples.
        var header = Data("RIFF".utf8)
        func add(_ values: [UInt32]) {
            for value in values { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        }
        add([36])
        header += Data("WAVEfmt ".utf8)
        add([16, 1 | 1 << 16, 16000, 32000, 2 | 16 << 16])
        header += Data("data".utf8)
        add([0])
        try header.write(to: URL(fileURLWithPath: folder.path("a.wav")))
        let report = try rendered(TestMedia.shortClip, folder.path("a.wav"), folder)
        #expect(report.warnings.map(\.code).contains("sound_empty"))
        #expect(report.output.frames == 40)
        #expect((try openings(folder.path("out.mp4")).max() ?? 1) < 0.06)
        #expect(abs(try MediaFacts(folder.path("out.mp4")).soundSeconds - 1.6) < 0.05)
    }

    @Test("Frames without a face pass through and are reported")
    func faceless() throws {
        let folder = try TemporaryFolder()
        try TestMedia.portraitClip(
            folder.path("a.mp4"), seconds: 2.4, size: 320, rate: "25",
            filters: "drawbox=c=gray:t=fill:enable='between(n,20,34)'")
        let report = try rendered(folder.path("a.mp4"), try TestMedia.voice(seconds: 2.4), folder)
        #expect(report.output.frames == 60)
        #expect(report.framesWithFace == 45)
        #expect(report.framesDrawn == 45)
        #expect(report.gaps == [.init(firstFrame: 20, lastFrame: 34, reason: "no_face")])
        #expect(report.warnings.map(\.code).contains("frames_without_face"))
        let written = try TestPictures.frames(folder.path("out.mp4"))
        let gray = TestPictures.planes(written[27])[0]
        #expect((gray.max() ?? 255) - (gray.min() ?? 0) < 8)
    }

    @Test("Of two people only the chosen one speaks; the other's pixels stay")
    func twoPeople() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-i", TestMedia.shortClip, "-filter_complex", "split[a][b];[b]hflip[c];[a][c]hstack", "-crf", "8",
            folder.path("two.mp4"),
        ])
        let program = try Lipsmith.run([
            "sync", "--video", folder.path("two.mp4"), "--audio", try TestMedia.voice(seconds: 1.6), "--out",
            folder.path("out.mp4"), "--crf", "10", "--watermark", "off", "--json", "--speaker", "0:480,150",
        ])
        #expect(program.exitCode == 0, "\(program.errors)")
        let report = try #require(try Event.all(program.output).last?.report)
        #expect(report.faces.count == 2)
        #expect(report.faces.count { $0.isSpeaker } == 1)
        let source = try TestPictures.frames(folder.path("two.mp4"))
        let output = try TestPictures.frames(folder.path("out.mp4"))
        var error = (left: 0.0, right: 0.0)
        for (a, b) in zip(source, output) {
            let (p, q) = (TestPictures.planes(a)[0], TestPictures.planes(b)[0])
            for index in p.indices {
                let difference = Double(p[index]) - Double(q[index])
                if index % 640 < 300 { error.left += difference * difference }
                if index % 640 > 340 { error.right += difference * difference }
            }
        }
        let pixels = Double(300 * 320 * output.count)
        #expect(10 * log10(255 * 255 * pixels / error.left) > 42)
        #expect(error.right > 10 * error.left)
    }
}

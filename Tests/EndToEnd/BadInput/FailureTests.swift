import Foundation
import TestSupport
import Testing

@Suite("Bad input")
struct FailureTests {
    /// Runs a render that must fail and gives its code; checks that it says one sentence and leaves nothing.
    private func code(video: String, audio: String = TestMedia.voice, _ more: [String] = []) throws -> String {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(video, audio, out: folder.path("out.mp4"), more + ["--json"])
        #expect(program.exitCode == 1)
        #expect(folder.names == [])
        let last = try #require(try Event.all(program.output).last)
        #expect(last.event == "failure")
        #expect(last.message?.hasSuffix(".") == true)
        #expect(last.suggestion?.isEmpty == false)
        let code = try #require(last.code)
        #expect(program.errors.hasPrefix(code + ": "))
        return code
    }

    @Test("A text that calls itself a video is refused")
    func text() throws {
        let folder = try TemporaryFolder()
        try "This is not a video.\n".write(toFile: folder.path("a.mp4"), atomically: true, encoding: .utf8)
        #expect(try code(video: folder.path("a.mp4")) == "generation_input_video_invalid")
        try Data().write(to: URL(fileURLWithPath: folder.path("b.mp4")))
        #expect(try code(video: folder.path("b.mp4")) == "generation_input_video_invalid")
    }

    @Test("A video that lost its end, and with it its index, is refused")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: TestMedia.shortClip))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder.path("a.mp4")))
        #expect(try code(video: folder.path("a.mp4")) == "generation_input_video_invalid")
    }

    @Test("A video whose index stands in front and whose end is lost is rendered as far as it goes")
    func truncatedButReadable() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg(["-i", TestMedia.shortClip, "-c", "copy", "-movflags", "faststart", folder.path("a.mp4")])
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.mp4")))
        try whole.prefix(whole.count * 2 / 3).write(to: URL(fileURLWithPath: folder.path("cut.mp4")))
        let program = try Lipsmith.sync(
            folder.path("cut.mp4"), try TestMedia.voice(seconds: 2), out: folder.path("out.mp4"), ["--json"])
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(try MediaFacts(folder.path("out.mp4")).frames == 50)
        let report = try #require(try Event.all(program.output).last?.report)
        #expect(report.warnings.map(\.code).contains("video_incomplete"))
    }

    @Test("A container without a single frame is refused")
    func zeroFrames() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg(["-i", TestMedia.shortClip, "-c", "copy", "-frames:v", "0", folder.path("a.mkv")])
        #expect(try code(video: folder.path("a.mkv")) == "generation_input_video_invalid")
    }

    @Test("A sound is no video, and a video without sound is no sound")
    func swapped() throws {
        #expect(try code(video: TestMedia.voice) == "generation_input_video_invalid")
        #expect(
            try code(video: TestMedia.shortClip, audio: TestMedia.shortClip) == "generation_input_audio_invalid")
    }

    @Test("A photo is no clip")
    func photo() throws { #expect(try code(video: Repository.portrait) == "generation_input_video_invalid") }

    @Test("A clip without any face says how many frames were searched")
    func noFace() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "nullsrc=s=160x120:r=25", "-vf", "geq=random(1)*255:128:128", "-frames:v", "30",
            "-pix_fmt", "yuv420p", folder.path("noise.mp4"),
        ])
        let program = try Lipsmith.sync(folder.path("noise.mp4"), TestMedia.voice, out: folder.path("out.mp4"))
        #expect(program.exitCode == 1)
        #expect(program.errors.contains("No face was found in 30 frames."))
        #expect(folder.names == ["noise.mp4"])
        #expect(try code(video: folder.path("noise.mp4")) == "no_face_found")
    }

    @Test("A point where nobody is, is refused")
    func wrongSpeaker() throws {
        #expect(
            try code(video: TestMedia.shortClip, ["--speaker", "0:1,319"]) == "generation_input_face_selection_invalid")
        #expect(
            try code(video: TestMedia.shortClip, ["--speaker", "9999:150,150"])
                == "generation_input_face_selection_invalid")
    }

    @Test("Paths that are not there, and folders, are unreadable")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        #expect(try code(video: folder.path("none.mp4")) == "input_file_unreadable")
        #expect(try code(video: TestMedia.shortClip, audio: folder.path("none.wav")) == "input_file_unreadable")
        let asFolder = try code(video: folder.path())
        #expect(["input_file_unreadable", "generation_input_video_invalid"].contains(asFolder))
    }

    @Test(
        "Outputs that cannot be written are refused before the work",
        arguments: ["/nonexistent/out.mp4", "/proc/out.mp4", "/dev/null/out.mp4", "/tmp"])
    func unwritable(path: String) throws {
        let program = try Lipsmith.sync(TestMedia.shortClip, TestMedia.voice, out: path, ["--json"])
        #expect(program.exitCode == 1)
        #expect(try Event.all(program.output).last?.code == "output_unwritable")
    }

    @Test("A picture beyond the limits is refused with the contract's code")
    func tooLarge() throws {
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "color=s=4200x400:r=25", "-frames:v", "2", "-preset", "ultrafast",
            folder.path("a.mp4"),
        ])
        #expect(try code(video: folder.path("a.mp4")) == "generation_input_resolution_unsupported")
    }

    // A tmpfs of its own in a namespace of its own: nothing is left mounted, whatever happens.
    private static let canMount: Bool = {
        let script = "mount -t tmpfs -o size=64k tmpfs /mnt && findmnt -n /mnt"
        return (try? Program.run("unshare", ["-m", "sh", "-c", script]))?.exitCode == 0
    }()

    @Test("A full disk is told as that, and nothing is left on it", .enabled(if: canMount, "needs the right to mount"))
    func diskFull() throws {
        let folder = try TemporaryFolder()
        let script = """
            mount -t tmpfs -o size=200k tmpfs "$1" || exit 99
            "$2" sync --video "$3" --audio "$4" --out "$1/out.mp4" --crf 1 --json
            code=$?
            ls -A "$1" >&2
            exit $code
            """
        let program = try Program.run(
            "unshare",
            ["-m", "sh", "-c", script, "sh", folder.path(), Lipsmith.path, TestMedia.shortClip, TestMedia.voice])
        #expect(program.exitCode == 1)
        #expect(try Event.all(program.output).last?.code == "output_disk_full")
        #expect(!program.errors.contains(".part"))
        #expect(!program.errors.contains("out.mp4\n"))
    }

    /// What an output must not be.
    enum WrongPlace: CaseIterable {
        case sourceClip, hardLinkToSound, symbolicLink, pipe, device, sameAsReport
    }

    @Test(
        "An output never replaces an input, another output, a link, a pipe or a device", arguments: WrongPlace.allCases)
    func places(wrong: WrongPlace) throws {
        let folder = try TemporaryFolder()
        let (clip, sound) = (folder.path("clip.mp4"), folder.path("sound.wav"))
        try FileManager.default.copyItem(atPath: TestMedia.shortClip, toPath: clip)
        try FileManager.default.copyItem(atPath: TestMedia.voice, toPath: sound)
        let out = folder.path("out.mp4")
        var more: [String] = []
        var output = out
        switch wrong {
        case .sourceClip: output = folder.path("./clip.mp4")
        case .hardLinkToSound: link(sound, out)
        case .symbolicLink: symlink(clip, out)
        case .pipe: mkfifo(out, 0o600)
        case .device: output = "/dev/null"
        case .sameAsReport: more = ["--report", folder.path("./out.mp4")]
        }
        let before = try folder.names.map {
            try FileManager.default.attributesOfItem(atPath: folder.path($0)) as NSDictionary
        }
        let program = try Lipsmith.sync(clip, sound, out: output, more + ["--json"])
        #expect(program.exitCode == 1)
        #expect(try Event.all(program.output).last?.code == "output_unwritable")
        // Refused before any work, and nothing has changed.
        #expect(try Event.all(program.output).allSatisfy { $0.event == "failure" })
        let after = try folder.names.map {
            try FileManager.default.attributesOfItem(atPath: folder.path($0)) as NSDictionary
        }
        #expect(before == after)
        var status = stat()
        #expect(stat("/dev/null", &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("A text is not spoken onto a link, and a photo does not replace itself")
    func otherCommands() throws {
        let folder = try TemporaryFolder()
        let target = folder.path("target.wav")
        try "kept".write(toFile: target, atomically: false, encoding: .utf8)
        symlink(target, folder.path("link.wav"))
        let spoken = try Lipsmith.run(["say", "Hello.", "--out", folder.path("link.wav"), "--json"])
        #expect(spoken.exitCode == 1)
        #expect(try Event.all(spoken.output).last?.code == "output_unwritable")
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "kept")
        let photo = folder.path("photo.png")
        try FileManager.default.copyItem(atPath: Repository.portrait, toPath: photo)
        let size = try FileManager.default.attributesOfItem(atPath: photo)[.size] as? Int
        let animated = try Lipsmith.run(["animate", "--photo", photo, "--duration", "1", "--out", photo, "--json"])
        #expect(animated.exitCode == 1)
        #expect(try Event.all(animated.output).last?.code == "output_unwritable")
        #expect(try FileManager.default.attributesOfItem(atPath: photo)[.size] as? Int == size)
    }

    @Test("A report may go into a pipe or to nobody, and an earlier output is replaced as before")
    func streams() throws {
        let folder = try TemporaryFolder()
        let out = folder.path("out.mp4")
        try "earlier".write(toFile: out, atomically: true, encoding: .utf8)
        let program = try Lipsmith.sync(
            TestMedia.shortClip, try TestMedia.voice(seconds: 1), out: out, ["--report", "/dev/null"])
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(try MediaFacts(out).frames > 0)
        var status = stat()
        #expect(stat("/dev/null", &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }
}

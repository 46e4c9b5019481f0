import Foundation
import TestSupport
import Testing

@Suite("lipsmith animate")
struct AnimateCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func animate(_ arguments: [String]) throws -> Program {
        try Lipsmith.run(["animate", "--out", folder.path("out.mp4"), "--preset", "ultrafast"] + arguments)
    }

    @Test("The README's command makes a photo speak, and says what it did")
    func photo() throws {
        let program = try Lipsmith.run([
            "animate", "--photo", Repository.portrait, "--audio", try TestMedia.voice(seconds: 2), "--out",
            folder.path("out.mp4"),
        ])
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(program.errors.contains("50 frames, 2.00 s, 512×512"))
        let facts = try MediaFacts(folder.path("out.mp4"))
        #expect(facts.frames == 50)
    }

    @Test("Size, rate, emotion, camera and seed are understood; the report is written")
    func options() throws {
        let program = try animate([
            "--photo", Repository.portrait, "--audio", try TestMedia.voice(seconds: 1), "--size", "361x240",
            "--frame-rate", "30000/1001", "--emotion", "sad", "--region", "face", "--camera", "push_in", "--motion",
            "0.5", "--seed", "4", "--speaker", "220,110", "--report", folder.path("report.json"), "--json",
        ])
        #expect(program.exitCode == 0, "\(program.errors)")
        let last = try #require(try Event.all(program.output).last)
        #expect(last.event == "result")
        let report = try #require(last.report)
        #expect(report.output.width == 360)
        #expect(report.output.height == 240)
        #expect(report.output.frames == 30)
        #expect(FileManager.default.fileExists(atPath: folder.path("report.json")))
    }

    @Test("Every run of the program gives the same file, straight lines beside the head included")
    func repeatable() throws {
        let photo = folder.path("poles.png")
        try Program.ffmpeg([
            "-i", Repository.portrait, "-vf",
            "drawbox=x=110:w=8:h=400:c=black:t=fill,drawbox=x=340:w=10:h=300:c=white:t=fill,rotate=0.02", photo,
        ])
        let files = try (0..<3).map { _ in
            // A signature is another one each time.
            let program = try animate([
                "--photo", photo, "--duration", "0.6", "--motion", "2", "--seed", "2", "--credentials", "off",
            ])
            #expect(program.exitCode == 0, "\(program.errors)")
            return try Data(contentsOf: URL(fileURLWithPath: folder.path("out.mp4")))
        }
        #expect(files[1] == files[0])
        #expect(files[2] == files[0])
    }

    @Test("An end picture and a length do without a sound")
    func endPhoto() throws {
        let end = folder.path("end.png")
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", "hflip", end])
        let program = try animate(["--photo", Repository.portrait, "--end-photo", end, "--duration", "0.4"])
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(try MediaFacts(folder.path("out.mp4")).frames == 10)
    }

    @Test(
        "A wrong command line says what is wrong",
        arguments: [
            (["--audio", "a.wav"], "--photo"), (["--photo", "a.png"], "--audio"),
            (["--photo", "a.png", "--audio", "a.wav", "--size", "big"], "--size"),
            (["--photo", "a.png", "--audio", "a.wav", "--emotion", "bored"], "--emotion"),
            (["--photo", "a.png", "--audio", "a.wav", "--motion", "3"], "--motion"),
            (["--photo", "a.png", "--audio", "a.wav", "--frame-rate", "0"], "--frame-rate"),
            (["--photo", "a.png", "--duration", "1", "--end-photo", "b.png", "--next-photo", "c.png"], "--end-photo"),
        ])
    func usage(arguments: [String], option: String) throws {
        let program = try animate(arguments)
        #expect(program.exitCode == 2)
        #expect(program.errors.contains(option))
        #expect(folder.names == [])
    }

    @Test("A picture without a face and a video instead of a picture are refused; nothing is left")
    func refusals() throws {
        let wall = folder.path("wall.png")
        try Program.ffmpeg(["-f", "lavfi", "-i", "color=c=teal:s=320x240", "-frames:v", "1", wall])
        for (picture, code) in [(wall, "no_face_found"), (TestMedia.shortClip, "generation_input_image_invalid")] {
            let program = try animate(["--photo", picture, "--duration", "1", "--json"])
            #expect(program.exitCode == 1)
            #expect(try Event.all(program.output).last?.code == code)
            #expect(folder.names == ["wall.png"])
        }
    }
}

import Face
import Foundation
import Speech
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "A wrong command line ends with 2 and one sentence",
        arguments: [
            [], ["nonsense"], ["sync"], ["sync", "--video", "a.mp4"], ["inspect"], ["doctor", "more"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--nonsense"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--sync-mode", "backwards"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--crf", "99"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--temperature", "hot"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--speaker", "1,2,3"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--speaker", "somebody"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--speaker", "-1:5,5"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--segment", "4"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--segment", "4-2"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--segment", "1-2@"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--segment-out", "d"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--seed", "-1"],
            ["sync", "--video", "a", "--video", "b", "--audio", "b", "--out", "c"],
            ["sync", "--video", "a", "--audio", "b", "--out"],
            ["sync", "--video", "a", "--out", "c"], ["say"], ["say", "words"], ["say", "-o", "a.wav"],
            ["sync", "--video", "a", "--audio", "b", "--text", "t", "--out", "c"],
            ["sync", "--video", "a", "--audio", "b", "--voice", "v", "--out", "c"],
            ["say", "words", "more", "-o", "a.wav"], ["voices", "--nonsense"],
            ["help", "nonsense"], ["remote"], ["remote", "list"], ["remote", "list", "--server", "here", "--key", "k"],
            ["remote", "submit", "--server", "http://h", "--key", "k", "--video", "a"],
            ["remote", "submit", "--server", "http://h", "--key", "k", "--video", "a", "--photo", "b", "--audio", "c"],
            ["remote", "watch", "1", "--server", "http://h", "--key", "k"],
            ["remote", "list", "--server", "http://h", "--key", "k", "--key-file", "f"],
        ])
    func usage(arguments: [String]) throws {
        let program = try Lipsmith.run(arguments)
        #expect(program.exitCode == 2)
        #expect(program.output.isEmpty)
        #expect(!program.errors.isEmpty)
    }

    @Test(
        "An option is never the value of the one before it, and the message names both",
        arguments: [
            ["say", "--text", "--json", "-o", "a.wav"], ["say", "--text", "-o", "a.wav"],
            ["say", "words", "-o", "--json"], ["say", "words", "--voice", "--quiet", "-o", "a.wav"],
            ["sync", "--video", "--audio", "b", "--out", "c"],
            ["sync", "--video", "a", "--text", "--json", "--out", "c"],
            ["sync", "--video", "a", "--audio", "b", "--out", "c", "--segment", "--quiet"],
            ["sync", "--video", "a", "--audio", "b", "--report", "--json", "--out", "c"],
            ["animate", "--photo", "--out", "c"], ["animate", "--photo", "a", "--next-photo", "--json", "--out", "c"],
            ["voices", "--language", "--json"], ["keys", "create", "--name", "--organisation", "x"],
            ["jobs", "--limit", "--json"], ["webhooks", "--data", "--json"], ["serve", "--port", "--host", "::1"],
        ])
    func optionAsValue(arguments: [String]) throws {
        let program = try Lipsmith.run(arguments)
        #expect(program.exitCode == 2, "\(program.errors)")
        let match = try #require(
            program.errors.firstMatch(of: /(--?[a-z-]+) needs a value, but the option (--?[a-z-]+) follows/))
        let place = try #require(arguments.firstIndex(of: String(match.output.1)))
        #expect(arguments[place + 1] == String(match.output.2))
    }

    @Test("Behind an equals sign a value may look like an option, and a text may begin with hyphens")
    func valuesLikeOptions() throws {
        for (arguments, word) in [
            (["say", "x", "--voice=--json", "-o", "a.wav"], "voice_not_found"),
            (["sync", "--video=--json", "--audio", "b", "--out", "c"], "input_file_unreadable"),
            (["sync", "--video", "-- a", "--audio", "b", "--out", "c"], "input_file_unreadable"),
            (["sync", "--video", "a", "--audio", "b", "--out", "c", "--temperature", "-1"], "--temperature takes"),
        ] {
            let program = try Lipsmith.run(arguments)
            #expect(program.errors.contains(word), "\(arguments): \(program.errors)")
        }
    }

    @Test("Help of every command ends with 0 and names every option that the command's reader takes")
    func help() throws {
        let files = [
            "say": "SayCommand", "voices": "VoicesCommand", "sync": "SyncCommand", "inspect": "InspectCommand",
            "doctor": "DoctorCommand", "keys": "KeysCommand", "studio-link": "StudioLinkCommand", "version": "",
        ]
        for (command, file) in files {
            let program = try Lipsmith.run([command, "--help"])
            #expect(program.exitCode == 0)
            #expect(program.output.contains("lipsmith \(command)"))
            #expect(try Lipsmith.run(["help", command]).output == program.output)
            guard !file.isEmpty else { continue }
            let source = try Repository.text(ofFile: "\(file).swift", target: "lipsmith")
            let taken = source.matches(of: /take[A-Z][A-Za-z]*\(([^()]*)/).flatMap { call in
                call.output.1.matches(of: /"(--?[a-z-]+)"/).map { String($0.output.1) }
            }
            #expect(!taken.isEmpty)
            for option in taken { #expect(program.output.contains(option), "\(command) \(option)") }
        }
        let overview = try Lipsmith.run(["--help"])
        #expect(overview.exitCode == 0)
        for command in files.keys { #expect(overview.output.contains("  \(command) ")) }
    }

    @Test("The version is one line")
    func version() throws {
        let program = try Lipsmith.run(["version"])
        #expect(program.exitCode == 0)
        #expect(program.output.wholeMatch(of: /lipsmith \d+\.\d+\.\d+\n/) != nil)
    }

    @Test("The doctor finds everything on a machine that was set up")
    func doctor() throws {
        let program = try Lipsmith.run(["doctor"])
        #expect(program.exitCode == 0, "\(program.output)")
        #expect(!program.output.contains("MISSING"))
    }

    @Test("Without a runtime the doctor and every render end with 3 and say what to do")
    func withoutRuntime() throws {
        let environment = ["LIPSMITH_RUNTIME": "/nonexistent"]
        let doctor = try Lipsmith.run(["doctor"], environment: environment)
        #expect(doctor.exitCode == 3)
        #expect(doctor.output.contains("make setup"))
        let folder = try TemporaryFolder()
        let sync = try Lipsmith.run(
            ["sync", "--video", TestMedia.shortClip, "--audio", TestMedia.voice, "--out", folder.path("out.mp4")],
            environment: environment)
        #expect(sync.exitCode == 3)
        #expect(sync.errors.hasPrefix("installation_incomplete: "))
        #expect(folder.names == [])
    }

    @Test("Without the mouth network, or with a damaged one, likewise", arguments: [false, true])
    func withoutMouthNetwork(isDamaged: Bool) throws {
        let folder = try TemporaryFolder()
        for name in ["models", "out"] {
            try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("openvino"), withDestinationPath: TestFaces.runtimeFolder)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("c2pa"), withDestinationPath: Repository.thirdParty + "/c2pa")
        for name in FaceModels.fileNames {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("models/" + name), withDestinationPath: TestFaces.modelFolder + "/" + name)
        }
        if isDamaged {
            try Data(repeating: 7, count: 5000).write(
                to: URL(fileURLWithPath: folder.path("models/" + MouthNetwork.fileName)))
        }
        let environment = ["LIPSMITH_RUNTIME": folder.path()]
        let doctor = try Lipsmith.run(["doctor"], environment: environment)
        #expect(doctor.exitCode == 3)
        #expect(doctor.output.contains("MISSING mouth network"))
        #expect(doctor.output.contains("ok      face models"))
        #expect(doctor.output.contains("make setup"))
        for words in [["sync", "--video", TestMedia.shortClip], ["animate", "--photo", Repository.portrait]] {
            let out = folder.path("out/out.mp4")
            let run = try Lipsmith.run(words + ["--audio", TestMedia.voice, "--out", out], environment: environment)
            #expect(run.exitCode == 3)
            #expect(run.errors.hasPrefix("installation_incomplete: The networks could not be loaded."))
            #expect(!FileManager.default.fileExists(atPath: out))
        }
    }

    @Test("Inspecting as JSON gives the file's facts and its faces")
    func inspect() throws {
        struct Inspection: Decodable {
            struct Media: Decodable {
                struct Video: Decodable {
                    var width: Int
                    var height: Int
                }
                var video: Video?
            }
            struct Faces: Decodable {
                var frames: Int
                var framesWithFace: Int
            }
            var media: Media
            var faces: Faces?
        }
        func inspected(_ arguments: [String]) throws -> Inspection {
            let program = try Lipsmith.run(["inspect", "--json"] + arguments)
            #expect(program.exitCode == 0, "\(program.errors)")
            return try JSONDecoder().decode(Inspection.self, from: Data(program.output.utf8))
        }
        let clip = try inspected([TestMedia.shortClip])
        #expect(clip.media.video?.width == 320)
        #expect(clip.faces?.frames == 40)
        #expect(clip.faces?.framesWithFace == 40)
        #expect(try inspected([TestMedia.shortClip, "--no-faces"]).faces == nil)
        #expect(try inspected([TestMedia.voice]).media.video == nil)
        let missing = try Lipsmith.run(["inspect", "--json", "/nonexistent"])
        #expect(missing.exitCode == 1)
        #expect(try Event.all(missing.output).last?.code == "input_file_unreadable")
    }

    @Test("JSON events are one object a line: progress that never goes back, then one result")
    func events() throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(
            TestMedia.shortClip, try TestMedia.voice(seconds: 2), out: folder.path("out.mp4"), ["--json"])
        #expect(program.exitCode == 0)
        #expect(program.errors.isEmpty)
        let events = try Event.all(program.output)
        #expect(events.last?.event == "result")
        #expect(events.dropLast().allSatisfy { $0.event == "progress" })
        let fractions = events.compactMap(\.fraction)
        #expect(fractions == fractions.sorted())
        #expect((fractions.last ?? 0) > 0.99)
        #expect(Set(events.compactMap(\.stage)) == ["analysing", "rendering"])
    }
}

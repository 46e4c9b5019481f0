import Foundation
import TestSupport
import Testing

/// What outputs of the program say of where they come from, as its own `verify` reads it.
@Suite("Where outputs come from")
struct ProvenanceTests {
    private func verify(_ paths: [String]) throws -> Program { try Lipsmith.run(["verify", "--json"] + paths) }

    @Test("A video is signed and marked; the mark outlives encoding anew, the signature does not")
    func video() throws {
        let folder = try TemporaryFolder()
        let (made, again) = (folder.path("made.mp4"), folder.path("again.mp4"))
        let rendered = try Lipsmith.sync(TestMedia.clip, try TestMedia.voice(seconds: 6), out: made)
        #expect(rendered.exitCode == 0, "\(rendered.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted() == ["made.mp4"])
        let first = try verify([made])
        #expect(first.exitCode == 0, "\(first.errors)")
        #expect(first.output.contains(#""outcome":"credentialsValid""#))
        #expect(first.output.contains(#""isByKnownSigner":true"#))
        #expect(first.output.contains("compositeWithTrainedAlgorithmicMedia"))
        try Program.ffmpeg(["-i", made, "-c:v", "libx264", "-crf", "23", again])
        let second = try verify([again])
        #expect(second.exitCode == 0, "\(second.output)")
        #expect(second.output.contains(#""outcome":"recognised""#))
        #expect(second.output.contains(#""credentials":{"state":"absent"}"#))
        // The manifest names the number of the mark; of the pictures the same one is read, or none.
        let number = try #require(first.output.firstMatch(of: /"watermark":"([0-9a-f]{8})"/)?.output.1)
        for output in [first.output, second.output] {
            #expect(output.contains(#""state":"found""#))
            let read = output.firstMatch(of: /"number":"([0-9a-f]{8})"/)?.output.1
            #expect(read == nil || read == number)
        }
    }

    @Test("A changed file ends with its own code, and so does one of which nothing is known")
    func exitCodes() throws {
        let folder = try TemporaryFolder()
        let spoken = folder.path("spoken.wav")
        #expect(try Lipsmith.run(["say", "--voice", "flite-slt", "--text", "Hello.", "--out", spoken]).exitCode == 0)
        #expect(try verify([spoken]).exitCode == 0)
        var bytes = try #require(FileManager.default.contents(atPath: spoken))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: folder.path("changed.wav")))
        #expect(try verify([folder.path("changed.wav")]).exitCode == 5)
        #expect(try verify([Repository.portrait]).exitCode == 4)
        #expect(try verify([spoken, Repository.portrait]).exitCode == 4)
        #expect(try verify([folder.path("missing")]).exitCode == 1)
        try Data().write(to: URL(fileURLWithPath: folder.path("empty")))
        #expect(try verify([folder.path("empty")]).exitCode == 4)
    }

    @Test("What cannot be looked at is told, at once, and the other files are looked at")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("loop"), withDestinationPath: folder.path("loop"))
        for name in ["", "pipe", "loop", "missing"] {
            let program = try verify([folder.path(name), Repository.portrait])
            #expect(program.exitCode == 1)
            let lines = program.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.contains(#""code":"input_file_unreadable""#) == true, "\(name): \(program.output)")
            #expect(lines.first?.contains(#""file":"#) == true)
            #expect(lines.last?.contains(#""outcome":"nothingFound""#) == true)
        }
    }

    @Test("An output may have any name, and keeps who may read it")
    func names() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("output")
        #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o640]))
        let program = try Lipsmith.run(["say", "--voice", "flite-slt", "--text", "Hello.", "--out", path])
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(try verify([path]).exitCode == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(folder.names == ["output"])
    }

    @Test("A certificate that is not for signing content is refused before anything is spoken")
    func certificate() throws {
        let folder = try TemporaryFolder()
        let (key, chain) = (folder.path("key.pem"), folder.path("chain.pem"))
        try Program.succeed(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                "-out",
                chain, "-days", "9", "-subj", "/O=A/CN=me", "-addext", "keyUsage=critical,digitalSignature", "-addext",
                "extendedKeyUsage=serverAuth",
            ])
        func say(_ environment: [String: String]) throws -> Program {
            try Lipsmith.run(
                ["say", "--voice", "flite-slt", "--text", "Hello.", "--out", folder.path("out.wav")],
                environment: environment)
        }
        let refused = try say(["LIPSMITH_CREDENTIALS_KEY": key, "LIPSMITH_CREDENTIALS_CHAIN": chain])
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("credentials_identity_unusable"), "\(refused.errors)")
        let half = try say(["LIPSMITH_CREDENTIALS_CHAIN": chain])
        #expect(half.exitCode == 2)
        #expect(half.errors.contains("need --credentials-key"), "\(half.errors)")
        #expect(folder.names == ["chain.pem", "key.pem"])
    }

    @Test("Without credentials and watermark nothing is written that was not before")
    func off() throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(
            TestMedia.shortClip, try TestMedia.voice(seconds: 1), out: folder.path("made.mp4"),
            ["--credentials", "off", "--watermark", "off"])
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(try verify([folder.path("made.mp4")]).exitCode == 4)
    }

    @Test("A folder for settings that cannot be written to is told before anything is rendered")
    func readOnlySettings() throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.run(
            ["say", "--text", "Hello.", "--out", folder.path("spoken.wav")],
            environment: ["XDG_CONFIG_HOME": "/proc/nowhere"])
        #expect(program.exitCode == 1)
        #expect(program.errors.contains("credentials_identity_unusable"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
    }

    /// The digest of every picture of a part of a video, which was encoded without loss.
    private func pictures(_ path: String, crop: String) throws -> String {
        try Program.succeed(
            "ffmpeg", ["-v", "error", "-i", path, "-an", "-vf", "crop=\(crop)", "-f", "framemd5", "-"])
    }

    @Test("A label changes its corner alone, and goes after five seconds where that is asked for")
    func label() throws {
        let folder = try TemporaryFolder()
        func made(_ name: String, _ more: [String]) throws -> String {
            let program = try Lipsmith.sync(
                TestMedia.clip, try TestMedia.voice(seconds: 6), out: folder.path(name),
                ["--crf", "0", "--watermark", "off"] + more)
            #expect(program.exitCode == 0, "\(program.errors)")
            return folder.path(name)
        }
        let plain = try made("plain.mp4", [])
        let corner = try made("corner.mp4", ["--visible-mark", "corner", "--mark-language", "fr"])
        let start = try made("start.mp4", ["--visible-mark", "start"])
        let (left, below) = ("iw/2:ih:0:0", "iw:ih*3/4:0:ih/4")
        let top = "iw/2:ih/8:iw/2:0"
        for labelled in [corner, start] {
            #expect(try pictures(labelled, crop: left) == pictures(plain, crop: left))
            #expect(try pictures(labelled, crop: below) == pictures(plain, crop: below))
            #expect(try pictures(labelled, crop: top) != pictures(plain, crop: top))
        }
        func last(_ path: String) throws -> Substring? {
            try pictures(path, crop: top).split(separator: "\n").last?.split(separator: ",").last
        }
        #expect(try last(start) == last(plain))
        #expect(try last(corner) != last(plain))
    }

    @Test("The watermark changes brightness around the mouth alone")
    func markedPixels() throws {
        let folder = try TemporaryFolder()
        func made(_ name: String, _ more: [String]) throws -> String {
            let program = try Lipsmith.sync(
                TestMedia.clip, try TestMedia.voice(seconds: 1), out: folder.path(name), ["--crf", "0"] + more)
            #expect(program.exitCode == 0, "\(program.errors)")
            return folder.path(name)
        }
        let (marked, plain) = (try made("marked.mp4", []), try made("plain.mp4", ["--watermark", "off"]))
        // The portrait's face fills the middle; its eyes and everything above are in the upper third.
        #expect(try pictures(marked, crop: "iw:ih/3:0:0") == pictures(plain, crop: "iw:ih/3:0:0"))
        #expect(try pictures(marked, crop: "iw/6:ih:0:0") == pictures(plain, crop: "iw/6:ih:0:0"))
        #expect(try pictures(marked, crop: "iw:ih:0:0") != pictures(plain, crop: "iw:ih:0:0"))
        let (first, second) = (
            try Program.succeed(
                "ffmpeg", ["-v", "error", "-i", marked, "-an", "-vf", "extractplanes=u", "-f", "framemd5", "-"]),
            try Program.succeed(
                "ffmpeg", ["-v", "error", "-i", plain, "-an", "-vf", "extractplanes=u", "-f", "framemd5", "-"])
        )
        #expect(first == second)
    }
}

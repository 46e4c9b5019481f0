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
        // The number that the manifest names is the one that the pictures have.
        let number = try #require(first.output.firstMatch(of: /"number":"([0-9a-f]{8})"/)?.output.1)
        #expect(first.output.contains(#""watermark":"\#(number)""#))
        // A wrong one is never read.
        let read = second.output.firstMatch(of: /"number":"([0-9a-f]{8})"/)?.output.1
        #expect(read == nil || read == number)
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
}

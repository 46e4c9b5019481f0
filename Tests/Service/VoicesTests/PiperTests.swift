import Foundation
import Generations
import TestSupport
import Testing
import Voices

@Suite("Piper")
struct PiperTests {
    /// A program with Piper's options that speaks a tone for each letter, and writes down how it was called.
    private static let program = """
        #!/usr/bin/python3
        import math, struct, sys, wave
        options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        assert set(options) == {"--model", "--config", "--length_scale", "--output_file"}, options
        open(options["--model"], "rb").read(); open(options["--config"], "rb").read()
        text = sys.stdin.read()
        assert text.endswith("\\n") and text.count("\\n") == 1, repr(text)
        count = int(len(text) * 1600 * float(options["--length_scale"]))
        with wave.open(options["--output_file"], "wb") as out:
            out.setnchannels(1); out.setsampwidth(2); out.setframerate(16000)
            out.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(i / 9))) for i in range(count)))
        """

    private static func service(_ folder: TemporaryFolder, program: String = program) throws -> VoiceService {
        try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
        try program.write(toFile: folder.path("bin/piper"), atomically: true, encoding: .utf8)
        chmod(folder.path("bin/piper"), 0o755)
        try "weights".write(toFile: folder.path("de_DE-test.onnx"), atomically: true, encoding: .utf8)
        try #"{"dataset": "test", "language": {"code": "de_DE"}}"#.write(
            toFile: folder.path("de_DE-test.onnx.json"), atomically: true, encoding: .utf8)
        var configuration = TestVoices.configuration
        configuration.piperProgram = folder.path("bin/piper")
        configuration.piperModels = [folder.path("de_DE-test.onnx"), folder.path("missing.onnx")]
        return VoiceService(configuration)
    }

    @Test("lists the voices that are there and speaks with them, before all others of a language")
    func speaks() async throws {
        let folder = try TemporaryFolder()
        let service = try Self.service(folder)
        let voices = try await service.voices().filter { $0.provider == "piper" }
        #expect(voices.map(\.id) == ["piper-de_DE-test"])
        #expect(voices[0].language == "de-de")
        let spoken = try await Spoken("Zehn\nZeichen.", voice: "piper-de_DE-test", by: service)
        #expect(abs(spoken.durationSeconds - 1.4) < 0.02)
        // Nobody knows when it says what: its lips follow what is heard.
        #expect(spoken.phones == nil)
    }

    @Test(
        "that fails, hangs or writes nonsense fails with a code",
        arguments: [
            "#!/usr/bin/python3\nraise SystemExit(3)", "#!/usr/bin/python3\nimport os; os.abort()", "no program",
        ])
    func fails(program: String) async throws {
        let folder = try TemporaryFolder()
        let service = try Self.service(folder, program: program)
        let error = await #expect(throws: GenerationError.self) {
            try await Spoken("Words.", voice: "piper-de_DE-test", by: service)
        }
        #expect(error?.code == .processingFailed)
    }

    @Test("cannot reach the network, start programs or read elsewhere")
    func confined() async throws {
        let folder = try TemporaryFolder()
        let secret = folder.path("secret")
        try "x".write(toFile: secret, atomically: true, encoding: .utf8)
        let attempts = """
            #!/usr/bin/python3
            import os, socket, sys
            done = []
            for name, act in [("socket", socket.socket), ("fork", os.fork), ("etc", lambda: open("/etc/shadow")),
                              ("write", lambda: open("/tmp/lipsmith-pwned", "w"))]:
                try:
                    act(); done.append(name)
                except OSError: pass
            sys.exit(4 if done else 3)
            """
        let service = try Self.service(folder, program: attempts)
        let error = await #expect(throws: GenerationError.self) {
            try await Spoken("Words.", voice: "piper-de_DE-test", by: service)
        }
        #expect(error?.detail.contains("exited(3)") == true, "\(error?.detail ?? "")")
    }
}

import Foundation
import Subprocess
import TestSupport
import Testing

@Suite("Ctrl-C")
struct InterruptionTests {
    @Test(
        "A signal in either pass ends the program with 130 and leaves no file", arguments: ["analysing", "rendering"],
        [SIGINT, SIGTERM, SIGHUP])
    func interrupted(stage: String, signal: Int32) throws {
        let folder = try TemporaryFolder()
        let process = try Subprocess(
            Lipsmith.path,
            [
                "sync", "--video", TestMedia.clip, "--audio", TestMedia.voice, "--out", folder.path("out.mp4"),
                "--preset", "veryslow", "--json",
            ],
            output: .pipe, errors: .discarded)
        let output = try #require(process.output)
        // The first line of the stage tells that it has begun; reading waits for it.
        var seen = ""
        while !seen.contains("\"stage\":\"\(stage)\"") {
            let data = output.availableData
            if data.isEmpty { break }
            seen += String(decoding: data, as: UTF8.self)
        }
        process.send(signal)
        let rest = process.readOutput()
        #expect(process.waitUntilExit() == 130)
        #expect(folder.names == [])
        let last = try #require(try Event.all(seen + rest).last)
        #expect(last.event == "failure")
        #expect(last.code == "cancelled")
    }

    @Test("Speech that is interrupted leaves nothing behind")
    func speech() throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "Pam bought a big map for Bob. ", count: 100)
        let process = try Subprocess(
            Lipsmith.path, ["say", "--voice", "kokoro-woman", "--text", text, "--out", folder.path("out.wav")],
            output: .discarded, errors: .discarded)
        // Where it is written until it is signed.
        while folder.names.isEmpty { usleep(10_000) }
        process.send(SIGTERM)
        #expect(process.waitUntilExit() == 130)
        #expect(folder.names == [])
    }
}

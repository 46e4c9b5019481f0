import Foundation
import TestSupport
import Testing

@Suite("Ctrl-C")
struct InterruptionTests {
    @Test(
        "A signal in either pass ends the program with 130 and leaves no file", arguments: ["analysing", "rendering"],
        [SIGINT, SIGTERM])
    func interrupted(stage: String, signal: Int32) throws {
        let folder = try TemporaryFolder()
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: Lipsmith.path)
        process.arguments = [
            "sync", "--video", TestMedia.clip, "--audio", TestMedia.voice, "--out", folder.path("out.mp4"), "--preset",
            "veryslow", "--json",
        ]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        // The first line of the stage tells that it has begun; reading waits for it.
        var seen = ""
        while !seen.contains("\"stage\":\"\(stage)\"") {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            seen += String(decoding: data, as: UTF8.self)
        }
        kill(process.processIdentifier, signal)
        let rest = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 130)
        #expect(folder.names == [])
        let last = try #require(try Event.all(seen + String(decoding: rest, as: UTF8.self)).last)
        #expect(last.event == "failure")
        #expect(last.code == "cancelled")
    }
}

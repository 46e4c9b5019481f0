import Foundation
import TestSupport
import Testing
import Text

/// Goal: what the command line orders from a server is what was said, and a lost connection or a refusal is told or mended.
@Suite("Ordering from a server elsewhere")
struct RemoteCommandTests {
    /// Runs the program without holding a thread on which the stub would answer.
    private static func remote(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Program {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try Lipsmith.run(["remote"] + arguments, environment: environment) })
            }
        }
    }

    private static func events(_ program: Program) throws -> [JSONValue] {
        try program.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    @Test(
        "files are sent in pieces, a lost one again, what is refused for now later, and the whole is saved",
        arguments: [
            StubServer.Conduct(), StubServer.Conduct(breaksPiece: true), StubServer.Conduct(refusalCount: 5),
        ])
    func submission(conduct: StubServer.Conduct) async throws {
        let folder = try TemporaryFolder()
        let (video, out, report) = (folder.path("v.mp4"), folder.path("out.mp4"), folder.path("r.html"))
        let bytes = (0..<(8 << 20) + 5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: URL(fileURLWithPath: video))
        try await StubServer.run(conduct) { stub in
            let program = try await Self.remote([
                "submit", "--server", stub.url + "/", "--key", "secret", "--video", video, "--audio",
                "http://media.test/a.wav", "--model", "react-1", "--emotion", "sad", "--seed", "7", "--speaker",
                "2:10,20.5", "--segment", "1-2@0-1", "--name", "Take", "--out", out, "--report", report, "--json",
            ])
            #expect(program.exitCode == 0, "\(program.errors)")
            let seen = stub.seen
            #expect(seen.file == bytes)
            #expect(seen.keys == ["secret"])
            #expect(
                seen.orders == [
                    [
                        "video": ["asset": "a1"], "audio": ["url": "http://media.test/a.wav"], "model": "react-1",
                        "name": "Take",
                        "options": [
                            "emotion": "sad", "seed": 7, "speaker": ["frame": 2, "x": 10, "y": 20.5],
                        ],
                        "parts": [
                            [
                                "startSeconds": 1, "endSeconds": 2, "audioStartSeconds": 0,
                                "audioEndSeconds": 1,
                            ]
                        ],
                    ]
                ])
            #expect(seen.idempotencyKeys.count == 1)
            #expect(try String(contentsOfFile: out, encoding: .utf8) == "the video")
            #expect(try String(contentsOfFile: report, encoding: .utf8) == "<html>")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).count == 3)
            let events = try Self.events(program)
            #expect(events.last { $0["event"] != "waiting" }?["event"]?.text == "saved")
            #expect(events.contains { $0["event"] == "waiting" } == (conduct.refusalCount > 0))
            #expect(events.contains { $0["event"] == "submitted" })
            #expect(events.contains { $0["event"] == "result" })
            let progress = try #require(events.first { $0["event"] == "progress" })
            #expect(progress["fraction"] == 0.5)
            let last = try #require(events.last { $0["event"] == "upload" })
            #expect(last["sentBytes"] == last["totalBytes"])
        }
    }

    @Test("server and key may come from the environment or a file; the id alone is printed")
    func environment() async throws {
        let folder = try TemporaryFolder()
        let key = folder.path("key")
        try "from-file\n".write(toFile: key, atomically: true, encoding: .utf8)
        try await StubServer.run { stub in
            let order = ["submit", "--photo", "http://media.test/p.png", "--text", "Hello."]
            let program = try await Self.remote(
                order, ["LIPSMITH_SERVER": stub.url, "LIPSMITH_KEY": "from-environment"])
            #expect(program.output == StubServer.id + "\n")
            #expect(stub.seen.orders.last?["text"] == ["script": "Hello.", "voice": "ann"])
            let second = try await Self.remote(order + ["--server", stub.url, "--key-file", key, "--dry-run"])
            #expect(second.exitCode == 0)
            #expect(second.output.isEmpty)
            #expect(second.errors.contains("8.5 s of video"))
            #expect(stub.seen.keys == ["from-environment", "from-file"])
        }
    }

    @Test("the other actions ask for what they say")
    func actions() async throws {
        let folder = try TemporaryFolder()
        try await StubServer.run { stub in
            let server = ["--server", stub.url, "--key", "k"]
            let list = try await Self.remote(["list", "--status", "failed", "--search", "a b", "--json"] + server)
            #expect(try Self.events(list).compactMap { $0["id"]?.text } == ["g1", "g2"])
            let report = try await Self.remote(["report", StubServer.id] + server)
            #expect(report.output == "{\"schemaVersion\":1}\n")
            #expect(try await Self.remote(["cancel", StubServer.id] + server).exitCode == 0)
            #expect(try await Self.remote(["watch", StubServer.id] + server).exitCode == 0)
            let out = folder.path("o.mp4")
            #expect(try await Self.remote(["download", StubServer.id, "--out", out] + server).exitCode == 0)
            #expect(try String(contentsOfFile: out, encoding: .utf8) == "the video")
            let requests = stub.seen.requests
            #expect(requests.first == "GET /v1/generations?limit=20&status=failed&search=a%20b")
            #expect(requests.contains("POST /v1/generations/\(StubServer.id)/cancel"))
        }
    }

    @Test("a server that starts again is waited for")
    func restart() async throws {
        var port = 0
        try await StubServer.run { port = $0.port }
        let arguments = ["watch", StubServer.id, "--server", "http://127.0.0.1:\(port)", "--key", "k", "--json"]
        let watching = Task { try await Self.remote(arguments) }
        try await Task.sleep(for: .seconds(5))
        try await StubServer.run(StubServer.Conduct(port: port)) { _ in
            let program = try await watching.value
            #expect(program.exitCode == 0, "\(program.errors)")
            #expect(try Self.events(program).first?["code"]?.text == "server_unreachable")
            #expect(try Self.events(program).last?["event"]?.text == "result")
        }
    }

    @Test("the key goes to the named server alone, wherever it sends its callers; links may lead elsewhere")
    func redirects() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("o.mp4")
        try await StubServer.run { other in
            try await StubServer.run(StubServer.Conduct(redirect: ("/v1", other.url))) { stub in
                let program = try await Self.remote(["watch", StubServer.id, "--server", stub.url, "--key", "k"])
                #expect(program.exitCode == 1)
                #expect(program.errors.hasPrefix("server_redirects: The server redirects to \(other.url)/v1/"))
                #expect(stub.seen.keys == ["k"])
            }
            #expect(other.seen.requests.isEmpty)
            try await StubServer.run(StubServer.Conduct(redirect: ("/video", other.url))) { stub in
                let arguments = ["submit", "--video", "http://m.test/v.mp4", "--audio", "http://m.test/a.wav"]
                let program = try await Self.remote(
                    arguments + ["--out", out, "--server", stub.url, "--key", "k"])
                #expect(program.exitCode == 0, "\(program.errors)")
            }
            #expect(other.seen.requests == ["GET /video?token=t"])
            #expect(other.seen.keys.isEmpty)
            #expect(try String(contentsOfFile: out, encoding: .utf8) == "the video")
        }
    }

    @Test("refusals and failures have the server's codes, and end with 1")
    func failures() async throws {
        try await StubServer.run(StubServer.Conduct(status: "failed")) { stub in
            let server = ["--server", stub.url, "--key", "k"]
            let media = ["--video", "http://m.test/v.mp4", "--audio", "http://m.test/a.wav"]
            let refused = try await Self.remote(["submit", "--model", "none"] + media + server)
            #expect(refused.exitCode == 1)
            #expect(refused.errors.hasPrefix("request-invalid: model is wrong. Choose."))
            let failed = try await Self.remote(["submit", "--watch", "--json"] + media + server)
            #expect(failed.exitCode == 1)
            #expect(try Self.events(failed).last?["code"]?.text == "video-unusable")
            let missing = try await Self.remote(["download", StubServer.id, "--out", "/tmp/none.mp4"] + server)
            #expect(missing.errors.hasPrefix("output_missing:"))
            let file = try await Self.remote(
                ["submit", "--video", "/nowhere.mp4", "--audio", "http://m.test/a.wav"] + server)
            #expect(file.errors.hasPrefix("input_file_unreadable:"))
            let elsewhere = try await Self.remote(["watch", StubServer.id, "--server", stub.url + "/x", "--key", "k"])
            #expect(elsewhere.errors.hasPrefix("server_answer_unreadable:"))
        }
        let nobody = try await Self.remote([
            "watch", StubServer.id, "--server", "http://127.0.0.1:9", "--key", "k", "--patience", "1",
        ])
        #expect(nobody.exitCode == 1)
        #expect(nobody.errors.contains("\nserver_unreachable:"))
    }
}

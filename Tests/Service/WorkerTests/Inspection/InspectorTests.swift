import Foundation
import Generations
import HTTP
import TestSupport
import Testing
import Worker

/// Goal: a client that waits learns in time whether its inputs can be had and what they are.
@Suite("Inspection of media", .serialized)
struct InspectorTests {
    private static func answer(_ arrival: LocalServer.Arrival, _ count: Int) async throws -> HTTPResponse {
        func file(_ path: String, _ headers: HTTPHeaders = [:]) throws -> HTTPResponse {
            HTTPResponse(.ok, headers: headers, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
        switch arrival.path {
        case "/clip": return try file(RealMediaFiles.clip, ["ETag": "\"1\""])
        case "/turned": return try file(RealMediaFiles.turnedClip)
        case "/voice": return try file(RealMediaFiles.voice)
        case "/recording": return try file(RealMediaFiles.recording)
        case "/portrait": return try file(Repository.portrait)
        case "/text": return .text("no medium at all")
        case "/forbidden": return HTTPResponse(.forbidden, bytes: [UInt8](repeating: 1, count: 100_000))
        case "/broken": return HTTPResponse(.internalServerError)
        case "/busy": return count < 2 ? HTTPResponse(.serviceUnavailable) : .text("here")
        case "/patience": return HTTPResponse(.tooManyRequests, headers: ["Retry-After": "30"])
        case "/whole":
            let hasRange = arrival.headers["Range"] != nil
            return hasRange ? HTTPResponse(HTTPStatus(rawValue: 416)) : .text("all of it")
        case "/page": return .text(" <html>Download here</html>", contentType: "text/html")
        case "/house": return HTTPResponse(.found, headers: ["Location": "http://10.0.0.1/"])
        case "/silent":
            try await Task.sleep(for: .seconds(60))
            return .text("late")
        case "/endless":
            return .stream { writer in while true { try await writer.write([UInt8](repeating: 1, count: 65_536)) } }
        default: return HTTPResponse(.notFound)
        }
    }

    private static func inspector(
        _ harness: Harness, _ configure: (inout WorkerConfiguration) -> Void = { _ in }
    ) throws -> GuardedMediaInspector {
        // Made before any time is measured.
        _ = (RealMediaFiles.clip, RealMediaFiles.turnedClip, RealMediaFiles.voice, RealMediaFiles.recording)
        var configuration = harness.configuration(executable: TestPrograms.lipsmith)
        configuration.limits.accessTime = .seconds(6)
        configuration.limits.inspectionBytes = 8 << 20
        configure(&configuration)
        return try GuardedMediaInspector(
            assets: harness.store, blobs: harness.blobs, configuration: configuration)
    }

    private static func input(_ url: String, _ kind: MediaKind) -> MediaInput {
        MediaInput(kind: kind, role: .visual, source: .url(url))
    }

    private static func error(_ body: () async throws -> Void) async -> GenerationError? {
        do {
            try await body()
            return nil
        } catch { return error as? GenerationError }
    }

    @Test("Access: what answers is let through unread, what does not is refused by kind and field, in time")
    func access() async throws {
        let harness = try await Harness()
        let inspector = try Self.inspector(harness)
        try await LocalServer.run(Self.answer) { server in
            for path in ["/clip", "/endless", "/text"] {
                try await inspector.checkAccess(
                    to: Self.input(server.url(path), .video), field: .inputAddress(0),
                    organisation: harness.organisation.id)
            }
            for path in ["/none", "/forbidden", "/broken", "/house", "/page"] {
                let error = await Self.error {
                    try await inspector.checkAccess(
                        to: Self.input(server.url(path), .audio), field: .inputAddress(1),
                        organisation: harness.organisation.id)
                }
                #expect(error?.code == .audioInaccessible, "\(path)")
                #expect(error?.field == .inputAddress(1))
            }
            for url in [server.url("/clip", host: "127.0.0.2"), "http://nobody.invalid/", "ftp://a/b", "nonsense"] {
                let error = await Self.error {
                    try await inspector.checkAccess(
                        to: Self.input(url, .image), field: .named("f"), organisation: harness.organisation.id)
                }
                #expect(error?.code == .imageInaccessible, "\(url)")
            }
            #expect(server.all.first?.headers["Range"] == "bytes=0-1023")
        }
    }

    @Test(
        "Access: what answers at the third call, only without a range, later than the client can wait, or asks for patience",
        arguments: [("/busy", 3), ("/whole", 2), ("/silent", 1), ("/patience", 1)])
    func patience(path: String, calls: Int) async throws {
        let harness = try await Harness()
        let inspector = try Self.inspector(harness) { $0.limits.accessTime = .seconds(3) }
        try await LocalServer.run(Self.answer) { server in
            try await inspector.checkAccess(
                to: Self.input(server.url(path), .video), field: .named("f"), organisation: harness.organisation.id)
            #expect(server.all.count == calls)
        }
    }

    @Test("Facts of a clip, a turned one, sounds with and without a length in their headers, and a picture")
    func facts() async throws {
        let harness = try await Harness()
        let inspector = try Self.inspector(harness)
        try await LocalServer.run(Self.answer) { server in
            func facts(_ path: String, _ kind: MediaKind) async throws -> MediaFacts {
                try await inspector.facts(
                    of: Self.input(server.url(path), kind), field: .named("f"), organisation: harness.organisation.id)
            }
            let clip = try await facts("/clip", .video)
            #expect((clip.kind, clip.format, clip.width, clip.height) == (.video, "mp4", 320, 320))
            #expect(clip.framesPerSecond == 25)
            #expect(clip.durationSeconds == 1.6)
            #expect(!clip.hasSound)
            let turned = try await facts("/turned", .video)
            #expect((turned.width, turned.height) == (240, 320))
            let voice = try await facts("/voice", .audio)
            #expect((voice.kind, voice.format, voice.hasSound) == (.audio, "wav", true))
            #expect(abs((voice.durationSeconds ?? 0) - 1) < 0.01)
            let recording = try await facts("/recording", .audio)
            #expect((recording.kind, recording.format, recording.hasSound) == (.audio, "webm", true))
            #expect(abs((recording.durationSeconds ?? 0) - 1) < 0.05)
            let portrait = try await facts("/portrait", .image)
            #expect((portrait.kind, portrait.format, portrait.width) == (.image, "png", 512))
            #expect(portrait.durationSeconds == nil)
        }
    }

    @Test("What is no medium of the kind asked for")
    func wrongKinds() async throws {
        let harness = try await Harness()
        let inspector = try Self.inspector(harness)
        let cases: [(String, MediaKind, FailureCode)] = [
            ("/text", .video, .videoUnusable), ("/text", .audio, .audioUnusable),
            ("/voice", .video, .videoUnusable), ("/portrait", .video, .videoUnusable),
            ("/clip", .audio, .audioUnusable), ("/clip", .image, .videoUnusable),
            ("/none", .video, .videoInaccessible), ("/endless", .video, .inspectionTimedOut),
        ]
        try await LocalServer.run(Self.answer) { server in
            for (path, kind, code) in cases {
                let error = await Self.error {
                    _ = try await inspector.facts(
                        of: Self.input(server.url(path), kind), field: .named("f"),
                        organisation: harness.organisation.id)
                }
                #expect(error?.code == code, "\(path) as \(kind)")
                #expect(error?.field == .named("f"), "\(path) as \(kind)")
            }
        }
    }

    @Test("A child that hangs, crashes or is absent has its own answer")
    func brokenChildren() async throws {
        let harness = try await Harness()
        let hanging = harness.folder.path("hang.sh")
        try "#!/bin/sh\nsleep 60\n".write(toFile: hanging, atomically: true, encoding: .utf8)
        let crashing = harness.folder.path("crash.sh")
        try "#!/bin/sh\nkill -SEGV $$\n".write(toFile: crashing, atomically: true, encoding: .utf8)
        for path in [hanging, crashing] { chmod(path, 0o755) }
        let cases: [(String, FailureCode)] = [
            (hanging, .inspectionTimedOut), (crashing, .videoUnusable),
            ("/nonexistent", .inspectionUnavailable), ("/bin/true", .inspectionUnavailable),
        ]
        for (executable, code) in cases {
            let inspector = try Self.inspector(harness) {
                $0.executable = executable
                $0.limits.probeTime = .milliseconds(300)
            }
            let input = try await harness.asset("anything", .video)
            let error = await Self.error {
                _ = try await inspector.facts(of: input, field: .named("f"), organisation: harness.organisation.id)
            }
            #expect(error?.code == code, "\(executable)")
        }
    }

    @Test("Facts are remembered: a second look within a minute fetches nothing")
    func cache() async throws {
        let harness = try await Harness()
        let inspector = try Self.inspector(harness)
        try await LocalServer.run(Self.answer) { server in
            let input = Self.input(server.url("/clip"), .video)
            for _ in 0..<3 {
                _ = try await inspector.facts(of: input, field: .named("f"), organisation: harness.organisation.id)
            }
            #expect(server.all.count == 1)
            // What is remembered of a video makes it no sound.
            let error = await Self.error {
                _ = try await inspector.facts(
                    of: Self.input(server.url("/clip"), .audio), field: .named("f"),
                    organisation: harness.organisation.id)
            }
            #expect(error?.code == .audioUnusable)
        }
    }

    @Test("Stored files and assets are looked into without a call")
    func stored() async throws {
        let harness = try await Harness()
        let inspector = try Self.inspector(harness)
        let input = try await RealMediaFiles.asset(RealMediaFiles.clip, .video, in: harness)
        try await inspector.checkAccess(to: input, field: .named("f"), organisation: harness.organisation.id)
        let facts = try await inspector.facts(of: input, field: .named("f"), organisation: harness.organisation.id)
        #expect(facts.kind == .video)
        let foreign = await Self.error {
            try await inspector.checkAccess(to: input, field: .named("f"), organisation: OrganisationID())
        }
        #expect(foreign?.code == .assetNotFound)
    }
}

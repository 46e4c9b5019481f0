import Foundation
import Generations
import HTTP
import TestSupport
import Testing
import Worker

/// Goal: a client learns in time what its media are like, and no file and no other client can prevent that.
@Suite("Checks of media", .serialized)
struct CheckerTests {
    private static let field = RequestField.named("video")

    private static func checker(
        _ harness: Harness, executable: String = TestPrograms.lipsmith,
        _ configure: (inout WorkerConfiguration) -> Void = { _ in }
    ) throws -> GuardedMediaChecker {
        var configuration = harness.configuration(executable: executable)
        configure(&configuration)
        return try GuardedMediaChecker(assets: harness.store, blobs: harness.blobs, configuration: configuration)
    }

    private static func error(_ body: () async throws -> Void) async -> GenerationError? {
        do {
            try await body()
            return nil
        } catch { return error as? GenerationError }
    }

    /// A program that writes down when it begins and ends, and is the real one between.
    private static func counted(_ harness: Harness) throws -> (path: String, lines: () -> [Substring]) {
        let (path, log) = (harness.folder.path("counted.sh"), harness.folder.path("counted.log"))
        try "#!/bin/sh\necho begin >> \(log)\nsleep 0.1\necho end >> \(log)\nexec \(TestPrograms.lipsmith) \"$@\"\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o755)
        return (path, { ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n") })
    }

    @Test("A clip, a photo and a sound are looked at in confined children, of which nothing is left")
    func found() async throws {
        let harness = try await Harness()
        let checker = try Self.checker(harness)
        let organisation = harness.organisation.id
        let clip = try await checker.picture(
            of: try await RealMediaFiles.asset(RealMediaFiles.clip, .video, in: harness), field: Self.field,
            organisation: organisation)
        #expect(clip.kind == .video)
        #expect(clip.width == 320)
        #expect(clip.frameCount == 40)
        #expect(clip.frameRate == 25)
        #expect(clip.samples.map(\.frame) == [0, 25])
        #expect(clip.samples.map(\.faces.count) == [1, 1])
        #expect(clip.gaps.isEmpty)
        let photo = try await checker.picture(
            of: try await RealMediaFiles.asset(Repository.portrait, .image, in: harness), field: Self.field,
            organisation: organisation)
        #expect(photo.kind == .image)
        #expect(photo.durationSeconds == nil)
        #expect(photo.samples.map(\.faces.count) == [1])
        let voice = try await checker.sound(
            of: try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness), field: Self.field,
            organisation: organisation)
        #expect(abs(voice.durationSeconds - 1) < 0.01)
        #expect(voice.waveform.count == 100)
        #expect((-40 ... -5).contains(voice.loudness ?? 0))
        #expect(harness.workNames().allSatisfy { !$0.hasPrefix("check-") })
    }

    @Test("A medium at an address is fetched within its limit")
    func fetched() async throws {
        let harness = try await Harness()
        let checker = try Self.checker(harness) { $0.limits.inspectionBytes = 300_000 }
        let voice = Array(try Data(contentsOf: URL(fileURLWithPath: RealMediaFiles.voice)))
        try await LocalServer.run({ arrival, _ in
            switch arrival.path {
            case "/voice": HTTPResponse(.ok, bytes: voice)
            case "/large": HTTPResponse(.ok, bytes: [UInt8](repeating: 1, count: 400_000))
            default: HTTPResponse(.notFound)
            }
        }) { server in
            func sound(_ path: String) async throws -> CheckedSound {
                try await checker.sound(
                    of: MediaInput(kind: .audio, role: .voice, source: .url(server.url(path))), field: Self.field,
                    organisation: harness.organisation.id)
            }
            let seconds = try await sound("/voice").durationSeconds
            #expect(abs(seconds - 1) < 0.01)
            let large = await Self.error { _ = try await sound("/large") }
            #expect(large?.code == .inspectionTimedOut)
            let none = await Self.error { _ = try await sound("/none") }
            #expect(none?.code == .audioInaccessible)
            #expect(none?.field == Self.field)
        }
    }

    @Test("What is no medium of the kind asked for is refused by its field, also where it is remembered")
    func wrongKinds() async throws {
        let harness = try await Harness()
        let checker = try Self.checker(harness)
        let cases: [(String, MediaKind, FailureCode)] = [
            (RealMediaFiles.clip, .image, .videoUnusable), (Repository.portrait, .video, .videoUnusable),
            (RealMediaFiles.voice, .video, .videoUnusable), (RealMediaFiles.clip, .audio, .audioUnusable),
            (Repository.portrait, .audio, .audioUnusable),
        ]
        for (path, kind, code) in cases + cases {
            let input = try await RealMediaFiles.asset(path, kind, in: harness)
            let error = await Self.error {
                if kind == .audio {
                    _ = try await checker.sound(
                        of: input, field: Self.field, organisation: harness.organisation.id)
                } else {
                    _ = try await checker.picture(
                        of: input, field: Self.field, organisation: harness.organisation.id)
                }
            }
            #expect(error?.code == code, "\(path) as \(kind)")
            #expect(error?.field == Self.field)
        }
        let text = try await harness.asset("no medium at all", .video)
        let error = await Self.error {
            _ = try await checker.picture(of: text, field: Self.field, organisation: harness.organisation.id)
        }
        #expect(error?.code == .videoUnusable)
        let foreign = await Self.error {
            _ = try await checker.picture(of: text, field: Self.field, organisation: OrganisationID())
        }
        #expect(foreign?.code == .assetNotFound)
    }

    @Test("A child that hangs, crashes or is absent has its own answer, and leaves nothing")
    func brokenChildren() async throws {
        let harness = try await Harness()
        let hanging = harness.folder.path("hang.sh")
        try "#!/bin/sh\nsleep 60\n".write(toFile: hanging, atomically: true, encoding: .utf8)
        let crashing = harness.folder.path("crash.sh")
        try "#!/bin/sh\nkill -SEGV $$\n".write(toFile: crashing, atomically: true, encoding: .utf8)
        for path in [hanging, crashing] { chmod(path, 0o755) }
        let cases: [(String, FailureCode)] = [
            (hanging, .inspectionTimedOut), (crashing, .videoUnusable), ("/nonexistent", .inspectionUnavailable),
            ("/bin/true", .inspectionUnavailable),
        ]
        for (executable, code) in cases {
            let checker = try Self.checker(harness, executable: executable) {
                $0.limits.checkTime = .milliseconds(300)
            }
            let input = try await harness.asset("anything", .video)
            let error = await Self.error {
                _ = try await checker.picture(of: input, field: Self.field, organisation: harness.organisation.id)
            }
            #expect(error?.code == code, "\(executable)")
        }
        #expect(harness.workNames().allSatisfy { !$0.hasPrefix("check-") })
    }

    @Test("The same content is looked at once, whatever asset has it; its sound is another look")
    func remembered() async throws {
        let harness = try await Harness()
        let counted = try Self.counted(harness)
        let checker = try Self.checker(harness, executable: counted.path)
        for _ in 0..<3 {
            let input = try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness)
            _ = try await checker.sound(of: input, field: Self.field, organisation: harness.organisation.id)
        }
        #expect(counted.lines().count == 2)
        let photo = try await RealMediaFiles.asset(Repository.portrait, .image, in: harness)
        _ = try await checker.picture(of: photo, field: Self.field, organisation: harness.organisation.id)
        #expect(counted.lines().count == 4)
    }

    @Test("One organisation's checks run one after the other")
    func oneAtATime() async throws {
        let harness = try await Harness()
        let counted = try Self.counted(harness)
        let checker = try Self.checker(harness, executable: counted.path)
        let inputs = [
            try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness),
            try await RealMediaFiles.asset(RealMediaFiles.recording, .audio, in: harness),
            try await harness.asset("no sound", .audio),
        ]
        await WorkOwner.$current.withValue(harness.organisation.id) {
            await withTaskGroup(of: Void.self) { group in
                for input in inputs {
                    group.addTask {
                        _ = try? await checker.sound(
                            of: input, field: Self.field, organisation: harness.organisation.id)
                    }
                }
            }
        }
        #expect(counted.lines() == ["begin", "end", "begin", "end", "begin", "end"])
    }

    @Test("Few files are fetched at once, and beyond a few that wait an organisation is refused")
    func crowd() async throws {
        let harness = try await Harness()
        let checker = try Self.checker(harness)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        try await LocalServer.run({ _, _ in
            for await _ in gate { break }
            return HTTPResponse(.notFound)
        }) { server in
            let refused = try await withThrowingTaskGroup(of: FailureCode?.self) { group in
                for index in 0..<40 {
                    let url = server.url("/\(index)")
                    group.addTask {
                        await Self.error {
                            _ = try await checker.sound(
                                of: MediaInput(kind: .audio, role: .voice, source: .url(url)), field: Self.field,
                                organisation: harness.organisation.id)
                        }?.code
                    }
                }
                var codes: [FailureCode?] = []
                while codes.count < 30, let code = try await group.next() { codes.append(code) }
                #expect(server.all.count <= 2)
                opener.finish()
                for try await code in group { #expect(code == .audioInaccessible) }
                return codes
            }
            #expect(refused == Array(repeating: .rateLimited, count: 30))
            #expect(server.all.count == 10)
        }
    }
}

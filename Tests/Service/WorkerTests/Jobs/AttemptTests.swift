import Foundation
import Generations
import Persistence
import TestSupport
import TestTools
import Testing
import Worker

/// Goal: however an attempt ends, the generation ends as the catalogue says and the working folder is empty.
@Suite("Attempts")
struct AttemptTests {
    @Test("A job that goes well: output, facts, progress, and readers are told")
    func success() async throws {
        let harness = try await Harness()
        let id = try await harness.accept("slow:0.5")
        let observation = harness.signal.observe(.generation(id))
        defer { observation.cancel() }
        let generation = try await harness.working(try harness.service()) {
            #expect(await observation.wait(atMost: .seconds(20)))
            _ = try await eventually { try await harness.generation(id).progress > 0.3 }
            #expect(try await harness.generation(id).status == .processing)
            return try await harness.wait(for: id, .completed)
        }
        let output = try #require(generation.output)
        #expect(output.blob.isOutput(of: id, fence: 1))
        #expect((output.width, output.height, output.frameCount) == (320, 240, 25))
        #expect(try await harness.text(output.blob).utf8.count == Int(output.byteCount))
        #expect(try await harness.text(output.blob).contains("videoPath"))
        #expect(generation.progress == 1)
        #expect(try await harness.store.jobCounts() == (0, 0))
    }

    @Test(
        "A failure that another attempt may not have is tried three times",
        arguments: [
            ("crash", FailureCode.processingFailed), ("garbage", .processingFailed),
            ("silent", .processingFailed), ("leave", .processingFailed),
            ("memory", .resourcesExhausted),
            ("refuse:file.disk-full", .resourcesExhausted),
            ("refuse:engine.incomplete-installation", .partUnavailable),
        ])
    func retried(behaviour: String, code: FailureCode) async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.limits.childMemoryBytes = 256 << 20
        let generation = try await harness.ended(behaviour, configuration)
        #expect(generation.status == .failed)
        #expect(generation.failure?.code == code, "\(harness.log.all)")
        #expect(harness.log.count(of: "attempt_failed") == 3)
        #expect(generation.output == nil)
    }

    @Test(
        "A failure of the media is final",
        arguments: [
            ("refuse:face.not-found", FailureCode.videoUnusable),
            ("refuse:face.too-small", .videoUnusable),
            ("refuse:face.turned-away", .videoUnusable),
            ("refuse:media.unreadable-picture", .videoUnusable),
            ("refuse:media.unreadable-sound", .audioUnusable),
            ("refuse:plan.speaker-without-face", .speakerInvalid),
            ("refuse:media.unsupported-size", .pictureSizeUnsupported),
        ])
    func final(behaviour: String, code: FailureCode) async throws {
        let harness = try await Harness()
        let generation = try await harness.ended(behaviour)
        // Receivers of webhooks must be able to write the text again, so that it is ASCII.
        #expect(
            generation.failure == FailureFacts(code: code, message: "Told so. Turn by 40 degrees  at most."))
        #expect(harness.log.count(of: "attempt_failed") == 1)
    }

    @Test("A code that the catalogue does not have is never shown")
    func unknownCode() async throws {
        let harness = try await Harness()
        let generation = try await harness.ended("refuse:something_new")
        #expect(generation.failure?.code == .processingFailed)
    }

    @Test("A job whose first attempt crashes is done by the second")
    func secondAttempt() async throws {
        let harness = try await Harness()
        let generation = try await harness.ended("crashonce:\(harness.folder.path("crashed"))")
        #expect(generation.status == .completed)
        #expect(generation.output?.blob.isOutput(of: generation.id, fence: 2) == true)
    }

    @Test("A child that hangs is killed when its time is over, and the job is not tried again")
    func hang() async throws {
        let harness = try await Harness()
        var configuration = harness.configuration()
        configuration.limits.renderTimeBase = .milliseconds(400)
        configuration.limits.renderTimePerSecond = 0
        let generation = try await harness.ended("hang", configuration)
        #expect(generation.failure?.code == .timedOut)
        #expect(harness.log.count(of: "attempt_failed") == 1)
    }

    @Test("Without the program the failure is the service's")
    func absentProgram() async throws {
        let harness = try await Harness()
        let generation = try await harness.ended("", harness.configuration(executable: "/nonexistent"))
        #expect(generation.failure?.code == .partUnavailable)
    }

    @Test("The working folder holds nothing after a success and a failure, and a dead worker's leavings go")
    func cleanliness() async throws {
        let harness = try await Harness()
        let work = harness.folder.path("work")
        mkdir(work, 0o700)
        mkdir("\(work)/dead", 0o700)
        for name in ["lock", "rest"] { close(open("\(work)/dead/\(name)", O_WRONLY | O_CREAT, 0o600)) }
        let (good, bad) = (try await harness.accept(), try await harness.accept("refuse:face.not-found"))
        let service = try harness.service()
        #expect(access("\(work)/dead", F_OK) != 0)
        try await harness.working(service) {
            _ = try await harness.waitForEnd(good)
            _ = try await harness.waitForEnd(bad)
        }
        let own = try #require(try names(in: work).first)
        #expect(try names(in: work).count == 1)
        #expect(Set(try names(in: "\(work)/\(own)")) == ["analyses", "lock"])
        withExtendedLifetime(service) {}
    }
}

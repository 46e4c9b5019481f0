import Foundation
import Generations
import HTTP
import Persistence
import TestSupport
import TestTools
import Testing
import Text
import Time
import Worker

/// Goal: a long job is done in parts by all who have time, and ends as a whole one would, whatever becomes of a part.
@Suite("Jobs in parts")
struct DividedJobTests {
    private let harness: Harness
    private let configuration: WorkerConfiguration

    init() async throws {
        harness = try await Harness()
        var configuration = harness.configuration()
        configuration.divisionSeconds = 10
        self.configuration = configuration
    }

    /// Accepts a job of five minutes.
    private func accept(_ behaviour: String = "", webhookURL: String? = nil) async throws -> GenerationID {
        try await harness.accept(
            inputs: [
                try await harness.asset("video 300.0 \(behaviour)", .video),
                try await harness.asset("audio 300.0", .audio),
            ], webhookURL: webhookURL)
    }

    /// What was logged of the parts of a job that were done: their numbers and attempts.
    private func partsDone() throws -> [Int: [Int]] {
        var done: [Int: [Int]] = [:]
        for line in harness.log.all {
            let event = try JSONValue(parsing: line)
            guard event["event"]?.text == "part_done", let part = event["part"]?.int, let fence = event["fence"]?.int
            else { continue }
            done[part, default: []].append(fence % (1 << 20))
        }
        return done
    }

    @Test("All parts are done once, put together in their order, and nothing is left of them")
    func whole() async throws {
        let id = try await accept()
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob) == "section-0 section-1 section-2 ")
        // Survey, hearing, two spans, planning, sound and three sections.
        #expect(try partsDone() == Dictionary(uniqueKeysWithValues: (0..<9).map { ($0, [1]) }))
        #expect(try await harness.store.parts(of: id).isEmpty)
        #expect(try await harness.store.division(of: id) == nil)
        #expect(try await harness.store.partCounts() == (0, 0))
        // The files of the parts are given up, those of the inputs stay.
        let files = try await harness.store.discardedBlobs(before: Timestamp(milliseconds: .max), limit: 100).map(
            \.key.rawValue)
        #expect(files.count { $0.hasPrefix("parts/") } == 16)
        #expect(harness.workNames().filter { $0 != "analyses" && $0 != "lock" } == [])
    }

    @Test("Several parts run at the same time")
    func together() async throws {
        let marks = (0..<2).map { harness.folder.path("mark-\($0)") }
        let go = harness.folder.path("go")
        let id = try await accept(
            "section-0!mark:\(marks[0]) section-1!mark:\(marks[1]) section-0!until:\(go) section-1!until:\(go)")
        let generation = try await harness.working(try harness.service(configuration)) {
            #expect(await eventually { marks.allSatisfy { FileManager.default.fileExists(atPath: $0) } })
            #expect(try await harness.store.partCounts().running == 2)
            // Their progress is that of the job, and one job is one job.
            #expect(try await eventually { try await harness.generation(id).progress > 0.3 })
            #expect(try await harness.generation(id).progress < 0.98)
            #expect(try await harness.store.jobCounts() == (0, 1))
            #expect(FileManager.default.createFile(atPath: go, contents: nil))
            return try await harness.wait(for: id, .completed)
        }
        #expect(generation.progress == 1)
    }

    @Test("A part that fails alone is done again alone")
    func again() async throws {
        let id = try await accept("section-1!crashonce:\(harness.folder.path("crashed"))")
        _ = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        let done = try partsDone()
        #expect(done.values.count { $0 == [1] } == 8)
        #expect(done.values.count { $0 == [2] } == 1)
        #expect(harness.log.count(of: "attempt_failed") == 0)
    }

    @Test("A part that cannot be done ends the job, as it would have ended the whole")
    func refused() async throws {
        let id = try await accept("span-1!refuse:face.not-found")
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.waitForEnd(id)
        }
        #expect(generation.failure?.code == .videoUnusable)
        #expect(generation.failure?.message.hasPrefix("Told so.") == true)
        #expect(harness.log.count(of: "attempt_failed") == 1)
        #expect(try await harness.store.parts(of: id).isEmpty)
    }

    @Test("A job whose parts fail again and again is done whole")
    func fallsBack() async throws {
        let id = try await accept("planning!crash")
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob).contains("videoPath"))
        #expect(harness.log.count(of: "part_failed") == 3)
        #expect(harness.log.count(of: "attempt_failed") == 1)
    }

    @Test(
        "A child that a stranger's file has taken over says nothing that is believed, and the job is done whole",
        arguments: [
            #"survey!say:{"kind":"result","step":{"next":[{"joining":{"sectionCount":-1}}],"files":[]}}"#,
            #"survey!say:{"kind":"result","step":{"next":[{"hearing":{"spanCount":-9}}],"files":["survey.step"]}}"#,
            #"survey!say:{"kind":"result","step":{"next":[],"files":["survey.step"]}}"#,
            #"span-1!say:{"kind":"result","step":{"next":[{"planning":{"spanCount":2}}],"files":["../survey.step"]}}"#,
            #"span-1!say:{"kind":"result","step":{"next":[{"planning":{"spanCount":2}}],"files":["span-1-of-2.step"]}}"#,
            "survey!leavelink:survey.step",
        ])
    func hostile(behaviour: String) async throws {
        let secret = harness.folder.path("secret")
        try Data("secret".utf8).write(to: URL(fileURLWithPath: secret))
        let id = try await accept(behaviour == "survey!leavelink:survey.step" ? "\(behaviour)=\(secret)" : behaviour)
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob).contains("videoPath"))
        #expect(harness.log.count(of: "part_failed") == 3)
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
        #expect(try await harness.store.partCounts() == (0, 0))
    }

    @Test("A file of a part that is gone does not come back by waiting: the job is done whole at once")
    func fileGone() async throws {
        let go = harness.folder.path("go")
        let id = try await accept("sound!until:\(go) section-0!until:\(go)")
        let generation = try await harness.working(try harness.service(configuration)) {
            #expect(try await eventually { try await harness.store.partCounts().running == 2 })
            #expect(try await eventually { try await harness.store.parts(of: id).count == 9 })
            let folder = "\(harness.folder.path())/blobs/files/parts/\(id.rawValue.prefix(2))/\(id)"
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.contains("script-2") {
                try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
            #expect(FileManager.default.createFile(atPath: go, contents: nil))
            return try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob).contains("videoPath"))
        #expect(harness.log.count(of: "attempt_failed") == 1)
    }

    @Test("While a machine has another version, nothing is divided")
    func otherVersion() async throws {
        let now = harness.store.steadyTime
        try await harness.store.noteNode(
            WorkNode(
                name: "other", host: "other", version: "0", roles: [.deliver], renderSlots: 0, startedAt: now,
                seenAt: now))
        let id = try await accept()
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob).contains("videoPath"))
    }

    @Test("Parts that another version has made are thrown away")
    func otherBuild() async throws {
        let id = try await accept()
        let now = Moment(wall: SystemClock().now, steady: harness.store.steadyTime)
        let job = try #require(
            try await harness.store.claimJob(
                worker: "old", now: now, policy: configuration.jobs, atLeast: .render))
        _ = try await harness.store.divide(
            Division(generation: id, build: "old", task: "{}"), blobs: [], steps: ["{}"], fence: job.lease.fence,
            now: now)
        _ = try await harness.store.releaseJob(id, fence: job.lease.fence, now: now)
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob) == "section-0 section-1 section-2 ")
        #expect(harness.log.count(of: "parts_resumed") == 0)
    }

    @Test("A worker that stops in the middle hands everything back; the next one goes on where it was")
    func resumed() async throws {
        let pidFile = harness.folder.path("pid")
        let go = harness.folder.path("go")
        let id = try await accept("section-2!mark:\(pidFile) section-2!until:\(go)")
        try await harness.working(try harness.service(configuration)) {
            #expect(await eventually { FileManager.default.fileExists(atPath: pidFile) })
        }
        #expect(try await harness.store.jobCounts() == (1, 0))
        #expect(try await harness.store.partCounts().running == 0)
        let before = try partsDone()
        #expect(FileManager.default.createFile(atPath: go, contents: nil))
        _ = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(harness.log.count(of: "parts_resumed") == 1)
        let after = try partsDone()
        #expect(after.count == 9)
        #expect(after.values.allSatisfy { $0.count == 1 })
        for (part, fences) in before { #expect(after[part] == fences) }
    }

    @Test("A cancelled job ends soon, and the children of all its parts die")
    func cancelled() async throws {
        let pidFiles = (0..<2).map { harness.folder.path("pid-\($0)") }
        let id = try await accept(
            pidFiles.indices.map { "section-\($0)!mark:\(pidFiles[$0]) section-\($0)!hang" }.joined(separator: " "))
        try await harness.working(try harness.service(configuration)) {
            #expect(await eventually { pidFiles.allSatisfy { FileManager.default.fileExists(atPath: $0) } })
            let pids = try pidFiles.map { try #require(Int32(String(contentsOfFile: $0, encoding: .utf8))) }
            let begin = ContinuousClock.now
            let now = Moment(wall: SystemClock().now, steady: harness.store.steadyTime)
            _ = try await harness.store.cancelJob(id, organisation: nil, now: now)
            harness.signal.announce(.generation(id))
            #expect(await eventually { pids.allSatisfy { kill($0, 0) != 0 || isZombie($0) } })
            #expect(ContinuousClock.now - begin < .seconds(20))
        }
        #expect(try await harness.generation(id).failure?.code == .cancelled)
        #expect(try await harness.store.partCounts() == (0, 0))
        #expect(try await harness.store.jobCounts() == (0, 0))
    }

    @Test(
        "A short job, and a job where one render runs at a time, are done whole",
        arguments: [(2, 1000.0), (1, 10.0), (2, 0)])
    func notDivided(slots: Int, from seconds: Double) async throws {
        var configuration = configuration
        configuration.renderSlots = slots
        configuration.divisionSeconds = seconds
        let id = try await accept()
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        #expect(try await harness.text(generation.output?.blob).contains("videoPath"))
    }

    @Test("Parts count in an organisation's limit of running renders")
    func limited() async throws {
        var configuration = configuration
        configuration.jobs.turns.runningLimit = 1
        let go = harness.folder.path("go")
        let mark = harness.folder.path("mark")
        let id = try await accept("section-0!mark:\(mark) section-0!until:\(go)")
        let generation = try await harness.working(try harness.service(configuration)) {
            #expect(await eventually { FileManager.default.fileExists(atPath: mark) })
            // Time enough for a helper that should not be there.
            try await Task.sleep(for: .milliseconds(500))
            // One runs for the attempt at the job, and none beside it.
            #expect(try await harness.store.partCounts().running == 1)
            #expect(FileManager.default.createFile(atPath: go, contents: nil))
            return try await harness.wait(for: id, .completed)
        }
        #expect(generation.output != nil)
    }

    @Test("A real video in parts is whole, and has its sound, its report and its small picture")
    func real() async throws {
        var configuration = harness.configuration(executable: TestPrograms.lipsmith)
        configuration.divisionSeconds = 0.5
        configuration.partSeconds = 0.4...0.5
        configuration.preset = "ultrafast"
        let clip = try await RealMediaFiles.asset(RealMediaFiles.clip, .video, in: harness)
        let voice = try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness)
        let id = try await harness.accept(inputs: [clip, voice])
        let generation = try await harness.working(try harness.service(configuration)) {
            try await harness.wait(for: id, .completed)
        }
        let output = try #require(generation.output)
        #expect(output.frameCount == 25)
        #expect(output.thumbnailBlob != nil)
        #expect(output.reportBlob != nil)
        #expect(try partsDone().count > 5)
        let path = harness.folder.path("out.mp4")
        try await harness.blobs.materialize(output.blob, at: path)
        let streams = try Program.succeed(
            "ffprobe",
            [
                "-v", "error", "-count_frames", "-show_entries", "stream=codec_type,nb_read_frames", "-of", "csv=p=0",
                path,
            ])
        #expect(streams.contains("video,25"))
        #expect(streams.contains("audio"))
    }
}

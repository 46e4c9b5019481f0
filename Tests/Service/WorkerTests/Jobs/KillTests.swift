import Blobs
import Foundation
import Generations
import HTTP
import Persistence
import Subprocess
import Synchronization
import TestSupport
import TestTools
import Testing
import Text
import Worker

/// Goal: accepted is finished. Children and whole workers are killed at random while jobs run; every job ends once, one
/// output of each is left, and every webhook arrives and verifies. `LIPSMITH_LONG_KILL_TEST=1` runs 200 jobs and 100
/// kills.
@Suite("Kills", .serialized)
struct KillTests {
    private static let isLong = ProcessInfo.processInfo.environment["LIPSMITH_LONG_KILL_TEST"] != nil

    @Test("Every accepted job ends exactly once, and whoever asked is told")
    func kills() async throws {
        let jobCount = Self.isLong ? 200 : 24
        let killCount = Self.isLong ? 100 : 12
        let harness = try await Harness()
        // A receiver that is out of order one time in five.
        try await LocalServer.run({ _, count in HTTPResponse(count % 5 == 3 ? .serviceUnavailable : .ok) }) { server in
            let ids = try await Self.accept(jobCount, harness, webhookURL: server.url("/hook"))
            var node = try WorkerProcess(harness)
            var random = SystemRandomNumberGenerator()
            var kills = ["child": 0, "worker": 0, "both": 0]
            while kills.values.reduce(0, +) < killCount {
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...900, using: &random)))
                let victim = ["child", "worker", "both"].randomElement(using: &random)!
                let children = node.children
                if victim != "worker" {
                    guard let child = children.randomElement(using: &random) else { continue }
                    kill(child, SIGKILL)
                }
                if victim != "child" {
                    node.kill()
                    #expect(
                        await eventually { children.allSatisfy { kill($0, 0) != 0 || isZombie($0) } },
                        "a child outlived its worker")
                    node = try WorkerProcess(harness)
                }
                kills[victim, default: 0] += 1
                let unfinished = try await harness.unfinished()
                try #require(!unfinished.isEmpty, "the jobs were done before the kills: \(kills)")
            }
            try await harness.expectAllToEnd("\(kills)")
            await node.stop()
            try await Self.check(ids, harness, server)
            print("killed \(kills), \(server.all.count) webhooks for \(jobCount) jobs")
        }
    }

    /// One job in six is a real render, the others are the stub's.
    private static func accept(_ count: Int, _ harness: Harness, webhookURL: String) async throws -> [GenerationID] {
        let clip = try await RealMediaFiles.asset(RealMediaFiles.clip, .video, in: harness)
        let voice = try await RealMediaFiles.asset(RealMediaFiles.voice, .audio, in: harness)
        var ids: [GenerationID] = []
        for index in 0..<count {
            if index % 6 == 0 {
                ids.append(try await harness.accept(inputs: [clip, voice], webhookURL: webhookURL))
            } else {
                ids.append(try await harness.accept("slow:1.2", webhookURL: webhookURL))
            }
        }
        return ids
    }

    private static func check(_ ids: [GenerationID], _ harness: Harness, _ server: LocalServer) async throws {
        try await harness.expectEachOnce(ids, told: server)
        // One output of each is left.
        let outputs =
            FileManager.default.enumerator(atPath: harness.folder.path("blobs/files/outputs"))?
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".mp4") } ?? []
        #expect(outputs.count == ids.count)
        let database = try SQLiteDatabase.openWriter(path: harness.folder.path("store.sqlite"))
        #expect(try database.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    }
}

/// A worker as a process of its own.
final class WorkerProcess {
    private let process: Subprocess
    private var isEnded = false

    /// Starts it and waits until it is ready.
    ///
    /// - Parameter environment: Variables in addition to this process's.
    init(_ harness: Harness, environment: [String: String] = [:]) throws {
        process = try Subprocess(
            TestPrograms.workerNode, [harness.folder.path(), TestPrograms.stubChild, "2"], environment: environment,
            output: .pipe)
        guard process.output?.availableData.isEmpty == false else {
            throw Program.Failed("the worker did not start")
        }
    }

    deinit { if !isEnded { kill() } }

    /// The processes that it has started and that live.
    var children: [Int32] {
        let pids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        return pids.filter { pid in
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 1
            else { return false }
            return fields[0] != "Z" && Int32(fields[1]) == process.identifier
        }
    }

    /// Stops it for a while, as a machine that sleeps or whose processors others take.
    func pause() { process.send(SIGSTOP) }

    /// Lets it go on.
    func goOn() { process.send(SIGCONT) }

    /// Ends it as a loss of power would.
    func kill() {
        isEnded = true
        process.send(SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it in good order.
    func stop() async {
        isEnded = true
        process.send(SIGTERM)
        for _ in 0..<1000 where process.exitCode == nil { try? await Task.sleep(for: .milliseconds(20)) }
        #expect(process.exitCode == 0)
        if process.exitCode == nil { kill() }
    }
}

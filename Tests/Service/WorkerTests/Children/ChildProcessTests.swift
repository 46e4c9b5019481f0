import Foundation
import Processes
import Synchronization
import TestSupport
import TestTools
import Testing

/// Goal: whatever a child does, the parent gets an answer in time and nothing of the child is left.
@Suite("Child processes")
struct ChildProcessTests {
    private static func run(
        _ behaviour: String, timeLimit: Duration = .seconds(20), longestLine: Int = 1 << 20
    ) async throws -> ChildExit {
        var launch = ChildLaunch(
            executable: TestPrograms.stubChild, arguments: ["behave", behaviour],
            environment: ["PATH": "/usr/bin:/bin"], timeLimit: timeLimit)
        launch.longestLine = longestLine
        return try await ChildProcess.run(launch) { _ in }
    }

    @Test("Lines come one by one, also the last one without an end, and input of any size is written")
    func lines() async throws {
        let lines = Mutex<[String]>([])
        let input = (1...50_000).map { "line \($0)" }.joined(separator: "\n")
        let launch = ChildLaunch(
            executable: "/bin/cat", arguments: [], input: Array(input.utf8), timeLimit: .seconds(20))
        let exit = try await ChildProcess.run(launch) { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        #expect(exit.cause == .exited(0))
        #expect(lines.withLock { $0 }.joined(separator: "\n") == input)
    }

    @Test("A child that ends without reading its input ends nobody else")
    func unreadInput() async throws {
        signal(SIGPIPE, SIG_DFL)
        let launch = ChildLaunch(
            executable: "/bin/true", arguments: [], input: [UInt8](repeating: 1, count: 16 << 20),
            timeLimit: .seconds(60))
        #expect(try await ChildProcess.run(launch) { _ in }.cause == .exited(0))
    }

    @Test("Children that are started at once hold nothing of one another: each sees the end of its input")
    func simultaneousStarts() async throws {
        try await withThrowingTaskGroup(of: ChildExit.Cause.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    let launch = ChildLaunch(
                        executable: "/bin/cat", arguments: [], input: [1, 2, 3], timeLimit: .seconds(60))
                    return try await ChildProcess.run(launch) { _ in }.cause
                }
            }
            for try await cause in group { #expect(cause == .exited(0)) }
        }
    }

    @Test("An exit code, a signal and an absent program are told apart")
    func endings() async throws {
        #expect(try await Self.run("leave").cause == .exited(7))
        #expect(try await Self.run("crash").cause == .signalled(SIGSEGV))
        let absent = ChildLaunch(executable: "/nonexistent", arguments: [], timeLimit: .seconds(5))
        await #expect(throws: ChildLaunchError.self) { try await ChildProcess.run(absent) { _ in } }
    }

    @Test("A child that hangs ends with its time")
    func hang() async throws {
        let begin = ContinuousClock.now
        #expect(try await Self.run("hang", timeLimit: .milliseconds(300)).cause == .timedOut)
        #expect(ContinuousClock.now - begin < .seconds(10))
    }

    @Test("A child that writes one endless line is killed; much on standard error is read and its end kept")
    func floods() async throws {
        #expect(try await Self.run("flood").cause == .flooded)
        let chatter = try await Self.run("chatter")
        // The stub then goes on to its end, without a plan to write.
        #expect(chatter.cause == .exited(0))
        #expect(chatter.errorTail.utf8.count == 8192)
    }

    @Test("A cancelled task kills the child")
    func cancellation() async throws {
        let lines = LogLines()
        let task = Task {
            let launch = ChildLaunch(
                executable: TestPrograms.stubChild, arguments: ["behave", "until:/nonexistent"],
                environment: ["PATH": "/usr/bin:/bin"], timeLimit: .seconds(20))
            return try await ChildProcess.run(launch) { lines.add(String(decoding: $0, as: UTF8.self)) }
        }
        #expect(await eventually { !lines.all.isEmpty })
        task.cancel()
        #expect(try await task.value.cause == .stopped)
    }

    @Test("What a child started is killed with its group, though it holds the pipes")
    func grandchild() async throws {
        let folder = try TemporaryFolder()
        let begin = ContinuousClock.now
        #expect(try await Self.run("grandchild:\(folder.path("pid"))").cause == .exited(0))
        #expect(ContinuousClock.now - begin < .seconds(20))
        let pid = try #require(Int32(String(contentsOfFile: folder.path("pid"), encoding: .utf8)))
        #expect(await eventually { kill(pid, 0) != 0 || isZombie(pid) })
    }

    @Test("Children are reaped and no file stays open")
    func leavesNothing() async throws {
        _ = try await Self.run("leave")
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for _ in 0..<20 { _ = try await Self.run("leave") }
        let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        // Tests run side by side, so a few files of others may be open.
        #expect(after < before + 15)
    }
}

/// Whether a process has ended and waits for its parent to notice.
func isZombie(_ pid: Int32) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ") Z"
    return text.split(separator: ")").last?.hasPrefix(" Z") ?? true
}

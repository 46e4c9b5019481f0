package import Foundation
import Synchronization

/// A program that runs beside the tests.
///
/// Foundation's `Process` is not used: on Linux it looks for open descriptors in a way that reads beyond the memory of a folder's
/// entry (`findMaximumOpenFD` copies all 256 bytes of `d_name`), which now and then ends the process that starts a program.
package final class Subprocess: Sendable {
    /// The program could not be started.
    package struct LaunchFailed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where the program reads from.
    package enum Input: Sendable {
        /// It finds the end at once.
        case empty
        /// `input`, until that is closed.
        case pipe
    }

    /// Where the program writes to.
    package enum Output: Sendable {
        /// The place to which the tests write.
        case inherited
        /// Nowhere.
        case discarded
        /// `output`.
        case pipe
        /// A file that is made for it.
        case file(String)
    }

    /// The number of the process.
    package let identifier: pid_t
    /// What it reads; `nil` without a pipe.
    package let input: FileHandle?
    /// What it writes; `nil` without a pipe.
    package let output: FileHandle?

    private let end = Mutex<Int32?>(nil)

    /// Starts a program in a process group of its own, with all signals as by default.
    ///
    /// - Parameters:
    ///   - program: Its path, or a name that is found by PATH.
    ///   - environment: Variables that are added to those of the tests.
    ///   - output: Of standard output, and of standard error where that is a pipe too: they are one then.
    /// - Throws: `LaunchFailed`.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Input = .empty,
        output: Output = .inherited, errors: Output = .inherited
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var ofChild: [Int32] = []
        defer { for descriptor in ofChild { close(descriptor) } }

        switch input {
        case .empty:
            self.input = nil
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .pipe:
            let ends = try Self.channel()
            ofChild.append(ends.child)
            self.input = FileHandle(fileDescriptor: ends.parent, closeOnDealloc: true)
            posix_spawn_file_actions_adddup2(&actions, ends.child, 0)
        }
        var reading: FileHandle?
        for (number, place) in [(Int32(1), output), (2, errors)] {
            switch place {
            case .inherited: break
            case .discarded: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
            case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT, 0o600)
            case .pipe where reading != nil: posix_spawn_file_actions_adddup2(&actions, 1, number)
            case .pipe:
                let ends = try Self.channel()
                ofChild.append(ends.child)
                reading = FileHandle(fileDescriptor: ends.parent, closeOnDealloc: true)
                posix_spawn_file_actions_adddup2(&actions, ends.child, number)
            }
        }
        self.output = reading

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)

        let settings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = settings.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var identifier: pid_t = 0
        let status = posix_spawnp(&identifier, program, &actions, &attributes, &words, &variables)
        guard status == 0 else { throw LaunchFailed(description: "\(program): \(String(cString: strerror(status)))") }
        self.identifier = identifier
    }

    /// Two ends that no other program inherits. Swift does not see `pipe2`, and what marks the ends of a pipe later comes too
    /// late where another thread starts a program.
    private static func channel() throws -> (parent: Int32, child: Int32) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw LaunchFailed(description: "socketpair: \(String(cString: strerror(errno)))")
        }
        return (ends[0], ends[1])
    }

    /// Everything that it writes until it closes `output`.
    package func readOutput() -> String {
        String(decoding: output?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
    }

    /// Sends it a signal, unless its end is known already.
    package func send(_ signal: Int32) {
        end.withLock { if $0 == nil { kill(identifier, signal) } }
    }

    /// The exit code, or 128 and the signal that ended it; `nil` while it runs.
    package var exitCode: Int32? { end.withLock { reap(&$0, flags: WNOHANG) } }

    /// Waits for its end.
    ///
    /// - Returns: The exit code, or 128 and the signal that ended it.
    @discardableResult
    package func waitUntilExit() -> Int32 {
        // Not under the lock: others may want to send it a signal meanwhile.
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return end.withLock { reap(&$0, flags: 0) } ?? -1
    }

    private func reap(_ end: inout Int32?, flags: Int32) -> Int32? {
        if let end { return end }
        var status: Int32 = 0
        guard waitpid(identifier, &status, flags) == identifier else { return nil }
        let signal = status & 0x7f
        end = signal == 0 ? (status >> 8) & 0xff : 128 + signal
        return end
    }
}

import Foundation
import Glibc
import Subprocess

/// A program that was run to its end.
package struct Program: Sendable {
    /// The exit code, or 128 and the signal that ended it.
    package var exitCode: Int32
    /// Everything it wrote to standard output.
    package var output: String
    /// Everything it wrote to standard error.
    package var errors: String
    /// The largest memory it held at once, in bytes, read every few milliseconds.
    package var peakBytes: Int

    /// The program could not be started, or failed where the test needs it to work.
    package struct Failed: Error, CustomStringConvertible {
        package var description: String

        package init(_ description: String) { self.description = description }
    }

    /// Runs a program, found by PATH if it has no slash, and waits for it.
    ///
    /// Output goes through files, so that a program that writes much cannot block.
    ///
    /// - Parameter environment: Settings that are added to those of the tests.
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Program {
        let folder = try TemporaryFolder()
        let (output, errors) = (folder.path("output"), folder.path("errors"))
        let process = try Subprocess(
            program, arguments, environment: environment, output: .file(output), errors: .file(errors))
        var peakBytes = 0
        // What wait4 tells of memory is at least that of the tests themselves: a child begins as a part of its parent.
        while process.exitCode == nil {
            peakBytes = max(peakBytes, residentPeakBytes(of: process.identifier))
            usleep(5000)
        }
        return Program(
            exitCode: process.waitUntilExit(),
            output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "",
            errors: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "", peakBytes: peakBytes)
    }

    /// The most memory that a running process has held at once; 0 where nothing is known of it.
    private static func residentPeakBytes(of identifier: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Runs a program that must succeed and gives its output.
    @discardableResult
    package static func succeed(_ program: String, _ arguments: [String]) throws -> String {
        let result = try run(program, arguments)
        guard result.exitCode == 0 else {
            throw Failed("\(program) \(arguments): \(result.exitCode) \(result.errors)")
        }
        return result.output
    }

    /// Runs the FFmpeg program, which tests use as an independent maker and reader of files.
    package static func ffmpeg(_ arguments: [String]) throws {
        try succeed("ffmpeg", ["-nostdin", "-v", "error", "-y"] + arguments)
    }
}

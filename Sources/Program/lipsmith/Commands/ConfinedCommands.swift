import ChildProtocol
import Foundation
import LipSync
import Sandbox

/// `lipsmith render`: a task of the engine on standard input, progress and a result on standard output. A child of the worker
/// and of the voices.
enum RenderCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        try Confinement.run(&arguments) { input in
            let task: EngineTask = try Confinement.order(input)
            let result = try EngineRegistry.standard().run(task) { Confinement.send(.progress($0)) }
            // A video without its small picture is a video still.
            if task.makesVideo {
                try? Thumbnail.write(of: task.outputPath, to: Thumbnail.path(beside: task.outputPath))
            }
            return .result(result)
        }
    }
}

/// `lipsmith probe`: a path on standard input, the file's facts on standard output. A worker's child.
enum ProbeCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let thumbnail = try arguments.takeValue(ConfinedOption.thumbnail.rawValue)
        return try Confinement.run(&arguments, takesPath: true) { input in
            let path = String(decoding: input, as: UTF8.self).trimmingCharacters(in: .newlines)
            let media = try MediaSummary(path: path)
            // What it shows is of no importance beside what it is.
            if let thumbnail, media.kind == .video { try? Thumbnail.write(of: path, to: thumbnail) }
            return .result(media)
        }
    }
}

/// What these children do: confine themselves before they read anything, then work, then say what came of it.
enum Confinement {
    /// A plan with a box for every frame of two hours is below this.
    private static let largestInput = 256 << 20

    static func run(
        _ arguments: inout ArgumentReader, takesPath: Bool = false, _ work: (Data) throws -> ChildMessage
    ) throws -> ExitCode {
        let limits = try Self.limits(&arguments)
        var files: SandboxFiles?
        if let folder = try arguments.takeValue(ConfinedOption.folder.rawValue) {
            // Models may lie anywhere; the plan's own files lie in the folder, of which one part may be changed.
            // What one child compiled must not reach another, so the cache may be read and not changed.
            let cache = ProcessInfo.processInfo.environment["LIPSMITH_CACHE"].map { [$0] } ?? []
            files = SandboxFiles(readable: installedFolders + cache + [folder], writable: [folder + "/output"])
        }
        let parent: Int32? = try arguments.takeNumber(ConfinedOption.parent.rawValue, in: 1...Int32.max)
        // A path may stand on the command line in place of the input, for whoever tries the command by hand.
        let path = takesPath ? arguments.takePositional() : nil
        try arguments.finish()
        do {
            do { try Sandbox.enter(limits, files: files, parent: parent) } catch {
                throw RenderFailure(
                    .installationIncomplete, message: "The renderer could not be confined.",
                    suggestion: "Run on a Linux kernel with seccomp.", detail: error.description)
            }
            send(try work(try path.map { Data($0.utf8) } ?? readInput()))
            return .success
        } catch {
            send(.failure(error))
            return CommandFailure(error).exitCode
        }
    }

    /// Reads what a parent asks for.
    static func order<Order: Decodable>(_ input: Data) throws -> Order {
        do { return try JSONDecoder().decode(Order.self, from: input) } catch {
            throw RenderFailure(
                .engineFailed, message: "The order of the work cannot be read.",
                suggestion: "Report it with the log.", detail: "\(error)")
        }
    }

    /// What a parent lets its child use.
    static func limits(_ arguments: inout ArgumentReader) throws -> SandboxLimits {
        var limits = SandboxLimits()
        limits.memoryBytes =
            try arguments.takeNumber(ConfinedOption.memoryBytes.rawValue, in: 1 << 20...Int64.max / 4)
            ?? limits.memoryBytes
        limits.cpuSeconds =
            try arguments.takeNumber(ConfinedOption.cpuSeconds.rawValue, in: 1...Int64.max / 4) ?? limits.cpuSeconds
        limits.fileBytes =
            try arguments.takeNumber(ConfinedOption.fileBytes.rawValue, in: 1...Int64.max / 4) ?? limits.fileBytes
        return limits
    }

    static func send(_ message: ChildMessage) {
        // Messages hold numbers, strings and arrays alone, which always encode.
        if let line = try? message.line() { Terminal.out(line) }
    }

    /// Where models may lie, by both names of a linked folder.
    static var installedFolders: [String] { Installation.find().map { [$0.folder, resolved($0.folder)] } ?? [] }

    private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    static func readInput() throws -> Data {
        let input = try FileHandle.standardInput.read(upToCount: largestInput) ?? Data()
        guard input.count < largestInput else {
            throw RenderFailure(
                .engineFailed, message: "The plan of the render is too large.", suggestion: "Report it with the log.")
        }
        return input
    }
}

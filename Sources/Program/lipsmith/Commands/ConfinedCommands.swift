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
            let fingerprint = FingerprintRecorder()
            let observer = RenderObserver(
                onProgress: { Confinement.send(.progress($0)) }, onPreview: { Confinement.send(.preview($0)) },
                fingerprint: fingerprint)
            let result = try EngineRegistry.standard().run(task, observer: observer)
            // A video without its report or its small picture is a video still.
            if case .render(let report) = result, report.measures != nil {
                try? Data(ReportFile.json(report)).write(
                    to: URL(fileURLWithPath: ReportFile.path(beside: task.outputPath)))
            }
            if task.makesVideo {
                try? Thumbnail.write(of: task.outputPath, to: Thumbnail.path(beside: task.outputPath))
            }
            var message = ChildMessage.result(result)
            message.fingerprint = fingerprint.fingerprint.numbers
            return message
        }
    }
}

/// `lipsmith probe`: a path on standard input, the file's facts on standard output. A worker's child.
enum ProbeCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let thumbnail = try arguments.takeValue(ConfinedOption.thumbnail.rawValue)
        return try Confinement.run(&arguments, takesPath: true) { input in
            let path = Confinement.path(input)
            let media = try MediaSummary(path: path)
            // What it shows is of no importance beside what it is.
            if let thumbnail, media.kind == .video { try? Thumbnail.write(of: path, to: thumbnail) }
            return .result(media)
        }
    }
}

/// `lipsmith check`: a path on standard input, the faces of samples or the measures of the sound on standard output. A worker's
/// child.
enum CheckCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let word = try arguments.takeValue(ConfinedOption.subject.rawValue) ?? MediaCheck.Subject.picture.rawValue
        guard let subject = MediaCheck.Subject(rawValue: word) else {
            throw UsageError(message: "\(ConfinedOption.subject.rawValue) is picture or sound.")
        }
        return try Confinement.run(&arguments, takesPath: true) { input in
            .result(try MediaCheck(Confinement.path(input), looksAt: subject))
        }
    }
}

/// What these children do: confine themselves before they read anything, then work, then say what came of it.
enum Confinement {
    /// A plan with a box for every frame of two hours is below this.
    private static let largestInput = 256 << 20

    static func run(
        _ arguments: inout ArgumentReader, takesPath: Bool = false, readable: [String] = [],
        _ work: (Data) throws -> ChildMessage
    ) throws -> ExitCode {
        let options = try ConfinementOptions(&arguments)
        // A path may stand on the command line in place of the input, for whoever tries the command by hand.
        let path = takesPath ? arguments.takePositional() : nil
        try arguments.finish()
        do {
            try enter(options, readable: readable)
            send(try work(try path.map { Data($0.utf8) } ?? readInput()))
            return .success
        } catch {
            send(.failure(error))
            return CommandFailure(error).exitCode
        }
    }

    /// Gives up what the child does not need.
    ///
    /// - Parameter readable: Further files that it may read.
    static func enter(_ options: ConfinementOptions, readable: [String] = []) throws {
        // Models may lie anywhere. What one child compiled must not reach another, so the cache may be read and not
        // changed.
        let cache = ProcessInfo.processInfo.environment["LIPSMITH_CACHE"].map { [$0] } ?? []
        let files = options.files(readable: installedFolders + cache + readable)
        do { try Sandbox.enter(options.limits, files: files, parent: options.parent) } catch {
            throw RenderFailure(
                .installationIncomplete, message: "The renderer could not be confined.",
                suggestion: "Run on a Linux kernel with seccomp.", detail: error.description)
        }
    }

    /// The path that a parent asks about.
    static func path(_ input: Data) -> String {
        String(decoding: input, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// Reads what a parent asks for.
    static func order<Order: Decodable>(_ input: Data) throws -> Order {
        do { return try JSONDecoder().decode(Order.self, from: input) } catch {
            throw RenderFailure(
                .engineFailed, message: "The order of the work cannot be read.",
                suggestion: "Report it with the log.", detail: "\(error)")
        }
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

/// What a parent lets its confined child use.
struct ConfinementOptions {
    let limits: SandboxLimits
    let parent: Int32?
    let folder: String?

    /// Takes the options of `ConfinedLaunch`; the defaults of those that are missing are a render's.
    init(_ arguments: inout ArgumentReader) throws {
        var limits = SandboxLimits()
        limits.memoryBytes =
            try arguments.takeNumber(ConfinedOption.memoryBytes.rawValue, in: 1 << 20...Int64.max / 4)
            ?? limits.memoryBytes
        limits.cpuSeconds =
            try arguments.takeNumber(ConfinedOption.cpuSeconds.rawValue, in: 1...Int64.max / 4) ?? limits.cpuSeconds
        limits.fileBytes =
            try arguments.takeNumber(ConfinedOption.fileBytes.rawValue, in: 1...Int64.max / 4) ?? limits.fileBytes
        self.limits = limits
        parent = try arguments.takeNumber(ConfinedOption.parent.rawValue, in: 1...Int32.max)
        folder = try arguments.takeValue(ConfinedOption.folder.rawValue)
    }

    /// The files that the child may use beside the system's: its folder, of which `output` may be changed, and what else may be
    /// read; `nil`, which forbids none, without a folder.
    func files(readable: [String]) -> SandboxFiles? {
        folder.map { SandboxFiles(readable: readable + [$0], writable: [$0 + "/output"]) }
    }
}

import ChildProtocol
import Foundation
import LipSync
import Sandbox
import Synthesis

/// `lipsmith speak`: an order of speech on standard input, sound files in the folder, a line of JSON on standard output. A
/// child of the voices, the only process into which espeak-ng is loaded.
enum SpeakCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        try SpeakingChild.run(&arguments) { try EspeakSynthesizer().answer($0) }
    }
}

/// `lipsmith speak-network`: an order of symbols on standard input, sound files in the folder, a line of JSON on standard
/// output. A child of the voices, into which the voice network is loaded.
enum SpeakNetworkCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        guard let installation = Installation.find() else {
            throw UsageError(message: "The voice network was not found.")
        }
        return try SpeakingChild.run(&arguments, readable: Confinement.installedFolders) { order in
            try NetworkSynthesizer(
                folder: installation.voiceFolder, runtimeFolder: installation.runtimeFolder
            ).answer(order)
        }
    }
}

/// What both do: confine themselves before they read anything, then answer an order.
private enum SpeakingChild {
    static func run<Order: Decodable>(
        _ arguments: inout ArgumentReader, readable: [String] = [], _ answer: (Order) throws -> SynthesisAnswer
    ) throws -> ExitCode {
        let limits = try Confinement.limits(&arguments)
        let files = try arguments.takeValue(ConfinedOption.folder.rawValue).map {
            SandboxFiles(readable: readable + [$0], writable: [$0 + "/output"])
        }
        let parent: Int32? = try arguments.takeNumber(ConfinedOption.parent.rawValue, in: 1...Int32.max)
        try arguments.finish()
        let result: SynthesisAnswer
        do {
            try Sandbox.enter(limits, files: files, parent: parent)
            result = try answer(try JSONDecoder().decode(Order.self, from: try Confinement.readInput()))
        } catch let failure as SynthesisFailure {
            result = SynthesisAnswer(failure: failure)
        } catch {
            result = SynthesisAnswer(failure: SynthesisFailure(.failed, detail: "\(error)"))
        }
        Terminal.out(JSONText.line(result))
        return result.failure == nil ? .success : .failure
    }
}

/// `lipsmith confined`: confines itself and becomes another program, a synthesiser of the operator's. A child of the
/// voices.
enum ConfinedCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let words = try arguments.takeValues(ConfinedOption.argument.rawValue)
        let limits = try Confinement.limits(&arguments)
        let folder = try arguments.takeRequired(ConfinedOption.folder.rawValue)
        let readable = try arguments.takeValues(ConfinedOption.readable.rawValue)
        let parent: Int32? = try arguments.takeNumber(ConfinedOption.parent.rawValue, in: 1...Int32.max)
        let program = try arguments.takeRequired(ConfinedOption.program.rawValue)
        try arguments.finish()
        let path = URL(fileURLWithPath: program).resolvingSymlinksInPath()
        // A program brings its libraries in a folder beside its own, and a script is run by an interpreter.
        let home = path.deletingLastPathComponent().deletingLastPathComponent().path
        let files = SandboxFiles(
            readable: [folder] + readable, writable: [folder + "/output"],
            runnable: ["/usr", "/bin", "/lib", "/lib64", path.deletingLastPathComponent().path]
                + (home == "/" ? [] : [home]))
        do {
            try Sandbox.enter(limits, files: files, parent: parent, mayBecomeProgram: true)
            try Sandbox.become(program, words)
        } catch {
            Terminal.error("\(error)")
            return .installation
        }
    }
}

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
        try SpeakingChild.run(&arguments, readable: Confinement.installedFolders) { order in
            let installation = try Installation.required()
            return try NetworkSynthesizer(
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
        let options = try ConfinementOptions(&arguments)
        try arguments.finish()
        let result: SynthesisAnswer
        do {
            try Sandbox.enter(options.limits, files: options.files(readable: readable), parent: options.parent)
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
        let options = try ConfinementOptions(&arguments)
        guard let folder = options.folder else {
            throw UsageError(message: "\(ConfinedOption.folder.rawValue) is missing.")
        }
        let readable = try arguments.takeValues(ConfinedOption.readable.rawValue)
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
            try Sandbox.enter(options.limits, files: files, parent: options.parent, mayBecomeProgram: true)
            try Sandbox.become(program, words)
        } catch {
            Terminal.error("\(error)")
            return .installation
        }
    }
}

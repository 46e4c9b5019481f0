import ChildProtocol
import Foundation
import LipSync
import Sandbox
import Synthesis

/// `lipsmith speak`: an order of speech on standard input, sound files in the folder, a line of JSON on standard output. A
/// child of the voices, the only process into which espeak-ng is loaded.
enum SpeakCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let options = try ConfinementOptions(&arguments)
        try arguments.finish()
        let result: SynthesisAnswer
        do {
            try Sandbox.enter(options.limits, files: options.files(readable: []), parent: options.parent)
            let order = try JSONDecoder().decode(SynthesisOrder.self, from: try Confinement.readInput())
            result = try EspeakSynthesizer().answer(order)
        } catch {
            result = SynthesisAnswer(failure: SynthesisFailure(wrapping: error))
        }
        Terminal.out(JSONText.line(result))
        return result.failure == nil ? .success : .failure
    }
}

/// `lipsmith speak-network`: an order in each line of standard input, its sound in a line of standard output, until the input
/// ends. A child of the voices that stays, into which the voice network is loaded; it ends without an answer when the network
/// fails, so that another child gets the order.
enum SpeakNetworkCommand {
    /// A child that holds more memory behind an answer, in bytes, ends and is replaced: 1.5 GiB. Longer sounds than usual need
    /// more, which the runtime keeps.
    private static let mostResidentBytes: Int64 = 1536 << 20

    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let options = try ConfinementOptions(&arguments)
        try arguments.finish()
        ProcessMemory.returnWhatIsFree()
        let synthesizer = Result {
            try Sandbox.enter(
                options.limits, files: options.files(readable: Confinement.installedFolders), parent: options.parent)
            let installation = try Installation.required()
            return try NetworkSynthesizer(
                folder: installation.voiceFolder, runtimeFolder: installation.runtimeFolder)
        }
        while let line = readLine() {
            var answer: NetworkAnswer
            do {
                let order = try JSONDecoder().decode(NetworkOrder.self, from: Data(line.utf8))
                answer = try synthesizer.get().answer(order)
                answer.number = order.number
            } catch {
                answer = NetworkAnswer(failure: SynthesisFailure(wrapping: error))
            }
            if let failure = answer.failure, failure.code == .failed {
                Terminal.error(failure.description)
                return .failure
            }
            if let bytes = ProcessMemory.residentBytes(), bytes > mostResidentBytes { answer.isLast = true }
            Terminal.out(JSONText.line(answer))
            guard case .success = synthesizer else { return .failure }
            if answer.isLast { return .success }
        }
        return .success
    }
}

extension SynthesisFailure {
    /// The failure of a child: what was thrown, if it is one.
    fileprivate init(wrapping error: any Error) {
        self = error as? SynthesisFailure ?? SynthesisFailure(.failed, detail: "\(error)")
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

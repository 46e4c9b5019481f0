import ChildProtocol
import Foundation
import Sandbox
import Synthesis

/// `lipsmith speak`: an order of speech on standard input, sound files in the folder, a line of JSON on standard output. A
/// child of the voices, the only process into which espeak-ng is loaded.
enum SpeakCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let limits = try Confinement.limits(&arguments)
        let files = try arguments.takeValue(ConfinedOption.folder.rawValue).map {
            SandboxFiles(readable: [$0], writable: [$0 + "/output"])
        }
        let parent: Int32? = try arguments.takeNumber(ConfinedOption.parent.rawValue, in: 1...Int32.max)
        try arguments.finish()
        let answer: SynthesisAnswer
        do {
            try Sandbox.enter(limits, files: files, parent: parent)
            let order = try JSONDecoder().decode(SynthesisOrder.self, from: try Confinement.readInput())
            answer = try EspeakSynthesizer().answer(order)
        } catch let failure as SynthesisFailure {
            answer = SynthesisAnswer(failure: failure)
        } catch {
            answer = SynthesisAnswer(failure: SynthesisFailure(.failed, detail: "\(error)"))
        }
        Terminal.out(JSONText.line(answer))
        return answer.failure == nil ? .success : .failure
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

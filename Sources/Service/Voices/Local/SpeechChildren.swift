import ChildProtocol
import EngineProfiles
import Foundation
import Generations
import LipSync
import Processes
import Synchronization
import Synthesis

/// Runs the confined children that speak and mix. Scripts are passed to synthesisers by standard input only, never by a
/// shell or as options.
struct SpeechChildren: Sendable {
    /// The memory of one child: 2 GiB.
    private static let memoryBytes: Int64 = 2 << 30
    /// The largest file of one child: 1.4 GiB, more than two hours of stereo sound at 48 kHz.
    private static let fileBytes: Int64 = 1400 << 20

    /// The path of the `lipsmith` program.
    let executable: String
    let environment: [String: String]
    let log: @Sendable (_ event: String, _ detail: String) -> Void

    /// Speaks with espeak-ng's library, or lists its voices.
    ///
    /// - Throws: `SynthesisFailure`; `CancellationError` if the task was cancelled.
    func speak(_ order: SynthesisOrder, in folder: SpeechFolder?, timeLimit: Duration) async throws -> SynthesisAnswer {
        let input = Array(try JSONEncoder().encode(order))
        let output = try await run(.speak, [], in: folder, input: input, timeLimit: timeLimit)
        guard let line = output.lines.last,
            let answer = try? JSONDecoder().decode(SynthesisAnswer.self, from: Data(line))
        else {
            throw SynthesisFailure(.failed, detail: "\(output.exit.cause) \(output.exit.errorTail)")
        }
        if let failure = answer.failure { throw failure }
        return answer
    }

    /// Mixes a sound.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func mix(_ mix: SoundMix, in folder: SpeechFolder, timeLimit: Duration) async throws -> SoundFacts {
        let input = Array(try JSONEncoder().encode(EngineTask.mix(mix)))
        let output: (lines: [[UInt8]], exit: ChildExit)
        do {
            output = try await run(.render, [], in: folder, input: input, timeLimit: timeLimit)
        } catch let failure as SynthesisFailure {
            throw GenerationError(.partUnavailable, detail: failure.description)
        }
        let message = output.lines.last.flatMap(ChildMessage.init(line:))
        if let failure = message?.failure {
            log("child_refused", "mix: \(failure.code) \(failure.detail)")
            let code = failure.engineCode?.failure ?? .processingFailed
            throw GenerationError(code, failure.message, detail: failure.detail)
        }
        guard let sound = message?.sound else {
            log("child_failed", "mix: \(output.exit.cause) \(output.exit.errorTail)")
            throw GenerationError(.processingFailed, "The sound could not be put together.")
        }
        return sound
    }

    /// Runs a synthesiser program, confined, and returns the lines of its standard output.
    ///
    /// - Throws: `SynthesisFailure` unless it ends well; `CancellationError` if the task was cancelled.
    func runProgram(
        _ path: String, _ arguments: [String], readable: [String] = [], in folder: SpeechFolder?, input: [UInt8],
        timeLimit: Duration
    ) async throws -> [[UInt8]] {
        // After an equals sign, since the other program's arguments may look like options of this one.
        let words =
            ["\(ConfinedOption.program.rawValue)=\(path)"]
            + readable.map { "\(ConfinedOption.readable.rawValue)=\($0)" }
            + arguments.map { "\(ConfinedOption.argument.rawValue)=\($0)" }
        let output = try await run(.confined, words, in: folder, input: input, timeLimit: timeLimit)
        guard output.exit.cause == .exited(0) else {
            throw SynthesisFailure(.failed, detail: "\(path): \(output.exit.cause) \(output.exit.errorTail)")
        }
        return output.lines
    }

    private func run(
        _ command: ChildCommand, _ words: [String], in folder: SpeechFolder?, input: [UInt8], timeLimit: Duration
    ) async throws -> (lines: [[UInt8]], exit: ChildExit) {
        var launch = ConfinedLaunch(
            command, words: words, folder: folder?.path, memoryBytes: Self.memoryBytes, fileBytes: Self.fileBytes,
            timeLimit: timeLimit
        ).launch(executable, environment: environment, input: input)
        launch.mostOutput = 64 << 20
        let lines = Mutex<[[UInt8]]>([])
        let exit: ChildExit
        do {
            exit = try await ChildProcess.run(launch) { line in lines.withLock { $0.append(line) } }
        } catch {
            throw SynthesisFailure(.missing, detail: error.description)
        }
        switch exit.cause {
        case .stopped: throw CancellationError()
        case .timedOut: throw SynthesisFailure(.tooLong, detail: "\(command.rawValue): the time is over")
        default: return (lines.withLock { $0 }, exit)
        }
    }
}

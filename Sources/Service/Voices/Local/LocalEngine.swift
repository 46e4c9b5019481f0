import Generations
import Synthesis

/// A synthesiser of this machine.
protocol LocalEngine: Sendable {
    /// Its voices; none where it is not installed.
    func voices() async throws -> [LocalVoice]
    /// Speaks pieces, each into a file of its own.
    ///
    /// - Parameters:
    ///   - voice: One of its voices.
    ///   - pace: How fast, as a share of the voice's own pace; 0.5 … 2 is kept.
    /// - Throws: `SynthesisFailure`; `CancellationError` if the task was cancelled.
    func speak(
        _ pieces: [String], voice: LocalVoice, pace: Double, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece]
}

/// A voice of this machine.
struct LocalVoice: Hashable, Sendable {
    /// As clients see it.
    var voice: Voice
    /// What its engine calls it.
    var engineName: String
    /// The timbres in which it can speak too, by the names that stand behind a plus sign.
    var variants: [String] = []
}

extension Duration {
    /// How long speaking a text may take: far more than it does on a slow machine.
    static func speaking(_ pieces: [String]) -> Duration {
        .seconds(30) + .milliseconds(20 * pieces.reduce(0) { $0 + $1.utf8.count })
    }
}

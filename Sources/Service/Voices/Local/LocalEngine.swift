import Generations
import Synthesis

/// A synthesiser of this machine.
protocol LocalEngine: Sendable {
    /// The provider without whose voices this synthesiser cannot speak; `nil` for none.
    var neededProvider: String? { get }

    /// The voices; empty when the synthesiser is not installed.
    func voices() async throws -> [LocalVoice]
    /// A voice that is not listed, but made of listed ones; `nil` where `id` names none.
    ///
    /// - Parameter listed: What `voices()` gave.
    func derived(_ id: String, from listed: [LocalVoice]) -> LocalVoice?
    /// Whether texts take turns within the synthesiser, so that several may be spoken at once.
    var takesTurns: Bool { get }
    /// Speaks pieces, each into a file of its own; nil in place of those without a letter that the voice knows, where others have
    /// some.
    ///
    /// - Parameters:
    ///   - voice: One of the synthesiser's voices.
    ///   - manner: How; a synthesiser that cannot change the pitch leaves it.
    /// - Throws: `SynthesisFailure`; `CancellationError` if the task was cancelled.
    func speak(
        _ pieces: [String], voice: LocalVoice, manner: SpeechManner, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece?]
}

extension LocalEngine {
    var neededProvider: String? { nil }
    var takesTurns: Bool { false }
    func derived(_ id: String, from listed: [LocalVoice]) -> LocalVoice? { nil }
}

/// How a text is spoken.
struct SpeechManner: Hashable, Sendable {
    /// A factor of the voice's own pace, 0.5…2.
    var pace = 1.0
    /// A factor of the voice's own pitch, 0.5…2.
    var pitch = 1.0
}

/// A voice of this machine.
struct LocalVoice: Hashable, Sendable {
    /// The voice as clients see it.
    var voice: Voice
    /// The synthesiser's name for it.
    var engineName: String
    /// The names of its variants, which follow a plus sign in an id.
    var variants: [String] = []
    /// Whether other voices of its language are better, so that it is never chosen for the language.
    var isExperimental = false
}

extension Duration {
    /// The longest time for speaking a text: far more than it takes on a slow machine.
    static func speaking(_ pieces: [String]) -> Duration {
        .seconds(30) + .milliseconds(20 * pieces.reduce(0) { $0 + $1.utf8.count })
    }
}

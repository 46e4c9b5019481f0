import Foundation
public import Generations
import Synchronization

/// Speaks by writing down what it should say; clones by counting.
public final class RecordedVoices: VoiceProvider {
    private let clones: Bool
    private let state = Mutex<(made: [String], removed: [String])>(([], []))

    /// - Parameter clones: Whether voices are made of samples.
    public init(clones: Bool = true) { self.clones = clones }

    /// The voices that were removed.
    public var removed: [String] { state.withLock { $0.removed } }
    /// As the protocol says.
    public var capabilities: VoiceCapabilities { VoiceCapabilities(clones: clones, dubs: true) }

    /// As the protocol says.
    public func voices() async throws -> [Voice] {
        ["ann", "bob"].map { Voice(id: $0, name: $0, provider: "stub", language: "en") }
    }

    /// As the protocol says.
    public func voice(_ id: String) async throws -> Voice {
        if let voice = try await voices().first(where: { $0.id == id }) { return voice }
        throw GenerationError(.voiceNotFound, field: .voice)
    }

    /// As the protocol says.
    public func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound {
        try "\(request.voiceID) \(request.stability): \(request.script)".write(
            toFile: path, atomically: true, encoding: .utf8)
        return SpokenSound(durationSeconds: 1.5)
    }

    /// As the protocol says.
    public func clone(_ sample: String, name: String, mark: String?) async throws -> Voice {
        let id = state.withLock { state in
            state.made.append(name)
            return "clone\(state.made.count)"
        }
        return Voice(id: id, name: name, provider: "stub")
    }

    /// As the protocol says.
    public func removeVoice(_ id: String) async throws { state.withLock { $0.removed.append(id) } }

    /// As the protocol says.
    public func checkDub(_ parameters: DubParameters) async throws {
        guard parameters.targetLanguage != "zu" else { throw GenerationError(.notOfferedHere) }
    }

    /// As the protocol says.
    public func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {}
}

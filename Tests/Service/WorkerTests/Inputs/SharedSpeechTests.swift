import FoundationEssentials
import Generations
import Persistence
import Synchronization
import TestSupport
import Testing
import Worker

/// Goal: the parts of a batch speak their text once, and the sound becomes one asset.
@Suite("A text that several jobs share")
struct SharedSpeechTests {
    /// Counts how often it speaks.
    private final class CountingVoices: VoiceProvider {
        private let spoken = Mutex(0)
        var count: Int { spoken.withLock { $0 } }
        var capabilities: VoiceCapabilities { get async { VoiceCapabilities() } }
        func voices() async throws -> [Voice] { [] }
        func voice(_ id: String) async throws -> Voice { throw GenerationError(.voiceNotFound) }
        func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound {
            spoken.withLock { $0 += 1 }
            try "audio 2.5".write(toFile: path, atomically: true, encoding: .utf8)
            return SpokenSound(durationSeconds: 2.5)
        }
        func clone(_ sample: String, name: String, mark: String?) async throws -> Voice {
            throw GenerationError(.notOffered)
        }
        func removeVoice(_ id: String) async throws {}
        func checkDub(_ parameters: DubParameters) async throws {}
        func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {}
    }

    private static func accept(_ count: Int, shared: AssetID?, _ harness: Harness) async throws -> [GenerationID] {
        let picture = try await harness.asset("image 1.0", .image)
        let script = SpeechRequest(provider: "p", voiceID: "v", script: "Hello")
        let voice = MediaInput(kind: .text, role: .voice, source: .script(script))
        var ids: [GenerationID] = []
        for _ in 0..<count {
            let request = GenerationRequest(
                model: Model.photo.name,
                order: .animation(
                    AnimationOrder(
                        inputs: [picture, voice], parameters: AnimationParameters(prompt: ""), speechAsset: shared)),
                title: "A title")
            ids.append(try await harness.accept(request, outputAsset: AssetID()))
        }
        return ids
    }

    @Test("Three jobs speak once where they share a sound, and each for itself where they do not")
    func sharing() async throws {
        for (shared, expected) in [(AssetID(), 1), (nil, 3)] as [(AssetID?, Int)] {
            let harness = try await Harness()
            let voices = CountingVoices()
            let ids = try await Self.accept(3, shared: shared, harness)
            var configuration = harness.configuration()
            configuration.renderSlots = 1
            try await harness.working(try harness.service(configuration, voices: voices)) {
                for id in ids {
                    let ended = try await harness.waitForEnd(id)
                    #expect(ended.status == .completed, "\(String(describing: ended.failure)) \(harness.log.all)")
                    #expect(ended.output?.speechSeconds == 2.5)
                    let asset = try #require(ended.outputAsset)
                    #expect(try await harness.store.anyAsset(asset)?.name == "A title")
                }
            }
            #expect(voices.count == expected)
            let sounds = AssetFilter(organisation: harness.organisation.id, kinds: [.audio])
            #expect(try await harness.store.assetCount(sounds) == (shared == nil ? 0 : 1))
            guard let shared else { continue }
            let asset = try #require(try await harness.store.anyAsset(shared))
            #expect(asset.durationSeconds == 2.5)
            #expect(asset.origin == .speech)
            #expect(try await harness.text(asset.blob) == "audio 2.5")
        }
    }
}

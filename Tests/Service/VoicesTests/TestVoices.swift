import Foundation
import Generations
import Media
import Speech
import TestSupport
import Voices

/// The voices of this machine, as a server has them.
enum TestVoices {
    static let executable: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("lipsmith").path
    }()

    static var configuration: VoiceConfiguration {
        var configuration = VoiceConfiguration(executable: executable, childEnvironment: ["PATH": "/usr/bin:/bin"])
        configuration.pause = { _ in }
        configuration.pollInterval = .milliseconds(1)
        return configuration
    }

    static let local = VoiceService(configuration)

    static func request(_ script: String, _ voice: String) -> SpeechRequest {
        SpeechRequest(provider: "elevenlabs", voiceID: voice, script: script)
    }
}

/// A sound that was spoken, read back.
struct Spoken {
    static let sampleRate = 16_000

    let samples: [Float]
    let phones: [TimedPhone]?
    let facts: SpokenSound

    init(_ script: String, voice: String, by service: VoiceService = TestVoices.local) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("spoken.wav")
        facts = try await service.speak(TestVoices.request(script, voice), into: path)
        phones = EmbeddedPhones.read(path)
        samples = try Self.samples(of: path)
    }

    var durationSeconds: Double { Double(samples.count) / Double(Self.sampleRate) }
    var peak: Float { samples.reduce(0) { max($0, abs($1)) } }

    static func samples(of path: String, rate: Int = sampleRate) throws -> [Float] {
        let reader = try AudioReader(path, sampleRate: rate, channelCount: 1)
        var samples: [Float] = []
        while let block = try reader.next() { samples += block.samples[0] }
        return samples
    }

    /// The power of a stretch of the sound, in decibels.
    func level(from start: Double, to end: Double) -> Double {
        let range = Int(max(0, start) * 16_000)..<Int(min(durationSeconds, end) * 16_000)
        guard !range.isEmpty else { return -100 }
        let sum = samples[range].reduce(0.0) { $0 + Double($1 * $1) }
        return 10 * log10(sum / Double(range.count) + 1e-10)
    }
}

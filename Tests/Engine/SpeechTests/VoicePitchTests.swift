import Foundation
import Speech
import TestSupport
import Testing

/// Goal: the pitch of a voice is the one it has, so that a man is dubbed by a man.
@Suite("The pitch of a voice")
struct VoicePitchTests {
    /// Pulses through two resonances, like a vowel.
    private static func vowel(_ hertz: Double, seconds: Double) -> [Float] {
        let rate = Double(VoicePitch.sampleRate)
        return (0..<Int(seconds * rate)).map { index in
            let time = Double(index) / rate
            var sum = 0.0
            for harmonic in 1...Int(3500 / hertz) {
                let frequency = hertz * Double(harmonic)
                let weight = 1 / (1 + pow((frequency - 600) / 200, 2)) + 0.3 / (1 + pow((frequency - 1800) / 300, 2))
                sum += weight * sin(2 * .pi * frequency * time + Double(harmonic))
            }
            return Float(0.1 * sum)
        }
    }

    @Test("is found for vowels of men and women", arguments: [85.0, 110, 150, 190, 240, 330])
    func vowels(hertz: Double) throws {
        let found = try #require(VoicePitch.median(of: Self.vowel(hertz, seconds: 1)[...]))
        #expect(abs(found / hertz - 1) < 0.03, "\(found) Hz")
    }

    @Test("is none where there is no voice")
    func none() {
        #expect(VoicePitch.median(of: []) == nil)
        #expect(VoicePitch.median(of: [Float](repeating: 0, count: 16_000)[...]) == nil)
        var state: UInt64 = 1
        let noise = (0..<16_000).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24) - 0.5
        }
        #expect(VoicePitch.median(of: noise[...]) == nil)
    }
}

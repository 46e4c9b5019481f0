import Foundation
import Media
import Testing

/// Sounds like a voice as far as the filter can tell: harmonics in syllables, with pauses; and steady noise.
private enum Sounds {
    static let rate = VoiceFilter.sampleRate

    static func voice(seconds: Double) -> [Float] {
        (0..<Int(seconds * Double(rate))).map { index in
            let time = Double(index) / Double(rate)
            guard time.truncatingRemainder(dividingBy: 2) < 1.2 else { return 0 }
            let envelope = pow(sin(.pi * 4 * time), 2)
            let harmonics = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * time) / Double($1) }
            return Float(0.15 * envelope * harmonics)
        }
    }

    static func noise(_ count: Int, level: Float, seed: UInt64) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Float(state >> 40) / Float(1 << 23) - 1) * level
        }
    }

    static func isPause(_ index: Int) -> Bool {
        let time = (Double(index) / Double(rate)).truncatingRemainder(dividingBy: 2)
        return (1.5..<1.95).contains(time)
    }

    static func filtered(_ channels: [[Float]]) throws -> [Float] {
        var scene = VoiceFilter.Scene()
        let blocks = stride(from: 0, to: channels[0].count, by: 4800).map { start in
            AudioBlock(samples: channels.map { Array($0[start..<min(start + 4800, $0.count)]) })
        }
        for block in blocks { scene.add(block) }
        let filter = try VoiceFilter(scene, channelCount: channels.count)
        return try blocks.flatMap { try filter.filter($0) } + (try filter.finish())
    }

    static func decibels(_ samples: some Sequence<Float>) -> Double {
        var (sum, count) = (1e-12, 0)
        for sample in samples {
            sum += Double(sample * sample)
            count += 1
        }
        return 10 * log10(sum / Double(max(count, 1)))
    }

    static func pauses(_ samples: [Float]) -> Double {
        decibels(samples.indices.lazy.filter(isPause).map { samples[$0] })
    }

    /// The shift at which two sounds are most alike, in samples.
    static func lag(_ a: [Float], _ b: [Float]) -> Int {
        let window = rate / 2..<rate
        return (-2000...2000).max { left, right in
            func product(_ lag: Int) -> Float { window.reduce(0) { $0 + a[$1] * b[$1 + lag] } }
            return product(left) < product(right)
        } ?? 0
    }
}

@Suite("What is not a voice is taken out")
struct VoiceFilterTests {
    @Test("Noise goes from the pauses, the voice keeps level, place and length")
    func noise() throws {
        let voice = Sounds.voice(seconds: 6)
        let noise = Sounds.noise(voice.count, level: 0.02, seed: 1)
        let heard = zip(voice, noise).map { $0 + $1 }
        let result = try Sounds.filtered([heard])
        #expect(result.count == heard.count)
        #expect(Sounds.pauses(result) < Sounds.pauses(heard) - 12)
        #expect(abs(Sounds.decibels(result) - Sounds.decibels(voice)) < 1.5)
        #expect(abs(Sounds.lag(voice, result)) <= 24)
    }

    @Test("Hum below all voices goes from the whole sound")
    func hum() throws {
        let voice = Sounds.voice(seconds: 4)
        let heard = voice.indices.map { voice[$0] + 0.2 * sinf(2 * .pi * 30 * Float($0) / Float(Sounds.rate)) }
        let result = try Sounds.filtered([heard])
        #expect(Sounds.pauses(result) < Sounds.pauses(heard) - 12)
    }

    @Test("Of a stereo sound the middle is taken, of a one-sided one its side, and nothing moves")
    func places() throws {
        let voice = Sounds.voice(seconds: 6)
        let sides = [2, 3].map { Sounds.noise(voice.count, level: 0.06, seed: $0) }
        let wide = sides.map { side in zip(voice, side).map { $0 + $1 } }
        let mixed = zip(wide[0], wide[1]).map { ($0 + $1) / 2 }
        let result = try Sounds.filtered(wide)
        #expect(result.count == voice.count)
        #expect(abs(Sounds.lag(voice, result)) <= 24)
        // Against the voice alone behind the same filters, whose edges move its harmonics.
        let alone = try Sounds.filtered([voice])
        func error(_ sound: [Float]) -> Double { Sounds.decibels(zip(sound, alone).map { $0 - $1 }) }
        #expect(error(result) < error(try Sounds.filtered([mixed])) - 1)
        #expect(abs(Sounds.decibels(result) - Sounds.decibels(voice)) < 1.5)
        let silent = Sounds.noise(voice.count, level: 0.0001, seed: 4)
        let right = try Sounds.filtered([silent, voice])
        #expect(abs(Sounds.decibels(right) - Sounds.decibels(voice)) < 1)
        let opposite = try Sounds.filtered([voice, voice.map { -0.9 * $0 }])
        #expect(abs(Sounds.decibels(opposite) - Sounds.decibels(voice)) < 1)
    }

    @Test("Silence, and a sound shorter than the filter's own delay, come out as long as they were")
    func short() throws {
        #expect(try Sounds.filtered([[Float](repeating: 0, count: 480)]).count == 480)
        #expect(try Sounds.filtered([Sounds.voice(seconds: 0.01), Sounds.voice(seconds: 0.01)]).count == 480)
        let silence = try Sounds.filtered([[Float](repeating: 0, count: 48_000)])
        #expect(silence.count == 48_000)
        #expect(silence.allSatisfy { $0 == 0 })
    }
}

import Foundation
import Media
import Testing

/// Goal: what is encoded while it comes is, put together, a file that an independent decoder reads as the same sound.
@Suite("Encoding sound while it comes")
struct SoundEncoderTests {
    private static let rate = 48_000
    private static let seconds = 2.0

    /// A tone of 440 Hz, silent in its second half.
    private static let tone: [Float] = (0..<Int(seconds * Double(rate))).map { index in
        index < rate ? 0.5 * sin(2 * .pi * 440 * Float(index) / Float(rate)) : 0
    }

    private static func encoded(_ format: SoundEncoder.Format, tempo: Double = 1) throws -> [UInt8] {
        let encoder = try SoundEncoder(format, inputRate: rate, tempo: tempo)
        var bytes: [UInt8] = []
        // In portions that fit no encoder's frame.
        for start in stride(from: 0, to: tone.count, by: 7001) {
            bytes += try encoder.append(Array(tone[start..<min(start + 7001, tone.count)]))
        }
        return bytes + (try encoder.finish())
    }

    private static func decoded(_ bytes: [UInt8], _ name: String) throws -> [Float] {
        let folder = try TemporaryFolder()
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
        return try allSamples(AudioReader(folder.file(name), sampleRate: rate, channelCount: 1))[0]
    }

    private static func crossings(_ samples: ArraySlice<Float>) -> Int {
        zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
    }

    // AAC is tested through the server (Tests/Clients/OpenAI): beside an AAC encoder of another rate in the same process,
    // FFmpeg's encoder gave other bytes for the same frames in three of seven runs of `VideoWriterTests`.
    @Test(
        "gives the same sound back",
        arguments: [
            (SoundEncoder.Format.mp3, "a.mp3"), (.opus, "a.opus"), (.flac, "a.flac"), (.wav, "a.wav"),
        ])
    func sameSound(format: SoundEncoder.Format, name: String) throws {
        let samples = try Self.decoded(try Self.encoded(format), name)
        // Encoders of frames add up to three of them.
        #expect((1.98...2.12).contains(Double(samples.count) / Double(Self.rate)))
        let middle = samples[Self.rate / 4..<Self.rate * 3 / 4]
        #expect(abs(Self.crossings(middle) - 220) <= 1)
        let peak = middle.reduce(0) { max($0, abs($1)) }
        #expect((0.45...0.55).contains(peak))
        #expect(samples[(Self.rate * 5 / 4)...].allSatisfy { abs($0) < 0.01 })
    }

    @Test("gives plain samples of 24 kHz")
    func plain() throws {
        let bytes = try Self.encoded(.pcm)
        #expect(abs(bytes.count - Int(Self.seconds * 24_000) * 2) < 200)
    }

    @Test("changes the tempo and not the pitch", arguments: [0.5, 2.0])
    func tempo(tempo: Double) throws {
        let samples = try Self.decoded(try Self.encoded(.wav, tempo: tempo), "a.wav")
        let seconds = Double(samples.count) / Double(Self.rate)
        #expect(abs(seconds - Self.seconds / tempo) < 0.1)
        let loud = samples[(Self.rate / 10)..<(Self.rate / 10 + Self.rate / 4)]
        #expect(abs(Self.crossings(loud) - 110) <= 2)
    }

    @Test("gives the beginning before the end is known")
    func early() throws {
        let encoder = try SoundEncoder(.mp3, inputRate: Self.rate)
        #expect(try encoder.append(Self.tone).count > 10_000)
    }
}

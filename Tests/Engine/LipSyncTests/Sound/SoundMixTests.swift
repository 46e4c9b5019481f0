import Foundation
import LipSync
import Media
import Speech
import TestSupport
import Testing

@Suite("Mixing speech")
struct SoundMixTests {
    private static func tone(_ folder: TemporaryFolder, _ name: String, seconds: Double, volume: Double = 0.5) throws
        -> String
    {
        let path = folder.path(name)
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds):sample_rate=22050", "-af",
            "volume=\(volume * 8)", "-c:a", "pcm_s16le", path,
        ])
        return path
    }

    private static func samples(_ path: String) throws -> [Float] {
        let reader = try AudioReader(path, sampleRate: 48_000, channelCount: 1)
        var samples: [Float] = []
        while let block = try reader.next() { samples += block.samples[0] }
        return samples
    }

    @Test(
        "Pieces stand at their times, fade at their edges and reach one loudness, which an independent meter confirms")
    func pieces() throws {
        let folder = try TemporaryFolder()
        let quiet = try Self.tone(folder, "a.wav", seconds: 1, volume: 0.02)
        let mix = SoundMix(
            outputPath: folder.path("out.wav"),
            voices: [
                .init(path: quiet, startSeconds: 2, durationSeconds: 1, phones: nil),
                .init(path: quiet, startSeconds: 0.5, durationSeconds: 0.6, phones: nil),
            ], loudness: -19)
        let facts = try mix.write()
        #expect(abs(facts.durationSeconds - 3) < 0.001)
        #expect(abs((facts.voiceLoudness ?? 0) + 19) < 0.01)
        let samples = try Self.samples(folder.path("out.wav"))
        func peak(_ from: Double, _ to: Double) -> Float {
            samples[Int(from * 48_000)..<Int(to * 48_000)].reduce(0) { max($0, abs($1)) }
        }
        #expect(peak(0, 0.499) == 0)
        #expect(peak(1.11, 1.99) == 0)
        #expect(peak(0.6, 1) > 0.1)
        // A step would be a click.
        let steps = zip(samples, samples.dropFirst()).map { abs($1 - $0) }
        #expect((steps.max() ?? 1) < 2 * Float.pi * 440 / 48_000 * peak(0, 3) * 1.1)
        let meter = try Program.run(
            "ffmpeg", ["-nostdin", "-hide_banner", "-i", folder.path("out.wav"), "-af", "ebur128", "-f", "null", "-"])
        let line = try #require(meter.errors.split(separator: "\n").last { $0.contains("I:") })
        let measured = try #require(line.split(separator: " ").compactMap { Double($0) }.first)
        #expect(abs(measured + 19) < 0.3, "\(measured) LUFS")
    }

    @Test("A sound with peaks is turned up only as far as they allow")
    func peaks() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("clicks.wav")
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "aevalsrc=0.01*sin(2000*t)+0.5*lt(mod(t\\,0.5)\\,0.0005):d=3:s=16000", path,
        ])
        let facts = try SoundMix(
            outputPath: folder.path("out.wav"),
            voices: [.init(path: path, startSeconds: 0, durationSeconds: 3, phones: nil)], loudness: -19
        ).write()
        #expect(facts.peak <= 0.86)
        #expect((facts.voiceLoudness ?? 0) < -19.5)
    }

    @Test("Speech with a few high peaks reaches its loudness, with none over −1.5 dB at or between its samples")
    func limited() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("speech.wav")
        // A word every half a second, every fourth of them 10 dB louder; 11 kHz puts peaks between the samples.
        try Program.ffmpeg([
            "-f", "lavfi", "-i",
            "aevalsrc=(0.2+0.45*lt(mod(t\\,2)\\,0.1))*lt(mod(t\\,0.5)\\,0.3)*(sin(2764*t)+0.6*sin(69115*t+1)):d=8:s=48000",
            "-c:a", "pcm_f32le", path,
        ])
        let mix = SoundMix(
            outputPath: folder.path("out.wav"),
            voices: [.init(path: path, startSeconds: 0, durationSeconds: 8, phones: nil)], loudness: -16)
        let facts = try mix.write()
        #expect(abs(facts.durationSeconds - 8) < 0.001)
        let meter = try Program.run(
            "ffmpeg",
            ["-nostdin", "-hide_banner", "-i", mix.outputPath, "-af", "ebur128=peak=true", "-f", "null", "-"])
        func measured(_ name: String) throws -> Double {
            let line = try #require(meter.errors.split(separator: "\n").last { $0.contains(name) })
            return try #require(line.split(separator: " ").compactMap { Double($0) }.first)
        }
        #expect(try measured("Peak:") <= -1.5)
        #expect(try measured("I:") > -17)
        // The quiet words between are as they were, only louder, and at their times.
        let before = try Self.samples(path)
        let after = try Self.samples(mix.outputPath)
        let word = Int(1.0 * 48_000)..<Int(1.25 * 48_000)
        let factor = after[word].reduce(0) { max($0, abs($1)) } / before[word].reduce(0) { max($0, abs($1)) }
        let difference = zip(before[word], after[word]).map { abs($1 - $0 * factor) }.max() ?? 1
        #expect(difference < 0.002)
    }

    @Test("Phones go into the file where all are known")
    func phones() throws {
        let folder = try TemporaryFolder()
        let tone = try Self.tone(folder, "a.wav", seconds: 1)
        let phones = [TimedPhone(phone: "AA", startSeconds: 0, endSeconds: 1)]
        func write(_ name: String, _ second: [TimedPhone]?) throws -> [TimedPhone]? {
            let mix = SoundMix(
                outputPath: folder.path(name),
                voices: [
                    .init(path: tone, startSeconds: 0.5, durationSeconds: 1, phones: phones),
                    .init(path: tone, startSeconds: 2, durationSeconds: 1, phones: second),
                ])
            _ = try mix.write()
            return EmbeddedPhones.read(folder.path(name))
        }
        #expect(try write("known.wav", phones)?.map(\.phone) == ["SIL", "AA", "SIL", "AA"])
        #expect(try write("unknown.wav", nil) == nil)
        // Other programs read the file as any other.
        try Program.ffmpeg(["-i", folder.path("known.wav"), folder.path("copy.flac")])
        let info = try AudioReader(folder.path("known.wav"))
        #expect(info.sampleRate == 48_000)
    }

    @Test("A mix that cannot be written leaves nothing behind")
    func fails() throws {
        let folder = try TemporaryFolder()
        let missing = SoundMix(
            outputPath: folder.path("out.wav"),
            voices: [.init(path: folder.path("missing"), startSeconds: 0, durationSeconds: 1, phones: nil)])
        #expect(throws: MediaError.self) { try missing.write() }
        #expect(folder.names == [])
        try "here".write(toFile: folder.path("out.wav"), atomically: true, encoding: .utf8)
        #expect(throws: MediaError.self) { try missing.write() }
        #expect(try String(contentsOfFile: folder.path("out.wav"), encoding: .utf8) == "here")
    }

    @Test("Nonsense in an order does not crash", arguments: [-5.0, 1e-9, 0, 7300])
    func nonsense(seconds: Double) throws {
        let folder = try TemporaryFolder()
        let tone = try Self.tone(folder, "a.wav", seconds: 0.2)
        let mix = SoundMix(
            outputPath: folder.path("out.wav"),
            voices: [.init(path: tone, startSeconds: seconds, durationSeconds: seconds == 0 ? 0 : 0.2, phones: nil)],
            loudness: -19)
        if seconds > 7000 {
            #expect(throws: MediaError.self) { try mix.write() }
        } else {
            _ = try mix.write()
        }
    }
}

import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Checks of sounds")
struct SoundCheckTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sound(_ path: String) throws -> MediaCheck.Sound {
        try #require(try MediaCheck(path, looksAt: .sound).sound)
    }

    /// A file of 16-bit samples as they are.
    private func file(_ samples: [Int16], rate: Int = 8000, channels: Int = 1) throws -> String {
        let raw = folder.path("raw-\(UUID()).s16")
        let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        try Data(bytes).write(to: URL(fileURLWithPath: raw))
        let path = raw + ".wav"
        try Program.ffmpeg([
            "-f", "s16le", "-ar", "\(rate)", "-ac", "\(channels)", "-i", raw, "-c:a", "pcm_s16le", path,
        ])
        return path
    }

    @Test("The share of clipped samples is exact, in one channel and in two")
    func clipped() throws {
        var samples = [Int16](repeating: 1000, count: 8000)
        for index in 0..<400 { samples[index * 2] = 32767 }
        for index in 4000..<4400 { samples[index] = -32768 }
        // As near to full scale as a sample can be without reaching it.
        for index in 5000..<5100 { samples[index] = 32760 }
        let mono = try sound(try file(samples))
        #expect(mono.clippedShare == 0.1)
        #expect(mono.durationSeconds == 1)
        #expect(mono.peakDecibels == 0)
        let stereo = try sound(try file(samples, channels: 2))
        #expect(stereo.clippedShare == 0.1)
        #expect(stereo.durationSeconds == 0.5)
    }

    @Test("The share of silence is exact, and noise below the threshold counts as silence")
    func silent() throws {
        // 0.3 s of nothing, 0.2 s of one step of 16 bits, 0.5 s of speech's level.
        let samples =
            [Int16](repeating: 0, count: 2400) + [Int16](repeating: 1, count: 1600)
            + (0..<4000).map { $0 % 2 == 0 ? 3000 : -3000 }
        let found = try sound(try file(samples))
        #expect(found.silentShare == 0.5)
        #expect(found.clippedShare == 0)
        #expect(found.peakDecibels == -20.8)
        #expect(found.waveform.count == 100)
        #expect(found.waveform.prefix(30).allSatisfy { $0 == 0 })
        #expect(found.waveform.suffix(50).allSatisfy { $0 == 0.092 })
    }

    @Test("Digital silence has no loudness and no peak")
    func nothing() throws {
        let found = try sound(try file([Int16](repeating: 0, count: 8000)))
        #expect(found.loudness == nil)
        #expect(found.peakDecibels == nil)
        #expect(found.silentShare == 1)
    }

    @Test(
        "A tone at -20 dB of full scale has -23 LUFS, at the meter's rate and at another", arguments: [48_000, 44_100])
    func loudness(rate: Int) throws {
        let samples = (0..<rate * 2).map { Int16(3276.7 * sin(2 * Double.pi * 997 * Double($0) / Double(rate))) }
        let loudness = try #require(try sound(try file(samples, rate: rate)).loudness)
        #expect(abs(loudness + 23) <= 0.1)
    }

    @Test("A waveform has at most 600 steps, and the peak of each")
    func waveform() throws {
        var samples = [Int16](repeating: 0, count: 8000 * 12)
        samples[8000 * 6] = 16384
        let found = try sound(try file(samples))
        #expect(found.waveform.count == 600)
        #expect(found.waveform.indices.filter { found.waveform[$0] > 0 } == [300])
        #expect(found.waveform[300] == 0.5)
    }

    @Test("The sound of a clip, a clip without sound, and no medium at all")
    func otherFiles() throws {
        let clip = folder.path("clip.mp4")
        try TestClips.portrait(clip, seconds: 0.8, sound: "sine=f=440:d=0.8")
        #expect(abs(try sound(clip).durationSeconds - 0.8) < 0.05)
        let mute = folder.path("mute.mp4")
        try TestClips.portrait(mute, seconds: 0.4)
        let check = try MediaCheck(mute, looksAt: .sound)
        #expect(check.sound == nil)
        #expect(!check.media.hasSound)
        #expect(throws: RenderFailure.self) { try MediaCheck(folder.path("none.wav"), looksAt: .sound) }
    }
}

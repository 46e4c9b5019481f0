import Foundation
import Media
import Testing

@Suite("Reading sound")
struct AudioReaderTests {
    static let formats: [(file: String, arguments: String)] = [
        ("a.wav", ""), ("a.wav", "-c:a pcm_f32le"), ("a.wav", "-c:a pcm_s24le"), ("a.w64", ""),
        ("a.mp3", "-b:a 192k"), ("a.m4a", "-b:a 192k"), ("a.aac", "-b:a 192k"), ("a.ogg", "-c:a libvorbis -b:a 192k"),
        ("a.ogg", "-c:a libopus -b:a 128k"), ("a.flac", ""), ("a.m4a", "-c:a alac"), ("a.aiff", ""), ("a.caf", ""),
        ("a.mkv", "-c:a libopus"), ("a.webm", "-c:a libopus"), ("a.mov", "-c:a pcm_s16le"), ("a.avi", "-c:a mp3"),
    ]

    /// Two seconds of 440 Hz; made stereo its effective level is a quarter of full scale.
    static let tone = "-f lavfi -i sine=f=440:r=48000:d=2,volume=4"

    @Test("Formats keep length and loudness", arguments: formats.indices)
    func format(index: Int) throws {
        let (file, arguments) = Self.formats[index]
        let folder = try TemporaryFolder()
        try ffmpeg(Self.tone, "-ac 2", arguments, output: folder.file(file))
        let reader = try AudioReader(folder.file(file))
        let samples = try allSamples(reader)
        #expect(reader.channelCount == 2)
        #expect(reader.sampleRate == 48000)
        #expect(abs(samples[0].count - 96000) <= 2500, "\(file) \(arguments): \(samples[0].count)")
        let middle = samples[0][20000..<80000]
        let level = (middle.reduce(0) { $0 + $1 * $1 } / Float(middle.count)).squareRoot()
        #expect(abs(level - 0.25) < 0.02, "\(file) \(arguments): \(level)")
        #expect(try reader.next() == nil)
    }

    @Test(
        "Rates: own if AAC has it, at most 48 kHz, or the one wanted",
        arguments: [8000, 11025, 22050, 37800, 44100, 96000])
    func rates(rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.wav")
        try ffmpeg("-f lavfi -i sine=r=\(rate):d=1", output: path)
        let reader = try AudioReader(path)
        #expect(reader.sampleRate == ([37800, 96000].contains(rate) ? 48000 : rate))
        #expect(abs(try allSamples(reader)[0].count - reader.sampleRate) <= 1)
        let analysis = try AudioReader(path, sampleRate: 16000, channelCount: 1)
        #expect(analysis.sampleRate == 16000)
        #expect(abs(try allSamples(analysis)[0].count - 16000) <= 1)
    }

    @Test("Down-mixing to one channel stays within full scale")
    func downmix() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.wav")
        for channels in [2, 6, 8] {
            try ffmpeg(
                "-f lavfi -i aevalsrc=\(Array(repeating: "0.95*sin(2*PI*300*t)", count: channels).joined(separator: "|")):s=48000:d=0.5",
                output: path)
            #expect(try AudioReader(path).channelCount == channels)
            let mono = try allSamples(try AudioReader(path, channelCount: 1))[0]
            let peak = mono.map(abs).max() ?? 0
            #expect(peak > 0.5, "\(channels) channels: \(peak)")
            #expect(peak <= 1.0, "\(channels) channels: \(peak)")
        }
    }

    @Test(
        "Of several tracks the one that is marked as the default is heard", arguments: ["mkv", "mp4", "mov"], [0, 1, 2])
    func defaultTrack(container: String, chosen: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a." + container)
        let tones = [300, 600, 1200]
        try ffmpeg(
            tones.map { "-f lavfi -i sine=f=\($0):r=48000:d=1" }.joined(separator: " "),
            "-map 0 -map 1 -map 2 -c:a aac -b:a 128k",
            (0..<3).map { "-disposition:a:\($0) \($0 == chosen ? "default" : "0")" }.joined(separator: " "),
            output: path)
        let samples = try allSamples(try AudioReader(path))[0][10_000..<40_000]
        let crossings = zip(samples, samples.dropFirst()).count { ($0 < 0) != ($1 < 0) }
        #expect(abs(Double(crossings) / 30_000 * 24_000 - Double(tones[chosen])) < 5, "\(crossings)")
    }

    @Test("A hole in the stream becomes silence")
    func hole() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mkv")
        try ffmpeg(
            "-f lavfi -i sine=f=440:r=48000:d=4", "-af aselect='not(between(t\\,1\\,2.5))' -c:a pcm_s16le", output: path
        )
        let samples = try allSamples(try AudioReader(path))[0]
        #expect(abs(samples.count - 192_000) < 2000)
        #expect(samples[60_000..<110_000].allSatisfy { $0 == 0 })
        #expect(samples[130_000..<180_000].contains { abs($0) > 0.1 })
    }

    @Test("Files without sound are refused")
    func noSound() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg(numberedSource(rate: "25"), "-frames:v 5 -c:v libx264", output: path)
        expectError(.audioInvalid) { _ = try AudioReader(path) }
        try "hello".write(toFile: folder.file("a.txt"), atomically: true, encoding: .utf8)
        expectError(.audioInvalid) { _ = try AudioReader(folder.file("a.txt")) }
        expectError(.fileUnreadable) { _ = try AudioReader(folder.file("missing.wav")) }
        try ffmpeg("-f lavfi -i sine=d=1", "-frames:a 0", output: folder.file("empty.wav"))
        // A track without a single packet is an empty sound, not a broken one.
        #expect(try AudioReader(folder.file("empty.wav")).next() == nil)
    }

    static let streamed: [(file: String, arguments: String)] = [
        ("a.webm", "-c:a libopus -live 1"), ("a.mkv", "-c:a pcm_s16le -live 1"), ("a.aac", "-c:a aac -q:a 2"),
        ("a.mp3", "-c:a libmp3lame -q:a 4 -write_xing 0"),
        ("a.mp4", "-c:a aac -movflags frag_keyframe+empty_moov+skip_trailer -frag_duration 500000"),
        ("a.flac", "-c:a flac"), ("a.wav", "-c:a pcm_s16le"), ("a.ogg", "-c:a libopus"),
    ]

    @Test("A sound without a length in its header is measured", arguments: streamed.indices)
    func unmeasured(index: Int) throws {
        let (file, arguments) = Self.streamed[index]
        let folder = try TemporaryFolder()
        let muxers = ["mkv": "matroska", "aac": "adts"]
        let muxer = file.dropFirst(2)
        // Into a pipe, so that nothing can be written into the header afterwards. Silence and noise have very different
        // bit rates, so that a guess by the first of them is wrong.
        try run(
            "sh",
            [
                "-c",
                "ffmpeg -v error -nostdin -f lavfi -i 'anoisesrc=d=9:r=48000:a=0.5,volume=0:enable=gt(t\\,4)' "
                    + "\(arguments) -f \(muxers[String(muxer)] ?? String(muxer)) - | cat > \(folder.file(file))",
            ])
        let info = try MediaProbe.inspect(folder.file(file))
        #expect(abs((info.audio?.durationSeconds ?? 0) - 9) < 0.06, "\(file): \(info.audio?.durationSeconds ?? -1)")
        #expect(abs(info.durationSeconds - (info.audio?.durationSeconds ?? -1)) < 0.1)
    }

    @Test("A clip without a length in its header, and its sound, are measured", arguments: ["webm", "mp4"])
    func unmeasuredClip(container: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a." + container)
        let codecs =
            container == "webm"
            ? "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus -live 1"
            : "-c:v libx264 -c:a aac -movflags frag_keyframe+empty_moov+skip_trailer -g 10"
        try ffmpeg(
            numberedSource(rate: "25"), "-f lavfi -i sine=r=48000:d=4", "-t 4", codecs, "-f \(container)", output: path)
        let info = try MediaProbe.inspect(path)
        // The encoder's run-up and its last, padded frame count, as they do in players.
        #expect(abs((info.audio?.durationSeconds ?? 0) - 4) < 0.1, "\(info.audio?.durationSeconds ?? -1)")
        #expect(abs((info.video?.durationSeconds ?? 0) - 4) < 0.001)
    }
}

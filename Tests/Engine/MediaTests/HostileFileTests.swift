import Foundation
import Media
import Testing

@Suite("Bad and hostile input")
struct HostileFileTests {
    @Test("Paths that are no readable file")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        for path in [
            folder.file("missing.mp4"), folder.path, "/dev/zero", "", "http://127.0.0.1:9/a.mp4", "concat:/etc/passwd",
        ] {
            expectError(.fileUnreadable) { _ = try MediaProbe.inspect(path) }
            expectError(.fileUnreadable) { _ = try VideoReader(path) }
        }
    }

    @Test("Files that are no media")
    func notMedia() throws {
        let folder = try TemporaryFolder()
        var noise: UInt64 = 3
        let contents: [Data] = [
            Data(), Data("just some words\n".utf8), Data(repeating: 0, count: 100_000),
            Data(
                (0..<200_000).map { _ -> UInt8 in
                    noise = noise &* 6_364_136_223_846_793_005 &+ 1
                    return UInt8(truncatingIfNeeded: noise >> 40)
                }),
        ]
        for (index, content) in contents.enumerated() {
            for name in ["\(index).mp4", "\(index).txt", "\(index).png"] {
                try content.write(to: URL(fileURLWithPath: folder.file(name)))
                expectError(.videoInvalid) { _ = try VideoReader(folder.file(name)) }
                expectError(.videoInvalid) { _ = try MediaProbe.inspect(folder.file(name)) }
            }
        }
    }

    @Test("A playlist in disguise opens nothing")
    func playlists() throws {
        let folder = try TemporaryFolder()
        let secret = folder.file("secret.mp4")
        try ffmpeg(numberedSource(rate: "25"), "-frames:v 5 -c:v libx264", output: secret)
        let lists = [
            "ffconcat version 1.0\nfile \(secret)\n",
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(secret)\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
            "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"></MPD>\n",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
            "[playlist]\nFile1=\(secret)\nNumberOfEntries=1\n", "file '\(secret)'\n",
        ]
        for list in lists {
            for name in ["list.mp4", "list.m3u8", "list.ffconcat", "list.mkv"] {
                try list.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
                expectError(.videoInvalid) { _ = try VideoReader(folder.file(name)) }
                expectError(.videoInvalid) { _ = try MediaProbe.inspect(folder.file(name)) }
            }
        }
    }

    @Test(
        "Names that look like protocols are plain names",
        arguments: ["concat:a.mp4", "http:a.mp4", "a%03d.mp4", "file:a.mp4"])
    func names(name: String) throws {
        let folder = try TemporaryFolder()
        let plain = folder.file("plain.mp4")
        try ffmpeg(numberedSource(rate: "25"), "-frames:v 5 -c:v libx264 -crf 5", output: plain)
        try FileManager.default.moveItem(atPath: plain, toPath: folder.file(name))
        #expect(try allFrames(try VideoReader(folder.file(name)), number) == [0, 1, 2, 3, 4])
    }

    @Test("Truncated files: without index refused, cut in the middle read as far as they go")
    func truncated() throws {
        let folder = try TemporaryFolder()
        for (name, flags, isReadable) in [
            ("late.mp4", "", false), ("early.mp4", "-movflags faststart", true), ("a.mkv", "", true),
            ("a.avi", "", true),
        ] {
            let path = folder.file(name)
            try ffmpeg(
                numberedSource(rate: "25", size: "320x240"), "-frames:v 90 -c:v libx264 -qp 2 -g 1 \(flags)",
                output: path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let cut = folder.file("cut-" + name)
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
            guard isReadable else {
                expectError(.videoInvalid) { _ = try VideoReader(cut) }
                continue
            }
            let reader = try VideoReader(cut)
            let numbers = try allFrames(reader, number)
            #expect(numbers.count > 10, "\(name): \(numbers.count)")
            #expect(numbers.count < 80, "\(name): \(numbers.count)")
            #expect(numbers == Array(0..<numbers.count), "\(name): \(numbers)")
            #expect(abs(reader.info.estimatedFrameCount - numbers.count) <= 3, "\(name)")
            #expect(abs((reader.info.announcedSeconds ?? 0) - 3.6) < 0.1, "\(name)")
            let announced = try VideoReader(path).info
            #expect(abs((announced.announcedSeconds ?? 0) - announced.durationSeconds) < 0.1, "\(name)")
        }
    }

    @Test(
        "A sound that was cut off tells how long it should have been",
        arguments: ["a.wav", "a.mp3", "a.m4a", "a.flac", "a.mkv", "a.aiff"])
    func cutSound(name: String) throws {
        let folder = try TemporaryFolder()
        try ffmpeg("-f lavfi -i anoisesrc=d=8:r=48000:a=0.1 -movflags faststart", output: folder.file(name))
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder.file("cut-" + name)))
        for (file, seconds) in [(name, 8.0), ("cut-" + name, 4.0)] {
            let reader = try AudioReader(folder.file(file))
            let read = Double(try allSamples(reader)[0].count) / 48_000
            #expect(abs(read - seconds) < 0.3, "\(file): \(read)")
            #expect(abs((reader.announcedSeconds ?? 0) - 8) < 0.1, "\(file): \(reader.announcedSeconds ?? -1)")
        }
        guard name == "a.wav" else { return }
        try run(
            "sh", ["-c", "ffmpeg -v error -f lavfi -i sine=d=1 -f wav - | cat > \(folder.file("stream.wav"))"])
        #expect(try AudioReader(folder.file("stream.wav")).announcedSeconds == nil)
    }

    @Test("Damage in the middle is skipped")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg("-f lavfi -i testsrc2=s=128x96:r=25:d=4", "-c:v libx264 -g 10 -pix_fmt yuv420p", output: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for position in stride(from: bytes.count / 3, to: bytes.count / 2, by: 7) { bytes[position] ^= 0x5A }
        try bytes.write(to: URL(fileURLWithPath: path))
        let reader = try VideoReader(path)
        #expect(try allFrames(reader, fingerprint).count > 40)
    }

    @Test("A video without a decodable picture")
    func zeroFrames() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg(numberedSource(rate: "25"), "-frames:v 30 -c:v libx264 -movflags faststart", output: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let start = try #require(bytes.range(of: Data("mdat".utf8))?.upperBound)
        for position in start..<bytes.count { bytes[position] = 0 }
        try bytes.write(to: URL(fileURLWithPath: path))
        expectError(.videoInvalid) { _ = try VideoReader(path).next() }
        try ffmpeg("-f lavfi -i sine=d=1", output: folder.file("sound.mp3"))
        expectError(.videoInvalid) { _ = try VideoReader(folder.file("sound.mp3")) }
        let info = try MediaProbe.inspect(folder.file("sound.mp3"))
        #expect(info.video == nil)
        #expect(info.audio?.codec == "mp3")
        #expect(!info.isStillImage)
    }

    @Test("A cover picture is not a video")
    func cover() throws {
        let folder = try TemporaryFolder()
        try ffmpeg("-f lavfi -i testsrc=s=64x64:d=1", "-frames:v 1", output: folder.file("cover.png"))
        try ffmpeg(
            "-f lavfi -i sine=d=1 -i \(folder.file("cover.png")) -map 0 -map 1 -c:v copy -disposition:v attached_pic",
            output: folder.file("a.mp3"))
        #expect(try MediaProbe.inspect(folder.file("a.mp3")).video == nil)
        // Beside a video it is none either, even where it is the first track.
        try ffmpeg(
            "-f lavfi -i color=c=white:s=96x64:d=0.2 -i \(folder.file("cover.png")) -map 1 -map 0 -c:v:0 copy -c:v:1 libx264",
            "-disposition:v:0 attached_pic -disposition:v:1 0", output: folder.file("a.mp4"))
        let info = try #require(try MediaProbe.inspect(folder.file("a.mp4")).video)
        #expect((info.codec, info.width) == ("h264", 96))
    }

    @Test("Sizes beyond the limits", arguments: ["20000x64", "4098x16", "64x4098", "4096x2162", "14x64", "64x15"])
    func sizes(size: String) throws {
        let folder = try TemporaryFolder()
        for (name, codec) in [("a.mkv", "ffv1 -pix_fmt yuv444p"), ("a.mov", "png -pix_fmt rgb24")] {
            let path = folder.file(name)
            try ffmpeg("-f lavfi -i nullsrc=s=\(size):r=25", "-frames:v 2 -c:v \(codec)", output: path)
            expectError(.resolutionUnsupported) { _ = try VideoReader(path) }
        }
    }

    @Test("The largest video sizes are accepted", arguments: ["4096x2160", "2160x4096", "16x16"])
    func largest(size: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg("-f lavfi -i nullsrc=s=\(size):r=25", "-frames:v 1 -c:v libx264 -preset ultrafast", output: path)
        #expect(try VideoReader(path).next() != nil)
    }

    /// A WAV file of floating-point samples of one channel, or of silence in 16 bits.
    private static func wave(_ path: String, sampleRate: Int, floats: [Float]? = nil, count: Int = 2000) throws {
        func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
        let width = floats == nil ? 2 : 4
        let samples =
            floats.map { $0.flatMap { number(Int($0.bitPattern), 4) } } ?? [UInt8](repeating: 0, count: count * width)
        let form =
            number(floats == nil ? 1 : 3, 2) + number(1, 2) + number(sampleRate, 4) + number(sampleRate * width, 4)
            + number(width, 2) + number(8 * width, 2)
        let bytes =
            Array("RIFF".utf8) + number(36 + samples.count, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + form
            + Array("data".utf8) + number(samples.count, 4) + samples
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test("Sample rates that no sound has", arguments: [1, 100, 3_999, 384_001, 100_000_000])
    func sampleRates(rate: Int) throws {
        let folder = try TemporaryFolder()
        try Self.wave(folder.file("a.wav"), sampleRate: rate)
        expectError(.audioInvalid) { _ = try MediaProbe.inspect(folder.file("a.wav")) }
        expectError(.audioInvalid) { _ = try AudioReader(folder.file("a.wav")) }
    }

    @Test("The slowest and the fastest sound", arguments: [4_000, 384_000])
    func outermostRates(rate: Int) throws {
        let folder = try TemporaryFolder()
        try Self.wave(folder.file("a.wav"), sampleRate: rate, count: rate)
        #expect(try MediaProbe.inspect(folder.file("a.wav")).durationSeconds == 1)
        let reader = try AudioReader(folder.file("a.wav"))
        #expect(reader.sampleRate == 48_000)
        #expect(abs(try allSamples(reader)[0].count - 48_000) <= 1)
    }

    @Test("A video whose sound has no possible rate is a silent video")
    func rateBesidePictures() throws {
        let folder = try TemporaryFolder()
        try Self.wave(folder.file("a.wav"), sampleRate: 10)
        let path = folder.file("a.mkv")
        try ffmpeg(
            numberedSource(rate: "25"), "-i \(folder.file("a.wav")) -frames:v 5 -c:v libx264 -c:a copy", output: path)
        let info = try MediaProbe.inspect(path)
        #expect(info.video != nil)
        #expect(info.audio == nil)
        #expect(try VideoReader(path).audio == nil)
        expectError(.audioInvalid) { _ = try AudioReader(path) }
    }

    @Test("Samples that are no numbers become silence, and too many of them are refused")
    func noNumbers() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.wav")
        let tone = (0..<48_000).map { Float(sin(Double($0) * 0.1)) / 2 }
        for bad in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 2_000] {
            var samples = tone
            for index in stride(from: 10_000, to: 20_000, by: 10) { samples[index] = bad }
            try Self.wave(path, sampleRate: 48_000, floats: samples)
            let reader = try AudioReader(path)
            let read = try allSamples(reader)[0]
            #expect(read.count == 48_000, "\(bad)")
            #expect(read.allSatisfy { abs($0) <= 0.5 }, "\(bad)")
            #expect(reader.isDamaged)
            // At another rate the neighbours stay as they were.
            let resampled = try allSamples(try AudioReader(path, sampleRate: 16_000, channelCount: 1))[0]
            #expect(resampled.allSatisfy { abs($0) < 1 })
            #expect(resampled[10_000...].contains { abs($0) > 0.45 })
            for index in stride(from: 0, to: 48_000, by: 5) { samples[index] = bad }
            try Self.wave(path, sampleRate: 48_000, floats: samples)
            expectError(.audioInvalid) { _ = try allSamples(try AudioReader(path)) }
        }
        try Self.wave(path, sampleRate: 48_000, floats: tone)
        let whole = try AudioReader(path)
        _ = try allSamples(whole)
        #expect(!whole.isDamaged)
    }

    @Test("Frames that are shown, and sounds that are left out, for more than a minute", arguments: ["mp4", "mkv"])
    func longGaps(container: String) throws {
        let folder = try TemporaryFolder()
        for (seconds, isRefused) in [(50, false), (2185, true)] {
            let clip = folder.file("\(seconds).\(container)")
            try ffmpeg(
                numberedSource(rate: "25"), "-vf setpts='if(gte(N,20),\(seconds)+N/25,N/25)/TB'",
                "-frames:v 40 -fps_mode vfr -c:v libx264", output: clip)
            let sound = folder.file("\(seconds)-sound.\(container)")
            try ffmpeg(
                "-f lavfi -i sine=r=48000:d=2 -af asetpts='if(gte(T,1),PTS+\(seconds)/TB,PTS)' -c:a flac -strict -2",
                output: sound)
            guard isRefused else {
                #expect(try MediaProbe.inspect(clip).durationSeconds > 50)
                #expect(abs(try allSamples(try AudioReader(sound))[0].count - 52 * 48_000) < 5_000)
                continue
            }
            expectError(.videoInvalid) { _ = try MediaProbe.inspect(clip) }
            expectError(.videoInvalid) { _ = try VideoReader(clip) }
            expectError(.audioInvalid) { _ = try allSamples(try AudioReader(sound)) }
            if container == "mp4" { expectError(.audioInvalid) { _ = try MediaProbe.inspect(sound) } }
        }
    }

    @Test("A long packet of sound is converted in small portions")
    func largePacket() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mkv")
        // One packet of 50 s: at the output's rate and in floating point it would be 48 times as large.
        try ffmpeg(
            "-f lavfi -i anullsrc=r=4000:cl=mono:d=50 -af asetnsamples=200000 -c:a pcm_u8", output: path)
        let reader = try AudioReader(path)
        let first = try #require(try reader.next())
        #expect(first.frameCount == 4_800)
        #expect(reader.waitingSampleCount < 16_384 * 12)
        #expect(try allSamples(reader)[0].count + 4_800 == 2_400_000)
    }
}

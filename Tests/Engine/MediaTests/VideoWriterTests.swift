import Foundation
import Glibc
import Media
import Testing

@Suite("Writing video")
struct VideoWriterTests {
    static func settings(_ rate: Rational = Rational(25), width: Int = 64, height: Int = 48) -> VideoOutputSettings {
        VideoOutputSettings(width: width, height: height, frameRate: rate, preset: "veryfast")
    }

    static func grey(_ number: Int, width: Int = 64, height: Int = 48) throws -> VideoFrame {
        let frame = try VideoFrame(width: width, height: height)
        let luma = frame.luma
        for row in 0..<height {
            (luma.base + row * luma.stride).update(repeating: UInt8(16 + number % 100 * 2), count: width)
        }
        return frame
    }

    static func noise(_ count: Int, seed: UInt64 = 5) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max) * 0.5
        }
    }

    @Test("Counts, order and rate survive a round trip", arguments: FrameGridTests.rates)
    func roundTrip(rate: Rational) throws {
        let folder = try TemporaryFolder()
        for count in [1, 2, 3, 40, 99] {
            let path = folder.file("\(count).mp4")
            let writer = try VideoWriter(path, video: Self.settings(rate), audio: nil)
            for number in 0..<count { try writer.append(try Self.grey(number)) }
            try writer.finish()
            let reader = try VideoReader(path)
            #expect(try allFrames(reader, number) == Array(0..<count))
            #expect(reader.info.frameRate == rate)
            #expect(!reader.info.isVariableFrameRate)
            #expect(reader.info.estimatedFrameCount == count)
            #expect(reader.info.startSeconds == 0)
            let stated = try run(
                "ffprobe",
                [
                    "-v", "error", "-show_entries", "stream=avg_frame_rate,r_frame_rate,nb_frames", "-of", "csv=p=0",
                    path,
                ])
            #expect(stated.split(separator: "\n").first.map(String.init) == "\(rate),\(rate),\(count)")
        }
    }

    @Test("The index stands at the front, and a frame may be appended again")
    func faststart() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        let writer = try VideoWriter(path, video: Self.settings(), audio: nil)
        let frame = try Self.grey(33)
        for _ in 0..<10 { try writer.append(frame) }
        try writer.finish()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let index = try #require(bytes.range(of: Data("moov".utf8)))
        let media = try #require(bytes.range(of: Data("mdat".utf8)))
        #expect(index.lowerBound < media.lowerBound)
        #expect(try allFrames(try VideoReader(path), number) == Array(repeating: 33, count: 10))
    }

    @Test("Sound stands where it was put, to the millisecond", arguments: [16000, 44100, 48000])
    func alignment(rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        let count = rate * 3 + 77
        // Clicks in noise: the correlation has one sharp peak.
        let sound = Self.noise(count)
        let writer = try VideoWriter(
            path, video: Self.settings(), audio: AudioOutputSettings(sampleRate: rate, channelCount: 2))
        var position = 0
        var block = 1
        for index in 0..<75 {
            try writer.append(try Self.grey(index))
            while position < min(count, (index + 1) * rate / 25) {
                block = block * 7 % 4999 + 1
                let end = min(position + block, count)
                try writer.append(AudioBlock(samples: [Array(sound[position..<end]), Array(sound[position..<end])]))
                position = end
            }
        }
        if position < count {
            try writer.append(AudioBlock(samples: [Array(sound[position...]), Array(sound[position...])]))
        }
        try writer.finish()
        let reader = try AudioReader(path)
        #expect(reader.sampleRate == rate)
        #expect(reader.channelCount == 2)
        #expect(try MediaProbe.inspect(path).audio?.startSeconds == 0)
        let back = try allSamples(reader)[0]
        #expect(abs(back.count - count) <= 1024)
        let start = rate
        let window = rate / 2
        func correlation(_ lag: Int) -> Float {
            (0..<window).reduce(Float(0)) { $0 + sound[start + $1] * back[start + lag + $1] }
        }
        let best = (-1200...1200).max { correlation($0) < correlation($1) }
        #expect(abs(best ?? 9999) * 1000 < rate, "off by \(best ?? 9999) samples")
        #expect(best == 0)
    }

    @Test("The same frames give the same bytes")
    func deterministic() throws {
        let folder = try TemporaryFolder()
        let source = folder.file("source.mp4")
        try ffmpeg("-f lavfi -i testsrc2=s=320x240:r=25:d=2", "-c:v libx264 -pix_fmt yuv420p", output: source)
        for name in ["a.mp4", "b.mp4"] {
            let reader = try VideoReader(source)
            let writer = try VideoWriter(
                folder.file(name), video: Self.settings(width: 320, height: 240),
                audio: AudioOutputSettings(sampleRate: 16000, channelCount: 1))
            while let frame = try reader.next() { try writer.append(frame) }
            try writer.append(AudioBlock(samples: [Self.noise(32000)]))
            try writer.finish()
        }
        let files = try ["a.mp4", "b.mp4"].map { try Data(contentsOf: URL(fileURLWithPath: folder.file($0))) }
        #expect(files[0] == files[1])
    }

    @Test("Colour tags and pixel aspect are carried")
    func tags() throws {
        let folder = try TemporaryFolder()
        let colors = [
            ColorDescription(matrix: "bt709", primaries: "bt709", transfer: "bt709"),
            ColorDescription(isFullRange: true, matrix: "smpte170m", primaries: "smpte170m", transfer: "smpte170m"),
            ColorDescription(),
            ColorDescription(
                matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", isHighDynamicRange: true),
            ColorDescription(isFullRange: true, matrix: "gbr"),
        ]
        for (index, color) in colors.enumerated() {
            var settings = Self.settings()
            settings.color = color
            settings.sampleAspectRatio = Rational(16, 11)
            let path = folder.file("\(index).mp4")
            let writer = try VideoWriter(path, video: settings, audio: nil)
            try writer.append(try Self.grey(5))
            try writer.finish()
            let info = try VideoReader(path).info
            #expect(info.color == color.delivered)
            #expect(info.sampleAspectRatio == Rational(16, 11))
        }
    }

    @Test("Sound first or picture first, the file is whole")
    func interleaving() throws {
        let folder = try TemporaryFolder()
        for soundFirst in [true, false] {
            let path = folder.file("a.mp4")
            let writer = try VideoWriter(
                path, video: Self.settings(), audio: AudioOutputSettings(sampleRate: 16000, channelCount: 1))
            let sound = AudioBlock(samples: [Self.noise(16000 * 30)])
            if soundFirst { try writer.append(sound) }
            for number in 0..<750 { try writer.append(try Self.grey(number)) }
            if !soundFirst { try writer.append(sound) }
            try writer.finish()
            #expect(try allFrames(try VideoReader(path), number) == (0..<750).map { $0 % 100 })
            #expect(abs(try allSamples(try AudioReader(path))[0].count - 480_000) <= 1024)
        }
    }

    @Test("An unfinished file is deleted")
    func unfinished() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        var writer: VideoWriter? = try VideoWriter(path, video: Self.settings(), audio: nil)
        try writer?.append(try Self.grey(1))
        #expect(FileManager.default.fileExists(atPath: path))
        writer?.cancel()
        #expect(!FileManager.default.fileExists(atPath: path))
        expectError(.encodingFailed) { try writer?.append(try Self.grey(1)) }
        writer = try VideoWriter(path, video: Self.settings(), audio: nil)
        writer = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("Output that cannot be written")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.file("plain")))
        for path in [folder.file("no/such/a.mp4"), folder.path, folder.file("plain/a.mp4"), "/proc/a.mp4"] {
            expectError(.outputUnwritable) { _ = try VideoWriter(path, video: Self.settings(), audio: nil) }
        }
        #expect(FileManager.default.fileExists(atPath: folder.path))
        expectError(.encodingFailed) {
            _ = try VideoWriter(folder.file("odd.mp4"), video: Self.settings(width: 65), audio: nil)
        }
        expectError(.encodingFailed) {
            let audio = AudioOutputSettings(sampleRate: 12345, channelCount: 1)
            _ = try VideoWriter(folder.file("rate.mp4"), video: Self.settings(), audio: audio)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plain"])
    }

    @Test("A full disk is said so", arguments: [40, 400])
    func diskFull(kibibytes: Int) throws {
        let folder = try TemporaryFolder()
        let disk = folder.file("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard mount("none", disk, "tmpfs", 0, "size=\(kibibytes)k") == 0 else {
            // Without the right to mount there is no small disk to fill; a device that is always full must do.
            expectError(.diskFull) { try Self.fill("/dev/full") }
            return
        }
        defer { umount(disk) }
        expectError(.diskFull) { try Self.fill(disk + "/a.mp4") }
        #expect(!FileManager.default.fileExists(atPath: disk + "/a.mp4"))
    }

    static func fill(_ path: String) throws {
        var settings = Self.settings(width: 320, height: 240)
        settings.constantRateFactor = 5
        let writer = try VideoWriter(path, video: settings, audio: nil)
        var state: UInt64 = 9
        for _ in 0..<60 {
            let frame = try VideoFrame(width: 320, height: 240)
            for row in 0..<240 {
                for column in 0..<320 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1
                    frame.luma.base[row * frame.luma.stride + column] = UInt8(16 + (state >> 33) % 220)
                }
            }
            try writer.append(frame)
        }
        try writer.finish()
    }
}

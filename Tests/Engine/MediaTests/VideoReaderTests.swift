import Foundation
import Media
import Testing

@Suite("Reading video")
struct VideoReaderTests {
    @Test(
        "Every source frame comes exactly once, in order",
        arguments: ["24000/1001", "25", "30000/1001", "30", "60"], ["mp4", "mkv", "mov", "avi"])
    func constantRate(rate: String, container: String) throws {
        let folder = try TemporaryFolder()
        let encoding = "-c:v libx264 -crf 5 -bf 2 -g 30 -pix_fmt yuv420p"
        func path(_ count: Int) -> String { folder.file("\(count).\(container)") }
        // One run makes all files: the program takes longer to start than to encode.
        try ffmpeg(
            numberedSource(rate: rate), "-frames:v 1 \(encoding) \(path(1)) -frames:v 2 \(encoding) \(path(2))",
            "-frames:v 7 \(encoding) \(path(7)) -frames:v 90 \(encoding)", output: path(90))
        for count in [1, 2, 7, 90] {
            let reader = try VideoReader(path(count))
            #expect(try allFrames(reader, number) == Array(0..<count))
            #expect(reader.info.estimatedFrameCount == count)
            #expect(!reader.info.isVariableFrameRate)
            if count > 7 { #expect(reader.info.frameRate.description == (rate.contains("/") ? rate : rate + "/1")) }
        }
    }

    static let codecs: [(name: String, file: String, arguments: String)] = [
        ("HEVC", "a.mp4", "-c:v libx265 -x265-params log-level=none -crf 8"),
        ("VP9", "a.webm", "-c:v libvpx-vp9 -crf 10 -b:v 0 -deadline realtime -cpu-used 8"),
        ("VP8", "a.webm", "-c:v libvpx -crf 4 -b:v 2M -deadline realtime"),
        ("AV1", "a.mp4", "-c:v libsvtav1 -preset 12 -crf 10"),
        ("MPEG-2 program stream", "a.mpg", "-c:v mpeg2video -q:v 2 -bf 2"),
        ("MPEG-2 transport stream", "a.ts", "-c:v mpeg2video -q:v 2 -bf 2"),
        ("MPEG-1", "a.mpg", "-c:v mpeg1video -q:v 2"),
        ("MPEG-2 raw", "a.m2v", "-c:v mpeg2video -q:v 2 -bf 2"),
        ("MPEG-4 in AVI with B-frames", "a.avi", "-c:v mpeg4 -q:v 2 -bf 2"),
        ("Motion JPEG", "a.avi", "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p"),
        ("ProRes", "a.mov", "-c:v prores_ks"),
        ("fragmented H.264", "a.mp4", "-c:v libx264 -crf 5 -movflags frag_keyframe+empty_moov -g 12"),
    ]

    private static let encoders = Result { try run("ffmpeg", ["-v", "quiet", "-encoders"]) }

    @Test("Codecs and containers", arguments: codecs.indices)
    func codec(index: Int) throws {
        let (name, file, arguments) = Self.codecs[index]
        let encoder = String(arguments.split(separator: " ")[1])
        guard try Self.encoders.get().contains(" \(encoder) ") else { return }
        let folder = try TemporaryFolder()
        try ffmpeg(numberedSource(rate: "25", size: "128x96"), arguments, "-frames:v 60", output: folder.file(file))
        let reader = try VideoReader(folder.file(file))
        let numbers = try allFrames(reader, number)
        #expect(numbers.count == 60, "\(name)")
        #expect(zip(numbers, 0...).allSatisfy { abs($0 - $1) <= 1 }, "\(name): \(numbers)")
        #expect(reader.info.frameRate == Rational(25), "\(name)")
        #expect(abs(reader.info.estimatedFrameCount - 60) <= 1, "\(name): \(reader.info.estimatedFrameCount)")
        #expect(reader.damagedPacketCount == 0, "\(name)")
    }

    @Test("A video that begins late begins with its first picture")
    func lateStart() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mkv")
        try ffmpeg(
            numberedSource(rate: "30000/1001"), "-frames:v 40 -c:v libx264 -crf 5 -output_ts_offset 3.7", output: path)
        let reader = try VideoReader(path)
        #expect(abs(reader.info.startSeconds - 3.7) < 0.01)
        #expect(try allFrames(reader, number) == Array(0..<40))
    }

    @Test(
        "A variable rate loses no frame and keeps its length to half a frame, with reordered pictures and without",
        arguments: ["mp4", "mkv", "webm"], ["grid", "jitter"])
    func variableRate(container: String, kind: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.\(container)")
        let codec =
            container == "webm"
            ? "-c:v libvpx -deadline realtime -cpu-used 8 -crf 4 -b:v 4M" : "-c:v libx264 -crf 5 -bf 2"
        // Frames of a grid of which more than half are left out, or times that lie on none.
        let filter =
            kind == "grid"
            ? "select='not(mod(n\\,7)*mod(n\\,5)*gt(mod(n\\,3)\\,0))'"
            : "settb=1/90000,setpts='(N/30+0.012*sin(N*N))/TB'"
        try ffmpeg(
            numberedSource(rate: "30"),
            "\(kind == "grid" ? "-t 3.3" : "-frames:v 99") -vf \(filter) -enc_time_base 1:90000 -fps_mode passthrough \(codec)",
            output: path)
        let sources =
            kind == "grid"
            ? (0..<99).filter { $0 % 7 == 0 || $0 % 5 == 0 || $0 % 3 == 0 } : Array(0..<99)
        let reader = try VideoReader(path)
        #expect(reader.info.isVariableFrameRate)
        if kind == "grid" { #expect(reader.info.frameRate == Rational(30)) }
        #expect((29...60).contains(reader.info.frameRate.value), "\(reader.info.frameRate)")
        let numbers = try allFrames(reader, number)
        #expect(abs(reader.info.estimatedFrameCount - numbers.count) <= 1)
        #expect(numbers.indices.filter { $0 == 0 || numbers[$0 - 1] != numbers[$0] }.map { numbers[$0] } == sources)
        for (index, number) in numbers.enumerated() where index == 0 || numbers[index - 1] != number {
            let due = Double(number) / 30
            let shown = Double(index) * reader.info.frameRate.inverse.value
            #expect(abs(shown - due) < 0.06, "\(container) \(kind): \(number) at \(shown)")
        }
        #expect(abs(Double(numbers.count) * reader.info.frameRate.inverse.value - 3.3) < 0.06)
        for index in [numbers.count - 1, 40, 7, 41, 0] {
            try reader.seek(toFrame: index)
            #expect(try reader.next().map(number) == numbers[index], "\(container) \(kind) \(index)")
        }
    }

    @Test("Rotation and mirroring are applied", arguments: [0, 90, 180, 270])
    func rotation(degrees: Int) throws {
        let folder = try TemporaryFolder()
        let flat = folder.file("flat.mp4")
        let turned = folder.file("turned.mp4")
        // Bright quarter at the top left.
        try ffmpeg(
            "-f lavfi -i color=c=black:s=96x64:r=25,drawbox=0:0:48:32:white:fill",
            "-frames:v 5 -c:v libx264 -crf 5 -pix_fmt yuv420p", output: flat)
        try ffmpeg("-i \(flat) -c copy -metadata:s:v:0 rotate=\((360 - degrees) % 360)", output: turned)
        let reader = try VideoReader(turned)
        let frame = try #require(try reader.next())
        let turns = (360 - reader.info.rotationDegrees) % 360
        #expect(reader.info.rotationDegrees == degrees || turns == degrees)
        #expect((frame.width, frame.height) == (degrees % 180 == 0 ? (96, 64) : (64, 96)))
        #expect((reader.info.width, reader.info.height) == (frame.width, frame.height))
        // Compared with what the ffmpeg program shows.
        let shown = folder.file("shown.png")
        try ffmpeg("-i \(turned) -frames:v 1", output: shown)
        let expected = try #require(try VideoReader(shown).next())
        #expect((expected.width, expected.height) == (frame.width, frame.height))
        for rows in [4..<20, frame.height - 20..<frame.height - 4] {
            for columns in [4..<20, frame.width - 20..<frame.width - 4] {
                let difference =
                    mean(frame.luma, columns: columns, rows: rows) - mean(expected.luma, columns: columns, rows: rows)
                #expect(abs(difference) < 6)
            }
        }
    }

    @Test("Odd sizes are cropped to even", arguments: ["65x49", "64x49", "65x48"])
    func oddSize(size: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mkv")
        try ffmpeg("-f lavfi -i testsrc=s=\(size):r=25", "-frames:v 3 -c:v ffv1 -pix_fmt yuv420p", output: path)
        let reader = try VideoReader(path)
        #expect((reader.info.width, reader.info.height) == (64, 48))
        #expect(reader.info.codedWidth == Int(size.prefix(2)))
        let frames = try allFrames(reader) { ($0.width, $0.height) }
        #expect(frames.count == 3)
        #expect(frames.allSatisfy { $0 == (64, 48) })
    }

    @Test(
        "Every pixel format becomes 8-bit 4:2:0 with the same colours",
        arguments: ["yuv444p", "yuv422p10le", "yuv420p10le", "rgb24", "gray", "yuva420p", "gbrp", "nv12", "rgba64le"])
    func pixelFormats(format: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mkv")
        try ffmpeg(
            "-f lavfi -i color=c=0x808080:s=64x48:r=25", "-frames:v 2",
            format == "nv12" ? "-c:v rawvideo" : "-c:v ffv1", "-pix_fmt \(format)", output: path)
        let reader = try VideoReader(path)
        let frame = try #require(try reader.next())
        let expected = frame.isFullRange ? 128.0 : 126.0
        #expect(abs(mean(frame.luma, columns: 0..<64, rows: 0..<48) - expected) <= 2)
        #expect(abs(mean(frame.blueChroma, columns: 0..<32, rows: 0..<24) - 128) <= 1)
        #expect(abs(mean(frame.redChroma, columns: 0..<32, rows: 0..<24) - 128) <= 1)
    }

    @Test(
        "Transparent parts become white, the rest keeps its colours",
        arguments: [
            ("a.webm", "-c:v libvpx-vp9 -pix_fmt yuva420p -lossless 1"),
            ("a.mkv", "-c:v libvpx-vp9 -pix_fmt yuva420p -lossless 1"),
            ("a.webm", "-c:v libvpx -pix_fmt yuva420p -auto-alt-ref 0 -crf 4 -b:v 4M"),
            ("a.mov", "-c:v prores_ks -pix_fmt yuva444p10le"), ("a.mov", "-c:v qtrle -pix_fmt argb"),
            ("a.mkv", "-c:v ffv1 -pix_fmt yuva420p"),
        ], ["bt709", "smpte170m"])
    func transparency(codec: (file: String, arguments: String), matrix: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file(codec.file)
        // Of a strong orange the left third is cut away, the middle one lets half of the light through.
        let alpha = "geq=r=200:g=100:b=40:a='if(lt(X,32),0,if(lt(X,64),128,255))'"
        let colors = matrix == "bt709" ? "bt709" : "smpte170m"
        let form = codec.arguments.components(separatedBy: "-pix_fmt ")[1].prefix { $0 != " " }
        try ffmpeg(
            "-f lavfi -i color=c=black:s=96x64:r=25,format=rgba,\(alpha),scale=out_color_matrix=\(colors):out_range=tv,format=\(form)",
            "-frames:v 6 \(codec.arguments) -colorspace \(matrix) -color_primaries \(matrix) -color_trc \(matrix)",
            output: path)
        let reader = try VideoReader(path)
        // Written as one picture without the transparency, by another program: what opaque parts look like.
        try ffmpeg(
            "-f lavfi -i color=c=0xC86428:s=96x64:r=25,format=rgb24,scale=out_color_matrix=\(colors):out_range=tv,format=yuv420p",
            "-frames:v 1 -c:v ffv1 -colorspace \(matrix)", output: folder.file("opaque.mkv"))
        let opaque = try #require(try VideoReader(folder.file("opaque.mkv")).next())
        var count = 0
        while let frame = try reader.next() {
            count += 1
            #expect(mean(frame.luma, columns: 4..<28, rows: 4..<60) > 232)
            #expect(abs(mean(frame.redChroma, columns: 2..<14, rows: 2..<30) - 128) < 2)
            guard frame.matrix == matrix else { continue }
            for (shown, expected) in [
                (frame.luma, opaque.luma), (frame.blueChroma, opaque.blueChroma), (frame.redChroma, opaque.redChroma),
            ] {
                let scale = shown.width / 48
                let value = mean(expected, columns: 36 * scale..<46 * scale, rows: 2 * scale..<30 * scale)
                let found = mean(shown, columns: 36 * scale..<46 * scale, rows: 2 * scale..<30 * scale)
                #expect(abs(found - value) < 4, "\(codec) \(matrix)")
            }
            let half = mean(frame.luma, columns: 36..<60, rows: 4..<60)
            let solid = mean(frame.luma, columns: 68..<92, rows: 4..<60)
            #expect(abs(half - (solid + 235) / 2) < 4, "\(codec) \(matrix): \(half)")
        }
        #expect(count == 6)
        try reader.seek(toFrame: 4)
        let again = try #require(try reader.next())
        #expect(mean(again.luma, columns: 4..<28, rows: 4..<60) > 232)
    }

    @Test("Full range and the matrix are kept")
    func range() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg(
            "-f lavfi -i color=c=white:s=64x48:r=25,format=yuvj420p",
            "-frames:v 2 -c:v libx264 -crf 5 -pix_fmt yuvj420p",
            "-colorspace bt709 -color_primaries bt709 -color_trc bt709", output: path)
        let reader = try VideoReader(path)
        #expect(reader.info.color.isFullRange)
        #expect(reader.info.color.matrix == "bt709")
        let frame = try #require(try reader.next())
        #expect(frame.isFullRange)
        #expect(frame.matrix == "bt709")
        #expect(mean(frame.luma, columns: 0..<64, rows: 0..<48) > 253)
    }

    @Test("High dynamic range becomes standard", arguments: ["smpte2084", "arib-std-b67"])
    func highDynamicRange(transfer: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mkv")
        try ffmpeg(
            "-f lavfi -i color=c=0x808080:s=64x48:r=25,format=yuv420p10le",
            "-frames:v 2 -c:v libx265 -x265-params log-level=none:colorprim=bt2020:transfer=\(transfer):colormatrix=bt2020nc",
            "-color_primaries bt2020 -color_trc \(transfer) -colorspace bt2020nc", output: path)
        let reader = try VideoReader(path)
        #expect(reader.info.color.isHighDynamicRange)
        #expect(reader.info.color.transfer == transfer)
        #expect(!reader.info.color.delivered.isHighDynamicRange)
        let frame = try #require(try reader.next())
        #expect(frame.matrix == "bt709")
        #expect(!frame.isFullRange)
        let grey = mean(frame.luma, columns: 0..<64, rows: 0..<48)
        #expect(grey > 40)
        #expect(grey < 220)
    }

    /// The code of a luminance in ten bits of limited range, by ITU-R BT.2100; HLG for a screen of 1000 nits.
    private static func code(nits: Double, transfer: String) -> Int {
        let signal: Double
        if transfer == "smpte2084" {
            let power = pow(nits / 10_000, 0.1593017578125)
            signal = pow((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power), 78.84375)
        } else {
            let light = pow(nits / 1000, 1 / 1.2)
            signal =
                light <= 1.0 / 12 ? (3 * light).squareRoot() : 0.17883277 * log(12 * light - 0.28466892) + 0.55991073
        }
        return Int((64 + 876 * signal).rounded())
    }

    @Test(
        "White of high dynamic range stays white, skin stays as Hable's curve has it, highlights keep their order",
        arguments: ["smpte2084", "arib-std-b67"], [true, false])
    func toneCurve(transfer: String, tellsPrimaries: Bool) throws {
        let folder = try TemporaryFolder()
        func shown(_ nits: Double) throws -> Double {
            let path = folder.file("\(nits).mkv")
            let code = Self.code(nits: nits, transfer: transfer)
            try ffmpeg(
                "-f lavfi -i color=c=black:s=64x48:r=25,format=yuv420p10le,geq=lum=\(code):cb=512:cr=512 -frames:v 1",
                "-c:v ffv1 -color_range tv -color_trc \(transfer)",
                tellsPrimaries ? "-color_primaries bt2020 -colorspace bt2020nc" : "", output: path)
            let frame = try #require(try VideoReader(path).next())
            #expect(abs(mean(frame.redChroma, columns: 0..<32, rows: 0..<24) - 128) < 1)
            return (mean(frame.luma, columns: 0..<64, rows: 0..<48) - 16) * 255 / 219
        }
        let white = try shown(203)
        #expect(white >= 230, "\(white)")
        #expect(white <= 240, "\(white)")
        // What FFmpeg's filter tonemap=hable gives: shadows, dark and light skin.
        for (nits, value) in [(5.0, 50.0), (20, 87), (40, 114), (60, 133), (80, 147), (100, 157)] {
            let found = try shown(nits)
            #expect(abs(found - value) <= 0.05 * value, "\(nits) nits: \(found)")
        }
        let rising = try [100, 120, 150, 180, 203, 250, 300, 400, 600, 800, 1000].map(shown)
        for (low, high) in zip(rising, rising.dropFirst()) { #expect(high - low >= 1, "\(rising)") }
        #expect(rising.last.map { $0 <= 255.5 } == true)
    }

    @Test("Pixel aspect is reported, upright")
    func aspect() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg("-f lavfi -i color=s=64x48:r=25,setsar=16/11", "-frames:v 2 -c:v libx264", output: path)
        #expect(try VideoReader(path).info.sampleAspectRatio == Rational(16, 11))
    }

    @Test("A size that changes midway is scaled to the first one")
    func sizeChange() throws {
        let folder = try TemporaryFolder()
        var joined = Data()
        for (name, size) in [("a.ts", "128x96"), ("b.ts", "64x48")] {
            try ffmpeg(
                numberedSource(rate: "25", size: size), "-frames:v 20 -c:v mpeg2video -q:v 2",
                name == "a.ts" ? "" : "-output_ts_offset 0.8", output: folder.file(name))
            joined += try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
        }
        let path = folder.file("joined.ts")
        try joined.write(to: URL(fileURLWithPath: path))
        let reader = try VideoReader(path)
        let frames = try allFrames(reader) { ($0.width, $0.height) }
        #expect(frames.count >= 38)
        #expect(frames.allSatisfy { $0 == (128, 96) })
    }

    @Test("Frames can be changed without disturbing the decoder")
    func writable() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25", "-frames:v 20 -c:v libx264 -g 20", output: path)
        let untouched = try allFrames(try VideoReader(path), fingerprint)
        let reader = try VideoReader(path)
        var index = 0
        while let frame = try reader.next() {
            #expect(fingerprint(frame) == untouched[index])
            let twin = try frame.copy()
            try frame.makeWritable()
            #expect(fingerprint(frame) == untouched[index])
            for row in 0..<48 { (frame.luma.base + row * frame.luma.stride).update(repeating: 0, count: 64) }
            #expect(fingerprint(twin) == untouched[index])
            index += 1
        }
        #expect(index == 20)
    }
}

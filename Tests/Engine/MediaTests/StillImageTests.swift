import Foundation
import Media
import Testing

@Suite("Still images")
struct StillImageTests {
    /// A picture of 96 by 64 with a bright quarter at the top left.
    static let source = "-f lavfi -i color=c=black:s=96x64,format=rgb24,drawbox=0:0:48:32:white:fill"

    static func write(_ path: String) throws {
        try ffmpeg(source, "-frames:v 1", path.hasSuffix("webp") ? "-c:v libwebp -quality 95" : "-q:v 2", output: path)
    }

    /// A TIFF structure with the orientation tag alone.
    static func exif(_ orientation: UInt8, isLittle: Bool) -> [UInt8] {
        isLittle
            ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
            : [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    }

    /// The file with an EXIF part of its format put in.
    static func adding(_ exif: [UInt8], to file: [UInt8], name: String) -> [UInt8] {
        func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
        if name.hasSuffix("jpg") {
            let body = Array("Exif\0\0".utf8) + exif
            return file[0..<2] + [0xFF, 0xE1] + big(body.count + 2)[2...] + body + file[2...]
        }
        if name.hasSuffix("png") {
            let body = Array("eXIf".utf8) + exif
            var checksum: UInt32 = 0xFFFF_FFFF
            for byte in body {
                checksum ^= UInt32(byte)
                for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
            }
            return file[0..<33] + big(exif.count) + body + big(Int(~checksum)) + file[33...]
        }
        // A simple WebP gets the extended header that announces EXIF.
        let extended: [UInt8] = Array("VP8X".utf8) + [10, 0, 0, 0, 0x08, 0, 0, 0, 95, 0, 0, 63, 0, 0]
        let part = Array("EXIF".utf8) + big(exif.count).reversed() + exif
        let content = Array("WEBP".utf8) + extended + file[12...] + part
        return Array("RIFF".utf8) + big(content.count).reversed() + content
    }

    /// Which quarter is bright: left or right, top or bottom.
    static func brightQuarter(_ frame: VideoFrame) -> String {
        let (width, height) = (frame.width, frame.height)
        for (name, columns, rows) in [
            ("top left", 4..<width / 2 - 4, 4..<height / 2 - 4),
            ("top right", width / 2 + 4..<width - 4, 4..<height / 2 - 4),
            ("bottom left", 4..<width / 2 - 4, height / 2 + 4..<height - 4),
            ("bottom right", width / 2 + 4..<width - 4, height / 2 + 4..<height - 4),
        ] where mean(frame.luma, columns: columns, rows: rows) > 200 { return name }
        return "none"
    }

    @Test("EXIF orientation is applied", arguments: ["a.jpg", "a.png", "a.webp"], [true, false])
    func orientation(name: String, isLittle: Bool) throws {
        let folder = try TemporaryFolder()
        let plain = folder.file("plain-" + name)
        try Self.write(plain)
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: plain)))
        let expected = [
            "top left", "top right", "bottom right", "bottom left", "top left", "top right", "bottom right",
            "bottom left",
        ]
        for value in 1...8 {
            let path = folder.file("\(value)-\(name)")
            let bytes = Self.adding(Self.exif(UInt8(value), isLittle: isLittle), to: file, name: name)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(StillImageHeader(path: path)?.orientation == value)
            let info = try MediaProbe.inspect(path)
            #expect(info.isStillImage)
            #expect(info.audio == nil)
            let reader = try VideoReader(path)
            let frame = try #require(try reader.next())
            #expect((frame.width, frame.height) == (value < 5 ? (96, 64) : (64, 96)), "\(value)")
            #expect((reader.info.width, reader.info.height) == (frame.width, frame.height))
            #expect(Self.brightQuarter(frame) == expected[value - 1], "\(value)")
            #expect(try reader.next() == nil)
            try reader.seek(toFrame: 0)
            #expect(try reader.next().map(fingerprint) == fingerprint(frame))
        }
    }

    @Test(
        "A file with one picture and no sound is a picture, whatever holds it",
        arguments: [
            ("a.avif", "-c:v libaom-av1 -still-picture 1 -cpu-used 8 -pix_fmt yuv420p"), ("a.gif", ""),
            ("a.mp4", "-c:v libx264 -pix_fmt yuv420p"), ("a.webm", "-c:v libvpx"), ("a.avi", "-c:v mjpeg -q:v 2"),
        ])
    func onePicture(name: String, codec: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file(name)
        try ffmpeg(Self.source, "-frames:v 1 \(codec)", output: path)
        let info = try MediaProbe.inspect(path)
        #expect(info.isStillImage)
        #expect(info.audio == nil)
        let image = try StillImage(path)
        #expect((image.width, image.height) == (96, 64))
        let frame = try image.cut(PictureRectangle(left: 0, top: 0, width: 96, height: 64), width: 96, height: 64)
        #expect(Self.brightQuarter(frame) == "top left")
        // Two pictures, or one with a sound beside it, are none.
        try ffmpeg(Self.source, "-frames:v 2 \(name == "a.avif" ? "-c:v libaom-av1 -cpu-used 8" : codec)", output: path)
        #expect(try !MediaProbe.inspect(path).isStillImage)
        guard name == "a.mp4" || name == "a.webm" else { return }
        let silent = folder.file("silent-" + name)
        try ffmpeg(Self.source, "-frames:v 1 \(codec)", output: silent)
        try ffmpeg("-i \(silent) -f lavfi -i sine=d=2 -c:v copy", output: path)
        let spoken = try MediaProbe.inspect(path)
        #expect(!spoken.isStillImage)
        #expect(spoken.audio != nil)
    }

    @Test("A name says nothing: the content decides")
    func wrongName() throws {
        let folder = try TemporaryFolder()
        try Self.write(folder.file("a.png"))
        try FileManager.default.moveItem(atPath: folder.file("a.png"), toPath: folder.file("b.mp4"))
        #expect(try MediaProbe.inspect(folder.file("b.mp4")).isStillImage)
    }

    @Test("A picture larger than a video may be", arguments: ["5000x4000", "8000x8000"])
    func large(size: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.png")
        try ffmpeg("-f lavfi -i color=c=gray:s=\(size),format=gray", "-frames:v 1 -c:v png -pred none", output: path)
        let frame = try #require(try VideoReader(path).next())
        #expect("\(frame.width)x\(frame.height)" == size)
    }

    @Test("A picture bomb is refused by its header")
    func bomb() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.png")
        try Self.write(path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for (width, height) in [(100_000, 100_000), (8001, 8001), (20_000, 20), (8, 8)] {
            for index in 0..<4 {
                bytes[16 + index] = UInt8(width >> (24 - 8 * index) & 255)
                bytes[20 + index] = UInt8(height >> (24 - 8 * index) & 255)
            }
            try bytes.write(to: URL(fileURLWithPath: path))
            expectError(.resolutionUnsupported) { _ = try VideoReader(path) }
        }
    }

    @Test(
        "A picture that lost its end is refused; one with something behind its end is not",
        arguments: ["a.jpg", "progressive.jpg", "a.png", "a.webp", "lossless.webp"])
    func cut(name: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file(name)
        let source = "-f lavfi -i testsrc2=s=320x240,format=yuv420p -frames:v 1"
        switch name {
        case "progressive.jpg":
            try ffmpeg(source, output: folder.file("plain.jpg"))
            try run("jpegtran", ["-progressive", "-outfile", path, folder.file("plain.jpg")])
        case "lossless.webp": try ffmpeg(source, "-c:v libwebp -lossless 1", output: path)
        default: try ffmpeg(source, output: path)
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        _ = try StillImage(path)
        for share in [0.3, 0.5, 0.8, 0.95] {
            let cut = folder.file("cut-" + name)
            try whole.prefix(Int(Double(whole.count) * share)).write(to: URL(fileURLWithPath: cut))
            expectError(.imageInvalid) { _ = try StillImage(cut) }
        }
        try (whole + Data("something".utf8)).write(to: URL(fileURLWithPath: path))
        _ = try StillImage(path)
    }

    @Test("Cut headers give nothing and do not crash")
    func cutHeaders() throws {
        let folder = try TemporaryFolder()
        for name in ["a.jpg", "a.png", "a.webp"] {
            try Self.write(folder.file(name))
            let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
            let bytes = Self.adding(Self.exif(6, isLittle: true), to: file, name: name)
            for length in 0..<min(bytes.count, 300) {
                _ = StillImageHeader { offset, count in
                    offset < length ? Array(bytes[offset..<min(offset + count, length)]) : []
                }
            }
            for position in 0..<min(bytes.count, 300) {
                var damaged = bytes
                damaged[position] ^= 0xFF
                _ = StillImageHeader { offset, count in
                    offset < damaged.count ? Array(damaged[offset..<min(offset + count, damaged.count)]) : []
                }
            }
        }
    }
}

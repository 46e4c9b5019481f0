import Foundation
import Testing
import Wave

/// Goal: what is written is read again, and no number in a file leads outside of it.
@Suite("WAV files")
struct WaveTests {
    private static let format = WaveFormat(sampleRate: 8000, channelCount: 2)

    private static func read<Value>(_ bytes: [UInt8], _ body: (WaveReader?) throws -> Value) throws -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "wave-\(UUID().uuidString).wav")
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try body(WaveReader(path: path.path))
    }

    @Test("a file with a chunk after its samples")
    func whole() throws {
        let rest = WaveFormat.chunk("abcd", [1, 2, 3])
        #expect(rest.count == 12)
        let bytes = Self.format.header(dataBytes: 32_000, restBytes: 12) + [UInt8](repeating: 0, count: 32_000) + rest
        try Self.read(bytes) { file in
            let file = try #require(file)
            #expect(file.statedSeconds == 1)
            #expect(file.heldSeconds == 1)
            #expect(file.content(of: try #require(file.chunk("abcd")), most: 2) == nil)
            #expect(file.chunks.map(\.name) == ["fmt ", "data", "abcd"])
            #expect(file.content(of: try #require(file.chunk("abcd")), most: 3) == [1, 2, 3])
        }
    }

    @Test("a cut file states one length and holds another; a stream states none")
    func lengths() throws {
        try Self.read(Self.format.header(dataBytes: 32_000) + [UInt8](repeating: 0, count: 16_000)) { file in
            #expect(file?.statedSeconds == 1)
            #expect(file?.heldSeconds == 0.5)
            #expect(file.flatMap { file in file.chunk("data").flatMap { file.content(of: $0, most: 1 << 20) } } == nil)
        }
        for stated in [0, Int(Int32.max) - 36, Int(UInt32.max) - 44] {
            try Self.read(Self.format.header(dataBytes: stated) + [UInt8](repeating: 0, count: 16_000)) { file in
                #expect(file?.statedSeconds == nil)
                #expect(file?.heldSeconds == (stated == 0 ? 0 : 0.5))
            }
        }
    }

    @Test("a file of more than 2 GiB states its length")
    func large() throws {
        try Self.read(Self.format.header(dataBytes: 3_200_000_000)) { file in
            #expect(file?.statedSeconds == 100_000)
            #expect(file?.heldSeconds == 0)
        }
    }

    @Test("a chunk of odd length is followed by a byte, the first of two counts, and a huge one ends the list")
    func chunks() throws {
        let format = Array(Self.format.header(dataBytes: 0).dropLast(8))
        let bytes =
            format + WaveFormat.chunk("abcd", [1]) + WaveFormat.chunk("abcd", [2, 3])
            + WaveFormat.chunk("data", [4, 5])
            + Array("last".utf8) + [0xFE, 0xFF, 0xFF, 0xFF]
        try Self.read(bytes) { file in
            let file = try #require(file)
            #expect(file.chunks.map(\.name) == ["fmt ", "abcd", "abcd", "data", "last"])
            #expect(file.content(of: try #require(file.chunk("abcd")), most: 9) == [1])
            #expect(file.content(of: try #require(file.chunk("last")), most: .max) == nil)
        }
        try Self.read(Array(format.dropLast(4))) { #expect($0?.statedSeconds == nil) }
    }

    @Test("a folder or a pipe in the place of a file is none, and is not waited for")
    func noFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        #expect(WaveReader(path: path) == nil)
        #expect(WaveReader(path: "/tmp") == nil)
    }

    @Test("samples are little-endian")
    func samples() {
        var bytes: [UInt8] = []
        for sample: Int16 in [1, -2, .max, .min] { WaveFormat.append(sample, to: &bytes) }
        #expect(bytes == [1, 0, 0xFE, 0xFF, 0xFF, 0x7F, 0, 0x80])
    }

    @Test("what is no WAV file, or has no format, has no length")
    func others() throws {
        for bytes in [[], Array("RIFF".utf8), Array("RIFF0000WEBPfmt ".utf8)] {
            try Self.read(bytes) { #expect($0 == nil) }
        }
        try Self.read(Array("RIFF0000WAVEdata".utf8) + [4, 0, 0, 0, 1, 2, 3, 4]) { file in
            #expect(file?.statedSeconds == nil)
            #expect(file?.heldSeconds == nil)
        }
        #expect(WaveReader(path: "/nonexistent") == nil)
    }

    @Test("a file of thousands of empty chunks is looked at for a moment only")
    func manyChunks() throws {
        let chunks = (0..<5000).flatMap { _ in WaveFormat.chunk("junk", []) }
        try Self.read(Array("RIFF0000WAVE".utf8) + chunks) { #expect($0?.chunks.count == 64) }
    }
}

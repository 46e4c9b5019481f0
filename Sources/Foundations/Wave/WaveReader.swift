import Glibc

/// The chunks of a RIFF WAVE file, for its length and for chunks of our own; samples are read by libavformat.
///
/// Files are untrusted: no number in them leads to a read outside of the file, and at most 64 chunks are looked at.
package final class WaveReader {
    /// Bounds the time for hostile files; ordinary ones have a few.
    private static let mostChunks = 64
    /// A program that writes a stream puts 0 in place of a length that it does not know, or a number that is at most so much
    /// below 2³¹ or 2³².
    private static let streamMargin = 65_536

    /// A part of the file.
    package struct Chunk: Hashable, Sendable {
        /// Four ASCII characters in an undamaged file.
        package let name: String
        /// Where its content begins, in bytes of the file.
        package let offset: Int
        /// How long its content says that it is, in bytes; the file may hold less.
        package let statedByteCount: Int
    }

    /// In the order of the file.
    package private(set) var chunks: [Chunk] = []
    private let descriptor: Int32
    private let byteCount: Int

    /// Opens the file at `path`; `nil` where it cannot be read or is no WAV file.
    package init?(path: String) {
        // Without O_NONBLOCK a pipe in the place of a file would be waited for.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        byteCount = isFile ? Int(status.st_size) : 0
        guard let start = bytes(at: 0, count: 12), start[..<4].elementsEqual("RIFF".utf8),
            start[8...].elementsEqual("WAVE".utf8)
        else { return nil }
        var offset = 12
        while chunks.count < Self.mostChunks, let head = bytes(at: offset, count: 8) {
            let chunk = Chunk(
                name: String(decoding: head[..<4], as: UTF8.self), offset: offset + 8,
                statedByteCount: Self.number(head[4...]))
            chunks.append(chunk)
            // A chunk of an odd length is followed by a byte that means nothing.
            offset += 8 + chunk.statedByteCount + chunk.statedByteCount % 2
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The length that the header states, in seconds; `nil` where it states none, as of a file that was written as a
    /// stream.
    package var statedSeconds: Double? {
        guard let data = chunk("data"), let bytesPerSecond, Self.isLength(data.statedByteCount) else { return nil }
        return Double(data.statedByteCount) / Double(bytesPerSecond)
    }

    /// The length of the samples that the file holds, in seconds: what its header states, or less where the file ends before;
    /// `nil` where it has no format or no samples' chunk.
    package var heldSeconds: Double? {
        guard let data = chunk("data"), let bytesPerSecond else { return nil }
        return Double(min(data.statedByteCount, byteCount - data.offset)) / Double(bytesPerSecond)
    }

    /// The first chunk of a name.
    package func chunk(_ name: String) -> Chunk? { chunks.first { $0.name == name } }

    /// A chunk's bytes; `nil` where the file holds less of them than it states, or they are more than `most`.
    package func content(of chunk: Chunk, most: Int) -> [UInt8]? {
        chunk.statedByteCount <= most ? bytes(at: chunk.offset, count: chunk.statedByteCount) : nil
    }

    private static func isLength(_ stated: Int) -> Bool {
        stated > 0 && stated < Int(UInt32.max) - streamMargin
            && !(Int(Int32.max) - streamMargin...Int(Int32.max) + 1).contains(stated)
    }

    private var bytesPerSecond: Int? {
        guard let format = chunk("fmt ").flatMap({ bytes(at: $0.offset, count: 16) }) else { return nil }
        let number = Self.number(format[8..<12])
        return number > 0 ? number : nil
    }

    private func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard offset + count <= byteCount else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, off_t(offset)) == count ? bytes : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

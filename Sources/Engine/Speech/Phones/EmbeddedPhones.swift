import Foundation

/// Reads and writes the phones of a synthesised text in a chunk of its WAV file, so that a later lip sync of the file
/// knows them.
///
/// The chunk (`lpsm`, JSON) follows the samples; other programs ignore it. Files are untrusted: an invalid chunk counts
/// as absent.
public enum EmbeddedPhones {
    /// The RIFF name of the chunk, four ASCII characters.
    public static let chunkName = "lpsm"

    /// By how many seconds the end of the phones may differ from that of the sound. A larger difference means that the
    /// sound was cut and the phones no longer fit. Unmeasured.
    private static let tolerance = 0.05
    /// Larger chunks are ignored, in bytes: two hours of quick speech need less.
    private static let largestChunk = 8 << 20

    private struct Content: Codable {
        var version: Int
        var phones: [TimedPhone]
    }

    /// The bytes of a chunk with these phones, header included; empty when it would be larger than 8 MiB.
    public static func chunk(_ phones: [TimedPhone]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Strings and finite numbers always encode.
        guard var text = try? encoder.encode(Content(version: 1, phones: phones)), text.count <= largestChunk else {
            return []
        }
        let size = UInt32(text.count)
        if text.count % 2 == 1 { text.append(0) }
        return Array(chunkName.utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + text
    }

    /// The phones in a WAV file; `nil` when the file is not a WAV file or has no valid chunk whose phones end with the
    /// sound.
    public static func read(_ path: String) -> [TimedPhone]? {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)) else { return nil }
        defer { try? file.close() }
        guard let head = bytes(of: file, at: 0, count: 12), head[..<4].elementsEqual("RIFF".utf8),
            head[8...].elementsEqual("WAVE".utf8)
        else { return nil }
        var offset: UInt64 = 12
        var bytesPerSecond = 0
        var durationSeconds: Double?
        var content: [TimedPhone]?
        // Ordinary files have a few chunks; the limit bounds the time for hostile ones.
        for _ in 0..<64 {
            guard let head = bytes(of: file, at: offset, count: 8) else { break }
            let size = number(head[4...])
            switch String(decoding: head[..<4], as: UTF8.self) {
            case "fmt ":
                guard let format = bytes(of: file, at: offset + 8, count: 16) else { return nil }
                bytesPerSecond = number(format[8..<12])
            case "data" where bytesPerSecond > 0: durationSeconds = Double(size) / Double(bytesPerSecond)
            case chunkName where size <= largestChunk:
                content = bytes(of: file, at: offset + 8, count: size).flatMap(parse)
            default: break
            }
            offset += 8 + UInt64(size) + UInt64(size % 2)
        }
        guard let content, let durationSeconds, isInOrder(content, durationSeconds: durationSeconds) else { return nil }
        return content
    }

    private static func parse(_ bytes: [UInt8]) -> [TimedPhone]? {
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.version == 1 else {
            return nil
        }
        return content.phones
    }

    private static func isInOrder(_ phones: [TimedPhone], durationSeconds: Double) -> Bool {
        var reached = 0.0
        for phone in phones {
            guard MouthTargets.targets[phone.phone] != nil, phone.startSeconds >= reached - 1e-6,
                phone.endSeconds >= phone.startSeconds, phone.endSeconds.isFinite
            else { return false }
            reached = phone.endSeconds
        }
        return abs(reached - durationSeconds) <= tolerance
    }

    private static func bytes(of file: FileHandle, at offset: UInt64, count: Int) -> [UInt8]? {
        guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.read(upToCount: count),
            data.count == count
        else { return nil }
        return Array(data)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

import Foundation
import Wave

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
        guard let text = try? encoder.encode(Content(version: 1, phones: phones)), text.count <= largestChunk else {
            return []
        }
        return WaveFormat.chunk(chunkName, Array(text))
    }

    /// The phones in a WAV file; `nil` when the file is not a WAV file or has no valid chunk whose phones end with the
    /// sound.
    public static func read(_ path: String) -> [TimedPhone]? {
        guard let file = WaveReader(path: path), let durationSeconds = file.statedSeconds,
            let chunk = file.chunk(chunkName), let content = file.content(of: chunk, most: largestChunk).flatMap(parse),
            isInOrder(content, durationSeconds: durationSeconds)
        else { return nil }
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
}

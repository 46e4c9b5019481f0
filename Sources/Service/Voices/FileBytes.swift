import Foundation
import Generations
import Queues
import Wave

/// File operations on threads that may wait for a disk.
enum FileBytes {
    private static let mostSoundBytes = 48_000 * 2 * 3600

    /// Up to `count` bytes from the beginning of a file.
    static func read(_ path: String, atMost count: Int) async throws -> [UInt8] {
        try await BlockingWork.run {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return Array(try file.read(upToCount: count) ?? Data())
        }
    }

    /// The samples of a WAV file of one channel and 16 bits that a child made, of at most an hour at 48 kHz.
    ///
    /// - Throws: `GenerationError` of code `storageFailed` where it cannot be read.
    static func samples(of path: String) async throws -> [Float] {
        try await BlockingWork.run {
            guard let reader = WaveReader(path: path), let data = reader.chunk("data"),
                let bytes = reader.content(of: data, most: mostSoundBytes)
            else { throw GenerationError(.storageFailed, detail: "\(path) cannot be read again") }
            return bytes.withUnsafeBytes { bytes in
                (0..<bytes.count / 2).map { index in
                    let value = bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
                    return Float(Int16(littleEndian: value)) / 32767
                }
            }
        }
    }

    /// Removes a file if it exists.
    static func remove(_ path: String) async { await BlockingWork.run { _ = unlink(path) } }
}

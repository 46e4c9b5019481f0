import Foundation
import Generations
import Queues

/// File operations on threads that may wait for a disk.
enum FileBytes {
    /// Up to `count` bytes from the beginning of a file.
    static func read(_ path: String, atMost count: Int) async throws -> [UInt8] {
        try await BlockingWork.run {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return Array(try file.read(upToCount: count) ?? Data())
        }
    }

    /// Removes a file if it exists.
    static func remove(_ path: String) async { await BlockingWork.run { _ = unlink(path) } }
}

import Foundation
import Generations

/// Small things done to files, on threads that may wait for a disk.
enum FileBytes {
    /// At most so many bytes of a file's beginning.
    static func read(_ path: String, atMost count: Int) async throws -> [UInt8] {
        try await BlockingWork.run {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return Array(try file.read(upToCount: count) ?? Data())
        }
    }

    /// Removes a file that may not be there.
    static func remove(_ path: String) async { await BlockingWork.run { _ = unlink(path) } }
}

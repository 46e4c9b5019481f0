import Foundation

/// The beginning of files.
enum FileBytes {
    /// At most so many bytes of a file.
    static func read(_ path: String, atMost count: Int) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        return Array(try file.read(upToCount: count) ?? Data())
    }
}

import Foundation
import Generations
import Synchronization
import Text

/// Reads a file for its digest, until somebody stops it.
final class FileDigest: Sendable {
    private let file: FileHandle
    private let isStopped = Mutex(false)

    /// Opens a file.
    ///
    /// - Throws: `FileTracer.Failure` for what is not there, and for what is no file: a pipe may have no end.
    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable("\(path): \(String(cString: strerror(errno)))") }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Self.unreadable("\(path): no regular file")
        }
    }

    /// SHA-256 in hexadecimal digits. Blocks.
    ///
    /// - Throws: `FileTracer.Failure` where the file cannot be read; `CancellationError` after `stop`.
    func digest() throws -> String {
        let digest = DigestStream()
        do {
            while let block = try file.read(upToCount: 1 << 20), !block.isEmpty {
                if isStopped.withLock({ $0 }) { throw CancellationError() }
                digest.update(Array(block))
            }
        } catch let error as CancellationError {
            throw error
        } catch { throw Self.unreadable("\(error)") }
        return Hexadecimal.encode(digest.finish())
    }

    /// Ends `digest` early.
    func stop() { isStopped.withLock { $0 = true } }

    private static func unreadable(_ detail: String) -> FileTracer.Failure {
        FileTracer.Failure(
            message: "The file cannot be read.", suggestion: "Name a file that is there.", detail: detail)
    }
}

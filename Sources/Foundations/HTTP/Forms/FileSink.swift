import Foundation
import Queues

/// Writes a file of a form to disk, on a thread of its own, and removes it when the form is discarded.
public final class FileSink: MultipartFileSink {
    /// Where the file lies.
    public let path: String
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "lipsmith.file-sink")

    /// Creates the file, which must not exist yet, readable by its owner only.
    ///
    /// - Throws: `HTTPError` 503 if it cannot be made; the reason is in the detail.
    public init(path: String) throws(HTTPError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(errno, path) }
    }

    deinit { close(descriptor) }

    /// Writes all bytes.
    ///
    /// - Throws: `HTTPError` 503 if the disk is full or fails.
    public func write(_ bytes: ArraySlice<UInt8>) async throws {
        try await queue.value { [descriptor, path] in
            try bytes.withUnsafeBytes { buffer in
                var rest = buffer[...]
                while !rest.isEmpty {
                    let count = Foundation.write(
                        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    guard count >= 0 || errno == EINTR else { throw Self.failure(errno, path) }
                    rest = rest.dropFirst(max(count, 0))
                }
            }
        }
    }

    /// Makes sure that the bytes are on the disk.
    public func finish() async throws {
        try await queue.value { [descriptor, path] in
            guard fsync(descriptor) == 0 else { throw Self.failure(errno, path) }
        }
    }

    public func discard() async { unlink(path) }

    private static func failure(_ code: Int32, _ path: String) -> HTTPError {
        HTTPError(
            .serviceUnavailable, "storage_unavailable", "The upload cannot be stored at the moment.",
            detail: "\(path): \(String(cString: strerror(code)))")
    }
}

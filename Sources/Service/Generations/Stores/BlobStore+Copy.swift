import Foundation
import Queues

extension BlobStore {
    /// Stores a file of this machine; the file stays. It is read on threads that may wait.
    ///
    /// - Parameter key: The name; nil for the digest of the content.
    @discardableResult
    package func copy(_ path: String, as key: BlobKey? = nil) async throws -> BlobFacts {
        let writer = try await makeWriter()
        do {
            let file = try await BlockingWork.run { try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) }
            while let block = try await BlockingWork.run({ try file.read(upToCount: 1 << 20) }), !block.isEmpty {
                try await writer.write(Array(block))
            }
            return try await writer.finish(as: key)
        } catch {
            await writer.discard()
            throw error
        }
    }
}

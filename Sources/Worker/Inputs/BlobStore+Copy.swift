import Foundation
import Generations

extension BlobStore {
    /// Stores a file of this machine under `key`, or under the digest of its content; the file stays.
    @discardableResult
    func copy(_ path: String, as key: BlobKey?) async throws -> BlobFacts {
        let writer = try await makeWriter()
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            while let block = try file.read(upToCount: 1 << 20), !block.isEmpty { try await writer.write(Array(block)) }
            return try await writer.finish(as: key)
        } catch {
            await writer.discard()
            throw error
        }
    }
}

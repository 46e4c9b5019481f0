import Foundation
import Generations

extension BlobStore {
    /// Stores a file of this machine under `key`; the file stays.
    func copy(_ path: String, as key: BlobKey) async throws {
        let writer = try await makeWriter()
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            while let block = try file.read(upToCount: 1 << 20), !block.isEmpty { try await writer.write(Array(block)) }
            _ = try await writer.finish(as: key)
        } catch {
            await writer.discard()
            throw error
        }
    }
}

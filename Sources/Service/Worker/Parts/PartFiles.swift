import Generations

/// Brings what parts of a job need into an attempt's folder.
struct PartFiles: Sendable {
    let cache: BlobCache
    let blobs: any BlobStore

    /// Puts a stored file at a path.
    ///
    /// - Throws: `JobFailure` where the file is not stored any more: that does not pass, as other failures of a store do, but
    ///   another attempt may make it anew. As `BlobCache.materialize` otherwise.
    func bring(_ key: BlobKey, to path: String) async throws {
        do { try await cache.materialize(key, at: path) } catch let error as StoreError {
            if try await blobs.facts(of: key) == nil {
                throw JobFailure(
                    .storageFailed, "A file of the job is not stored any more.", detail: "\(key): \(error)")
            }
            throw error
        }
    }
}

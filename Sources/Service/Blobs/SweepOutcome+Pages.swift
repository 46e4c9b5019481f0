import Generations

/// What a sweep does with a page of files, wherever they lie. A file that cannot be moved stops no sweep.
extension SweepOutcome {
    /// Puts files aside that are old enough and that nobody refers to.
    ///
    /// - Parameter setAside: Moves a file into quarantine; false where it was stored anew meanwhile.
    mutating func putAside(
        _ page: [(key: BlobKey, ageSeconds: Int64)], olderThan minimumSeconds: Int64,
        unless isReferenced: ([BlobKey]) async throws -> Set<BlobKey>, _ setAside: (BlobKey) async throws -> Bool
    ) async throws {
        let old = page.filter { $0.ageSeconds >= minimumSeconds }.map(\.key)
        let known = old.isEmpty ? [] : try await isReferenced(old)
        for key in old where !known.contains(key) {
            do { if try await setAside(key) { quarantinedCount += 1 } } catch is StoreError { failedCount += 1 }
        }
    }

    /// Brings files of the quarantine back that somebody refers to again, and deletes those whose time is over.
    ///
    /// - Parameters:
    ///   - bringBack: Moves a file of the page back, by its place in it; false where it was stored anew meanwhile.
    ///   - delete: Deletes one.
    mutating func settle(
        _ page: [(key: BlobKey, ageSeconds: Int64)], after quarantineSeconds: Int64,
        unless isReferenced: ([BlobKey]) async throws -> Set<BlobKey>, bringBack: (Int) async throws -> Bool,
        delete: (Int) async throws -> Void
    ) async throws {
        let known = try await isReferenced(page.map(\.key))
        for (index, file) in page.enumerated() {
            do {
                if known.contains(file.key) {
                    if try await bringBack(index) { restoredCount += 1 }
                } else if file.ageSeconds >= quarantineSeconds {
                    try await delete(index)
                    deletedCount += 1
                }
            } catch is StoreError { failedCount += 1 }
        }
    }
}

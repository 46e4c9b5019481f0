extension BlobStore {
    /// Removes those of some files to which nothing in a store refers. What cannot be removed now is swept later.
    ///
    /// - Throws: `StoreError` where the store cannot be asked; then nothing is removed.
    package func removeUnreferenced(_ keys: [BlobKey], by store: any GenerationStore) async throws {
        guard !keys.isEmpty else { return }
        let kept = try await store.referencedBlobs(among: keys)
        for key in keys where !kept.contains(key) { try? await remove(key) }
    }
}

/// Deletes generations together with the files that nothing else needs.
public struct GenerationDeletion: Sendable {
    private let store: any GenerationStore
    private let blobs: any BlobStore

    public init(store: any GenerationStore, blobs: any BlobStore) {
        self.store = store
        self.blobs = blobs
    }

    /// Deletes a generation that has ended, and gives what it was.
    ///
    /// - Throws: `GenerationError` of code `generationNotFound` or `generationNotEnded`.
    public func delete(_ id: GenerationID, organisation: OrganisationID) async throws -> Generation {
        let generation = try await store.deleteGeneration(id, organisation: organisation)
        // An asset that was made of the output goes on to exist.
        try await blobs.removeUnreferenced(generation.output?.blobs ?? [], by: store)
        return generation
    }
}

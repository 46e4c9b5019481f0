import Text

/// Refuses what would be kept where there is no room for it.
public struct StorageGate: Sendable {
    private let store: any StorageStore
    private let blobs: any BlobStore
    private let quotaByteCount: Int64?
    private let freeByteLimit: Int64

    /// Makes a gate.
    ///
    /// - Parameters:
    ///   - quotaByteCount: The most that one organisation may keep; nil for any number of bytes.
    ///   - freeByteLimit: How many bytes must be free on the disk, so that what was accepted can be finished.
    public init(
        store: any StorageStore, blobs: any BlobStore, quotaByteCount: Int64? = nil, freeByteLimit: Int64 = 0
    ) {
        self.store = store
        self.blobs = blobs
        self.quotaByteCount = quotaByteCount
        self.freeByteLimit = freeByteLimit
    }

    /// Whether the disk has too little room.
    public func isFull() async throws -> Bool { try await isFull(adding: 0) }

    private func isFull(adding byteCount: Int64) async throws -> Bool {
        guard freeByteLimit > 0, let free = try await blobs.freeByteCount() else { return false }
        return free - byteCount < freeByteLimit
    }

    /// Refuses new things of an organisation where the disk or its own quota has no room.
    ///
    /// - Parameter byteCount: How many bytes are announced; 0 where that is not known.
    /// - Throws: `GenerationError` of code `diskFull` or `storageQuotaReached`; `StoreError`.
    public func check(_ organisation: OrganisationID, adding byteCount: Int64 = 0) async throws {
        if try await isFull(adding: byteCount) { throw GenerationError(.diskFull) }
        guard let quotaByteCount else { return }
        let use = try await store.storageUse(organisation)
        guard use.byteCount >= quotaByteCount || use.byteCount + byteCount > quotaByteCount else { return }
        throw GenerationError(
            .storageQuotaReached,
            parameters: ["storedBytes": .integer(use.byteCount), "quotaBytes": .integer(quotaByteCount)])
    }
}

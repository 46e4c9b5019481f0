import Generations

/// The writer of one file. What fits into a part waits in memory and is stored at once; more is sent in parts to a temporary
/// key while it arrives, since only its end tells its name. Calls must not overlap.
actor S3BlobWriter: BlobWriter {
    private let store: S3BlobStore
    private let temporaryKey: String
    private let digest = LockedDigest()
    private var finishedDigest: [UInt8]?
    private var buffer: [UInt8] = []
    private var byteCount: Int64 = 0
    private var partCount = 0
    private var sender: S3PartSender?
    private var isOver = false

    init(store: S3BlobStore) {
        self.store = store
        temporaryKey = "\(store.keys.temporary)\(RandomBytes.uuid())"
    }

    private var partByteCount: Int {
        S3PartPlan.byteCount(
            ofPart: min(partCount + 1, S3PartPlan.maximumCount), first: store.configuration.partByteCount)
    }

    func write(_ bytes: [UInt8]) async throws {
        guard !isOver else { throw StoreError(code: .refused, detail: "write after the end") }
        digest.update(bytes)
        byteCount += Int64(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = partByteCount
            // Growing by doubling would take twice the memory; most files are smaller than a part.
            if partCount > 0 || buffer.count >= size / 8 { buffer.reserveCapacity(size) }
            let moved = rest.prefix(size - buffer.count)
            buffer += moved
            rest = rest.dropFirst(moved.count)
            if buffer.count == size { try await sendPart() }
        }
    }

    private func sendPart() async throws {
        let sender = sender ?? S3PartSender(store.client, key: temporaryKey)
        self.sender = sender
        let part = buffer
        buffer = []
        partCount += 1
        do { buffer = try await sender.add(part) } catch {
            throw StoreError.of(error, "store a part of \(temporaryKey)")
        }
    }

    func finish(as key: BlobKey?) async throws -> BlobFacts {
        guard !isOver else { throw StoreError(code: .refused, detail: "finish after the end") }
        let digest = finishedDigest ?? digest.finish()
        finishedDigest = digest
        let key = key ?? .content(digest: digest)
        do {
            let facts = try await store(as: key, digest)
            isOver = true
            return facts
        } catch { throw StoreError.of(error, "store \(key)") }
    }

    private func store(as key: BlobKey, _ digest: [UInt8]) async throws -> BlobFacts {
        let place = try store.place(of: key)
        if key.digest == digest, let facts = try await store.refresh(key, byteCount: byteCount) {
            await sender?.abort()
            return facts
        }
        guard let sender else {
            try await store.client.put(place, buffer)
            return try await store.stored(key, byteCount: byteCount)
        }
        if !buffer.isEmpty { try await sendPart() }
        try await sender.complete()
        guard let temporary = try await store.client.head(temporaryKey), temporary.byteCount == byteCount else {
            throw StoreError(code: .unavailable, detail: "\(temporaryKey) is not what was sent")
        }
        try await store.client.copy(temporary, to: place)
        let facts = try await store.stored(key, byteCount: byteCount)
        // A sweep removes what stays here.
        try? await store.client.delete(temporaryKey)
        return facts
    }

    func discard() async {
        guard !isOver else { return }
        isOver = true
        buffer = []
        guard let sender else { return }
        await sender.abort()
        // It may have been completed before something else failed.
        try? await store.client.delete(temporaryKey)
    }
}

import Generations

/// Finds the files behind this server's own links.
public struct LocalMedia: Sendable {
    private let store: any Store

    /// Makes a finder.
    public init(store: any Store) { self.store = store }

    /// The file of a thing, as a client gets it; nil where it has none.
    public func file(of subject: LinkSubject) async throws -> StoredFile? {
        switch subject {
        case .result(let id):
            let generation = try await store.anyGeneration(id)
            return video(generation?.output?.blob, of: generation)
        case .segment(let id):
            let generation = try await store.anyGeneration(id)
            return video(generation?.output?.segmentBlob, of: generation)
        case .speech(let id):
            return try await store.anyGeneration(id)?.output?.speechBlob.map {
                StoredFile(key: $0, contentType: "audio/wav")
            }
        case .thumbnail(let id):
            return try await store.anyAsset(id)?.thumbnailBlob.map { StoredFile(key: $0, contentType: "image/jpeg") }
        case .asset(let id), .medium(let id):
            guard let asset = try await store.anyAsset(id), let blob = asset.blob else { return nil }
            return StoredFile(
                key: blob, contentType: StoredFile.contentType(format: asset.format, kind: asset.kind),
                // What a client has sent it may replace.
                mayChange: asset.generation == nil)
        case .batch(let id):
            return try await store.anyBatch(id)?.resultBlob.map {
                StoredFile(key: $0, contentType: "application/jsonl")
            }
        case .sending, .assetSending: return nil
        case .upload(let id):
            return try await store.upload(id)?.lifecycle.blob.map {
                StoredFile(key: $0, contentType: "application/octet-stream", mayChange: true)
            }
        }
    }

    private func video(_ blob: BlobKey?, of generation: Generation?) -> StoredFile? {
        guard let blob, let generation else { return nil }
        let name = generation.request.outputFileName ?? generation.id.rawValue
        return StoredFile(key: blob, contentType: "video/mp4", downloadName: "\(name).mp4")
    }
}

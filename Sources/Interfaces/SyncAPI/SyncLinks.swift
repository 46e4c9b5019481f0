import Access
import Generations
public import WebInterface

extension LinkKind {
    /// A generation's whole video.
    static let result = LinkKind("result", path: "/v2/generations/{id}/result")
    /// A generation's processed part.
    static let segment = LinkKind("segment", path: "/v2/generations/{id}/segment")
    /// The sound that was made of a generation's text.
    static let speech = LinkKind("speech", path: "/v2/generations/{id}/speech")
    /// An asset's file.
    static let asset = LinkKind("asset", path: "/v2/assets/{id}/content")
    /// A batch's file of results.
    static let batch = LinkKind("batch", path: "/v2/batches/{id}/result")
    /// The sending of an announced file.
    static let sending = LinkKind("sending", path: "/v2/uploads/{id}")
    /// An announced file, once it has arrived.
    static let upload = LinkKind("upload", path: "/v2/uploads/{id}")
}

extension SyncAPI {
    /// The links that this interface hands out.
    public static let links: [FileLink] = [
        FileLink(.result) { try await video($0, of: $1, \.blob) },
        FileLink(.segment) { try await video($0, of: $1, \.segmentBlob) },
        FileLink(.speech) { id, store in
            try await store.anyGeneration(GenerationID(rawValue: id))?.output?.speechBlob.map {
                StoredFile(key: $0, contentType: "audio/wav")
            }
        },
        .asset(.asset),
        FileLink(.batch) { id, store in
            try await store.anyBatch(BatchID(rawValue: id))?.resultBlob.map {
                StoredFile(key: $0, contentType: "application/jsonl")
            }
        },
        .sending(.sending),
        FileLink(.upload) { id, store in
            try await store.upload(UploadID(rawValue: id))?.lifecycle.blob.map {
                StoredFile(key: $0, contentType: "application/octet-stream", mayChange: true)
            }
        },
    ]

    private static func video(
        _ id: String, of store: any GenerationStore, _ blob: @Sendable (OutputFacts) -> BlobKey?
    ) async throws -> StoredFile? {
        guard let generation = try await store.anyGeneration(GenerationID(rawValue: id)),
            let key = generation.output.flatMap(blob)
        else { return nil }
        let name = generation.request.outputFileName ?? generation.id.rawValue
        return StoredFile(key: key, contentType: "video/mp4", downloadName: "\(name).mp4")
    }
}

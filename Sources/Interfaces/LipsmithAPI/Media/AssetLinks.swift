import Access
import Generations
public import WebInterface

extension LinkKind {
    /// The small picture of a video.
    static let ownAssetThumbnail = LinkKind("own-asset-thumbnail", path: "/v1/assets/{id}/thumbnail")
}

extension LipsmithAPI {
    /// The links to assets and to their small pictures.
    public static let assetLinks: [FileLink] = [
        .asset(.ownAsset),
        FileLink(.ownAssetThumbnail) { id, store in
            try await store.anyAsset(AssetID(rawValue: id))?.thumbnailBlob.map {
                StoredFile(key: $0, contentType: "image/jpeg", mayChange: true)
            }
        },
    ]
}

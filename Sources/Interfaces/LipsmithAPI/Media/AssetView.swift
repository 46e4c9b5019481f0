import Access
import Generations
import Text
import WebInterface

/// An asset as this interface shows it.
struct AssetView: Sendable {
    let links: SignedLinks

    func json(_ asset: Asset, base: String) -> JSONValue {
        let content = asset.blob == nil ? asset.remoteURL : links.url(.ownAsset, asset.id, base: base)
        var thumbnail: String?
        if asset.thumbnailBlob != nil {
            thumbnail = links.url(.ownAssetThumbnail, asset.id, base: base)
        } else if asset.kind == .image {
            thumbnail = content
        }
        return [
            "id": .string(asset.id.rawValue), "name": .string(asset.name), "kind": .string(asset.kind.rawValue),
            "format": .text(asset.format), "byteCount": asset.byteCount.map(JSONValue.integer) ?? .null,
            "durationSeconds": .seconds(asset.durationSeconds), "width": .whole(asset.width),
            "height": .whole(asset.height), "createdAt": .time(asset.createdAt), "url": .text(content),
            "thumbnailUrl": .text(thumbnail), "origin": .string(Self.origin(of: asset)),
        ]
    }

    static let origins = ["upload", "url", "generation", "speech"]

    private static func origin(of asset: Asset) -> String {
        if asset.generation != nil { return "generation" }
        return switch asset.origin {
        case .speech: "speech"
        case .url: "url"
        case .upload, .record, .extract, .platformImport: "upload"
        }
    }
}

import Access
import Generations
import HTTP
import Text
import WebInterface

/// Media that are kept to be used again.
struct AssetController: Sendable {
    let store: any AssetStore
    let files: LinkedFiles
    private let view: AssetView

    init(store: any AssetStore, files: LinkedFiles) {
        self.store = store
        self.files = files
        view = AssetView(links: files.links)
    }

    private static let kinds = ["video", "audio", "image"]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/assets", id: "listAssets", tag: "Media", summary: "List assets, the newest first.",
                parameters: [
                    .query("kind", .oneWord(of: Self.kinds), "Only this kind."),
                    .query("search", .string(1...255), "Only those whose name has this in it."),
                ] + PageQuery<Asset>.parameters, answer: .json(.page(of: .named("Asset"))), handle: list),
            Endpoint(
                .get, "/v1/assets/{id}", id: "getAsset", tag: "Media", summary: "Get an asset.",
                answer: .json(.named("Asset"))
            ) { call in
                let id: AssetID = try call.id(.assetNotFound)
                guard let asset = try await store.asset(id, organisation: call.organisation) else {
                    throw GenerationError(.assetNotFound)
                }
                return .json(view.json(asset, base: call.base))
            },
            Endpoint(
                .delete, "/v1/assets/{id}", id: "deleteAsset", tag: "Media", summary: "Delete an asset.",
                statuses: [204]
            ) { call in
                let id: AssetID = try call.id(.assetNotFound)
                guard try await store.deleteAsset(id, organisation: call.organisation) != nil else {
                    throw GenerationError(.assetNotFound)
                }
                return HTTPResponse(.noContent)
            },
            files.endpoint(.ownAsset) { try $0.id(.assetNotFound) as AssetID },
            files.endpoint(.ownAssetThumbnail) { try $0.id(.assetNotFound) as AssetID },
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        var reader = call.query("limit", "cursor", "kind", "search")
        let query = PageQuery<Asset>(&reader)
        let kind = reader.word("kind", among: Self.kinds)
        let search = reader.text("search", most: 255)
        try reader.check()
        var filter = AssetFilter(
            organisation: call.organisation, kinds: Set(kind.flatMap(MediaKind.init(rawValue:)).map { [$0] } ?? []),
            search: search)
        filter.hasContent = true
        let page = try await store.assets(filter, sort: .dateDesc, after: query.cursor, limit: query.limit)
        return .page(page.items.map { view.json($0, base: call.base) }, next: page.nextCursor(\.id))
    }
}

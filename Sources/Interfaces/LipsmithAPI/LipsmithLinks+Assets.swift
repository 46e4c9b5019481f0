import Access

extension LinkKind {
    static let ownAsset = LinkKind("own-asset", path: "/v1/assets/{id}/content")
}

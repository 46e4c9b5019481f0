import Access

extension LinkKind {
    /// An asset's file.
    static let ownAsset = LinkKind("own-asset", path: "/v1/assets/{id}/content")
}

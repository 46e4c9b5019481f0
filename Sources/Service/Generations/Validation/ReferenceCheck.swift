/// The steps that look at what a request names of the stored: its project, then its assets.
public enum ReferenceCheck {
    /// The project that `text` names; nil for nil.
    public static func project(
        _ text: String?, organisation: OrganisationID, in store: some ProjectStore
    ) async throws -> ProjectID? {
        guard let text else { return nil }
        guard let id = ProjectID(parsing: text), try await store.project(id, organisation: organisation) != nil else {
            throw GenerationError(.projectNotFound, field: .project)
        }
        return id
    }

    /// The assets of the inputs, by the inputs' positions.
    ///
    /// - Parameter known: Assets that came with the request and are not stored yet.
    public static func assets(
        of inputs: [MediaInput], organisation: OrganisationID, known: [Asset] = [], in store: some AssetStore
    ) async throws -> [Int: Asset] {
        var assets: [Int: Asset] = [:]
        for (index, input) in inputs.enumerated() {
            guard case .asset(let name) = input.source else { continue }
            let field = RequestField.inputAsset(index)
            if let asset = known.first(where: { $0.id == name }) {
                assets[index] = asset
                continue
            }
            guard let id = AssetID(parsing: name.rawValue) else {
                throw GenerationError(.assetIDInvalid, field: field)
            }
            guard let asset = try await store.anyAsset(id) else { throw GenerationError(.assetNotFound, field: field) }
            guard asset.organisation == organisation else { throw GenerationError(.assetForeign, field: field) }
            guard asset.kind == input.kind else {
                throw GenerationError(.assetKindMismatch, field: field)
            }
            assets[index] = asset
        }
        return assets
    }
}

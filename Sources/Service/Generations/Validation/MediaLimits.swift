/// How large and how long media may be. The renderer has the last word; what is known earlier is refused earlier.
public struct MediaLimits: Sendable {
    /// The models, of which some have limits of their own.
    public var models: ModelCatalog
    /// The longest video or sound, in seconds.
    public var maximumSeconds = 7200.0
    /// The longer and the shorter side of the largest video, in pixels.
    public var maximumSides = (longer: 4096, shorter: 2160)
    /// The same for the smallest.
    public var minimumSides = (longer: 160, shorter: 120)

    /// The limits of this product.
    public init(models: ModelCatalog = .standard) { self.models = models }

    /// Refuses an asset whose known facts lie outside of the limits or of its model's.
    public func check(_ asset: Asset, model: String, field: RequestField) throws(GenerationError) {
        try check(
            asset.kind, seconds: asset.durationSeconds, size: (asset.width, asset.height), model: model, field: field)
    }

    /// Refuses a medium outside of the limits or of its model's.
    public func check(_ facts: MediaFacts, model: String, field: RequestField) throws(GenerationError) {
        try check(
            facts.kind, seconds: facts.durationSeconds, size: (facts.width, facts.height), model: model, field: field)
    }

    private func check(
        _ kind: MediaKind, seconds: Double?, size: (width: Int?, height: Int?), model: String, field: RequestField
    ) throws(GenerationError) {
        if let seconds {
            if seconds > maximumSeconds {
                throw GenerationError(.inputTooLong, field: field)
            }
            if let limit = models.model(named: model)?.maximumSeconds, seconds > limit {
                throw GenerationError(.modelLimitExceeded, field: field)
            }
        }
        guard kind == .video, let width = size.width, let height = size.height else { return }
        if !allows(width: width, height: height) { throw GenerationError(.pictureSizeUnsupported, field: field) }
    }

    /// Whether a video may have this size in pixels.
    func allows(width: Int, height: Int) -> Bool {
        let (longer, shorter) = (max(width, height), min(width, height))
        return longer <= maximumSides.longer && shorter <= maximumSides.shorter
            && longer >= minimumSides.longer && shorter >= minimumSides.shorter
    }
}

public import Generations

/// A model as this interface's list shows it.
struct SyncModel: Sendable {
    let model: Model
    /// `lipsync` or `react`.
    let type: String
    let version: String
    /// One sentence about it.
    let summary: String
    /// What the hosted service asks for a frame, in US dollars (its price page of 2026).
    let publishedRate: Double
}

/// The models that this interface offers, and the names of those that it no longer offers.
public enum SyncModels {
    /// The newest first.
    static let all = [
        SyncModel(
            model: .fineWithOccluders, type: "lipsync", version: "3.0.0",
            summary: "Finest blending; also takes a picture, several people and things in front of the mouth.",
            publishedRate: 0.00534),
        SyncModel(
            model: .expression, type: "react", version: "1.0.0",
            summary: "Changes the feeling that a face shows along with its mouth.", publishedRate: 0.00667),
        SyncModel(
            model: .fine, type: "lipsync", version: "2.1.0",
            summary: "Like lipsync-2 with finer blending, matched grain and sharpness.", publishedRate: 0.00333),
        SyncModel(
            model: .standard, type: "lipsync", version: "2.0.0",
            summary: "Builds new mouths of the video's own pictures.", publishedRate: 0.002),
        SyncModel(
            model: .warp, type: "lipsync", version: "1.9.0-beta",
            summary: "Bends the mouth that is there; the fastest.", publishedRate: 0.001),
    ]

    /// Retired names that scripts still send, with the model of today that is nearest to each.
    public static let retired: [String: Model] = [
        "lipsync-1.8.0": .warp, "lipsync-1.8.0-beta": .warp, "lipsync-1.7.1": .warp, "lipsync-1.6.0": .warp,
    ]

    /// What the hosted service asks.
    public static let publishedPrices = PriceList(
        ratePerFrame: Dictionary(uniqueKeysWithValues: all.map { ($0.model.name, $0.publishedRate) }))
}

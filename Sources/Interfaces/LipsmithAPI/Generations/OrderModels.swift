import Generations
import Text

/// The models that orders of this interface name, the usual one first.
struct OrderModel: Sendable {
    let model: Model
    /// A few words for menus.
    let label: String
    /// One sentence about what it does.
    let summary: String

    var name: String { model.name }

    /// What it makes speak: `video`, `image` or both.
    var takes: [MediaKind] {
        (model.capabilities.contains(.video) ? [.video] : []) + (model.capabilities.contains(.image) ? [.image] : [])
    }

    /// The options that have an effect; all others are taken and ignored.
    var options: [String] {
        if model.capabilities.contains(.photoAnimation) {
            return ["speaker", "emotion", "seed", "resolution", "aspectRatio", "durationSeconds"]
        }
        let capabilities: [(ModelCapabilities, [String])] = [
            (.temperature, ["temperature"]), (.speaker, ["speaker"]), (.occlusion, ["keepsOccluders"]),
            (.emotion, ["emotion", "region"]),
        ]
        // Of a film, only the motion of a head that shows a feeling depends on the seed.
        let random = model.capabilities.contains(.emotion) ? ["seed"] : []
        return ["syncMode"] + capabilities.flatMap { model.capabilities.contains($0.0) ? $0.1 : [] } + random
    }

    static let all = [
        OrderModel(
            model: .standard, label: "Standard",
            summary: "Builds new mouths of the video's own pictures."),
        OrderModel(
            model: .fine, label: "Fine",
            summary: "As Standard, with finer blending, matched grain and sharpness; slower."),
        OrderModel(
            model: .fineWithOccluders, label: "Fine, with occluders",
            summary: "As Fine; what stands before a mouth is kept. Also takes a picture."),
        OrderModel(
            model: .expression, label: "Expression",
            summary: "As Standard, and changes the feeling that the face shows; up to 15 seconds."),
        OrderModel(
            model: .warp, label: "Fast",
            summary: "Bends the mouth that is there; the fastest."),
        OrderModel(
            model: .photo, label: "Photo",
            summary: "A picture that talks, with a feeling if wanted."),
    ]

    /// The model of a name.
    static func named(_ name: String) -> OrderModel? { all.first { $0.name == name } }

    /// What an order without a model gets.
    static func usual(for kind: MediaKind) -> OrderModel { all.first { $0.takes == [kind] } ?? all[0] }
}

/// The models of a server, by their own names and by those under which interfaces offer them.
///
/// ```swift
/// let catalog = ModelCatalog.standard.adding(["old-name": .warp])
/// catalog.model(named: "lipsync-2")?.profile   // .bank
/// ```
public struct ModelCatalog: Sendable {
    /// Every model under its own name, the newest first.
    public let models: [Model]
    private var byName: [String: Model]

    private init(models: [Model]) {
        self.models = models
        byName = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) })
    }

    /// The model that a request means by `name`; `nil` for none.
    public func model(named name: String) -> Model? { byName[name] }

    /// The same models with further names for some of them, such as an interface's identifiers or names of retired
    /// models that scripts still send. A name that is taken keeps its model.
    public func adding(_ names: [String: Model]) -> ModelCatalog {
        var result = self
        result.byName.merge(names) { known, _ in known }
        return result
    }

    /// The models of this product.
    public static let standard = ModelCatalog(models: [
        .fineWithOccluders, .expression, .fine, .standard, .warp, .photo, .photoMotion, .photoWideMotion, .photoMorph,
        .motionTransfer,
    ])
}

extension Model {
    /// Finest blending; also takes a picture, several people and things in front of the mouth.
    public static let fineWithOccluders = Model(
        "sync-3", .fineBankWithOccluders, [.video, .image, .speaker, .occlusion])
    /// Changes the feeling that a face shows along with its mouth.
    public static let expression = Model(
        "react-1", .expression, [.video, .temperature, .emotion], maximumSeconds: 15)
    /// Finer blending, matched grain and sharpness.
    public static let fine = Model("lipsync-2-pro", .fineBank, [.video, .temperature, .speaker, .occlusion])
    /// Builds new mouths of the video's own pictures: what a request without a model gets.
    public static let standard = Model("lipsync-2", .bank, [.video, .temperature, .speaker, .occlusion])
    /// Bends the mouth that is there; the fastest.
    public static let warp = Model("lipsync-1.9.0-beta", .mesh, [.video, .occlusion])

    /// A picture that talks and sings.
    public static let photo = Model("photo", .photo, [.image, .photoAnimation], maximumSeconds: 600)
    /// A picture that talks and moves its head.
    public static let photoMotion = Model("photo-motion", .photoMotion, [.image, .photoAnimation], maximumSeconds: 600)
    /// A picture that talks and moves as a whole.
    public static let photoWideMotion = Model(
        "photo-motion-wide", .photoWideMotion, [.image, .photoAnimation], maximumSeconds: 8)
    /// A picture that moves and becomes another one.
    public static let photoMorph = Model("photo-morph", .photoMorph, [.image, .photoAnimation], maximumSeconds: 15)
    /// A picture that moves as a driving video does.
    public static let motionTransfer = Model(
        "motion-transfer", .motionTransfer, [.image, .photoAnimation, .motionTransfer], maximumSeconds: 30)
}

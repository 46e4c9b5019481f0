/// The mouth pictures of a scene with what is needed to choose among them.
public struct MouthBank: Sendable {
    package let entries: [Entry]
    /// The opening up to which the bank's own pictures can be trusted, in mouth widths: 1.05 times its 99th percentile.
    let openingLimit: Float
    /// Whether the mouth moves in the bank, so that there are pictures of wide and of narrow openings to choose from.
    public let hasMovingMouth: Bool
    /// The darkest place between the lips in any picture: luma less the skin's, at most 0.
    let darkestInterior: Float
    /// What is painted between the lips of a mouth that never moves.
    let painted: PaintedInterior?

    package struct Entry: Sendable {
        var picture: MouthPicture
        /// The row of the scene.
        package var row: Int
        /// The sharpness relative to the median picture.
        var relativeSharpness: Float
    }

    /// Joins the pictures with the tracks of their scene.
    ///
    /// - Parameter painted: Is used only where the mouth does not move.
    public init(_ builder: MouthBankBuilder, scene: SpeakerScene, painted: PaintedInterior? = nil) {
        let known = builder.pictures.compactMap { picture in
            scene.row(ofFrame: picture.frameNumber).map { (picture, $0) }
        }
        let sharpness = known.map(\.0.sharpness).sorted()
        let median = sharpness.isEmpty ? 1 : max(sharpness[sharpness.count / 2], 0.01)
        entries = known.map { Entry(picture: $0.0, row: $0.1, relativeSharpness: $0.0.sharpness / median) }
        darkestInterior = known.compactMap { $0.0.look.interior.min() }.min() ?? 0
        hasMovingMouth = scene.hasMovingMouth
        let openings = scene.ownCurves.map(\.opening).sorted()
        openingLimit = openings.isEmpty ? 0 : 1.05 * openings[Int(Float(openings.count - 1) * 0.99)]
        self.painted = hasMovingMouth ? nil : painted
    }
}

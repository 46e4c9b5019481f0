/// The mouth pictures of a scene: pictures of the speaker's own mouth, cut from the clip, from which new frames are
/// composed, with the measurements needed to choose among them.
public struct MouthBank: Sendable {
    package private(set) var entries: [Entry]
    /// The largest opening that the bank's pictures can show without stretching, in mouth widths: 1.05 times the 99th
    /// percentile of the scene's openings (Lipsmith's video study, version B).
    let openingLimit: Float
    /// Whether the mouth moves in the scene (`SpeakerScene.hasMovingMouth`), so that there are pictures of different
    /// openings to choose from.
    public let hasMovingMouth: Bool
    /// The darkest place between the lips in any picture, as a difference of luma (0…255) from the skin; at most 0.
    let darkestInterior: Float
    /// What is painted between the lips of a mouth that never moves.
    private(set) var painted: PaintedInterior? = nil

    /// One picture of the bank.
    package struct Entry: Codable, Sendable {
        package var picture: MouthPicture
        /// The row of the scene that the picture was cut from.
        package var row: Int
        /// The sharpness divided by that of the median picture.
        var relativeSharpness: Float
    }

    /// Joins pictures with the tracks of their scene; pictures of frames that the scene does not have are dropped.
    ///
    /// - Parameter painted: The painted inside of the mouth; used only for a mouth that does not move.
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

    /// Some of the pictures, in the given order, for drawing what names no other: what the whole bank is measured by stays.
    ///
    /// - Parameter place: The row that a row of the scene has become.
    package func selecting(_ selected: [Int], row place: (Int) -> Int) -> MouthBank {
        var bank = self
        bank.entries = selected.map { index in
            var entry = entries[index]
            entry.row = place(entry.row)
            return entry
        }
        return bank
    }

    /// The same bank, with what is painted between lips that never move: a record holds what that is made of instead.
    package func painting(_ painted: PaintedInterior?) -> MouthBank {
        var bank = self
        bank.painted = painted
        return bank
    }
}

extension MouthBank: Codable {
    private enum CodingKeys: CodingKey { case entries, openingLimit, hasMovingMouth, darkestInterior }
}

/// What one output frame needs to be drawn: small, so that a plan for hours fits in memory.
public struct MouthInstruction: Sendable {
    /// The row of the scene that the source frame is.
    public var row: Int
    /// In mouth widths relative to the neutral shape.
    public var curves: MouthCurves
    /// How much of the effect is shown, 0…1.
    public var strength: Float
    /// The mouth pictures to show; empty without a bank.
    public var choice: MouthPictureChoice
    /// How far each of the 468 points moves for a feeling, in canonical space; empty for none. Only the mouth's are drawn.
    public var offsets: [SIMD3<Float>] = []
    /// How much of `offsets` is shown, 0…1.
    public var offsetShare: Float = 0
}

/// Turns wanted curves into instructions for the frames of one scene.
public struct MouthPlanner: Sendable {
    /// Windows of the path search overlap by this many frames, so that their seams are not seen and memory stays
    /// bounded.
    private static let windowFrames = 1500
    private static let overlapFrames = 100
    /// Openings, as shares of the speaker's range, up to which lips touch, and from which they are as wanted.
    private static let touchingShare: Float = 0.09
    private static let apartShare: Float = 0.28
    private let scene: SpeakerScene
    private let bank: MouthBank

    /// Makes a planner for a scene and its bank.
    public init(scene: SpeakerScene, bank: MouthBank) {
        self.scene = scene
        self.bank = bank
    }

    /// Plans consecutive output frames.
    ///
    /// - Parameters:
    ///   - rows: The scene's row that each output frame shows.
    ///   - curves: What the mouth should do, in shares of the speaker's range (0…1 is the 5th to 95th percentile).
    public func plan(rows: [Int], curves: [MouthCurves]) -> [MouthInstruction] {
        let limited = curves.map {
            limit(scene.range.curves(opening: Self.touching($0.opening), width: $0.width, jaw: $0.jaw))
        }
        let path = MouthPath(scene: scene, bank: bank)
        var choices: [MouthPictureChoice] = []
        var start = 0
        while start < rows.count, !bank.entries.isEmpty {
            let end = min(start + Self.windowFrames, rows.count)
            let last = min(end + Self.overlapFrames, rows.count)
            let wishes = (start..<last).map {
                MouthPath.Wish(row: rows[$0], shape: scene.shape(for: limited[$0], row: rows[$0]))
            }
            choices += path.choose(wishes).prefix(end - start)
            start = end
        }
        return rows.indices.map {
            MouthInstruction(
                row: rows[$0], curves: limited[$0], strength: scene.strength(rows[$0]),
                choice: choices.isEmpty ? MouthPictureChoice(parts: []) : choices[$0])
        }
    }

    /// Lips touch or are apart: a slit of a pixel or two between them shows a bright thread of teeth that no real mouth
    /// has. So the smallest openings are shut ones, and those above them catch up.
    private static func touching(_ opening: Float) -> Float {
        opening < touchingShare
            ? 0 : opening - touchingShare * smoothStep(apartShare, touchingShare, opening)
    }

    /// A mouth opens little further than its bank can show: beyond it 60 % of the excess passes. A mouth that does not
    /// speak in its clip is painted into instead, since the limit would keep it shut.
    private func limit(_ curves: MouthCurves) -> MouthCurves {
        var limited = curves
        limited.opening = max(curves.opening, 0)
        guard bank.hasMovingMouth else { return limited }
        let excess = max(limited.opening - bank.openingLimit, 0)
        limited.opening -= 0.4 * excess
        limited.jaw -= 0.24 * excess
        return limited
    }
}

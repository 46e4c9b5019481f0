/// How the mouth of one output frame is drawn. Small, so that a plan for hours fits in memory.
public struct MouthInstruction: Sendable {
    /// The row of the scene that the source frame belongs to.
    public var row: Int
    /// The wanted mouth, in mouth widths relative to the neutral shape.
    public var curves: MouthCurves
    /// The share of the new mouth against the filmed one, 0…1.
    public var strength: Float
    /// The mouth pictures to show; empty when there is no bank.
    public var choice: MouthPictureChoice
    /// How far an emotion moves each of the 468 points, in canonical units; empty for no emotion. Only the mouth's
    /// points are used.
    public var offsets: [SIMD3<Float>] = []
    /// The share of `offsets` that is applied, 0…1.
    public var offsetShare: Float = 0

    package init(row: Int, curves: MouthCurves, strength: Float, choice: MouthPictureChoice) {
        self.row = row
        self.curves = curves
        self.strength = strength
        self.choice = choice
    }
}

/// Turns wanted curves into instructions for the frames of one scene.
public struct MouthPlanner: Sendable {
    /// Output frames of one window of the path search, which bounds its memory: a minute at 25 frames a second.
    private static let windowFrames = 1500
    /// Frames after a window that its search also takes into account, so that the seam is not visible. Unmeasured.
    private static let overlapFrames = 100
    /// Openings below this share of the speaker's range become shut lips. Unmeasured.
    private static let touchingShare: Float = 0.09
    /// Openings from this share of the range on are as wanted; those between are reduced. Unmeasured.
    private static let apartShare: Float = 0.28
    private let scene: SpeakerScene
    private let bank: MouthBank

    public init(scene: SpeakerScene, bank: MouthBank) {
        self.scene = scene
        self.bank = bank
    }

    /// Plans consecutive output frames.
    ///
    /// - Parameters:
    ///   - rows: For each output frame the row of the scene that it shows.
    ///   - curves: For each output frame the wanted mouth, in shares of the speaker's range (0…1 is the 5th to 95th
    ///     percentile).
    /// - Returns: One instruction for each output frame.
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

    /// An opening, as share of the range, with the smallest openings shut: a slit of one or two pixels would show a
    /// bright line of teeth that real mouths do not have.
    private static func touching(_ opening: Float) -> Float {
        opening < touchingShare
            ? 0 : opening - touchingShare * smoothStep(apartShare, touchingShare, opening)
    }

    /// Limits an opening to little more than the bank can show: of the excess 40 % is removed, and 24 % from the jaw.
    /// The video study (version B) removes 65 and 39 %; no measurement of the lower values is recorded. A mouth that
    /// does not move in its clip is not limited but painted, since the limit would keep it shut.
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

import Media
import Rendering
import Speech

/// A feeling that a filmed speaker shows in one part of the clip.
struct PartExpression: Sendable {
    private let shape: EmotionShape
    private let region: ExpressionRegion
    private let strength: Float
    private let speech: [Float]
    private let turns: [HeadTurn]
    /// Brows, cheeks, nose and lids, for all 468 points.
    private let upperFace: [SIMD3<Float>]

    /// - Parameter track: The part's, one value a frame.
    init?(_ part: RenderPart, track: MouthTrack, seed: UInt64) {
        guard let expression = part.expression else { return nil }
        region = expression.region
        shape = EmotionShape(expression.emotion)
        strength = EmotionShape.strength(temperature: part.temperature)
        speech = track.speech
        upperFace = region == .lips ? [] : shape.upperFace.map { [strength] in $0 * strength }
        guard region == .head else {
            turns = []
            return
        }
        let range = MouthRange.median
        let drops = track.jaw.map { range.curves(opening: 0, width: 0, jaw: $0).jaw * 0.575 }
        // The head in the clip moves already: what is added is half of what a still needs.
        turns =
            IdleMotion(
                track: track, jawDrops: drops, seed: seed, motion: 0.6, limits: IdleMotion.Limits(yawRadians: 0)
            ).turns
    }

    /// Puts the mouth's part of the feeling into an instruction.
    func apply(to instruction: inout MouthInstruction, frame: Int) {
        let spoken = speech.indices.contains(frame) ? speech[frame] : 0
        instruction.offsets = shape.mouth
        instruction.offsetShare = strength * shape.mouthShare(speaking: spoken, opening: instruction.curves.opening)
    }

    /// Bends the rest of the face.
    func draw(
        _ instruction: MouthInstruction, frameInPart: Int, into frame: VideoFrame, _ scene: SceneSet.Scene,
        _ warp: ExpressionWarp
    ) throws {
        guard region != .lips, scene.expressionTrack.count > instruction.row else { return }
        try warp.apply(
            frame, scene: scene.speaker, track: scene.expressionTrack, row: instruction.row, offsets: upperFace,
            turn: turns.indices.contains(frameInPart) ? turns[frameInPart] : HeadTurn(), share: instruction.strength)
    }
}

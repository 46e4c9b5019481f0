/// The state of an animated still face in one frame: mouth, head, lids and expression.
public struct PortraitPose: Sendable {
    /// The wanted mouth in mouth widths relative to the shut mouth.
    public var mouth: MouthCurves
    /// The share of `mouth` against the still's own mouth, 0…1; 0 in pauses, where a smile of the still comes back.
    public var speaking: Float
    /// The motion of the head relative to the still.
    public var turn: HeadTurn
    /// How far the subject's right (x) and left (y) eye are closed, 0…1.
    public var blink: SIMD2<Float>
    /// Further offsets of the 468 points in canonical units (emotions, brows); empty for none.
    public var offsets: [SIMD3<Float>]

    /// The default is the still unchanged.
    public init(
        mouth: MouthCurves = MouthCurves(), speaking: Float = 0, turn: HeadTurn = HeadTurn(),
        blink: SIMD2<Float> = .zero, offsets: [SIMD3<Float>] = []
    ) {
        self.mouth = mouth
        self.speaking = speaking
        self.turn = turn
        self.blink = blink
        self.offsets = offsets
    }
}

/// What a still face does in one frame.
public struct PortraitPose: Sendable {
    /// The mouth in mouth widths relative to the shut mouth.
    public var mouth: MouthCurves
    /// How far the mouth has left the still's own, 0…1: between words a smile comes back.
    public var speaking: Float
    /// How the head has moved.
    public var turn: HeadTurn
    /// How far the lids of the subject's right and left eye are down, 0…1.
    public var blink: SIMD2<Float>
    /// How far each of the 468 points has moved in canonical space besides; empty for nothing.
    public var offsets: [SIMD3<Float>]

    /// Makes a pose; the default is the still as it is.
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

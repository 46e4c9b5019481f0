public import Face
public import Media

/// Draws a new mouth into frames: the face is warped to the new jaw, then a mouth from the bank is blended in.
///
/// A renderer is used by one thread at a time and keeps its memory, so that the steady state allocates nothing; several
/// renderers may draw different frames of one scene at the same time. The same frame and instruction give the same
/// pixels. Pixels outside the returned region are not changed.
public final class MouthRenderer: @unchecked Sendable {
    private var placement = MouthPlacement()
    private let warp = FaceWarp()
    private let patch: MouthPatch
    private let blend: PatchBlend

    /// - Parameter isFine: Whether light and detail are blended separately, with the sharpness and grain of the skin
    ///   around the mouth: better, and slower.
    public init(isFine: Bool = false) {
        patch = MouthPatch(isFine: isFine)
        blend = PatchBlend(isFine: isFine)
    }

    /// Draws a mouth into `frame`.
    ///
    /// - Parameters:
    ///   - frame: Is made writable first.
    ///   - bank: The bank of `scene`.
    /// - Returns: The pixels that may have changed, or `nil` when the frame was left alone.
    /// - Throws: `MediaError` when the frame cannot be made writable.
    @discardableResult
    public func draw(
        _ instruction: MouthInstruction, into frame: VideoFrame, scene: SpeakerScene, bank: MouthBank
    ) throws -> FaceBox? {
        guard instruction.strength > 0 else { return nil }
        try frame.makeWritable()
        placement.read(instruction, scene: scene)
        let interior = interior(of: frame, bank)
        let changed = warp.apply(frame, placement)
        if !instruction.choice.parts.isEmpty,
            patch.draw(
                placement, interior: interior, choice: instruction.choice, scene: scene, bank: bank, frame: frame)
        {
            blend.apply(patch, to: frame, placement, strength: instruction.strength)
        }
        return FaceBox(
            left: Float(min(changed.left, patch.region.left)), top: Float(min(changed.top, patch.region.top)),
            right: Float(max(changed.left + changed.width, patch.region.left + patch.region.width)),
            bottom: Float(max(changed.top + changed.height, patch.region.top + patch.region.height)))
    }

    /// The mesh points whose places in a drawn frame are known, in the order of `drawnPoints`.
    public static let drawnMeshPoints = SpeakerPoints.mouthPoints + Landmarks.anchors

    /// The places of `drawnMeshPoints` in the frame that was drawn last, in pixels.
    public var drawnPoints: [SIMD2<Float>] { placement.to + placement.anchors }

    /// The colours of the face in this frame, read before anything is drawn.
    private func interior(of frame: VideoFrame, _ bank: MouthBank) -> MouthInterior {
        let skin = FaceColors.skin(frame, unit: placement.unit) { placement.anchors[Self.anchorSlots[$0]!] }
        var lip = MeanColor()
        let lipMiddle = (placement.from[MouthIndex.lowerMiddle] + placement.from[Self.lowerLipEdge]) / 2
        lip.add(frame, around: lipMiddle, radius: 0.02 * placement.unit)
        return MouthInterior(
            skin: skin, lip: lip.value, black: frame.isFullRange ? 0 : 16,
            darkest: skin.x + Self.wideDarkness * bank.darkestInterior)
    }

    /// The contrast of the cavity to the skin, relative to the darkest place that the bank shows: a mouth that opens
    /// wider than its pictures may be darker. Unmeasured.
    private static let wideDarkness: Float = 1.2
    private static let anchorSlots = Dictionary(
        uniqueKeysWithValues: Landmarks.anchors.enumerated().map { ($0.element, $0.offset) })
    private static let lowerLipEdge = SpeakerPoints.mouthIndex(17)
}

import Face
import Media

/// A still face made ready to move: its layers, its colours, and the constant part of its motion.
///
/// Making one costs some tens of milliseconds; it does not change and is shared by all renderers.
public final class Portrait: Sendable {
    /// The still, as large as the output.
    let still: VideoFrame
    /// What the lips' layers are taken from.
    let lips: VideoFrame
    let face: PortraitFace
    /// The shut mouth: canonical places of `SpeakerPoints.mouthPoints`.
    let neutral: [SIMD3<Float>]
    /// The mouth as the still shows it.
    let own: [SIMD3<Float>]
    let mouthWidth: Float
    /// The still's lips are apart.
    public let isMouthOpen: Bool
    /// The still shows teeth, which are kept.
    public var showsTeeth: Bool { drawn.ownTeeth != nil }
    /// The face wears glasses, which bend with brows and lids that move far.
    public let wearsGlasses: Bool
    let masks: LipMasks
    let drawn: DrawnMouth
    let lids: [PaintedLid]
    let puppet: Puppet
    /// The distance of the outer eye corners in pixels.
    public var unitPixels: Float { face.unit }
    /// The width of the shut mouth in distances of the outer eye corners.
    public var mouthWidthUnits: Float { mouthWidth }
    /// How far the head is turned in the still, in radians; see `FacePose.Rotation`.
    public var yawRadians: Float { face.pose.rotation.yawRadians }

    /// Reads a still.
    ///
    /// - Parameters:
    ///   - still: Is kept and must not be written to any more.
    ///   - landmarks: The 468 points of the face that shall move, in pixels.
    ///   - obstacles: Pixels that must not move, such as other faces. Straight lines beside the head are found here.
    public init(still: VideoFrame, landmarks: [SIMD3<Float>], obstacles: [SIMD2<Float>] = []) {
        self.still = still
        var face = PortraitFace(landmarks: landmarks)
        let colors = PortraitColors(still, face)
        wearsGlasses = GlassesBridge.isSeen(still, face, colors)
        let axes = FeatureAxes(mouthOf: face)
        let isOpen = LipLine.isOpen(still, face, colors)
        isMouthOpen = isOpen
        let upperLine: FeatureLine
        let lowerLine: FeatureLine
        var teeth: OwnTeeth?
        if isOpen {
            upperLine = FeatureLine(innerLip: Landmarks.upperInnerLip, of: face, axes)
            lowerLine = FeatureLine(innerLip: Landmarks.lowerInnerLip, of: face, axes)
            teeth = OwnTeeth(still, colors, axes, upperLine: upperLine, lowerLine: lowerLine)
        } else {
            upperLine = LipLine.find(still, face, axes)
            lowerLine = upperLine
            face = LipLine.closing(face, on: upperLine, axes)
        }
        self.face = face
        lips = isOpen ? MouthCorners.healed(still, face, colors) : still
        let own = face.mouth
        self.own = own
        let neutral = isOpen ? MouthShape.shut(own) : own
        self.neutral = neutral
        mouthWidth = simdDistance(neutral[MouthIndex.rightCorner], neutral[MouthIndex.leftCorner])
        masks = LipMasks(
            face, axes, upperLine: upperLine, lowerLine: lowerLine, picture: (still.width, still.height))
        drawn = DrawnMouth(colors: colors, ownTeeth: teeth, face: face, neutral: neutral)
        lids = [PortraitPoints.rightEye, PortraitPoints.leftEye].map { PaintedLid(still, face, colors, eye: $0) }
        puppet = Puppet(face, masks: masks, obstacles: obstacles, still: still)
    }
}

import Face
public import Media

/// A still face prepared for animation: its layers, its colours, and the constant part of its motion.
///
///     let portrait = Portrait(still: frame, landmarks: mesh)
///     let renderer = PortraitRenderer(portrait)
///     let picture = try renderer.draw(PortraitPose(mouth: MouthCurves(opening: 0.2), speaking: 1))
///
/// Making one takes some tens of milliseconds. It is immutable and shared by all renderers.
public final class Portrait: Sendable {
    /// The still, of the output's size.
    let still: VideoFrame
    /// The picture from which the lips' layers are taken: the still, with its mouth corners repainted for an open
    /// smile.
    let lips: VideoFrame
    let face: PortraitFace
    /// The shut mouth: canonical places of `SpeakerPoints.mouthPoints`.
    let neutral: [SIMD3<Float>]
    /// The mouth in the still: canonical places of the same points.
    let own: [SIMD3<Float>]
    let mouthWidth: Float
    /// Whether the lips are apart in the still.
    public let isMouthOpen: Bool
    /// Whether the still shows upper teeth, which are then kept.
    public var showsTeeth: Bool { drawn.ownTeeth != nil }
    /// Whether the face wears glasses, which would bend with brows and lids that move far.
    public let wearsGlasses: Bool
    let masks: LipMasks
    let drawn: DrawnMouth
    let lids: [PaintedLid]
    let operators: WarpOperators
    /// Whether the face can move at all; landmarks that fall together decide no motion.
    public var canMove: Bool { operators.all.allSatisfy(\.isDecided) }
    /// The distance of the outer eye corners in pixels.
    public var unitPixels: Float { face.unit }
    /// The width of the shut mouth in distances of the outer eye corners.
    public var mouthWidthUnits: Float { mouthWidth }
    /// How far the head is turned in the still, in radians; see `FacePose.Rotation`.
    public var yawRadians: Float { face.pose.rotation.yawRadians }

    /// Prepares a still.
    ///
    /// - Parameters:
    ///   - still: Is kept and must not be changed afterwards.
    ///   - landmarks: The 468 points of the face to animate, in pixels.
    ///   - obstacles: Pixels that must not move, such as other faces. Straight lines beside the head are detected and
    ///     held too.
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
        operators = WarpOperators(face, masks: masks, obstacles: obstacles, still: still)
    }
}

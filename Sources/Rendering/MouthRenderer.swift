import Face
import Media

/// Draws a new mouth into frames: the face is bent to the new jaw, then a mouth from the bank is blended in.
///
/// A renderer keeps its working memory and belongs to one thread; several may draw different frames of one scene at
/// the same time. The same frame and instruction give the same pixels. Pixels outside the region it returns are
/// untouched.
public final class MouthRenderer: @unchecked Sendable {
    private let warp = FaceWarp()
    private let patch = MouthPatch()
    private let blend = PatchBlend()

    /// Makes a renderer.
    public init() {}

    /// Draws into `frame`.
    ///
    /// - Parameters:
    ///   - frame: Is made writable if it is not.
    ///   - bank: The scene's own.
    /// - Returns: The pixels that may have changed, or `nil` when the frame was left alone.
    /// - Throws: `MediaError` when the frame cannot be made writable.
    @discardableResult
    public func draw(
        _ instruction: MouthInstruction, into frame: VideoFrame, scene: SpeakerScene, bank: MouthBank
    ) throws -> FaceBox? {
        guard instruction.strength > 0 else { return nil }
        try frame.makeWritable()
        let row = instruction.row
        let pose = scene.poses[row]
        let unit = pose.unitPixels
        let own = scene.ownShape(row)
        var wanted = scene.shape(for: instruction.curves, row: row)
        if instruction.strength < 1 {
            for index in wanted.indices {
                wanted[index] = own[index] + (wanted[index] - own[index]) * instruction.strength
            }
        }
        let from = SpeakerPoints.mouth.map { scene.picturePoint(row, $0) }
        let to = wanted.map(pose.picture)
        let anchors = SpeakerPoints.anchors.map { scene.picturePoint(row, $0) }
        let interior = MouthInterior(
            skin: frame.meanColor(around: Self.cheeks.map { anchors[$0] }, radius: 0.04 * unit),
            lip: frame.meanColor(
                around: [(from[MouthIndex.lowerMiddle] + from[Self.lowerLipEdge]) / 2], radius: 0.02 * unit),
            black: frame.isFullRange ? 0 : 16)

        let changed = warp.apply(frame, from: from, to: to, anchors: anchors, unit: unit)
        let wish = MouthPatch.Wish(pose: pose, shape: wanted, pixels: to, interior: interior)
        if !instruction.choice.parts.isEmpty,
            patch.draw(wish, choice: instruction.choice, scene: scene, bank: bank, frame: frame)
        {
            blend.apply(
                patch, to: frame, outline: MouthIndex.outline.map { to[$0] }, unit: unit,
                strength: instruction.strength)
        }
        return FaceBox(
            left: Float(min(changed.left, patch.region.left)), top: Float(min(changed.top, patch.region.top)),
            right: Float(max(changed.left + changed.width, patch.region.left + patch.region.width)),
            bottom: Float(max(changed.top + changed.height, patch.region.top + patch.region.height)))
    }

    private static let cheeks = [50, 280, 205, 425].map { Landmarks.anchors.firstIndex(of: $0)! }
    private static let lowerLipEdge = SpeakerPoints.mouthIndex(17)
}

extension VideoFrame {
    /// The mean luma, blue and red chroma of small squares around points.
    func meanColor(around points: [SIMD2<Float>], radius: Float) -> SIMD3<Float> {
        var sum = SIMD3<Float>.zero
        var count: Float = 0
        let reach = max(Int(radius), 1)
        let step = max(reach / 4, 1)
        for point in points {
            for dy in stride(from: -reach, through: reach, by: step) {
                for dx in stride(from: -reach, through: reach, by: step) {
                    let x = min(max(Int(point.x) + dx, 0), width - 1)
                    let y = min(max(Int(point.y) + dy, 0), height - 1)
                    let chroma = (y / 2) * blueChroma.stride + x / 2
                    sum += SIMD3(
                        Float(luma.base[y * luma.stride + x]), Float(blueChroma.base[chroma]),
                        Float(redChroma.base[(y / 2) * redChroma.stride + x / 2]))
                    count += 1
                }
            }
        }
        return sum / max(count, 1)
    }
}

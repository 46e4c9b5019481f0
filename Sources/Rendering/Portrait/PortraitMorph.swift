import Media

/// Two stills on the way from one to the other: their faces meet in shape and place, the rest dissolves.
public struct PortraitMorph: Sendable {
    private let start: Portrait
    private let end: Portrait
    /// How the end's points differ from the start's in canonical space, for a mouth as the stills show it.
    private let difference: [SIMD3<Float>]
    /// What the mouth's points differ by more when it speaks: both stills' mouths are shut then.
    private let spokenDifference: [SIMD3<Float>]
    private let turn: HeadTurn

    /// - Parameters:
    ///   - start: Of the same size as `end`.
    public init(from start: Portrait, to end: Portrait) {
        self.start = start
        self.end = end
        difference = zip(start.face.shape, end.face.shape).map { $1 - $0 }
        var spoken = [SIMD3<Float>](repeating: .zero, count: difference.count)
        for (index, point) in SpeakerPoints.mouthPoints.enumerated() {
            spoken[point] = end.neutral[index] - start.neutral[index] - difference[point]
        }
        spokenDifference = spoken
        let (a, b) = (start.face.pose.rotation, end.face.pose.rotation)
        // Only as far as a still can be turned without breaking; the dissolve hides the rest.
        func limited(_ value: Float) -> Float { 0.12 * hyperbolicTangent(value / 0.12) }
        turn = HeadTurn(
            yawRadians: limited(b.yawRadians - a.yawRadians), pitchRadians: limited(b.pitchRadians - a.pitchRadians),
            rollRadians: limited(b.rollRadians - a.rollRadians))
    }

    /// Draws a moment of the change.
    ///
    /// - Parameters:
    ///   - share: 0 is the start, 1 the end.
    ///   - pose: What the figure does besides.
    ///   - renderers: Of the start and of the end.
    /// - Throws: `MediaError` when there is no memory for a picture.
    public func draw(
        _ share: Float, _ pose: PortraitPose, _ renderers: (PortraitRenderer, PortraitRenderer)
    ) throws -> VideoFrame {
        if share <= 0 { return try renderers.0.draw(pose) }
        if share >= 1 { return try renderers.1.draw(pose) }
        let first = try placed(renderers.0.draw(moved(pose, by: share)), of: start, share)
        let second = try placed(renderers.1.draw(moved(pose, by: share - 1)), of: end, share)
        try first.makeWritable()
        first.dissolve(into: second, share: smoothStep(0, 1, share))
        return first
    }

    /// The pose with a share of the way from the start to the end in it.
    private func moved(_ pose: PortraitPose, by share: Float) -> PortraitPose {
        var result = pose
        if result.offsets.isEmpty { result.offsets = Array(repeating: .zero, count: difference.count) }
        for point in difference.indices {
            result.offsets[point] += (difference[point] + spokenDifference[point] * pose.speaking) * share
        }
        result.turn = pose.turn + turn * share
        return result
    }

    /// A drawn still with its face where the change has it.
    private func placed(_ frame: VideoFrame, of portrait: Portrait, _ share: Float) throws -> VideoFrame {
        let (a, b) = (start.eyes, end.eyes)
        let unit = start.face.unit * power(end.face.unit / start.face.unit, share)
        return try FrameTransform(
            from: portrait.eyes, to: a + (b - a) * share, zoom: unit / portrait.face.unit
        ).apply(frame)
    }
}

extension Portrait {
    /// The middle between the outer eye corners in pixels.
    fileprivate var eyes: SIMD2<Float> { (face.pixel(33) + face.pixel(263)) / 2 }
}

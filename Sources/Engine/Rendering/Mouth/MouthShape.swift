import Face

/// Moves the mouth's points by curves: opening, width and jaw.
package enum MouthShape {
    /// The neutral shape moved by curves, with the linear basis of `MouthShapeBasis`.
    ///
    /// - Parameters:
    ///   - neutral: Canonical places of `SpeakerPoints.mouthPoints` with the lips shut.
    ///   - curves: In mouth widths relative to `neutral`.
    ///   - mouthWidth: The width of the neutral mouth in canonical units.
    ///   - drift: An offset for each point, in canonical units.
    package static func drive(
        _ neutral: [SIMD3<Float>], _ curves: MouthCurves, mouthWidth: Float, drift: (Int) -> SIMD3<Float>
    ) -> [SIMD3<Float>] {
        var shape: [SIMD3<Float>] = []
        drive(neutral, curves, mouthWidth: mouthWidth, into: &shape, drift: drift)
        return shape
    }

    /// The same into an array whose memory is reused.
    static func drive(
        _ neutral: [SIMD3<Float>], _ curves: MouthCurves, mouthWidth: Float, into shape: inout [SIMD3<Float>],
        drift: (Int) -> SIMD3<Float>
    ) {
        let scaled = curves * mouthWidth
        shape.refill(neutral.indices) { index in
            let motion =
                MouthShapeBasis.opening[index] * scaled.opening + MouthShapeBasis.width[index] * scaled.width
                + MouthShapeBasis.jaw[index] * scaled.jaw
            return neutral[index] + drift(index) + motion
        }
        separateLips(&shape)
    }

    /// Moves pairs of inner lip points that have passed through each other to their middle.
    static func separateLips(_ shape: inout [SIMD3<Float>]) {
        for (upper, lower) in zip(MouthIndex.upperInner, MouthIndex.lowerInner) where shape[lower].y < shape[upper].y {
            let middle = (shape[lower].y + shape[upper].y) / 2
            shape[lower].y = middle
            shape[upper].y = middle
        }
    }

    /// For gaps up to this, in canonical units, the lips may touch: the mesh reports up to 0.03 for shut lips
    /// (Lipsmith's photo study, section 3).
    private static let touchingGap: Float = 0.045
    /// For gaps up to this the lips touch, whatever the picture looks like (same section).
    private static let surelyTouchingGap: Float = 0.012

    /// The shape with its lips closed, for a speaker who never closes them (an open smile). Unchanged where they touch.
    ///
    /// The shares by which each group of points moves were found on smiling stills (photo study, section 3, open
    /// smile).
    ///
    /// - Parameters:
    ///   - shape: Canonical places of `SpeakerPoints.mouthPoints`.
    ///   - isParted: Whether the lips are known to be apart, so that gaps over 0.012 are real.
    package static func shut(_ shape: [SIMD3<Float>], isParted: Bool = false) -> [SIMD3<Float>] {
        let gap = shape[MouthIndex.lowerMiddle].y - shape[MouthIndex.upperMiddle].y
        guard gap > (isParted ? surelyTouchingGap : touchingGap) else { return shape }
        var result = shape
        let middleX = (shape[MouthIndex.rightCorner].x + shape[MouthIndex.leftCorner].x) / 2
        for index in MouthIndex.jaw {
            let x = (shape[index].x - middleX) / 0.5
            result[index].y -= 0.35 * gap * exponential(-x * x)
        }
        for place in MouthIndex.upperInner.indices {
            let (upper, lower) = (MouthIndex.upperInner[place], MouthIndex.lowerInner[place])
            let between = shape[lower] - shape[upper]
            result[upper] = shape[upper] + between * 0.35
            result[lower] = shape[lower] - between * 0.65
            let outerUpper = MouthIndex.upperOuter[place]
            let outerLower = MouthIndex.lowerOuter[place]
            let x = abs(shape[outerUpper].x - middleX)
            result[outerUpper] = shape[outerUpper] + between * 0.28 * max(1 - x / 0.4, 0)
            result[outerLower] = shape[outerLower] - between * 0.62 * max(1 - 0.5 * x / 0.35, 0)
        }
        let width = simdDistance(shape[MouthIndex.rightCorner], shape[MouthIndex.leftCorner])
        let excess = max(width - 0.58, 0)
        guard excess > 0 else { return result }
        let narrower = 1 - 0.5 * excess / width
        for index in 0..<Landmarks.lips.count {
            let offset = result[index].x - middleX
            let outward = min(2 * abs(offset) / width, 1)
            result[index].x = middleX + offset * narrower
            // The lips beside a corner come down with it, or the line between them would end in a hook.
            result[index].y += 0.35 * excess * outward * outward * outward
        }
        return result
    }
}

/// The distance of two points.
@inline(__always)
func simdDistance(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
    let d = a - b
    return (d * d).sum().squareRoot()
}

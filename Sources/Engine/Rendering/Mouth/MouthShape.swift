import Face

/// How the mouth's points move when it opens, widens and the jaw drops.
package enum MouthShape {
    /// A neutral shape moved by curves.
    ///
    /// - Parameters:
    ///   - neutral: Canonical places of `SpeakerPoints.mouthPoints` with the lips shut.
    ///   - curves: In mouth widths.
    ///   - drift: An offset for each point, in canonical units.
    package static func drive(
        _ neutral: [SIMD3<Float>], _ curves: MouthCurves, mouthWidth: Float, drift: (Int) -> SIMD3<Float>
    ) -> [SIMD3<Float>] {
        var shape: [SIMD3<Float>] = []
        drive(neutral, curves, mouthWidth: mouthWidth, into: &shape, drift: drift)
        return shape
    }

    /// Likewise, in memory that is kept.
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

    /// Lips can touch but not pass through each other.
    static func separateLips(_ shape: inout [SIMD3<Float>]) {
        for (upper, lower) in zip(MouthIndex.upperInner, MouthIndex.lowerInner) where shape[lower].y < shape[upper].y {
            let middle = (shape[lower].y + shape[upper].y) / 2
            shape[lower].y = middle
            shape[upper].y = middle
        }
    }

    /// Openings up to this are what the mesh reports for lips that touch.
    private static let touchingGap: Float = 0.045
    /// Below this they touch, whatever the picture looks like.
    private static let surelyTouchingGap: Float = 0.012

    /// The shape with its lips closed, for a speaker who never closes them (an open smile).
    ///
    /// The shares by which each group gives way were found on smiling stills in Lipsmith's photo study.
    ///
    /// - Parameter isParted: Small gaps are real ones too.
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

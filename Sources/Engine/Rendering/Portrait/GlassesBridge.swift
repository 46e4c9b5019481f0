import Face
import Media

/// Detects the bridge of glasses: a thin line, darker or lighter than the skin, straight across the nose between the
/// eyes.
enum GlassesBridge {
    /// The least contrast of a bridge, as share of the skin's luma. On the development pictures bridges have 0.42 to
    /// 0.45, anything else at most 0.09.
    private static let leastContrast: Float = 0.2
    /// The line is compared with the skin at this distance above and below it, in face units. Unmeasured.
    private static let reach: Float = 0.035

    /// Whether the face wears glasses whose bridge is visible.
    static func isSeen(_ frame: VideoFrame, _ face: PortraitFace, _ colors: PortraitColors) -> Bool {
        let (right, left) = (face.pixel(PortraitPoints.rightEye.inner), face.pixel(PortraitPoints.leftEye.inner))
        let middle = (right + left) / 2
        let along = (left - right) / max(((left - right) * (left - right)).sum().squareRoot(), 1e-3)
        let across = SIMD2(-along.y, along.x)
        func luma(_ u: Float, _ v: Float) -> Float {
            colors.color.sample(frame, middle + (along * u + across * v) * face.unit).x
        }
        let columns = (0..<7).map { Float($0 - 3) * 0.02 }
        let skin = columns.flatMap { u in (0..<12).map { luma(u, Float($0) * 0.03 - 0.1) } }.sorted()
        let usual = max(skin[skin.count / 2], 20)
        var best: Float = 0
        for step in 0...60 {
            let v = Float(step) * 0.005 - 0.14
            // A bridge is seen in all columns; one of the seven may show a reflection instead.
            let contrasts = columns.map { u in
                abs(luma(u, v - reach) + luma(u, v + reach) - 2 * luma(u, v)) / 2 / usual
            }.sorted()
            best = max(best, contrasts[1])
        }
        return best >= leastContrast
    }
}

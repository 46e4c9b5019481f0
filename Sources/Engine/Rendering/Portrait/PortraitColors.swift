import Face
import Media

/// The colours of a still face and of what is painted into it, as values of `PixelColor`.
///
/// The rules are those of Lipsmith's photo study, section 3, found by eye on photographs and paintings; the limits of
/// the teeth's luma were lowered later (1.30 to 1.60 of the skin instead of 1.38 to 1.70), unmeasured.
struct PortraitColors: Sendable {
    let color: PixelColor
    let skin: SIMD3<Float>
    let lip: SIMD3<Float>
    let tooth: SIMD3<Float>
    /// The cavity below the upper teeth.
    let cavity: SIMD3<Float>
    /// The cavity above the lower lip.
    let cavityLow: SIMD3<Float>
    let tongue: SIMD3<Float>
    let gum: SIMD3<Float>
    /// The standard deviation of the picture's noise in luma, at most 4.
    let grain: Float

    init(_ frame: VideoFrame, _ face: PortraitFace) {
        let color = PixelColor(frame)
        self.color = color
        func sample(_ points: [Int]) -> PolygonSample { PolygonSample(frame, color, points.map(face.pixel)) }
        let cheeks = [[50, 205, 187, 147, 117], [280, 425, 411, 376, 346]]
        let skin = PolygonSample(cheeks.map(sample)).median ?? SIMD3(120, -8, 12)
        let lips = [
            Landmarks.lowerOuterLip + Landmarks.lowerInnerLip.reversed(),
            Landmarks.upperOuterLip + Landmarks.upperInnerLip.reversed(),
        ]
        let lip = PolygonSample(lips.map(sample)).median ?? skin
        let eyes = [PortraitPoints.rightEye, PortraitPoints.leftEye].map {
            [$0.outer] + $0.upper + [$0.inner] + $0.lower.reversed()
        }
        // The white of the eyes is in the same light as the teeth.
        let sclera = PolygonSample(eyes.map(sample)).median(from: 0.72, to: 0.85) ?? skin
        self.skin = skin
        self.lip = lip
        tooth = Self.tooth(skin: skin, lip: lip, sclera: sclera)
        let (skinRGB, lipRGB) = (color.rgb(skin), color.rgb(lip))
        cavity = color.value(skinRGB * SIMD3(0.10, 0.06, 0.055) + SIMD3(8, 4, 4))
        cavityLow = color.value(lipRGB * SIMD3(0.22, 0.165, 0.165))
        tongue = color.value((lipRGB * 0.70 + skinRGB * 0.16) * 0.8 * SIMD3(1, 0.92, 0.95))
        gum = color.value((lipRGB * 0.75 + skinRGB * 0.2) * 0.62)
        grain = Self.grain(frame, face)
    }

    private static func tooth(
        skin: SIMD3<Float>, lip: SIMD3<Float>, sclera: SIMD3<Float>
    ) -> SIMD3<Float> {
        var luma = 1.45 * sclera.x
        luma = min(max(luma, 1.30 * skin.x), 1.60 * skin.x)
        // In dark paintings and under a moustache teeth must not be the brightest part of the picture.
        luma = min(luma, 208, max(2.4 * lip.x, 1.15 * skin.x))
        func chroma(_ value: SIMD3<Float>) -> SIMD2<Float> { SIMD2(value.y, value.z) / max(value.x, 20) }
        let tint = (chroma(sclera) * 0.32 + chroma(skin) * 0.12) * luma
        return SIMD3(luma, tint.x, tint.y)
    }

    /// The noise of the cheeks: the root mean square of luma minus its 3 × 3 mean, times 1.1, at most 4.
    private static func grain(_ frame: VideoFrame, _ face: PortraitFace) -> Float {
        let luma = frame.luma
        var (sum, count): (Float, Float) = (0, 0)
        for cheek in [50, 280] {
            let center = face.pixel(cheek)
            let reach = max(Int(0.08 * face.unit), 3)
            for dy in -reach...reach {
                for dx in -reach...reach {
                    let (x, y) = (Int(center.x) + dx, Int(center.y) + dy)
                    guard x > 0, y > 0, x + 1 < luma.width, y + 1 < luma.height else { continue }
                    var (mean, own): (Float, Float) = (0, 0)
                    for j in -1...1 {
                        for i in -1...1 {
                            let value = Float(luma.base[(y + j) * luma.stride + x + i])
                            mean += value / 9
                            if i == 0, j == 0 { own = value }
                        }
                    }
                    sum += (own - mean) * (own - mean)
                    count += 1
                }
            }
        }
        return min((sum / max(count, 1)).squareRoot() * 1.1, 4)
    }
}

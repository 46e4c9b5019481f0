import Face
import Media

/// Paints over the dark corners of an open smile, which would remain as two notches when its lips close.
///
/// No measurement of the numbers is recorded.
enum MouthCorners {
    /// The radius that is repainted around the middle of inner and outer corner, in face units.
    private static let radius: Float = 0.068

    /// How far beyond the outer corner the skin's colour is read, in distances of outer and inner corner.
    private static let skinReach: Float = 1.2

    /// A copy of the still with the colours of lips and skin in the dark corners of the mouth; the still itself when
    /// there is no memory for a copy.
    static func healed(_ still: VideoFrame, _ face: PortraitFace, _ colors: PortraitColors) -> VideoFrame {
        guard let result = try? still.copy() else { return still }
        for (inner, outer) in [(78, Landmarks.rightCorner), (308, Landmarks.leftCorner)] {
            let corner = Corner(inner: face.pixel(inner), outer: face.pixel(outer))
            let skin = colors.color.read(still, corner.place(1 + skinReach))
            heal(result, corner, radius: radius * face.unit, colors: colors, skin: skin)
        }
        return result
    }

    /// One corner of the mouth in pixels: from the end of the gap (inner) to the end of the lips (outer).
    private struct Corner {
        let inner: SIMD2<Float>
        let outer: SIMD2<Float>

        /// The place at a share of the way, 0 for the inner and 1 for the outer corner.
        func place(_ share: Float) -> SIMD2<Float> { inner + (outer - inner) * share }

        /// The inverse of `place`.
        func share(_ place: SIMD2<Float>) -> Float {
            let along = outer - inner
            return ((place - inner) * along).sum() / max((along * along).sum(), 1)
        }
    }

    private static func heal(
        _ frame: VideoFrame, _ corner: Corner, radius: Float, colors: PortraitColors, skin: SIMD3<Float>
    ) {
        let center = corner.place(0.5)
        let region = PixelRegion(
            from: center - radius, to: center + radius, pictureWidth: frame.width, pictureHeight: frame.height)
        guard !region.isEmpty else { return }
        let black = colors.color.black
        // In a beard the corners are dark themselves.
        let lip = colors.lip * (0.74 * min(skin.x / max(0.7 * colors.skin.x, 1), 1))
        /// The wanted colour: that of the lip at the inner corner, that of the skin at the outer one.
        func color(_ place: SIMD2<Float>) -> SIMD3<Float> {
            lip + (skin - lip) * smoothStep(0.1, 0.9, corner.share(place))
        }
        func share(_ place: SIMD2<Float>, _ luma: Float, _ wanted: SIMD3<Float>) -> Float {
            let d = place - center
            let near = smoothStep(radius, 0.55 * radius, (d * d).sum().squareRoot())
            return near * smoothStep(0.9 * wanted.x, 0.57 * wanted.x, luma)
        }
        let luma = frame.luma
        for y in region.top / 2..<(region.top + region.height) / 2 {
            for x in region.left / 2..<(region.left + region.width) / 2 {
                let place = SIMD2(Float(2 * x) + 0.5, Float(2 * y) + 0.5)
                let value = Float(luma.base[2 * y * luma.stride + 2 * x]) - black
                let wanted = color(place)
                let part = share(place, value, wanted)
                guard part > 0 else { continue }
                for (plane, chroma) in [(frame.blueChroma, wanted.y), (frame.redChroma, wanted.z)] {
                    let target = plane.base + y * plane.stride + x
                    target[0] = UInt8(Float(target[0]) + (chroma + 128 - Float(target[0])) * part + 0.5)
                }
            }
        }
        for y in region.top..<region.top + region.height {
            for x in region.left..<region.left + region.width {
                let place = SIMD2(Float(x), Float(y))
                let target = luma.base + y * luma.stride + x
                let value = Float(target[0]) - black
                let wanted = color(place)
                let part = share(place, value, wanted)
                target[0] = UInt8(min(max(Float(target[0]) + (wanted.x - value) * part + 0.5, 0), 255))
            }
        }
    }
}

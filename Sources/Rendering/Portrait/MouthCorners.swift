import Face
import Media

/// The dark corners of a smile. When its lips close they would stay behind as two notches.
enum MouthCorners {
    /// Around each inner corner, in face units.
    private static let radius: Float = 0.068

    /// The still with lips instead of darkness in the corners of the mouth, or the still itself without memory for it.
    static func healed(_ still: VideoFrame, _ face: PortraitFace, _ colors: PortraitColors) -> VideoFrame {
        guard let result = try? still.copy() else { return still }
        for (inner, outer) in [(78, Landmarks.rightCorner), (308, Landmarks.leftCorner)] {
            heal(result, around: (face.pixel(inner) + face.pixel(outer)) / 2, radius * face.unit, colors)
        }
        return result
    }

    private static func heal(
        _ frame: VideoFrame, around center: SIMD2<Float>, _ radius: Float, _ colors: PortraitColors
    ) {
        let region = PixelRegion(
            from: center - radius, to: center + radius, pictureWidth: frame.width, pictureHeight: frame.height)
        guard !region.isEmpty else { return }
        let black = colors.color.black
        let lip = colors.lip * 0.74
        func share(_ place: SIMD2<Float>, _ luma: Float) -> Float {
            let d = place - center
            let near = smoothStep(radius, 0.55 * radius, (d * d).sum().squareRoot())
            return near * smoothStep(0.66 * colors.lip.x, 0.42 * colors.lip.x, luma)
        }
        let luma = frame.luma
        for y in region.top / 2..<(region.top + region.height) / 2 {
            for x in region.left / 2..<(region.left + region.width) / 2 {
                let place = SIMD2(Float(2 * x) + 0.5, Float(2 * y) + 0.5)
                let value = Float(luma.base[2 * y * luma.stride + 2 * x]) - black
                let part = share(place, value)
                guard part > 0 else { continue }
                for (plane, wanted) in [(frame.blueChroma, lip.y), (frame.redChroma, lip.z)] {
                    let target = plane.base + y * plane.stride + x
                    target[0] = UInt8(Float(target[0]) + (wanted + 128 - Float(target[0])) * part + 0.5)
                }
            }
        }
        for y in region.top..<region.top + region.height {
            for x in region.left..<region.left + region.width {
                let target = luma.base + y * luma.stride + x
                let value = Float(target[0]) - black
                let part = share(SIMD2(Float(x), Float(y)), value)
                target[0] = UInt8(min(max(Float(target[0]) + (lip.x - value) * part + 0.5, 0), 255))
            }
        }
    }
}

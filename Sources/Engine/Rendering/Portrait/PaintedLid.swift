import Face
import Media

/// The upper lid of one eye of a still, painted with the colours of the skin above and below the eye.
///
/// Warping the still's own lid down would drag lashes and iris with it. Method and numbers are those of Lipsmith's
/// photo study, section 5 (blink), with colours corrected later (unmeasured). Lengths are in face units.
struct PaintedLid: Sendable {
    /// Columns along the eye for which colours are sampled.
    private static let columnCount = 72
    /// Above the crease the lid fades into the skin over this height: the mesh's lid lies 0.02 to 0.03 below the real
    /// one.
    private static let rampHeight: Float = 0.035

    /// The region of the still that painting can change.
    let region: PixelRegion
    private let axes: FeatureAxes
    private let upper: FeatureLine
    private let lower: FeatureLine
    private let crease: FeatureLine
    // For each column the colours above the crease, of the lid, below the eye, and of the lashes.
    private let above: [SIMD3<Float>]
    private let lid: [SIMD3<Float>]
    private let below: [SIMD3<Float>]
    private let lash: [SIMD3<Float>]
    private let color: PixelColor
    private let grain: Float
    private let edgeSoftness: Float

    init(_ frame: VideoFrame, _ face: PortraitFace, _ colors: PortraitColors, eye: EyePoints) {
        let isRight = face.shape[eye.outer].x < face.shape[eye.inner].x
        let axes = FeatureAxes(face, left: isRight ? eye.outer : eye.inner, right: isRight ? eye.inner : eye.outer)
        self.axes = axes
        func line(_ points: [Int]) -> FeatureLine {
            let ordered = isRight ? points : points.reversed()
            let corners = isRight ? (eye.outer, eye.inner) : (eye.inner, eye.outer)
            return FeatureLine(through: ([corners.0] + ordered + [corners.1]).map { axes.place(face.pixel($0)) })
        }
        let (upper, lower) = (line(eye.upper), line(eye.lower))
        var crease = line(eye.crease)
        for column in crease.values.indices {
            crease.values[column] = min(crease.values[column], upper.values[column] - 0.035)
        }
        self.upper = upper
        self.lower = lower
        self.crease = crease
        color = colors.color
        grain = colors.grain
        edgeSoftness = max(0.7 / axes.unit, 0.004)

        let samples = Self.samples(frame, colors, axes, upper: upper, lower: lower, crease: crease)
        above = Self.smoothed(samples.above)
        lid = Self.smoothed(samples.lid)
        below = Self.smoothed(samples.below)
        lash = Self.smoothed(samples.lash)

        let (start, end) = (upper.start - 0.05, upper.end + 0.05)
        let top = crease.values.min()! - Self.rampHeight - 0.01
        let bottom = lower.values.max()! + 0.06
        let corners = [SIMD2(start, top), SIMD2(end, top), SIMD2(start, bottom), SIMD2(end, bottom)].map(axes.pixel)
        region = PixelRegion(
            from: corners.reduce(corners[0]) { pointwiseMin($0, $1) },
            to: corners.reduce(corners[0]) { pointwiseMax($0, $1) }, pictureWidth: frame.width,
            pictureHeight: frame.height)
    }

    /// Colours for each column along an eye: above the crease, of the lid, below the eye, of the lashes.
    private typealias Samples = (
        above: [SIMD3<Float>], lid: [SIMD3<Float>], below: [SIMD3<Float>], lash: [SIMD3<Float>]
    )

    /// Reads the colours off the open eye.
    private static func samples(
        _ frame: VideoFrame, _ colors: PortraitColors, _ axes: FeatureAxes, upper: FeatureLine, lower: FeatureLine,
        crease: FeatureLine
    ) -> Samples {
        func read(_ u: Float, _ v: Float) -> SIMD3<Float> { colors.color.sample(frame, axes.pixel(SIMD2(u, v))) }
        var samples: Samples = ([], [], [], [])
        for column in 0..<columnCount {
            let u = upper.start + (upper.end - upper.start) * Float(column) / Float(columnCount - 1)
            let (top, bottom) = (crease.value(u) - 0.03, upper.value(u))
            let over = (0..<9).map { read(u, top + (bottom - top) * 0.55 * Float($0) / 8) }.sorted { $0.x < $1.x }
            var skin = mean(over[4...7])
            let shade = mean((0..<3).map { read(u, crease.value(u) - rampHeight + 0.006 * Float($0)) }[...])
            samples.above.append(shade)
            // A dark sample holds lashes or make-up; the skin's colour is closer to that of a lid.
            let missing = min(max((0.80 * colors.skin.x - skin.x) / (0.3 * colors.skin.x), 0), 1)
            // In the shadow of the eye socket a lid is not lighter than the skin above it.
            let lightest = min(0.90 * colors.skin.x, 1.05 * shade.x)
            skin += (colors.skin * (lightest / max(colors.skin.x, 1)) - skin) * (0.25 + 0.4 * missing)
            skin.x = min(skin.x, 1.1 * shade.x)
            // Make-up makes the sample grey; the lid of a closed eye shows more of the skin.
            let tint = colors.skin * (skin.x / max(colors.skin.x, 1))
            skin += (tint - skin) * 0.5
            samples.lid.append(skin)
            samples.below.append(mean((0..<4).map { read(u, lower.value(u) + 0.025 + 0.035 * Float($0) / 3) }[...]))
            let dark = (0..<10).map { read(u, upper.value(u) - 0.02 + 0.004 * Float($0)) }.sorted { $0.x < $1.x }
            var lashes = mean(dark[0..<3])
            lashes.x = min(lashes.x, 0.55 * skin.x)
            samples.lash.append(lashes)
        }
        return samples
    }

    private static func mean(_ values: ArraySlice<SIMD3<Float>>) -> SIMD3<Float> {
        values.reduce(.zero, +) / Float(values.count)
    }

    private static func smoothed(_ values: [SIMD3<Float>]) -> [SIMD3<Float>] {
        values.indices.map { column in
            var (sum, weights): (SIMD3<Float>, Float) = (.zero, 0)
            for k in -9...9 {
                let weight = exponential(-Float(k * k) / (2 * 3.5 * 3.5))
                sum += values[min(max(column + k, 0), values.count - 1)] * weight
                weights += weight
            }
            return sum / weights
        }
    }

    /// Paints the lid into a still.
    ///
    /// - Parameters:
    ///   - amount: How far the eye is closed, 0…1.
    ///   - still: The still with the open eye; must be writable.
    func paint(_ amount: Float, into still: VideoFrame) {
        guard amount > 0, !region.isEmpty else { return }
        let (luma, blue, red) = (still.luma, still.blueChroma, still.redChroma)
        for y in region.top..<region.top + region.height {
            for x in region.left..<region.left + region.width {
                let place = SIMD2(Float(x), Float(y))
                guard let found = layer(axes.place(place), amount) else { continue }
                let target = luma.base + y * luma.stride + x
                let value = found.color.x + color.black + Noise.at(x, y) * grain
                target[0] = UInt8(min(max(Float(target[0]) + (value - Float(target[0])) * found.alpha + 0.5, 0), 255))
            }
        }
        for y in region.top / 2..<(region.top + region.height) / 2 {
            for x in region.left / 2..<(region.left + region.width) / 2 {
                let place = SIMD2(Float(2 * x) + 0.5, Float(2 * y) + 0.5)
                guard let found = layer(axes.place(place), amount) else { continue }
                func lay(_ plane: Plane, _ value: Float) {
                    let target = plane.base + y * plane.stride + x
                    let old = Float(target[0])
                    target[0] = UInt8(min(max(old + (value + 128 - old) * found.alpha + 0.5, 0), 255))
                }
                lay(blue, found.color.y)
                lay(red, found.color.z)
            }
        }
    }

    private func layer(_ place: SIMD2<Float>, _ amount: Float) -> (color: SIMD3<Float>, alpha: Float)? {
        let (u, v) = (place.x, place.y)
        let side = min(u - upper.start, upper.end - u)
        guard side > -0.02 else { return nil }
        let (top, lashLine, bottom) = (crease.value(u), upper.value(u), lower.value(u))
        let aperture = max(bottom - lashLine, 0)
        let edge = lashLine + amount * (aperture * 1.06)
        guard v > top - Self.rampHeight, v < edge + 0.05 else { return nil }
        let position = min(max((u - upper.start) / (upper.end - upper.start), 0), 1) * Float(Self.columnCount - 1)
        let column = min(Int(position), Self.columnCount - 2)
        let part = position - Float(column)
        func mix(_ values: [SIMD3<Float>]) -> SIMD3<Float> {
            values[column] + (values[column + 1] - values[column]) * part
        }
        let start = top - Self.rampHeight
        let t = min(max((v - start) / max(edge - start, 1e-3), 0), 1)
        let lidColor = mix(lid)
        var fill = mix(above)
        fill += (lidColor - fill) * smoothStep(0, 0.45, t)
        fill += (mix(below) - fill) * (0.35 * amount * t * t)
        // A lid is curved: lightest in its middle, with a soft fold at the crease.
        fill.x *= 1 + 0.06 * sine(.pi * min(max((t - 0.3) / 0.7, 0), 1))
        let fold = (v - top + 0.01) / 0.012
        fill.x *= 1 - 0.07 * exponential(-fold * fold / 2)
        fill.x *= 1 - 0.16 * smoothStep(0.72, 1, t)
        let taper = smoothStep(-0.015, 0.03, side)
        var alpha = smoothStep(start, min(top + 0.01, lashLine - 0.034), v) * min(amount / 0.2, 1) * taper
        alpha *= smoothStep(edge + edgeSoftness, edge - edgeSoftness, v)
        let d = v - edge
        let sigma: Float = d < 0 ? 0.010 : 0.016
        let lashAlpha = 0.9 * exponential(-d * d / (2 * sigma * sigma)) * taper * min(amount / 0.2, 1)
        let total = 1 - (1 - alpha) * (1 - lashAlpha)
        guard total > 0.004 else { return nil }
        return ((fill * alpha * (1 - lashAlpha) + mix(lash) * lashAlpha) / total, total)
    }
}

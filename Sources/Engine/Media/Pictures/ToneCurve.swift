import CLibAV
import Glibc

/// Maps linear light of high dynamic range to the range of a standard screen.
///
/// Up to skin in full light (100 nits) it is Hable's filmic curve, with which faces look natural. That curve shows
/// white paper (203 nits, ITU-R BT.2408) as light grey; above 100 nits this one rises to 232 of 255 at 203 nits, and
/// approaches 255 for the brightest highlights.
enum ToneCurve {
    /// The luminance in nits that is 1 in the input.
    static let unitNits = 100
    /// The light that Hable's curve maps to full scale: 1000 nits, the usual peak of masters, in units of the input.
    private static let peak: Float = 10
    /// The gamma of a standard screen (ITU-R BT.1886).
    private static let gamma: Float = 2.4
    /// The correction of Hable's curve, from and to signal values of a screen, 0…255. Hable's largest, for 10,000 nits,
    /// is 279. Identity up to skin; 193 is white paper. The shape above is unmeasured.
    private static let knots: [(from: Float, to: Float)] = [
        (0, 0), (60, 60), (110, 110), (140, 141), (157, 162), (193, 232), (224, 246), (255, 253), (279, 255),
    ]
    /// Entries of the table of gains, evenly spaced over the square root of the light.
    private static let steps = 4096
    /// The largest light of the table: 10,000 nits, the end of PQ, in units of the input.
    private static let largest: Float = 100

    /// The factor for light, by the table's entry.
    private static let gains: [Float] = (0...steps + 1).map { step in
        let root = max(Float(step), 0.5) / Float(steps) * largest.squareRoot()
        let light = root * root
        let value = 255 * pow(max(hable(light), 0) / hable(peak), 1 / gamma)
        return pow(signal(of: value) / 255, gamma) / light
    }

    /// J. Hable's filmic curve for Uncharted 2 (GDC 2010), with his constants.
    private static func hable(_ light: Float) -> Float {
        (light * (0.15 * light + 0.05) + 0.004) / (light * (0.15 * light + 0.5) + 0.06) - 0.02 / 0.30
    }

    /// The monotone cubic interpolation of the knots (slopes after Fritsch and Carlson).
    private static func signal(of value: Float) -> Float {
        let value = min(max(value, 0), knots[knots.count - 1].from)
        let index = min(knots.lastIndex { $0.from <= value } ?? 0, knots.count - 2)
        let (start, end) = (knots[index], knots[index + 1])
        let width = end.from - start.from
        let place = (value - start.from) / width
        let (a, b) = (slope(index) * width, slope(index + 1) * width)
        let (square, cube) = (place * place, place * place * place)
        return start.to * (2 * cube - 3 * square + 1) + a * (cube - 2 * square + place)
            + end.to * (3 * square - 2 * cube) + b * (cube - square)
    }

    private static func slope(_ knot: Int) -> Float {
        func secant(_ index: Int) -> Float {
            (knots[index + 1].to - knots[index].to) / (knots[index + 1].from - knots[index].from)
        }
        if knot == 0 { return secant(0) }
        if knot == knots.count - 1 { return secant(knot - 1) }
        // With the harmonic mean as slope the interpolation does not overshoot.
        return 2 / (1 / secant(knot - 1) + 1 / secant(knot))
    }

    /// Applies the curve to a picture of planar Float32 (`gbrpf32`) in place; it must be writable.
    ///
    /// All three colours of a pixel are multiplied by the factor for the largest one, so that hues stay.
    static func apply(to picture: UnsafeMutablePointer<AVFrame>) {
        let (width, height) = (Int(picture.pointee.width), Int(picture.pointee.height))
        let data = picture.pointee.data
        let lines = picture.pointee.linesize
        guard let first = data.0, let second = data.1, let third = data.2 else { return }
        let scale = Float(steps) / largest.squareRoot()
        gains.withUnsafeBufferPointer { gains in
            for row in 0..<height {
                func line(_ plane: UnsafeMutablePointer<UInt8>, _ stride: Int32) -> UnsafeMutablePointer<Float> {
                    UnsafeMutableRawPointer(plane + row * Int(stride)).assumingMemoryBound(to: Float.self)
                }
                let (a, b, c) = (line(first, lines.0), line(second, lines.1), line(third, lines.2))
                for column in 0..<width {
                    let brightest = min(max(a[column], b[column], c[column], 0), largest)
                    let place = brightest.squareRoot() * scale
                    let step = Int(place)
                    let gain = gains[step] + (gains[step + 1] - gains[step]) * (place - Float(step))
                    a[column] *= gain
                    b[column] *= gain
                    c[column] *= gain
                }
            }
        }
    }
}

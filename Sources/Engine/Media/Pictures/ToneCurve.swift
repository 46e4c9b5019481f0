import CLibAV
import Glibc

/// Brings linear light of high dynamic range to a standard screen.
///
/// Up to skin in full light (100 nits) it is Hable's filmic curve, on which faces look as filmed. That curve would leave
/// white paper (203 nits, ITU-R BT.2408) a light grey; from there on this one rises to 232 of 255 at white, and rolls off to
/// the brightest highlights.
enum ToneCurve {
    /// Light of 100 nits is 1 in what comes in.
    static let unitNits = 100
    /// Hable's curve is scaled so that 1000 nits, the usual peak of masters, is full scale.
    private static let peak: Float = 10
    /// A standard screen's gamma (ITU-R BT.1886).
    private static let gamma: Float = 2.4
    /// What becomes of Hable's result: values of a screen's signal, 0…255. Its largest, for 10,000 nits, is 279.
    private static let knots: [(from: Float, to: Float)] = [
        (0, 0), (60, 60), (110, 110), (140, 141), (157, 162), (193, 232), (224, 246), (255, 253), (279, 255),
    ]
    /// One value for each step of the square root of the light, up to 10,000 nits.
    private static let steps = 4096
    private static let largest: Float = 100

    /// What light is multiplied by.
    private static let gains: [Float] = (0...steps + 1).map { step in
        let root = max(Float(step), 0.5) / Float(steps) * largest.squareRoot()
        let light = root * root
        let value = 255 * pow(max(hable(light), 0) / hable(peak), 1 / gamma)
        return pow(signal(of: value) / 255, gamma) / light
    }

    /// J. Hable's curve for Uncharted 2, with his constants.
    private static func hable(_ light: Float) -> Float {
        (light * (0.15 * light + 0.05) + 0.004) / (light * (0.15 * light + 0.5) + 0.06) - 0.02 / 0.30
    }

    /// A monotone curve without corners through the knots (Fritsch and Carlson's slopes).
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
        // The harmonic mean never overshoots.
        return 2 / (1 / secant(knot - 1) + 1 / secant(knot))
    }

    /// Applies the curve to a picture of planar Float32 (`gbrpf32`), whose memory must be its own.
    ///
    /// A pixel's three colours are multiplied by the same, which its brightest one decides, so that hues stay.
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

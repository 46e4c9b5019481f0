import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The power spectra of two short frames of real samples at once, by Stockham's transform of radix 4 and 5 with tables
/// that are computed once.
///
/// The two frames are the real and imaginary part of one complex frame; the symmetry of real spectra separates them
/// again.
struct FastFourierTransform {
    /// Points of a frame: a product of fours and fives, such as 400.
    let size: Int

    /// One pass over all points: `count` × `stride` transforms of `radix` points that lie `count` × `stride` apart.
    private struct Stage {
        var radix: Int
        var count: Int
        var stride: Int
        /// For each of `count` places the twiddle factors of its outputs, from the second output on.
        var factors: [Complex]
    }

    private let stages: [Stage]

    /// - Parameter size: Must be a product of fours and fives, otherwise the program stops.
    init(size: Int) {
        self.size = size
        var stages: [Stage] = []
        var (rest, stride) = (size, 1)
        while rest > 1 {
            guard let radix = [4, 5].first(where: { rest.isMultiple(of: $0) }) else {
                preconditionFailure("the size must be a product of 4 and 5")
            }
            let count = rest / radix
            let factors = (0..<count).flatMap { place in
                (1..<radix).map { Complex(turns: -Double(place * $0) / Double(rest)) }
            }
            stages.append(Stage(radix: radix, count: count, stride: stride, factors: factors))
            rest = count
            stride *= radix
        }
        self.stages = stages
    }

    /// |X(k)|² for k in 0...size/2 of both frames of `size` samples each; not scaled.
    func powerSpectra(of first: [Float], _ second: [Float]) -> (first: [Float], second: [Float]) {
        var points = Points(real: first, imaginary: second)
        var otherPoints = points
        for stage in stages {
            points.withPointers { from in
                otherPoints.withPointers { to in
                    stage.factors.withUnsafeBufferPointer { factors in
                        for place in 0..<stage.count {
                            if stage.radix == 4 {
                                Self.transform4(stage, place, factors: factors, from: from, to: to)
                            } else {
                                Self.transform5(stage, place, factors: factors, from: from, to: to)
                            }
                        }
                    }
                }
            }
            swap(&points, &otherPoints)
        }
        var powers = (
            first: [Float](repeating: 0, count: size / 2 + 1), second: [Float](repeating: 0, count: size / 2 + 1)
        )
        for index in 0...size / 2 {
            let mirrored = index == 0 ? 0 : size - index
            let (a, b) = (points.real[index], points.imaginary[index])
            let (c, d) = (points.real[mirrored], points.imaginary[mirrored])
            powers.first[index] = ((a + c) * (a + c) + (b - d) * (b - d)) / 4
            powers.second[index] = ((b + d) * (b + d) + (c - a) * (c - a)) / 4
        }
        return powers
    }

    @inline(__always)
    private static func transform4(
        _ stage: Stage, _ place: Int, factors: UnsafeBufferPointer<Complex>, from: PointPointers, to: PointPointers
    ) {
        let (stride, step) = (stage.stride, stage.stride * stage.count)
        let (w1, w2, w3) = (factors[3 * place], factors[3 * place + 1], factors[3 * place + 2])
        let (input, output) = (stride * place, 4 * stride * place)
        for offset in 0..<stride {
            let (a, b) = (from[input + offset], from[input + offset + step])
            let (c, d) = (from[input + offset + 2 * step], from[input + offset + 3 * step])
            let (even, odd) = (a + c, b + d)
            let (evenRest, oddRest) = (a - c, (b - d).turnedBack)
            to[output + offset] = even + odd
            to[output + offset + stride] = (evenRest + oddRest) * w1
            to[output + offset + 2 * stride] = (even - odd) * w2
            to[output + offset + 3 * stride] = (evenRest - oddRest) * w3
        }
    }

    /// Cosine and sine of a fifth and two fifths of a turn.
    private static let fifths = (Complex(turns: 0.2), Complex(turns: 0.4))

    @inline(__always)
    private static func transform5(
        _ stage: Stage, _ place: Int, factors: UnsafeBufferPointer<Complex>, from: PointPointers, to: PointPointers
    ) {
        let (stride, step) = (stage.stride, stage.stride * stage.count)
        let (w1, w2, w3, w4) = (
            factors[4 * place], factors[4 * place + 1], factors[4 * place + 2], factors[4 * place + 3]
        )
        let (one, two) = fifths
        let (input, output) = (stride * place, 5 * stride * place)
        for offset in 0..<stride {
            let a = from[input + offset]
            let (b, e) = (from[input + offset + step], from[input + offset + 4 * step])
            let (c, d) = (from[input + offset + 2 * step], from[input + offset + 3 * step])
            let (outer, inner) = (b + e, c + d)
            let (outerRest, innerRest) = ((b - e).turnedBack, (c - d).turnedBack)
            let first = a + outer.scaled(one.real) + inner.scaled(two.real)
            let second = a + outer.scaled(two.real) + inner.scaled(one.real)
            let firstRest = outerRest.scaled(one.imaginary) + innerRest.scaled(two.imaginary)
            let secondRest = outerRest.scaled(two.imaginary) - innerRest.scaled(one.imaginary)
            to[output + offset] = a + outer + inner
            to[output + offset + stride] = (first + firstRest) * w1
            to[output + offset + 2 * stride] = (second + secondRest) * w2
            to[output + offset + 3 * stride] = (second - secondRest) * w3
            to[output + offset + 4 * stride] = (first - firstRest) * w4
        }
    }
}

private struct Complex {
    var real: Float
    var imaginary: Float

    @inline(__always)
    init(_ real: Float, _ imaginary: Float) {
        self.real = real
        self.imaginary = imaginary
    }

    /// The point of the unit circle at an angle in full turns.
    init(turns: Double) { self.init(Float(cos(2 * .pi * turns)), Float(sin(2 * .pi * turns))) }

    /// The number times −i: a quarter of a turn back.
    @inline(__always)
    var turnedBack: Complex { Complex(imaginary, -real) }

    @inline(__always)
    func scaled(_ factor: Float) -> Complex { Complex(real * factor, imaginary * factor) }

    @inline(__always)
    static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }

    @inline(__always)
    static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }

    @inline(__always)
    static func * (a: Complex, b: Complex) -> Complex {
        Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
}

/// Complex numbers as two arrays, the layout that vector instructions need.
private struct Points {
    var real: [Float]
    var imaginary: [Float]

    mutating func withPointers(_ body: (PointPointers) -> Void) {
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                body(PointPointers(real: real.baseAddress!, imaginary: imaginary.baseAddress!))
            }
        }
    }
}

private struct PointPointers {
    let real: UnsafeMutablePointer<Float>
    let imaginary: UnsafeMutablePointer<Float>

    @inline(__always)
    subscript(index: Int) -> Complex {
        get { Complex(real[index], imaginary[index]) }
        nonmutating set {
            real[index] = newValue.real
            imaginary[index] = newValue.imaginary
        }
    }
}

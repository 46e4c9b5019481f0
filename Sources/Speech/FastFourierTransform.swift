import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The power spectrum of one short frame of real samples, by a radix-2 transform with tables made once.
struct FastFourierTransform {
    /// Number of points, a power of two.
    let size: Int

    private let bitReversed: [Int]
    private let cosines: [Float]
    private let sines: [Float]
    private var real: [Float]
    private var imaginary: [Float]

    /// Makes the tables for `size` points, which must be a power of two of at least 4.
    init(size: Int) {
        precondition(size >= 4 && size & (size - 1) == 0, "the size must be a power of two")
        self.size = size
        let bits = size.trailingZeroBitCount
        bitReversed = (0..<size).map { index in
            (0..<bits).reduce(0) { $0 | (((index >> $1) & 1) << (bits - 1 - $1)) }
        }
        cosines = (0..<size / 2).map { Float(cos(-2 * Double.pi * Double($0) / Double(size))) }
        sines = (0..<size / 2).map { Float(sin(-2 * Double.pi * Double($0) / Double(size))) }
        real = [Float](repeating: 0, count: size)
        imaginary = real
    }

    /// Writes |X(k)|² for k in 0...size/2 into `power`; `frame` may be shorter than `size` and is padded with zeros.
    mutating func powerSpectrum(of frame: [Float], into power: inout [Float]) {
        for index in 0..<size {
            real[bitReversed[index]] = index < frame.count ? frame[index] : 0
            imaginary[index] = 0
        }
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                var half = 1
                while half < size {
                    let stride = size / (2 * half)
                    for start in Swift.stride(from: 0, to: size, by: 2 * half) {
                        for offset in 0..<half {
                            let (c, s) = (cosines[offset * stride], sines[offset * stride])
                            let (low, high) = (start + offset, start + offset + half)
                            let turnedReal = real[high] * c - imaginary[high] * s
                            let turnedImaginary = real[high] * s + imaginary[high] * c
                            real[high] = real[low] - turnedReal
                            imaginary[high] = imaginary[low] - turnedImaginary
                            real[low] += turnedReal
                            imaginary[low] += turnedImaginary
                        }
                    }
                    half *= 2
                }
            }
        }
        for index in 0...size / 2 {
            power[index] = real[index] * real[index] + imaginary[index] * imaginary[index]
        }
    }
}

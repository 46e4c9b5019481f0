import Foundation

/// Random numbers that are the same for the same seed on every machine (SplitMix64, Steele, Lea and Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter stream: Tells apart what draws from one seed, so that more of one does not change the other.
    init(seed: UInt64, stream: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 ^ stream &* 0xD1B5_4A32_D192_ED03
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Uniform in 0…1, one not included.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Normal, mean 0, standard deviation 1 (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }
}

/// Slow noise: white noise under a Gaussian.
enum SmoothNoise {
    /// - Parameters:
    ///   - sigma: The Gaussian's width in values.
    /// - Returns: Values of mean 0 and standard deviation 1.
    static func values(count: Int, sigma: Double, _ generator: inout SeededGenerator) -> [Float] {
        let reach = max(1, Int((3 * sigma).rounded(.up)))
        let white = (0..<count + 2 * reach).map { _ in Float(generator.normal()) }
        let weights = (-reach...reach).map { Float(exp(-Double($0 * $0) / (2 * sigma * sigma))) }
        let norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return (0..<count).map { index in
            var sum: Float = 0
            for k in weights.indices { sum += white[index + k] * weights[k] }
            return sum / norm
        }
    }

    /// Values under a Gaussian, the ends repeated.
    static func blurred(_ values: [Float], sigma: Double) -> [Float] {
        guard !values.isEmpty else { return [] }
        let reach = max(1, Int((3 * sigma).rounded(.up)))
        let weights = (-reach...reach).map { Float(exp(-Double($0 * $0) / (2 * sigma * sigma))) }
        let total = weights.reduce(0, +)
        return values.indices.map { index in
            var sum: Float = 0
            for k in -reach...reach { sum += values[min(max(index + k, 0), values.count - 1)] * weights[k + reach] }
            return sum / total
        }
    }
}

/// Takes the common noise out of carriers: light, motion and codecs change many of them together.
struct Whitening {
    /// The ridge, in units of a carrier's own variance: with few frames correlations are known badly (Lipsmith's watermark
    /// study).
    private static let ridge: Float = 6
    /// Added to deviations, in units of the coefficients, so that quiet carriers do not count for all. Likewise.
    private static let leastDeviation: Float = 0.3

    private let count: Int
    /// One over the deviation of each carrier.
    private let scales: [Float]
    /// Cholesky's factor of the correlations and the ridge, in rows of `count` values, below the diagonal.
    private var factor: [Float]

    /// - Parameter rests: What is left of the frames without the wave, in rows of `count` values.
    init(_ rests: [Float], count: Int) {
        self.count = count
        let scales = WaveFit.deviations(rests, carrierCount: count).map { 1 / ($0 + Self.leastDeviation) }
        self.scales = scales
        let rowCount = rests.count / count
        factor = [Float](repeating: 0, count: count * count)
        // One column after the other, so that a product of two carriers is one of two runs of numbers.
        var columns = [Float](repeating: 0, count: rests.count)
        for row in 0..<rowCount {
            for carrier in 0..<count {
                columns[carrier * rowCount + row] = rests[row * count + carrier] * scales[carrier]
            }
        }
        columns.withUnsafeBufferPointer { columns in
            for a in 0..<count {
                for b in 0...a {
                    let product = dotProduct(
                        columns.baseAddress! + a * rowCount, columns.baseAddress! + b * rowCount, rowCount)
                    factor[a * count + b] = product / Float(rowCount) + (a == b ? Self.ridge : 0)
                }
            }
        }
        decompose()
    }

    private mutating func decompose() {
        factor.withUnsafeMutableBufferPointer { factor in
            let base = factor.baseAddress!
            for row in 0..<count {
                for column in 0...row {
                    let rest =
                        base[row * count + column] - dotProduct(base + row * count, base + column * count, column)
                    // The ridge keeps the diagonal far from zero.
                    base[row * count + column] =
                        row == column ? max(rest, 1e-6).squareRoot() : rest / base[column * count + column]
                }
            }
        }
    }

    /// The amplitudes without the common noise.
    func apply(_ amplitudes: [SIMD2<Float>]) -> [SIMD2<Float>] {
        var result = zip(amplitudes, scales).map { $0 * $1 }
        for row in 0..<count {
            var value = result[row]
            for column in 0..<row { value -= result[column] * factor[row * count + column] }
            result[row] = value / factor[row * count + row]
        }
        for row in (0..<count).reversed() {
            let value = result[row] / factor[row * count + row]
            result[row] = value
            for column in 0..<row { result[column] -= value * factor[row * count + column] }
        }
        return result
    }
}

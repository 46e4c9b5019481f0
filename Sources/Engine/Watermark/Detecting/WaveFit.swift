import Foundation

/// Fits a slow drift and one wave to every carrier of some consecutive frames.
///
/// The drift (Chebyshev polynomials) takes up what the face itself changes; single frames that lie far off, such as a
/// blink of the codec, are pulled in and the fit is made again.
package struct WaveFit {
    /// For each carrier the cosine's and minus the sine's amplitude.
    package private(set) var amplitudes: [SIMD2<Float>]
    /// What is left of each frame, in rows of carriers.
    private(set) var rests: [Float]

    /// Degrees of the drift for each swing of the wave; its bounds. Residuals beyond so many deviations are pulled in, so
    /// many times. Lipsmith's watermark study.
    private static let degreesPerSwing = 0.8
    private static let degrees = 1...24
    private static let outlierDeviations: Float = 2
    private static let repeats = 2

    /// - Parameters:
    ///   - times: In seconds, ascending, of more frames than there are degrees of freedom.
    ///   - values: A row of `carrierCount` values for each time.
    package init(_ times: ArraySlice<Double>, _ values: ArraySlice<Float>, carrierCount: Int, frequency: Double) {
        let design = Design(times, frequency: frequency)
        let values = Array(values)
        var fit = design.project(values, carrierCount: carrierCount)
        for _ in 0..<Self.repeats {
            let calm = Self.calmed(values, around: design.evaluate(fit, carrierCount: carrierCount), carrierCount)
            fit = design.project(calm, carrierCount: carrierCount)
        }
        rests = design.evaluate(fit, carrierCount: carrierCount)
        for index in rests.indices { rests[index] = values[index] - rests[index] }
        amplitudes = design.amplitudes(fit, carrierCount: carrierCount)
    }

    /// The values with those far from the fit brought nearer.
    private static func calmed(_ values: [Float], around fit: [Float], _ carrierCount: Int) -> [Float] {
        var limits = deviations(zip(values, fit).map { $0 - $1 }, carrierCount: carrierCount)
        for carrier in limits.indices { limits[carrier] = limits[carrier] * outlierDeviations + 1e-9 }
        var calm = values
        var index = 0
        while index < calm.count {
            for carrier in 0..<carrierCount {
                let rest = values[index + carrier] - fit[index + carrier]
                calm[index + carrier] = fit[index + carrier] + min(max(rest, -limits[carrier]), limits[carrier])
            }
            index += carrierCount
        }
        return calm
    }

    /// The standard deviation of each column of a table.
    static func deviations(_ table: [Float], carrierCount: Int) -> [Float] {
        let rowCount = Float(table.count / carrierCount)
        var sums = [Float](repeating: 0, count: carrierCount)
        var squares = sums
        for start in stride(from: 0, to: table.count, by: carrierCount) {
            for carrier in 0..<carrierCount {
                let value = table[start + carrier]
                sums[carrier] += value
                squares[carrier] += value * value
            }
        }
        return zip(sums, squares).map { sum, square in
            max(square / rowCount - sum * sum / (rowCount * rowCount), 0).squareRoot()
        }
    }

    /// The functions that are fitted, at the times of the frames, made orthonormal one after the other.
    private struct Design {
        /// One function a column: the drift's, then cosine and sine.
        private var columns: [[Float]] = []
        /// What was left of the cosine, what the sine shared with it, and what was left of the sine.
        private var cosineNorm = 0.0
        private var shared = 0.0
        private var sineNorm = 0.0

        init(_ times: ArraySlice<Double>, frequency: Double) {
            let (first, last) = (times[times.startIndex], times[times.endIndex - 1])
            let span = max(last - first, 1e-6)
            let degree = min(
                max(Int(span * frequency * degreesPerSwing), degrees.lowerBound), degrees.upperBound)
            let places = times.map { 2 * ($0 - first) / span - 1 }
            var basis: [[Double]] = []
            for power in 0...degree { _ = Self.add(places.map { cos(Double(power) * acos($0)) }, to: &basis) }
            let phases = times.map { 2 * .pi * frequency * $0 }
            cosineNorm = Self.add(phases.map(cos), to: &basis).norm
            let sine = Self.add(phases.map(sin), to: &basis)
            shared = sine.shares[sine.shares.count - 1]
            sineNorm = sine.norm
            columns = basis.map { $0.map { Float($0) } }
        }

        /// Adds a function without what it shares with those before it (Gram and Schmidt, twice against rounding).
        private static func add(_ function: [Double], to basis: inout [[Double]]) -> (shares: [Double], norm: Double) {
            var rest = function
            var shares = [Double](repeating: 0, count: basis.count)
            for _ in 0..<2 {
                for (number, other) in basis.enumerated() {
                    var share = 0.0
                    for index in rest.indices { share += rest[index] * other[index] }
                    for index in rest.indices { rest[index] -= share * other[index] }
                    shares[number] += share
                }
            }
            let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            basis.append(rest.map { $0 / max(norm, 1e-9) })
            return (shares, norm)
        }

        /// For each function a row with the share of each carrier.
        func project(_ values: [Float], carrierCount: Int) -> [Float] {
            var shares = [Float](repeating: 0, count: columns.count * carrierCount)
            shares.withUnsafeMutableBufferPointer { shares in
                values.withUnsafeBufferPointer { values in
                    for (number, column) in columns.enumerated() {
                        for (row, weight) in column.enumerated() {
                            let (target, source) = (number * carrierCount, row * carrierCount)
                            for carrier in 0..<carrierCount {
                                shares[target + carrier] += weight * values[source + carrier]
                            }
                        }
                    }
                }
            }
            return shares
        }

        /// The fit in rows of carriers, one for each frame.
        func evaluate(_ shares: [Float], carrierCount: Int) -> [Float] {
            let rowCount = columns[0].count
            var values = [Float](repeating: 0, count: rowCount * carrierCount)
            values.withUnsafeMutableBufferPointer { values in
                shares.withUnsafeBufferPointer { shares in
                    for (number, column) in columns.enumerated() {
                        for (row, weight) in column.enumerated() {
                            let (target, source) = (row * carrierCount, number * carrierCount)
                            for carrier in 0..<carrierCount {
                                values[target + carrier] += weight * shares[source + carrier]
                            }
                        }
                    }
                }
            }
            return values
        }

        func amplitudes(_ shares: [Float], carrierCount: Int) -> [SIMD2<Float>] {
            let (cosine, sine) = ((columns.count - 2) * carrierCount, (columns.count - 1) * carrierCount)
            return (0..<carrierCount).map { carrier in
                let sineAmplitude = Double(shares[sine + carrier]) / max(sineNorm, 1e-9)
                let cosineAmplitude =
                    (Double(shares[cosine + carrier]) - shared * sineAmplitude) / max(cosineNorm, 1e-9)
                return SIMD2(Float(cosineAmplitude), Float(-sineAmplitude))
            }
        }
    }
}

import Foundation

/// The carriers of the mark: orthonormal patterns of the patch, from coarse to fine.
///
/// A carrier is a cosine pattern (DCT-II) times the window, made orthogonal to those before it. Neither the patterns nor
/// their products are stored: a pattern's products with others come from a few cosine sums over the squared window, and
/// the factor of their matrix (Cholesky's) makes the carriers orthogonal.
package struct CarrierBasis: Sendable {
    /// The carriers of Lipsmith's mark.
    package static let standard = CarrierBasis(.standard)
    /// The carriers of the whole lower face: only to measure what the ellipse costs.
    package static let wide = CarrierBasis(.wide)

    /// Wavelengths of the carriers in patch pixels. Longer ones are light and shade that move with the head, shorter
    /// ones do not survive coding (Lipsmith's watermark study).
    private static let wavelengths: ClosedRange<Double> = 7.1...30
    /// A pattern of which less than this is left when those before it are taken out carries too little of its own; the
    /// share of its norm (Lipsmith's watermark study).
    private static let leastRest = 0.45

    /// The numbers of half waves of a cosine pattern across and down the patch.
    private struct Waves {
        var across: Int
        var down: Int
        /// In waves a patch pixel.
        var frequency: Double {
            let x = Double(across) / Double(2 * FacePatch.columns)
            let y = Double(down) / Double(2 * FacePatch.rows)
            return (x * x + y * y).squareRoot()
        }
    }

    /// The number of carriers.
    package var count: Int { waves.count }
    package let window: PatchWindow

    private let waves: [Waves]
    /// One over the norm of each windowed pattern.
    private let scales: [Float]
    /// Cholesky's factor of the patterns' products, rows of growing length one behind the other.
    private let factor: [Float]
    /// Cosines for each number of half waves, one value a column or row of the patch.
    private let acrossCosines: [[Float]]
    private let downCosines: [[Float]]

    private init(_ window: PatchWindow) {
        self.window = window
        let products = WindowProducts(window)
        var kept: [(waves: Waves, norm: Double)] = []
        var rows: [[Double]] = []
        for waves in Self.candidates() {
            let norm = products.product(waves, waves).squareRoot()
            guard norm > 0 else { continue }
            // What the pattern shares with each carrier before it.
            var shares: [Double] = []
            shares.reserveCapacity(kept.count + 1)
            var rest = 1.0
            for (index, other) in kept.enumerated() {
                var share = products.product(waves, other.waves) / (norm * other.norm)
                let row = rows[index]
                for before in 0..<index { share -= shares[before] * row[before] }
                share /= row[index]
                shares.append(share)
                rest -= share * share
            }
            guard rest > Self.leastRest * Self.leastRest else { continue }
            rows.append(shares + [rest.squareRoot()])
            kept.append((waves, norm))
        }
        self.waves = kept.map(\.waves)
        scales = kept.map { Float(1 / $0.norm) }
        factor = rows.flatMap { $0.map { Float($0) } }
        acrossCosines = Self.cosines(upTo: kept.map(\.waves.across).max() ?? 0, length: FacePatch.columns)
        downCosines = Self.cosines(upTo: kept.map(\.waves.down).max() ?? 0, length: FacePatch.rows)
    }

    /// The patterns within the wavelengths, coarse ones first.
    private static func candidates() -> [Waves] {
        let frequencies = 1 / wavelengths.upperBound...1 / wavelengths.lowerBound
        let all = (0..<FacePatch.columns).flatMap { across in
            (0..<FacePatch.rows).map { Waves(across: across, down: $0) }
        }
        return all.filter { frequencies.contains($0.frequency) }.sorted {
            ($0.frequency, $0.across) < ($1.frequency, $1.across)
        }
    }

    /// The products of two windowed patterns. By cos a · cos b = (cos(a + b) + cos(a − b)) / 2 they are sums of four
    /// values of the squared window's cosine transform.
    private struct WindowProducts {
        private let transform: [[Double]]

        init(_ window: PatchWindow) {
            let limit = 1 / wavelengths.lowerBound
            let across = cosines(upTo: Int(limit * Double(4 * FacePatch.columns)) + 1, length: FacePatch.columns)
            let down = cosines(upTo: Int(limit * Double(4 * FacePatch.rows)) + 1, length: FacePatch.rows)
            let squares = window.values.map { Double($0) * Double($0) }
            let lines = (0..<FacePatch.rows).map { row in
                across.map { wave in
                    wave.indices.reduce(0.0) { $0 + Double(wave[$1]) * squares[row * FacePatch.columns + $1] }
                }
            }
            transform = down.map { wave in
                across.indices.map { column in
                    wave.indices.reduce(0.0) { $0 + Double(wave[$1]) * lines[$1][column] }
                }
            }
        }

        func product(_ a: Waves, _ b: Waves) -> Double {
            let (down, up) = (transform[a.down + b.down], transform[abs(a.down - b.down)])
            let (sum, difference) = (a.across + b.across, abs(a.across - b.across))
            return (down[sum] + down[difference] + up[sum] + up[difference]) / 4
        }
    }

    private static func cosines(upTo last: Int, length: Int) -> [[Float]] {
        (0...last).map { wave in
            (0..<length).map { Float(cos(.pi * Double(wave) * (Double($0) + 0.5) / Double(length))) }
        }
    }
}

extension CarrierBasis {
    /// The pattern that holds each carrier with a weight, one value for each pixel of the patch.
    package func pattern(_ weights: [Float]) -> [Float] {
        // Carriers are the patterns times the inverse factor, so that weights take its transpose.
        var rest = weights
        var cosineSums = [[Float]](
            repeating: [Float](repeating: 0, count: FacePatch.columns), count: downCosines.count)
        for index in waves.indices.reversed() {
            let start = index * (index + 1) / 2
            rest[index] /= factor[start + index]
            for before in 0..<index { rest[before] -= factor[start + before] * rest[index] }
            let weight = rest[index] * scales[index]
            let cosines = acrossCosines[waves[index].across]
            for column in 0..<FacePatch.columns { cosineSums[waves[index].down][column] += weight * cosines[column] }
        }
        var pattern = [Float](repeating: 0, count: FacePatch.count)
        for (down, sums) in cosineSums.enumerated() {
            for row in 0..<FacePatch.rows {
                let share = downCosines[down][row]
                for column in 0..<FacePatch.columns {
                    pattern[row * FacePatch.columns + column] += share * sums[column]
                }
            }
        }
        return zip(pattern, window.values).map { $0 * $1 }
    }

    /// How much of each carrier a picture of the patch holds; adds `count` values to `coefficients`.
    package func project(_ picture: [Float], into coefficients: inout [Float]) {
        var sums = [Float](repeating: 0, count: downCosines.count * FacePatch.columns)
        sums.withUnsafeMutableBufferPointer { sums in
            picture.withUnsafeBufferPointer { picture in
                window.values.withUnsafeBufferPointer { window in
                    for row in 0..<FacePatch.rows {
                        let start = row * FacePatch.columns
                        for down in 0..<downCosines.count {
                            let share = downCosines[down][row]
                            let target = down * FacePatch.columns
                            for column in 0..<FacePatch.columns {
                                sums[target + column] += share * picture[start + column] * window[start + column]
                            }
                        }
                    }
                }
            }
        }
        let first = coefficients.count
        coefficients.reserveCapacity(first + count)
        for (index, wave) in waves.enumerated() {
            let product = acrossCosines[wave.across].withUnsafeBufferPointer { cosines in
                sums.withUnsafeBufferPointer { sums in
                    dotProduct(
                        cosines.baseAddress!, sums.baseAddress! + wave.down * FacePatch.columns, FacePatch.columns)
                }
            }
            let start = index * (index + 1) / 2
            let shared = factor.withUnsafeBufferPointer { factor in
                coefficients.withUnsafeBufferPointer { coefficients in
                    dotProduct(factor.baseAddress! + start, coefficients.baseAddress! + first, index)
                }
            }
            coefficients.append((product * scales[index] - shared) / factor[start + index])
        }
    }
}

/// Numbers that sum up measured curves.
package enum CurveStatistics {
    /// The value below which a share (0…1) of sorted numbers lies; 0 for none.
    package static func percentile(_ sorted: [Float], _ share: Double) -> Float {
        sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }

    /// The middle of some numbers, of an even count the upper one; 0 for none.
    package static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// Pearson's correlation of two curves of equal length, −1…1; `nil` where one of them is constant.
    package static func correlation(_ a: [Float], _ b: [Float]) -> Double? {
        let count = Double(max(a.count, 1))
        let meanA = a.reduce(0) { $0 + Double($1) } / count
        let meanB = b.reduce(0) { $0 + Double($1) } / count
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            let (dx, dy) = (Double(x) - meanA, Double(y) - meanB)
            ab += dx * dy
            aa += dx * dx
            bb += dy * dy
        }
        return aa > 1e-9 && bb > 1e-9 ? ab / (aa * bb).squareRoot() : nil
    }
}

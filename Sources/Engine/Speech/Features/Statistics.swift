import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Statistics and filters on curves with one value per analysis frame.
enum Statistics {
    /// The quantile at `fraction` (0…1) of ascending values, interpolated linearly; 0 when empty.
    static func quantile(_ fraction: Double, ofSorted sorted: [Float]) -> Float {
        guard let last = sorted.last else { return 0 }
        let position = max(0, min(1, fraction)) * Double(sorted.count - 1)
        let index = Int(position)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + Float(position - Double(index)) * (sorted[index + 1] - sorted[index])
    }

    /// The mean over `2 * radius + 1` values; near the ends over those of them that exist.
    static func boxSmoothed(_ values: [Float], radius: Int) -> [Float] {
        values.indices.map { index in
            let window = values[max(0, index - radius)...min(values.count - 1, index + radius)]
            return window.reduce(0, +) / Float(window.count)
        }
    }

    /// A Gaussian blur of a 0/1 curve, 0…1; the first and last value are continued beyond the ends.
    ///
    /// - Parameter sigma: In values.
    static func gaussianBlurred(_ mask: [Bool], sigma: Double) -> [Float] {
        guard !mask.isEmpty else { return [] }
        let radius = Int((4 * sigma).rounded(.up))
        let bell = (-radius...radius).map { exp(-0.5 * pow(Double($0) / sigma, 2)) }
        let total = bell.reduce(0, +)
        // A blurred step is the running sum of the Gaussian, and a mask is a sum of steps, few even in hours of sound.
        var reach: [Float] = []
        var sum = 0.0
        for value in bell {
            sum += value / total
            reach.append(Float(sum))
        }
        var blurred = [Float](repeating: mask[0] ? 1 : 0, count: mask.count)
        var pending: [(index: Int, sign: Float)] = []
        for index in 1..<max(1, mask.count) where mask[index] != mask[index - 1] {
            pending.append((index, mask[index] ? 1 : -1))
        }
        var settled: Float = mask[0] ? 1 : 0
        var first = 0
        for index in mask.indices {
            while first < pending.count, pending[first].index + radius < index {
                settled += pending[first].sign
                first += 1
            }
            var value = settled
            var step = first
            while step < pending.count, pending[step].index - radius <= index {
                value += pending[step].sign * reach[index - pending[step].index + radius]
                step += 1
            }
            blurred[index] = max(0, min(1, value))
        }
        return blurred
    }

    /// For every value the largest one at most `radius` away.
    static func slidingMaximum(_ values: [Float], radius: Int) -> [Float] {
        // Indices of descending values; the first one is the largest value of the window.
        var candidates: [Int] = []
        var first = 0
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for index in 0..<values.count + radius {
            if index < values.count {
                while candidates.count > first, values[candidates[candidates.count - 1]] <= values[index] {
                    candidates.removeLast()
                }
                candidates.append(index)
            }
            guard index >= radius else { continue }
            while candidates[first] < index - 2 * radius { first += 1 }
            result.append(values[candidates[first]])
        }
        return result
    }

    /// The mean over `2 * radius + 1` values; the first and last value are continued beyond the ends.
    static func smoothedHoldingEnds(_ values: [Float], radius: Int) -> [Float] {
        guard let last = values.indices.last else { return [] }
        func value(_ index: Int) -> Double { Double(values[min(max(index, 0), last)]) }
        var sum = (-radius...radius).reduce(0) { $0 + value($1) }
        return values.indices.map { index in
            if index > 0 { sum += value(index + radius) - value(index - radius - 1) }
            return Float(sum / Double(2 * radius + 1))
        }
    }

    /// The highest curve under `values` that changes by at most `step` per value.
    static func lowerEnvelope(_ values: [Float], step: Float) -> [Float] {
        var limited = values
        for index in limited.indices.dropFirst() { limited[index] = min(limited[index], limited[index - 1] + step) }
        for index in limited.indices.dropLast().reversed() {
            limited[index] = min(limited[index], limited[index + 1] + step)
        }
        return limited
    }

    /// The mean of the highest curve under `values` and the lowest curve over them that change by at most `step` per
    /// value.
    static func speedLimited(_ values: [Float], step: Float) -> [Float] {
        let lower = lowerEnvelope(values, step: step)
        let upper = lowerEnvelope(values.map { -$0 }, step: step)
        return lower.indices.map { 0.5 * (lower[$0] - upper[$0]) }
    }

    /// The weight, 0…1, of statistics taken from `count` frames of speech of 10 ms: 0 up to 1 s, 1 from 3 s on, smooth
    /// between. Unmeasured limits.
    static func trust(inFrames count: Int) -> Float {
        let share = max(0, min(1, (Float(count) / Float(SpeechAnalysis.framesPerSecond) - 1) / 2))
        return share * share * (3 - 2 * share)
    }

    /// The values shifted and scaled to mean 0 and standard deviation 1 where `mask` is true.
    ///
    /// - Parameter usual: Mean and standard deviation to use for short speech (see `trust`).
    static func standardized(
        _ values: [Float], where mask: [Bool], usually usual: (mean: Float, spread: Float)
    ) -> [Float] {
        let counted = zip(values, mask).compactMap { $1 ? Double($0) : nil }
        let trust = trust(inFrames: counted.count)
        let count = Double(max(counted.count, 1))
        let mean = counted.reduce(0, +) / count
        let variance = counted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let offset = trust * Float(mean) + (1 - trust) * usual.mean
        // At least half the usual spread is assumed: a hum must not become a wide mouth.
        let spread = trust * max(Float(variance.squareRoot()), usual.spread / 2) + (1 - trust) * usual.spread
        return values.map { ($0 - offset) / spread }
    }
}

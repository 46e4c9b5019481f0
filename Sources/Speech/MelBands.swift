import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The 40 triangular bands between 60 and 7600 Hz, evenly spaced on the mel scale, over a spectrum of 257 bins.
package struct MelTriangles {
    /// The number of bands.
    package static let count = 40

    /// For each band its first bin and the weights from there on.
    let bands: [(firstBin: Int, weights: [Float])]

    private static let lowest = mel(hertz: 60)
    private static let spacing = (mel(hertz: 7600) - lowest) / Double(count + 1)

    private static func mel(hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }

    /// The frequency in the middle of a band; −1 and `count` are the ends of the scale.
    package static func middleHertz(_ band: Int) -> Double {
        700 * (pow(10, (lowest + spacing * Double(band + 1)) / 2595) - 1)
    }

    /// Where a frequency lies among the middles of the bands.
    static func place(hertz: Double) -> Double { (mel(hertz: hertz) - lowest) / spacing - 1 }

    init() {
        let size = LevelMeter.transformSize
        bands = (0..<Self.count).map { band in
            let (start, middle, end) = (
                Self.middleHertz(band - 1), Self.middleHertz(band), Self.middleHertz(band + 1)
            )
            let weights = (0...size / 2).map { bin in
                let frequency = Double(bin * LevelMeter.sampleRate) / Double(size)
                return Float(max(0, min((frequency - start) / (middle - start), (end - frequency) / (end - middle))))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? first
            return (first, Array(weights[first...last]))
        }
    }

    /// The mean of the bands as one weight per bin.
    var meanWeights: [Float] {
        var sums = [Float](repeating: 0, count: LevelMeter.transformSize / 2 + 1)
        for (firstBin, weights) in bands {
            for (offset, weight) in weights.enumerated() { sums[firstBin + offset] += weight }
        }
        return sums.map { $0 / Float(Self.count) }
    }
}

/// The logarithms of the mel band powers of a sound, 40 values every 10 ms, in 16 bits: 8 kB a second.
package struct MelBands {
    /// Moments in a block: blocks of a minute never have to be copied to grow.
    private static let blockLength = 6000
    private static let blockCount = blockLength * MelTriangles.count
    private let triangles: MelTriangles
    private var blocks: [[Float16]] = []

    init(_ triangles: MelTriangles) { self.triangles = triangles }

    /// What makes a band independent of level and microphone.
    struct Scale {
        var offset: Float
        var divisor: Float
    }

    /// The number of moments.
    var count: Int {
        guard let last = blocks.last else { return 0 }
        return (blocks.count - 1) * Self.blockLength + last.count / MelTriangles.count
    }

    /// Adds a moment.
    ///
    /// - Parameter power: The power spectrum of its window, 257 bins.
    mutating func append(_ power: [Float]) {
        if blocks.last.map({ $0.count == Self.blockCount }) ?? true {
            blocks.append([])
            blocks[blocks.count - 1].reserveCapacity(Self.blockCount)
        }
        for (firstBin, weights) in triangles.bands {
            var sum: Float = 0
            for (offset, weight) in weights.enumerated() { sum += weight * power[firstBin + offset] }
            blocks[blocks.count - 1].append(Float16(log(sum + 1e-7)))
        }
    }

    /// The value of a band at a moment.
    subscript(moment: Int, band: Int) -> Float {
        Float(blocks[moment / Self.blockLength][moment % Self.blockLength * MelTriangles.count + band])
    }

    /// What is taken off each band, and by what it is divided, so that level and microphone do not matter: mean and
    /// standard deviation (plus 0.1) of the moments whose mean is within 4.0 of the 95th percentile.
    func scale() -> [Scale] {
        let loudness = (0..<count).map { moment in
            (0..<MelTriangles.count).reduce(Float(0)) { $0 + self[moment, $1] } / Float(MelTriangles.count)
        }
        let limit = Statistics.quantile(0.95, ofSorted: loudness.sorted()) - 4
        let loud = loudness.indices.filter { loudness[$0] > limit }
        let total = Double(max(loud.count, 1))
        return (0..<MelTriangles.count).map { band in
            let mean = loud.reduce(0.0) { $0 + Double(self[$1, band]) } / total
            let variance = loud.reduce(0.0) { sum, moment in
                let difference = Double(self[moment, band]) - mean
                return sum + difference * difference
            }
            return Scale(offset: Float(mean), divisor: Float((variance / total).squareRoot() + 0.1))
        }
    }
}

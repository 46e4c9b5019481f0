import Foundation

/// Loudness of one channel after ITU-R BS.1770-4: K-weighted, gated, in LUFS.
struct LoudnessMeter {
    /// The filters' coefficients are those of the recommendation, which gives them for this rate alone.
    static let sampleRate = 48_000

    /// Four of these tenths of a second make a block of the recommendation; blocks overlap by three.
    private static let stepSamples = sampleRate / 10

    private var shelf = Biquad(
        b0: 1.535_124_859_586_97, b1: -2.691_696_189_406_38, b2: 1.198_392_810_852_85, a1: -1.690_659_293_182_41,
        a2: 0.732_480_774_215_85)
    private var highPass = Biquad(
        b0: 1, b1: -2, b2: 1, a1: -1.990_047_454_833_98, a2: 0.990_072_250_366_21)
    private var sum = 0.0
    private var count = 0
    private var steps: [Double] = []
    /// The largest sample so far.
    private(set) var peak: Float = 0

    /// Takes the next samples.
    mutating func append(_ samples: [Float]) {
        for sample in samples {
            peak = max(peak, abs(sample))
            let weighted = highPass.filter(shelf.filter(Double(sample)))
            sum += weighted * weighted
            count += 1
            if count == Self.stepSamples {
                steps.append(sum)
                (sum, count) = (0, 0)
            }
        }
    }

    /// The loudness of everything so far; −infinity where there is nothing to hear.
    var integratedLoudness: Double {
        var steps = steps
        // A sound shorter than a block is measured as what it is.
        if steps.count < 4, count > 0 { steps.append(sum) }
        guard !steps.isEmpty else { return -.infinity }
        let width = min(4, steps.count)
        let blocks = (0...steps.count - width).map { start in
            steps[start..<start + width].reduce(0, +) / Double(width * Self.stepSamples)
        }
        let audible = blocks.filter { Self.loudness($0) > -70 }
        guard !audible.isEmpty else { return -.infinity }
        let gate = Self.loudness(audible.reduce(0, +) / Double(audible.count)) - 10
        let loud = audible.filter { Self.loudness($0) > gate }
        return Self.loudness(loud.reduce(0, +) / Double(loud.count))
    }

    private static func loudness(_ power: Double) -> Double { -0.691 + 10 * log10(power) }
}

/// A recursive filter of second order.
struct Biquad {
    var b0: Double
    var b1: Double
    var b2: Double
    var a1: Double
    var a2: Double
    private var first = 0.0
    private var second = 0.0

    init(b0: Double, b1: Double, b2: Double, a1: Double, a2: Double) {
        self.b0 = b0
        self.b1 = b1
        self.b2 = b2
        self.a1 = a1
        self.a2 = a2
    }

    mutating func filter(_ input: Double) -> Double {
        let output = b0 * input + first
        first = b1 * input - a1 * output + second
        second = b2 * input - a2 * output
        return output
    }
}

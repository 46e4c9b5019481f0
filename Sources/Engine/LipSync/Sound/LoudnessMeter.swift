import Foundation

/// Loudness of one channel after ITU-R BS.1770-4: K-weighted, gated, in LUFS.
struct LoudnessMeter {
    /// The rate for which the recommendation itself gives coefficients.
    static let sampleRate = 48_000

    /// Four of these tenths of a second make a block of the recommendation; blocks overlap by three.
    private let stepSamples: Int
    private var shelf: Biquad
    private var highPass: Biquad
    private var sum = 0.0
    private var count = 0
    private var steps: [Double] = []
    /// The largest sample so far.
    private(set) var peak: Float = 0

    /// - Parameter sampleRate: Samples a second, at least 4,000.
    init(sampleRate: Int = Self.sampleRate) {
        stepSamples = sampleRate / 10
        shelf = .kShelf(sampleRate: Double(sampleRate))
        highPass = .kHighPass(sampleRate: Double(sampleRate))
    }

    /// Takes the next samples.
    mutating func append(_ samples: [Float]) {
        for sample in samples {
            peak = max(peak, abs(sample))
            let weighted = highPass.filter(shelf.filter(Double(sample)))
            sum += weighted * weighted
            count += 1
            if count == stepSamples {
                steps.append(sum)
                (sum, count) = (0, 0)
            }
        }
    }

    /// The loudness of everything so far; −infinity where there is nothing to hear.
    var integratedLoudness: Double { Self.integratedLoudness(of: [self]) }

    /// The loudness of several channels of one sound together.
    static func integratedLoudness(of channels: [LoudnessMeter]) -> Double {
        guard let first = channels.first else { return -.infinity }
        let stepSamples = first.stepSamples
        var steps = channels.dropFirst().reduce(first.steps) { sums, channel in
            zip(sums, channel.steps).map { $0 + $1 }
        }
        // A sound shorter than a block is measured as what it is.
        if steps.count < 4, first.count > 0 { steps.append(channels.reduce(0) { $0 + $1.sum }) }
        guard !steps.isEmpty else { return -.infinity }
        let width = min(4, steps.count)
        let blocks = (0...steps.count - width).map { start in
            steps[start..<start + width].reduce(0, +) / Double(width * stepSamples)
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

    // The recommendation's filters at any rate: the analogue ones that its coefficients for 48 kHz are the bilinear transforms
    // of, with the frequencies and qualities that libebur128 and FFmpeg's ebur128 use.

    /// The shelf of 4 dB above 1.7 kHz: what a head does to sound.
    static func kShelf(sampleRate: Double) -> Biquad {
        let (frequency, gain, quality) = (1681.974450955533, 3.999843853973347, 0.7071752369554196)
        let k = tan(.pi * frequency / sampleRate)
        let high = pow(10, gain / 20)
        let band = pow(high, 0.4996667741545416)
        let scale = 1 + k / quality + k * k
        return Biquad(
            b0: (high + band * k / quality + k * k) / scale, b1: 2 * (k * k - high) / scale,
            b2: (high - band * k / quality + k * k) / scale, a1: 2 * (k * k - 1) / scale,
            a2: (1 - k / quality + k * k) / scale)
    }

    /// The high pass at 38 Hz.
    static func kHighPass(sampleRate: Double) -> Biquad {
        let (frequency, quality) = (38.13547087602444, 0.5003270373238773)
        let k = tan(.pi * frequency / sampleRate)
        let scale = 1 + k / quality + k * k
        return Biquad(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / scale, a2: (1 - k / quality + k * k) / scale)
    }

    mutating func filter(_ input: Double) -> Double {
        let output = b0 * input + first
        first = b1 * input - a1 * output + second
        second = b2 * input - a2 * output
        return output
    }
}

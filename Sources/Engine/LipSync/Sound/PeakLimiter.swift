import Foundation

/// Keeps a sound of 48 kHz under a peak without clipping: where it would go over, all its channels are turned down a few
/// milliseconds before and up again behind.
///
/// Peaks are those between the samples too (`TruePeak`).
struct PeakLimiter {
    /// The highest peak, 0 … 1: −1.5 dB, less 0.1 dB for what the interpolation misses.
    static let ceiling: Float = 0.832
    /// How long before a peak the gain falls, in samples: 5 ms, slow enough not to be heard as a click.
    private static let lookAhead = 240
    /// The samples by which gains are found later than the samples that they are for.
    private static let delay = lookAhead - 1 + TruePeak.delay
    /// By what share of the way the gain rises with each sample: two thirds of it within 60 ms.
    private static let release: Float = 1 - exp(-1 / (0.06 * 48_000))

    private var peaks: [TruePeak]
    /// For each channel, the last `delay` samples.
    private var delayed: [[Float]]
    private var wanted = SlidingMinimum(length: lookAhead)
    private var mean = SlidingMean(length: lookAhead, value: 1)
    private var envelope: Float = 1
    private var place = 0

    init(channelCount: Int) {
        peaks = Array(repeating: TruePeak(), count: channelCount)
        delayed = Array(repeating: Array(repeating: 0, count: Self.delay), count: channelCount)
    }

    /// Takes the next samples of each channel, and gives those that are ready, in their order.
    mutating func process(_ channels: [[Float]]) -> [[Float]] {
        var output = channels
        let count = channels.first?.count ?? 0
        for index in 0..<count {
            var peak: Float = 0
            for channel in channels.indices { peak = max(peak, peaks[channel].next(channels[channel][index])) }
            let gain = gain(for: peak)
            let slot = (place + index) % Self.delay
            for channel in channels.indices {
                output[channel][index] = delayed[channel][slot] * gain
                delayed[channel][slot] = channels[channel][index]
            }
        }
        let early = min(max(0, Self.delay - place), count)
        place += count
        return early == 0 ? output : output.map { Array($0[early...]) }
    }

    /// The rest of the samples of each channel, behind the last of the sound.
    mutating func finish() -> [[Float]] {
        process(Array(repeating: Array(repeating: 0, count: Self.delay), count: delayed.count))
    }

    /// The gain for the sample that came `delay` before.
    private mutating func gain(for peak: Float) -> Float {
        let lowest = wanted.next(peak > Self.ceiling ? Self.ceiling / peak : 1)
        envelope = lowest < envelope ? lowest : envelope + (lowest - envelope) * Self.release
        // The mean over as long as the minimum is down already when the peak comes out.
        return min(1, mean.next(envelope))
    }
}

/// The peak of a sound at and between its samples: the largest of four values for each, by the polyphase filter of ITU-R
/// BS.1770-4, annex 2.
struct TruePeak {
    /// The samples by which a peak is told later than its sample.
    static let delay = 6

    /// The filter's coefficients, phase by phase; the last two phases are the first two backwards.
    private static let coefficients: [Float] = {
        let first: [Float] = [
            0.001_708_984_375, 0.010_986_328_125, -0.019_653_320_312_5, 0.033_203_125, -0.059_448_242_187_5,
            0.137_329_101_562_5, 0.972_167_968_75, -0.102_294_921_875, 0.047_607_421_875, -0.026_611_328_125,
            0.014_892_578_125, -0.008_300_781_25,
        ]
        let second: [Float] = [
            -0.029_174_804_687_5, 0.029_296_875, -0.051_757_812_5, 0.089_111_328_125, -0.166_503_906_25,
            0.465_087_890_625, 0.779_785_156_25, -0.200_317_382_812_5, 0.101_562_5, -0.058_227_539_062_5,
            0.033_081_054_687_5, -0.018_920_898_437_5,
        ]
        return first + second + second.reversed() + first.reversed()
    }()
    private static let tapCount = 12
    /// Samples below this make no peak over the wanted level: the coefficients of a phase add up to 2.02 at most.
    private let quiet: Float

    /// The last samples, twice, so that `tapCount` in a row need no wrapping around.
    private var history: [Float] = Array(repeating: 0, count: 2 * tapCount)
    private var position = 0
    private var loudSamples = 0

    /// - Parameter level: Peaks below it are told as the sample's own.
    init(above level: Float = PeakLimiter.ceiling) { quiet = level / 2.03 }

    /// Takes a sample and gives the peak around the sample that came `delay` before, or less where nothing is over the
    /// level.
    mutating func next(_ sample: Float) -> Float {
        position = (position + Self.tapCount - 1) % Self.tapCount
        history[position] = sample
        history[position + Self.tapCount] = sample
        loudSamples = abs(sample) >= quiet ? Self.tapCount : max(0, loudSamples - 1)
        var peak = abs(history[position + Self.delay])
        guard loudSamples > 0 else { return peak }
        for phase in 0..<4 {
            var sum: Float = 0
            for tap in 0..<Self.tapCount {
                sum += Self.coefficients[phase * Self.tapCount + tap] * history[position + tap]
            }
            peak = max(peak, abs(sum))
        }
        return peak
    }
}

/// The smallest of the last values.
private struct SlidingMinimum {
    let length: Int
    private var place = 0
    /// The values that may become the smallest, rising, each with its place.
    private var rising: [(place: Int, value: Float)] = []

    init(length: Int) { self.length = length }

    mutating func next(_ value: Float) -> Float {
        while let last = rising.last, last.value >= value { rising.removeLast() }
        rising.append((place, value))
        if rising[0].place <= place - length { rising.removeFirst() }
        place += 1
        return rising[0].value
    }
}

/// The mean of the last values.
private struct SlidingMean {
    private var values: [Float]
    private var slot = 0
    private var sum: Float

    init(length: Int, value: Float) {
        values = Array(repeating: value, count: length)
        sum = value * Float(length)
    }

    mutating func next(_ value: Float) -> Float {
        sum += value - values[slot]
        values[slot] = value
        slot = (slot + 1) % values.count
        // Rounding errors of a running sum must not build up over hours.
        if slot == 0 { sum = values.reduce(0, +) }
        return sum / Float(values.count)
    }
}

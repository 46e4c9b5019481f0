import Glibc

/// Mixes channels into one without cancellation: where the sum is far weaker than its parts (two microphones of
/// opposite polarity, a miswired cable), the strongest channel is used instead.
///
/// The result does not depend on the portions in which samples are given.
struct MonoMixer {
    /// The output: the mix or one channel.
    private enum Choice: Equatable { case mix, channel(Int) }

    /// Windows a second; the output is chosen anew for each (10 ms).
    private static let windowsPerSecond = 100
    /// The time constant, in windows, of the mean powers that decide, so that single syllables do not. Unmeasured.
    private static let memory = 5.0
    /// Below this power of the mix, as share of the sum of the channels' powers, the channels cancel each other.
    /// Unrelated channels have 1. Unmeasured.
    private static let cancelled = 0.1
    /// Above this share the mix is used again. Unmeasured.
    private static let recovered = 0.25
    /// Another channel is chosen only when its power is larger by this factor (6 dB), so that two similar channels do
    /// not alternate. Unmeasured.
    private static let lead = 4.0

    private let weights: [Float]
    private let windowLength: Int
    private var pending: [[Float]]
    private var channelPowers: [Double]
    private var mixPower = 0.0
    private var choice: Choice?

    /// - Parameters:
    ///   - weights: The weight of each channel in the mix; their sum is at most 1.
    ///   - sampleRate: Samples a second.
    init(weights: [Float], sampleRate: Int) {
        self.weights = weights
        windowLength = max(1, sampleRate / Self.windowsPerSecond)
        pending = Array(repeating: [], count: weights.count)
        channelPowers = Array(repeating: 0, count: weights.count)
    }

    /// Takes samples of each channel (equally many) and returns the mixed samples of all complete windows.
    mutating func mix(_ channels: [UnsafeBufferPointer<Float>]) -> [Float] {
        for (index, samples) in channels.enumerated() { pending[index].append(contentsOf: samples) }
        var result: [Float] = []
        var start = 0
        while pending[0].count - start >= windowLength {
            mixWindow(start..<start + windowLength, into: &result)
            start += windowLength
        }
        for index in pending.indices { pending[index].removeFirst(start) }
        return result
    }

    /// Returns the mixed rest after the last samples.
    mutating func finish() -> [Float] {
        var result: [Float] = []
        if !pending[0].isEmpty { mixWindow(pending[0].indices, into: &result) }
        for index in pending.indices { pending[index] = [] }
        return result
    }

    private mutating func mixWindow(_ window: Range<Int>, into result: inout [Float]) {
        var mix = [Float](repeating: 0, count: window.count)
        let kept = choice == nil ? 0 : exp(-1 / Self.memory)
        for (channel, weight) in weights.enumerated() {
            var power: Float = 0
            pending[channel].withUnsafeBufferPointer { samples in
                for index in mix.indices {
                    let sample = samples[window.lowerBound + index]
                    mix[index] += weight * sample
                    power += sample * sample
                }
            }
            channelPowers[channel] = channelPowers[channel] * kept + Double(power) * (1 - kept)
        }
        mixPower = mixPower * kept + mix.reduce(0) { $0 + Double($1) * Double($1) } * (1 - kept)
        let old = choice
        let new = decide()
        choice = new
        guard let old, old != new else {
            result += heard(new, mix, window)
            return
        }
        let (before, after) = (heard(old, mix, window), heard(new, mix, window))
        for index in mix.indices {
            let share = (Float(index) + 0.5) / Float(mix.count)
            result.append(before[index] * (1 - share) + after[index] * share)
        }
    }

    private func decide() -> Choice {
        let parts = zip(weights, channelPowers).reduce(0) { $0 + Double($1.0 * $1.0) * $1.1 }
        let strongest = channelPowers.indices.max { power($0) < power($1) } ?? 0
        guard case .channel(let current) = choice else {
            return mixPower < Self.cancelled * parts ? .channel(strongest) : .mix
        }
        if mixPower > Self.recovered * parts { return .mix }
        return power(strongest) > Self.lead * power(current) ? .channel(strongest) : .channel(current)
    }

    /// The mean power of a channel; 0 for one that is not part of the mix, such as low-frequency effects.
    private func power(_ channel: Int) -> Double { weights[channel] == 0 ? 0 : channelPowers[channel] }

    private func heard(_ choice: Choice, _ mix: [Float], _ window: Range<Int>) -> [Float] {
        switch choice {
        case .mix: mix
        case .channel(let channel): Array(pending[channel][window])
        }
    }
}

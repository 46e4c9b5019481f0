import Glibc

/// Reduces everything but a voice in a sound: hum, hiss, the sides of a stereo sound, and noise between words. It
/// cannot separate voices from music at the same place and pitch.
public final class VoiceFilter {
    /// Samples a second of input and output.
    public static let sampleRate = 48_000

    /// Measurements of the whole sound that the filter needs before it begins.
    public struct Scene: Sendable {
        /// Samples of a block whose level is measured: 100 ms.
        private static let blockSamples = VoiceFilter.sampleRate / 10

        private var left = 0.0
        private var right = 0.0
        private var both = 0.0
        private var block = (left: 0.0, right: 0.0, middle: 0.0, count: 0)
        private var levels: (left: [Float], right: [Float], middle: [Float]) = ([], [], [])

        /// Measurements of no sound yet.
        public init() {}

        /// Measures the next samples, of one or two channels at `sampleRate`.
        public mutating func add(_ samples: AudioBlock) {
            let first = samples.samples[0]
            let second = samples.samples.count > 1 ? samples.samples[1] : first
            for index in first.indices {
                let (a, b) = (Double(first[index]), Double(second[index]))
                left += a * a
                right += b * b
                both += a * b
                let middle = (a + b) / 2
                block.left += a * a
                block.right += b * b
                block.middle += middle * middle
                block.count += 1
                if block.count == Self.blockSamples { finishBlock() }
            }
        }

        private mutating func finishBlock() {
            func level(_ sum: Double) -> Float { Float(10 * log10(sum / Double(block.count) + 1e-12)) }
            levels.left.append(level(block.left))
            levels.right.append(level(block.right))
            levels.middle.append(level(block.middle))
            block = (0, 0, 0, 0)
        }

        /// The levels of the noise between words (10th percentile of blocks) and of the voice (95th percentile), in
        /// decibels of full scale, at the place of the voice. Percentiles are unmeasured.
        var noiseAndVoice: (noise: Double, voice: Double) {
            let levels =
                switch place {
                case .left: levels.left
                case .right: levels.right
                case .mix, .middle: levels.middle
                }
            guard !levels.isEmpty else { return (-80, -20) }
            let sorted = levels.sorted()
            func share(_ share: Double) -> Double { Double(sorted[Int(Double(sorted.count - 1) * share)]) }
            return (share(0.1), share(0.95))
        }

        /// The place of the voice in a stereo sound. The limits (12 dB of balance, correlations of −0.5, 0.2 and 0.98)
        /// are unmeasured.
        var place: Place {
            guard left > 0, right > 0 else { return left > 0 ? .left : right > 0 ? .right : .mix }
            let balance = 10 * log10(left / right)
            if abs(balance) > 12 { return balance > 0 ? .left : .right }
            // Channels of opposite polarity would cancel each other in a mix.
            let likeness = both / (left * right).squareRoot()
            if likeness < -0.5 { return balance > 0 ? .left : .right }
            // Equal channels have no sides; unrelated channels have no middle.
            return (0.2..<0.98).contains(likeness) ? .middle : .mix
        }

        enum Place: Sendable { case left, right, mix, middle }
    }

    private let filter: SoundFilter
    /// Output samples that are still to be dropped because of the filters' delay.
    private var delay: Int
    private let channelCount: Int
    /// The delay of the whole chain in samples.
    private let heldBack: Int
    /// Input samples whose output has not been returned yet.
    private var missing = 0

    /// Makes a filter for the sound that was measured.
    ///
    /// - Parameter channelCount: Channels of the input, 1 or 2.
    /// - Throws: `MediaError` of code `audioInvalid` where libavfilter is missing.
    public init(_ scene: Scene, channelCount: Int) throws {
        let place: Scene.Place = channelCount == 1 ? .mix : scene.place
        filter = try SoundFilter(
            (Self.gathering(place, channelCount) + Self.cleaning(scene)).joined(separator: ","),
            sampleRate: Self.sampleRate, channelCount: channelCount)
        self.channelCount = channelCount
        heldBack = Self.cleaningDelay + (place == .middle ? Self.middleDelay : 0)
        delay = heldBack
    }

    // Delays were measured by correlating input and output: each filter that works on spectra delays by about half a
    // window.

    /// The delay of `afftdn` in samples at 48 kHz.
    private static let cleaningDelay = 1200
    /// The delay of `dialoguenhance` in samples at 48 kHz.
    private static let middleDelay = 1536

    /// The steps that gather the voice into one channel. `dialoguenhance` makes the middle a third louder, whatever is
    /// at the sides (measured), hence the factor of 0.75.
    private static func gathering(_ place: Scene.Place, _ channelCount: Int) -> [String] {
        guard channelCount > 1 else { return [] }
        return switch place {
        case .left: ["pan=mono|c0=c0"]
        case .right: ["pan=mono|c0=c1"]
        case .mix: ["pan=mono|c0=0.5*c0+0.5*c1"]
        case .middle: ["dialoguenhance=original=1:enhance=0:voice=2", "pan=mono|c0=0.75*FC"]
        }
    }

    /// The steps that remove noise. Speech has nothing below 80 Hz and little above 12 kHz. The noise level given to
    /// the spectral filter is 3 dB higher than measured; levels nearer to the noise than to the voice are attenuated,
    /// by at most 26 dB. Other parameters are unmeasured.
    private static func cleaning(_ scene: Scene) -> [String] {
        let (noise, voice) = scene.noiseAndVoice
        let floor = min(max(noise + 3, -80), -20)
        let threshold = min(max(pow(10, (noise + (voice - noise) * 0.4) / 20), 0.0001), 1)
        return [
            "highpass=f=80", "afftdn=nr=24:nf=\(floor):tn=1", "lowpass=f=12000",
            "agate=range=0.05:threshold=\(threshold):ratio=2:attack=25:release=300:knee=8:detection=rms",
        ]
    }

    /// Filters samples and returns those that are ready, one channel, aligned with the input.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` when a filter fails or there is no memory.
    public func filter(_ block: AudioBlock) throws -> [Float] {
        missing += block.frameCount
        try filter.append(block)
        return try takeReady()
    }

    /// Ends the input and returns the remaining samples; the whole result is as long as the input.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` when a filter fails or there is no memory.
    public func finish() throws -> [Float] {
        // Silence as long as the delay pushes the last samples out of the chain.
        let silent = [Float](repeating: 0, count: heldBack)
        try filter.append(AudioBlock(samples: Array(repeating: silent, count: channelCount)))
        try filter.end()
        let rest = try takeReady()
        let silence = [Float](repeating: 0, count: max(missing, 0))
        missing = 0
        return rest + silence
    }

    private func takeReady() throws -> [Float] {
        var result: [Float] = []
        while let samples = try filter.next() {
            let dropped = min(delay, samples.count)
            delay -= dropped
            result += samples[dropped...]
        }
        let used = Array(result.prefix(missing))
        missing -= used.count
        return used
    }
}

import Glibc

/// Takes what is not a voice out of a sound: hum, hiss, what stands beside the middle of a stereo sound, and what is heard
/// between words. Voices and music at the same place and pitch stay together; nothing here knows them apart.
public final class VoiceFilter {
    /// The rate at which it works, samples a second.
    public static let sampleRate = 48_000

    /// What the chain needs to know of the whole sound before it begins.
    public struct Scene: Sendable {
        private static let blockSamples = VoiceFilter.sampleRate / 10

        private var left = 0.0
        private var right = 0.0
        private var both = 0.0
        private var block = (left: 0.0, right: 0.0, middle: 0.0, count: 0)
        private var levels: (left: [Float], right: [Float], middle: [Float]) = ([], [], [])

        /// Knows nothing yet.
        public init() {}

        /// Takes samples of one or two channels into account.
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

        /// What is heard between words, and the voice, in decibels of full scale, where the voice is taken from.
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

        /// From where of a stereo sound the voice is taken.
        var place: Place {
            guard left > 0, right > 0 else { return left > 0 ? .left : right > 0 ? .right : .mix }
            let balance = 10 * log10(left / right)
            if abs(balance) > 12 { return balance > 0 ? .left : .right }
            // Channels of opposite polarity would cancel each other out.
            let likeness = both / (left * right).squareRoot()
            if likeness < -0.5 { return balance > 0 ? .left : .right }
            // Both channels alike have no sides; channels that have nothing in common have no middle.
            return (0.2..<0.98).contains(likeness) ? .middle : .mix
        }

        enum Place: Sendable { case left, right, mix, middle }
    }

    private let filter: SoundFilter
    /// Samples that the chain holds back at its beginning.
    private var delay: Int
    private let channelCount: Int
    private let heldBack: Int
    private var missing = 0

    /// Makes a filter for a sound.
    ///
    /// - Parameter channelCount: 1 or 2.
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

    // Measured by correlation: each filter that works on spectra holds back about half a window.
    private static let cleaningDelay = 1200
    private static let middleDelay = 1536

    /// The middle comes out a third louder than it went in, whatever stands beside it (measured).
    private static func gathering(_ place: Scene.Place, _ channelCount: Int) -> [String] {
        guard channelCount > 1 else { return [] }
        return switch place {
        case .left: ["pan=mono|c0=c0"]
        case .right: ["pan=mono|c0=c1"]
        case .mix: ["pan=mono|c0=0.5*c0+0.5*c1"]
        case .middle: ["dialoguenhance=original=1:enhance=0:voice=2", "pan=mono|c0=0.75*FC"]
        }
    }

    /// Speech has nothing below 80 Hz and little above 12 kHz. The noise is told to the spectral filter a little higher
    /// than measured, and what is nearer to it than to the voice is turned down between words, never to nothing.
    private static func cleaning(_ scene: Scene) -> [String] {
        let (noise, voice) = scene.noiseAndVoice
        let floor = min(max(noise + 3, -80), -20)
        let threshold = min(max(pow(10, (noise + (voice - noise) * 0.4) / 20), 0.0001), 1)
        return [
            "highpass=f=80", "afftdn=nr=24:nf=\(floor):tn=1", "lowpass=f=12000",
            "agate=range=0.05:threshold=\(threshold):ratio=2:attack=25:release=300:knee=8:detection=rms",
        ]
    }

    /// Filters samples; gives what is ready, which stands where it stood in the original.
    ///
    /// - Throws: `MediaError` of code `audioInvalid`.
    public func filter(_ block: AudioBlock) throws -> [Float] {
        missing += block.frameCount
        try filter.append(block)
        return try takeReady()
    }

    /// What was held back; with it the result is as long as the original.
    ///
    /// - Throws: `MediaError` of code `audioInvalid`.
    public func finish() throws -> [Float] {
        // Pushes the last moment out of the chain.
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

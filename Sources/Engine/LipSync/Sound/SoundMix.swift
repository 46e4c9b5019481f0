import Foundation
import Media
public import Speech

/// Spoken pieces laid out in time, over a background if there is one, written as one WAV file of 16 bits.
///
/// The pieces are joined without clicks and brought to one loudness; their phones, if all are known, go into the file.
/// Memory does not grow with the length.
public struct SoundMix: Codable, Sendable {
    /// A piece of speech.
    public struct Voice: Codable, Sendable {
        /// Any file with sound.
        public var path: String
        /// Where it begins, in seconds of the output.
        public var startSeconds: Double
        /// Its length in seconds; what the file has beyond is not heard.
        public var durationSeconds: Double
        /// Its phones, counted from the piece's start; nil where nobody knows them.
        public var phones: [TimedPhone]?
        /// Until when the background stays low for it, in seconds of the output, if longer than the piece.
        public var lowUntilSeconds: Double?

        /// Places a piece.
        public init(
            path: String, startSeconds: Double, durationSeconds: Double, phones: [TimedPhone]?,
            lowUntilSeconds: Double? = nil
        ) {
            self.path = path
            self.startSeconds = startSeconds
            self.durationSeconds = durationSeconds
            self.phones = phones
            self.lowUntilSeconds = lowUntilSeconds
        }
    }

    /// What is heard under the voice.
    public struct Background: Codable, Sendable {
        /// Any file with sound. The output is as long as it is, or as the voice, whichever ends later.
        public var path: String
        /// Its gain where nobody speaks, in decibels.
        public var gainDecibels: Double
        /// Its gain under the voice, in decibels.
        public var lowGainDecibels: Double
        /// Silence before it, in seconds.
        public var startSeconds: Double
        /// Whether it is a voice that only gets another place in time: then the output has its channels, and the phones
        /// that a synthesiser left in it.
        public var isVoice: Bool

        public init(
            path: String, gainDecibels: Double, lowGainDecibels: Double, startSeconds: Double = 0, isVoice: Bool = false
        ) {
            self.startSeconds = startSeconds
            self.isVoice = isVoice
            self.path = path
            self.gainDecibels = gainDecibels
            self.lowGainDecibels = lowGainDecibels
        }
    }

    /// The file to write; it must not exist.
    public var outputPath: String
    /// The pieces.
    public var voices: [Voice]
    /// What is heard under them.
    public var background: Background?
    /// The loudness to which the voice is brought, in LUFS; nil leaves it.
    public var loudness: Double?
    /// The voice's gain in decibels; in place of the one that `loudness` asks for. Peaks are limited as with it.
    public var gainDecibels: Double?
    /// Samples a second of the output.
    public var sampleRate: Int
    /// Channels of the output, 1 or 2.
    public var channelCount: Int
    /// How long the output is at least, in seconds: silence fills what is missing. `nil` adds none.
    public var leastSeconds: Double?

    /// How far peaks may be turned down for the loudness, as a factor: 9.5 dB. A voice with higher ones stays quieter.
    private static let mostLimiting = 3.0

    /// The loudness of spoken texts: that of one channel which is as loud as −16 LUFS in two, as players expect speech.
    public static let speechLoudness = -19.0

    public init(
        outputPath: String, voices: [Voice], background: Background? = nil, loudness: Double? = nil,
        sampleRate: Int = 48_000, channelCount: Int = 1, leastSeconds: Double? = nil
    ) {
        self.leastSeconds = leastSeconds
        self.outputPath = outputPath
        self.voices = voices
        self.background = background
        self.loudness = loudness
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    /// Orders a file's sound alone, as it is.
    public static func extraction(
        of path: String, to outputPath: String, sampleRate: Int, channelCount: Int
    ) -> SoundMix {
        SoundMix(
            outputPath: outputPath, voices: [],
            background: Background(path: path, gainDecibels: 0, lowGainDecibels: 0), sampleRate: sampleRate,
            channelCount: channelCount)
    }

    /// Orders a file's sound with silence before it, and behind it up to a length.
    public static func shift(
        of path: String, bySeconds start: Double, leastSeconds: Double, to outputPath: String
    ) -> SoundMix {
        SoundMix(
            outputPath: outputPath, voices: [],
            background: Background(
                path: path, gainDecibels: 0, lowGainDecibels: 0, startSeconds: start, isVoice: true),
            leastSeconds: leastSeconds)
    }

    /// Writes the file.
    ///
    /// - Throws: `MediaError`, `RenderFailure`; an unfinished file is removed.
    public func write(_ cancellation: Cancellation = Cancellation()) throws -> SoundFacts {
        guard let background, background.isVoice, channelCount != (try AudioReader(background.path).channelCount)
        else { return try writeInForm(cancellation) }
        var mix = self
        mix.channelCount = try AudioReader(background.path).channelCount
        return try mix.writeInForm(cancellation)
    }

    private func writeInForm(_ cancellation: Cancellation) throws -> SoundFacts {
        let gain = try voiceGain(cancellation)
        let writer = try WaveWriter(outputPath, sampleRate: sampleRate, channelCount: channelCount)
        do {
            try write(to: writer, voiceGain: gain?.factor ?? 1, isLimited: gain != nil, cancellation)
            let facts = try writer.finish(chunk: phoneChunk(durationSeconds: writer.durationSeconds))
            return SoundFacts(
                durationSeconds: facts.durationSeconds, peak: facts.peak, voiceLoudness: gain?.loudness,
                voiceGainDecibels: gain.map { 20 * log10(Double($0.factor)) })
        } catch {
            writer.discard()
            throw error
        }
    }

    private func write(
        to writer: WaveWriter, voiceGain: Float, isLimited: Bool, _ cancellation: Cancellation
    ) throws {
        var limiter = isLimited ? PeakLimiter(channelCount: channelCount) : nil
        var voice = VoiceTrack(voices, sampleRate: sampleRate)
        var under = try background.map {
            try BackgroundTrack($0, voices: voices, sampleRate: sampleRate, channelCount: channelCount)
        }
        let most = Int(EngineLimits.mediaSeconds) * sampleRate
        while true {
            try cancellation.check()
            let spoken = try voice.next()
            let heard = try under?.next(count: VoiceTrack.blockSamples(sampleRate: sampleRate))
            guard spoken != nil || heard != nil else {
                if let rest = limiter?.finish() { try writer.append(rest) }
                return try fill(writer, upTo: most)
            }
            var channels =
                heard ?? Array(repeating: Array(repeating: 0, count: spoken?.count ?? 0), count: channelCount)
            if let spoken {
                for channel in channels.indices {
                    if channels[channel].count < spoken.count {
                        channels[channel] += Array(repeating: 0, count: spoken.count - channels[channel].count)
                    }
                    for index in spoken.indices { channels[channel][index] += spoken[index] * voiceGain }
                }
            }
            try writer.append(limiter?.process(channels) ?? channels)
            guard writer.sampleCount <= most else {
                throw SoundAnalysis.tooLong(outputPath)
            }
        }
    }

    /// Adds the silence that is missing.
    private func fill(_ writer: WaveWriter, upTo most: Int) throws {
        let wanted = min(Int(((leastSeconds ?? 0) * Double(sampleRate)).rounded()), most)
        while writer.sampleCount < wanted {
            let count = min(wanted - writer.sampleCount, sampleRate)
            try writer.append(Array(repeating: Array(repeating: 0, count: count), count: channelCount))
        }
    }

    /// What brings the voice to its loudness; `nil` where it is to stay as it is or is silent.
    private func voiceGain(_ cancellation: Cancellation) throws -> (factor: Float, loudness: Double?)? {
        if let gainDecibels, sampleRate == LoudnessMeter.sampleRate {
            return (Float(pow(10, gainDecibels / 20)), nil)
        }
        guard let loudness, sampleRate == LoudnessMeter.sampleRate else { return nil }
        let raw = try measuredVoice(gain: nil, cancellation)
        guard raw.loudness.isFinite, raw.peak > 0 else { return nil }
        let most = Self.mostLimiting * Double(PeakLimiter.ceiling / raw.peak)
        var factor = min(pow(10, (loudness - raw.loudness) / 20), most)
        guard Double(raw.peak) * factor > Double(PeakLimiter.ceiling) else {
            return (Float(factor), raw.loudness + 20 * log10(factor))
        }
        // Limiting takes loudness away, which a little more gain gives back.
        let limited = try measuredVoice(gain: Float(factor), cancellation).loudness
        let correction = min(pow(10, (loudness - limited) / 20), most / factor)
        factor *= correction
        return (Float(factor), limited + 20 * log10(correction))
    }

    /// The loudness of the voice and its peak: as it is, or with a gain and limited.
    private func measuredVoice(
        gain: Float?, _ cancellation: Cancellation
    ) throws -> (loudness: Double, peak: Float) {
        var meter = LoudnessMeter()
        var limiter = PeakLimiter(channelCount: 1)
        var voice = VoiceTrack(voices, sampleRate: sampleRate)
        while let block = try voice.next() {
            try cancellation.check()
            if let gain { meter.append(limiter.process([block.map { $0 * gain }])[0]) } else { meter.append(block) }
        }
        return (meter.integratedLoudness, meter.peak)
    }

    private func phoneChunk(durationSeconds: Double) -> [UInt8] {
        if let background, background.isVoice, voices.isEmpty, let phones = EmbeddedPhones.read(background.path) {
            let moved = phones.map {
                TimedPhone(
                    phone: $0.phone, startSeconds: $0.startSeconds + background.startSeconds,
                    endSeconds: $0.endSeconds + background.startSeconds)
            }
            return EmbeddedPhones.chunk(TimedPhone.gapless(moved, durationSeconds: durationSeconds))
        }
        guard !voices.isEmpty, voices.allSatisfy({ $0.phones != nil }) else { return [] }
        let phones = voices.flatMap { voice in
            (voice.phones ?? []).map {
                TimedPhone(
                    phone: $0.phone, startSeconds: $0.startSeconds + voice.startSeconds,
                    endSeconds: $0.endSeconds + voice.startSeconds)
            }
        }
        return EmbeddedPhones.chunk(TimedPhone.gapless(phones, durationSeconds: durationSeconds))
    }
}

/// What is known about a sound that was written.
public struct SoundFacts: Codable, Hashable, Sendable {
    /// Its length in seconds.
    public var durationSeconds: Double
    /// The largest sample, 0 … 1.
    public var peak: Double
    /// The voice's loudness in LUFS, if it was measured and there is any.
    public var voiceLoudness: Double?
    /// What the voice was turned up by for its loudness, in decibels.
    public var voiceGainDecibels: Double?
}

import CLibAV

/// Reads the sound of a file (of several tracks the default one) as planar Float32 in blocks of at most 100 ms.
///
///     let reader = try AudioReader(path, sampleRate: 16_000, channelCount: 1)
///     while let block = try reader.next() { try analyzer.append(block.samples[0]) }
///
/// Used by one thread at a time.
public final class AudioReader: @unchecked Sendable {
    /// Samples a second of the blocks.
    public let sampleRate: Int
    /// Channels of the blocks.
    public let channelCount: Int

    /// The length that the file states, in seconds; `nil` where it states none that is reliable.
    public let announcedSeconds: Double?

    private let path: String
    private let decoder: PacketDecoder
    private let resampler: Resampler
    private let frame: UnsafeMutablePointer<AVFrame>
    private let timeBase: Rational
    private let repairsGaps: Bool
    private var queue: SampleQueue
    private var expectedSeconds: Double?
    private var pendingSilence = 0
    private var isAtEnd = false
    private var hasDelivered = false
    /// The sample of the decoded frame that is converted next.
    private var position = 0
    /// Sound tracks of the file, of which one is read.
    package let trackCount: Int

    /// AAC's sample rates in hertz up to 48 kHz.
    package static let encodableRates = [48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000]
    /// The most channels that are kept: the most that `AudioOutputSettings` takes.
    private static let mostChannels = 8
    /// A gap in the time stamps shorter than this, in seconds, is taken for rounding and not filled. Unmeasured.
    private static let smallestGap = 0.05
    /// Samples that are converted at once: a packet may hold any number of them, and this bounds the memory.
    private static let sliceLength = 16_384
    /// A sound with a larger share of damaged samples is refused: it is not speech. Unmeasured.
    private static let largestDamage = 0.1

    /// Opens the file at `path`.
    ///
    /// - Parameters:
    ///   - sampleRate: Wanted samples a second; `nil` for the file's own rate where AAC has it, else 48,000.
    ///   - channelCount: Wanted channels; `nil` for the file's own number, at most 8. One channel is a mix in which
    ///     channels of opposite polarity do not cancel each other (`MonoMixer`).
    /// - Throws: `MediaError` of code `fileUnreadable`, and `audioInvalid` when there is no sound that can be decoded
    ///   or its rate is outside `SoundLimits`.
    public init(_ path: String, sampleRate: Int? = nil, channelCount: Int? = nil) throws {
        let invalid = MediaError.audioInvalid("The file holds no sound that can be decoded.", detail: path)
        let file: InputFile
        do {
            file = try InputFile(path)
        } catch let error as MediaError where error.code == .videoInvalid || error.code == .resolutionUnsupported {
            throw invalid
        }
        guard let index = file.audioIndex, let decoder = PacketDecoder(file, streamIndex: index, threadCount: 1),
            let frame = av_frame_alloc()
        else { throw invalid }
        self.path = path
        self.decoder = decoder
        self.frame = frame
        let stored = file.stream(index).pointee.codecpar.pointee
        let storedRate = Int(stored.sample_rate)
        try SoundLimits.check(sampleRate: storedRate)
        announcedSeconds = file.announcedSeconds(index)
        trackCount = file.soundStreamCount
        timeBase = Rational(file.stream(index).pointee.time_base)
        self.sampleRate = max(
            1, sampleRate ?? (Self.encodableRates.contains(storedRate) ? storedRate : 48000))
        self.channelCount = min(max(1, channelCount ?? Int(stored.ch_layout.nb_channels)), Self.mostChannels)
        // Times in other containers are too coarse or too unreliable to find gaps by.
        repairsGaps = ["mov", "matroska", "mpegts"].contains { file.containerName.hasPrefix($0) }
        resampler = Resampler(sampleRate: self.sampleRate, channelCount: self.channelCount)
        queue = SampleQueue(channelCount: self.channelCount)
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// Whether packets were skipped because they could not be decoded, or invalid samples were silenced.
    public var isDamaged: Bool { decoder.damagedPacketCount > 0 || resampler.damagedSampleCount > 0 }

    /// Samples of each channel that were converted and not yet returned.
    package var waitingSampleCount: Int { queue.count }

    /// The next block; `nil` after the last one. The first sample is that at the stream's own start.
    ///
    /// Gaps in the stream are filled with silence, so that later sound keeps its time.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` if no packet at all can be decoded, for a gap of more than a
    ///   minute, and at the end of a sound in which more than a tenth of the samples are invalid.
    public func next() throws -> AudioBlock? {
        let most = max(1, sampleRate / 10)
        while queue.count < most, pendingSilence == 0, !isAtEnd { try takeIn() }
        if queue.count == 0, pendingSilence > 0 {
            // In bounded portions, before the frame that follows the gap.
            queue.appendSilence(min(most, pendingSilence))
            pendingSilence -= min(most, pendingSilence)
        }
        guard queue.count > 0 else {
            try checkDamage()
            return nil
        }
        hasDelivered = true
        return queue.take(most)
    }

    private func checkDamage() throws {
        // A track without packets is an empty sound, not a damaged one.
        guard hasDelivered || decoder.damagedPacketCount == 0 else {
            throw MediaError.audioInvalid("Not a single sample of the sound can be decoded.", detail: path)
        }
        let share = Double(resampler.damagedSampleCount) / Double(max(1, resampler.sampleCount))
        guard share <= Self.largestDamage else {
            throw MediaError.audioInvalid(
                "\(Int((share * 100).rounded())) % of the sound's samples are no numbers or far beyond full scale.",
                detail: path)
        }
    }

    private func takeIn() throws {
        if position == Int(frame.pointee.nb_samples) {
            guard decoder.receive(into: frame) else {
                resampler.flush(into: &queue)
                isAtEnd = true
                return
            }
            position = 0
            pendingSilence = try gap()
            guard resampler.begin(frame, into: &queue) else { throw unconvertible }
            if pendingSilence > 0 { return }
        }
        let slice = position..<min(position + Self.sliceLength, Int(frame.pointee.nb_samples))
        guard resampler.convert(frame, slice, into: &queue) else { throw unconvertible }
        position = slice.upperBound
        if position == Int(frame.pointee.nb_samples) { advance() }
    }

    private var unconvertible: MediaError {
        .audioInvalid("The sound has a form that cannot be converted.", detail: path)
    }

    /// Output samples that are missing before the decoded frame.
    private func gap() throws -> Int {
        guard repairsGaps, let expectedSeconds, let now = seconds() else { return 0 }
        let hole = now - expectedSeconds
        guard hole <= TimeLimits.longestGapSeconds else { throw MediaError.soundHole(seconds: hole, path: path) }
        return hole >= Self.smallestGap ? Int((hole * Double(sampleRate)).rounded()) : 0
    }

    private func advance() {
        let length = Double(frame.pointee.nb_samples) / Double(max(1, frame.pointee.sample_rate))
        guard let start = seconds() ?? expectedSeconds else { return }
        // Small deviations are rounding; the file's own time is used, so that they do not add up.
        expectedSeconds = start + length
    }

    private func seconds() -> Double? {
        let stamp = frame.pointee.best_effort_timestamp
        return stamp == lipsmith_av_no_timestamp ? nil : Double(stamp) * timeBase.value
    }
}

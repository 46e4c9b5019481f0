import CLibAV

/// Reads the first sound stream of a file as planar Float32 in blocks of at most 100 ms. One thread at a time.
public final class AudioReader: @unchecked Sendable {
    /// Samples a second that the blocks have.
    public let sampleRate: Int
    /// Channels that the blocks have.
    public let channelCount: Int

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

    /// Rates that AAC can carry and that are not above 48 kHz.
    package static let encodableRates = [48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000]
    /// Most channels that are kept.
    private static let mostChannels = 8
    /// A hole in the time stamps shorter than this is rounding, seconds.
    private static let smallestGap = 0.05
    /// A hole longer than this is a damaged time stamp, seconds.
    private static let largestGap = 3600.0

    /// Opens the file at `path`.
    ///
    /// - Parameters:
    ///   - sampleRate: Wanted samples a second; `nil` for the file's own rate where AAC can carry it, else 48,000.
    ///   - channelCount: Wanted channels; `nil` for the file's own number, at most 8. One channel is a downmix.
    ///
    /// Throws `fileUnreadable`, and `audioInvalid` when there is no sound that can be decoded.
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
        timeBase = Rational(file.stream(index).pointee.time_base)
        self.sampleRate = max(
            1, sampleRate ?? (Self.encodableRates.contains(storedRate) ? storedRate : 48000))
        self.channelCount = min(max(1, channelCount ?? Int(stored.ch_layout.nb_channels)), Self.mostChannels)
        // Other containers give times that are too coarse or too unreliable to cut by.
        repairsGaps = ["mov", "matroska", "mpegts"].contains { file.containerName.hasPrefix($0) }
        resampler = Resampler(sampleRate: self.sampleRate, channelCount: self.channelCount)
        queue = SampleQueue(channelCount: self.channelCount)
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// Packets that could not be decoded and were skipped.
    public var damagedPacketCount: Int { decoder.damagedPacketCount }

    /// The next block; `nil` after the last one. The first sample stands at the stream's own start.
    ///
    /// Holes in the stream are filled with silence, so that later sound stays in its place. Throws `audioInvalid` if
    /// there is something to decode and nothing of it can be decoded.
    public func next() throws -> AudioBlock? {
        let most = max(1, sampleRate / 10)
        while queue.count < most, pendingSilence == 0, !isAtEnd { try takeIn() }
        if queue.count == 0, pendingSilence > 0 { releaseSilence(most) }
        guard queue.count > 0 else {
            // A track without a single packet is an empty sound, not a broken one.
            if hasDelivered || damagedPacketCount == 0 { return nil }
            throw MediaError.audioInvalid("Not a single sample of the sound can be decoded.", detail: path)
        }
        hasDelivered = true
        return queue.take(most)
    }

    private func takeIn() throws {
        guard decoder.receive(into: frame) else {
            resampler.flush(into: &queue)
            isAtEnd = true
            return
        }
        if gap() > 0 {
            pendingSilence = gap()
            return
        }
        guard resampler.convert(frame, into: &queue) else {
            throw MediaError.audioInvalid("The sound has a form that cannot be converted.", detail: path)
        }
        advance()
    }

    /// Output samples missing before the frame at hand.
    private func gap() -> Int {
        guard repairsGaps, let expectedSeconds, let now = seconds() else { return 0 }
        let hole = now - expectedSeconds
        guard hole >= Self.smallestGap, hole <= Self.largestGap else { return 0 }
        return Int((hole * Double(sampleRate)).rounded())
    }

    /// Gives out silence in bounded portions, then the frame that stood behind it.
    private func releaseSilence(_ most: Int) {
        let portion = min(most, pendingSilence)
        queue.appendSilence(portion)
        pendingSilence -= portion
        if pendingSilence == 0 {
            _ = resampler.convert(frame, into: &queue)
            advance()
        }
    }

    private func advance() {
        let length = Double(frame.pointee.nb_samples) / Double(max(1, frame.pointee.sample_rate))
        guard let start = seconds() ?? expectedSeconds else { return }
        // Small deviations are rounding and must not add up, so the file's own time counts.
        expectedSeconds = start + length
    }

    private func seconds() -> Double? {
        let stamp = frame.pointee.best_effort_timestamp
        return stamp == lipsmith_av_no_timestamp ? nil : Double(stamp) * timeBase.value
    }
}

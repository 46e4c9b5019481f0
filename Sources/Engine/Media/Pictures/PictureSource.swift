import CLibAV

/// A decoded picture with its time. It is converted to the delivered form when it is first asked for.
final class DecodedPicture {
    /// The presentation time in ticks of the stream.
    let timestamp: Int
    /// Whether decoding can begin at this picture.
    let isKey: Bool

    private var raw: UnsafeMutablePointer<AVFrame>?
    private var converted: UnsafeMutablePointer<AVFrame>?

    init(_ raw: UnsafeMutablePointer<AVFrame>, timestamp: Int) {
        self.raw = raw
        self.timestamp = timestamp
        isKey = raw.pointee.key_frame != 0 && raw.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0
    }

    deinit {
        av_frame_free(&raw)
        av_frame_free(&converted)
    }

    /// A new reference to the delivered form; the caller frees it.
    func delivered(by converter: PictureConverter) throws -> UnsafeMutablePointer<AVFrame> {
        if converted == nil, let raw {
            converted = try converter.convert(raw)
            av_frame_free(&self.raw)
        }
        guard let result = av_frame_clone(converted) else {
            throw MediaError.videoInvalid("The pictures of the video could not be converted.", detail: "no memory")
        }
        return result
    }
}

/// The decoded pictures of an opened file, each with a time. Not thread-safe.
final class PictureSource {
    private let decoder: PacketDecoder
    private let ticksPerFrame: Rational
    /// The last time that was read from the file, in ticks, and the pictures without a time since then.
    private var anchor: Int?
    private var countSinceAnchor = 0
    /// Whether the latest picture's time was derived from the frame rate because the file has none.
    private(set) var isCounting = false
    /// Pictures decoded since the file was opened, those before the wanted one after a seek included.
    private(set) var pictureCount = 0
    /// The end of the latest picture's time on screen, in ticks.
    private(set) var lastEnd: Int?

    var damagedPacketCount: Int { decoder.damagedPacketCount }

    init(_ file: InputFile, info: VideoStreamInfo, threadCount: Int) throws {
        guard let index = file.videoIndex,
            let decoder = PacketDecoder(file, streamIndex: index, threadCount: threadCount)
        else { throw MediaError.videoInvalid("The file holds no pictures that can be decoded.", detail: file.path) }
        self.decoder = decoder
        let rate = info.frameRate
        ticksPerFrame = Rational(
            rate.denominator * info.timeBase.denominator, rate.numerator * info.timeBase.numerator)
    }

    /// The next picture in presentation order; `nil` at the end.
    func next() -> DecodedPicture? {
        guard let frame = av_frame_alloc() else { return nil }
        guard decoder.receive(into: frame) else {
            var unused: UnsafeMutablePointer<AVFrame>? = frame
            av_frame_free(&unused)
            return nil
        }
        pictureCount += 1
        let timestamp = time(of: frame)
        lastEnd = timestamp + max(0, TickLimits.bounded(Int(frame.pointee.pkt_duration)))
        return DecodedPicture(frame, timestamp: timestamp)
    }

    /// Seeks to the key frame at or before a time in ticks; `false` if the container cannot.
    func seek(to timestamp: Int) -> Bool {
        anchor = nil
        lastEnd = nil
        return decoder.seek(to: timestamp)
    }

    private func time(of frame: UnsafeMutablePointer<AVFrame>) -> Int {
        let stamp = frame.pointee.best_effort_timestamp
        isCounting = stamp == lipsmith_av_no_timestamp
        if !isCounting {
            let known = TickLimits.bounded(Int(stamp))
            anchor = known
            countSinceAnchor = 0
            return known
        }
        // Raw streams and some old containers have no times: each picture then follows the last one by one frame.
        guard let anchor else {
            self.anchor = 0
            countSinceAnchor = 0
            return 0
        }
        countSinceAnchor += 1
        return anchor + TickLimits.bounded(ticksPerFrame.scaled(countSinceAnchor))
    }
}

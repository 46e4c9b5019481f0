import CLibAV

/// Writes an MP4 file of sections that `VideoWriter` has encoded with equal settings, one after the other, and of a sound
/// that `SoundWriter` has: the file that one `VideoWriter` would have written, but for the encoder's choices about the
/// seams. Nothing is encoded.
///
/// Every section begins with a picture from which decoding can begin and refers to none before it; the pictures' times go
/// on from section to section without a gap.
///
/// Used by one thread at a time. The file is deleted unless `finish` succeeds.
package final class JoinedVideoWriter {
    /// How far ahead of the pictures the sound is written, in seconds, so that the muxer interleaves with little memory.
    private static let soundLeadSeconds = 0.2

    private let file: OutputFile
    private let settings: VideoOutputSettings
    /// Encoders that encode nothing: they say what a file of these settings is like.
    private let video: OutputStream
    private let audio: OutputStream?
    private let sound: PacketReader?
    private var extradata: [UInt8] = []
    private var frameCount = 0
    private var nextSound: UnsafeMutablePointer<AVPacket>?
    private var isOpen = true

    /// Creates the file at `path`, replacing an existing one.
    ///
    /// - Parameters:
    ///   - firstSection: Says of all sections what their parameter sets are.
    ///   - sound: The file of the sound and the settings with which it was written.
    ///   - tags: What the file says of itself.
    /// - Throws: `MediaError` of code `outputUnwritable`, `diskFull`, `encodingFailed`, or `sectionUnusable` for a section
    ///   or a sound of other settings.
    package init(
        _ path: String, video settings: VideoOutputSettings, firstSection: String,
        sound: (path: String, settings: AudioOutputSettings)?, tags: FileTags
    ) throws {
        self.settings = settings
        let file = try OutputFile(path, tags: tags)
        self.file = file
        video = try OutputStream.video(settings, needsGlobalHeader: file.needsGlobalHeader)
        audio = try sound.map { try OutputStream.audio($0.settings, needsGlobalHeader: file.needsGlobalHeader) }
        self.sound = try sound.map { try PacketReader($0.path, kind: AVMEDIA_TYPE_AUDIO) }
        let first = try PacketReader(firstSection, kind: AVMEDIA_TYPE_VIDEO)
        extradata = first.extradata
        guard ParameterSets(configuration: extradata) == ParameterSets(stream: Self.extradata(of: video.encoder)) else {
            throw MediaError.sectionUnusable("\(firstSection): parameter sets of other settings")
        }
        try file.add(video, extradata: extradata)
        if let audio, let sound = self.sound {
            try file.add(audio)
            guard sound.parameters.sample_rate == audio.encoder.pointee.sample_rate,
                sound.extradata == Self.extradata(of: audio.encoder)
            else { throw MediaError.sectionUnusable("a sound of other settings") }
        }
        do {
            try file.open()
            nextSound = try self.sound?.next()
        } catch {
            file.discard()
            throw error
        }
    }

    deinit { cancel() }

    /// Appends a section.
    ///
    /// - Parameters:
    ///   - count: The frames that it must have.
    ///   - onFrame: Called with the number of frames of the whole file after each of them.
    /// - Throws: `MediaError` of code `sectionUnusable` for a section that is damaged, has another number of frames or other
    ///   settings, and `diskFull`.
    package func append(section path: String, frameCount count: Int, onFrame: (Int) throws -> Void = { _ in }) throws {
        let section = try PacketReader(path, kind: AVMEDIA_TYPE_VIDEO)
        guard section.extradata == extradata, section.parameters.width == settings.width,
            section.parameters.height == settings.height
        else { throw MediaError.sectionUnusable("\(path): encoded otherwise than the first section") }
        // How many frames decoding is ahead of showing is a matter of the settings; a section may need less.
        let delay = Int(video.encoder.pointee.has_b_frames)
        var times = SectionTimes(
            frameCount: count, delay: delay, timeBase: section.timeBase, frameRate: settings.frameRate)
        while let packet = try section.next() {
            guard let shown = times.frame(shown: packet.pointee.pts),
                times.count > 1 || packet.pointee.flags & AV_PKT_FLAG_KEY != 0
            else { throw MediaError.sectionUnusable("\(path): times that do not follow each other") }
            packet.pointee.dts = Int64(frameCount + times.count - 1 - delay)
            packet.pointee.pts = Int64(frameCount + shown)
            packet.pointee.duration = 1
            try writeSound(
                toSeconds: Double(frameCount + times.count) / settings.frameRate.value + Self.soundLeadSeconds)
            try write(packet, video)
            try onFrame(frameCount + times.count)
        }
        guard times.isComplete else {
            throw MediaError.sectionUnusable("\(path): \(times.count) frames instead of \(count)")
        }
        frameCount += count
    }

    /// Finishes the file. On return it is complete on the disk; after an error call `cancel`.
    ///
    /// - Throws: `MediaError`.
    package func finish() throws {
        try writeSound(toSeconds: .infinity)
        try file.finish()
        isOpen = false
    }

    /// Deletes the unfinished file. Has no effect after `finish`.
    package func cancel() {
        guard isOpen else { return }
        isOpen = false
        file.discard()
    }

    private func writeSound(toSeconds end: Double) throws {
        guard let audio, let sound else { return }
        let encoder = audio.encoder.pointee
        while let packet = nextSound {
            // In the file, times count from the first sample of the encoder, which is ahead of the sound's own.
            let padding = Int64(encoder.initial_padding)
            let rate = Double(encoder.sample_rate)
            guard sound.timeBase == Rational(1, Int(encoder.sample_rate)) else {
                throw MediaError.sectionUnusable("a sound of another time base")
            }
            guard Double(packet.pointee.pts - padding) / rate <= end else { return }
            packet.pointee.pts -= padding
            packet.pointee.dts = packet.pointee.pts
            try write(packet, audio)
            nextSound = try sound.next()
        }
    }

    private func write(_ packet: UnsafeMutablePointer<AVPacket>, _ output: OutputStream) throws {
        guard let stream = output.stream else { throw MediaError.encodingFailed("no stream") }
        packet.pointee.stream_index = stream.pointee.index
        packet.pointee.pos = -1
        av_packet_rescale_ts(packet, output.encoder.pointee.time_base, stream.pointee.time_base)
        try file.write(packet)
    }

    private static func extradata(of encoder: UnsafeMutablePointer<AVCodecContext>) -> [UInt8] {
        guard let bytes = encoder.pointee.extradata, encoder.pointee.extradata_size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(encoder.pointee.extradata_size)))
    }
}

/// Brings the times of a section's packets, in the order of decoding, to numbers of frames, and sees that none is missing.
struct SectionTimes {
    private let frameCount: Int
    private let delay: Int
    private let timeBase: Rational
    private let frameRate: Rational
    private var firstShown: Int?
    private var seen: Set<Int> = []
    /// Packets so far.
    private(set) var count = 0

    /// - Parameter delay: The most frames by which a packet may be decoded after it would be shown, were it the first.
    init(frameCount: Int, delay: Int, timeBase: Rational, frameRate: Rational) {
        self.frameCount = frameCount
        self.delay = delay
        self.timeBase = timeBase
        self.frameRate = frameRate
    }

    /// Whether every frame was seen.
    var isComplete: Bool { count == frameCount && seen.count == frameCount }

    /// The frame at which the next packet is shown, counted from the section's first, which comes first; `nil` for a time that
    /// is no whole frame, is met again, lies outside the section, or before the packet can have been decoded.
    mutating func frame(shown ticks: Int64) -> Int? {
        guard let time = wholeFrame(ticks) else { return nil }
        let first = firstShown ?? time
        firstShown = first
        let frame = time - first
        guard frame >= 0, frame < frameCount, frame >= count - delay, seen.insert(frame).inserted else { return nil }
        count += 1
        return frame
    }

    private func wholeFrame(_ ticks: Int64) -> Int? {
        // A rate that was measured of a clip may be the quotient of two numbers of nine digits, so that a second has as many
        // ticks.
        let (frame, rest) = (Int128(ticks) * Int128(timeBase.numerator) * Int128(frameRate.numerator))
            .quotientAndRemainder(
                dividingBy: max(1, Int128(timeBase.denominator) * Int128(frameRate.denominator)))
        return rest == 0 ? Int(exactly: frame) : nil
    }
}

import CLibAV

/// Writes an MP4 file: H.264 at a constant frame rate and, if wanted, AAC sound, with the index at the front.
///
///     let writer = try VideoWriter("out.mp4", video: settings, audio: nil)
///     for frame in frames { try writer.append(frame) }
///     try writer.finish()
///
/// Used by one thread at a time. Pictures and sound may be appended in any order; memory is bounded. The file is
/// deleted unless `finish` succeeds.
public final class VideoWriter: @unchecked Sendable {
    private enum State { case writing, finished, cancelled }

    private let file: OutputFile
    private let video: OutputStream
    private let videoSettings: VideoOutputSettings
    private let audio: OutputStream?
    private let picture: UnsafeMutablePointer<AVFrame>
    private var soundFrame: UnsafeMutablePointer<AVFrame>?
    private var queue: SampleQueue
    private var pictureCount: Int64 = 0
    private var sampleCount: Int64 = 0
    private var state = State.writing

    /// Creates the file at `path`, replacing an existing one.
    ///
    /// - Throws: `MediaError` of code `outputUnwritable`, `diskFull`, or `encodingFailed` for settings that the
    ///   encoders refuse.
    public init(_ path: String, video: VideoOutputSettings, audio: AudioOutputSettings?) throws {
        guard video.width > 0, video.height > 0, video.width % 2 == 0, video.height % 2 == 0, video.frameRate.value > 0
        else { throw MediaError.encodingFailed("size or rate: \(video.width)x\(video.height), \(video.frameRate)") }
        let file = try OutputFile(path)
        self.file = file
        videoSettings = video
        self.video = try OutputStream.video(video, needsGlobalHeader: file.needsGlobalHeader)
        self.audio = try audio.map { try OutputStream.audio($0, needsGlobalHeader: file.needsGlobalHeader) }
        queue = SampleQueue(channelCount: audio?.channelCount ?? 0)
        try file.add(self.video)
        if let audio = self.audio {
            try file.add(audio)
            soundFrame = try Self.soundFrame(for: audio.encoder)
        }
        guard let picture = av_frame_alloc() else { throw MediaError.encodingFailed("no memory for a picture") }
        self.picture = picture
        do {
            try file.open()
        } catch {
            file.discard()
            throw error
        }
    }

    deinit {
        cancel()
        var picture: UnsafeMutablePointer<AVFrame>? = picture
        av_frame_free(&picture)
        av_frame_free(&soundFrame)
    }

    /// Appends a picture. Its time is the number of pictures before it divided by the frame rate, whatever its `index`.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` for a picture of another size or after the end, and `diskFull`.
    public func append(_ frame: VideoFrame) throws {
        try requireWriting()
        guard frame.width == videoSettings.width, frame.height == videoSettings.height else {
            throw MediaError.encodingFailed("a \(frame.width)x\(frame.height) picture does not fit the file")
        }
        av_frame_unref(picture)
        let status = av_frame_ref(picture, frame.picture)
        guard status >= 0 else { throw MediaError.encodingFailed(Library.describe(status)) }
        defer { av_frame_unref(picture) }
        // Properties that the decoder attached (picture type, captions, times) must not influence the encoder.
        while picture.pointee.nb_side_data > 0, let first = picture.pointee.side_data[0] {
            av_frame_remove_side_data(picture, first.pointee.type)
        }
        picture.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        picture.pointee.pict_type = AV_PICTURE_TYPE_NONE
        picture.pointee.key_frame = 0
        picture.pointee.interlaced_frame = 0
        picture.pointee.repeat_pict = 0
        picture.pointee.pkt_duration = 0
        picture.pointee.pts = pictureCount
        pictureCount += 1
        try video.encode(picture, write: file.write)
    }

    /// Appends sound of any length after the sound before; the first sample is at time 0.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` for another number of channels or after the end, and `diskFull`.
    public func append(_ block: AudioBlock) throws {
        try requireWriting()
        guard let audio, block.samples.count == Int(audio.encoder.pointee.ch_layout.nb_channels),
            block.samples.allSatisfy({ $0.count == block.frameCount })
        else { throw MediaError.encodingFailed("the sound does not fit the file's channels") }
        for (channel, samples) in block.samples.enumerated() { queue.append(channel: channel, samples) }
        let length = Int(audio.encoder.pointee.frame_size)
        while queue.count >= length { try encodeSound(length, audio) }
    }

    /// Finishes the file. On return it is complete on the disk; after an error call `cancel`.
    ///
    /// - Throws: `MediaError` of code `encodingFailed`, `diskFull` or `outputUnwritable`.
    public func finish() throws {
        try requireWriting()
        try video.encode(nil, write: file.write)
        if let audio {
            if queue.count > 0 { try encodeSound(queue.count, audio) }
            try audio.encode(nil, write: file.write)
        }
        try file.finish()
        state = .finished
    }

    /// Deletes the unfinished file. Has no effect after `finish`.
    public func cancel() {
        guard state == .writing else { return }
        state = .cancelled
        file.discard()
    }

    private func requireWriting() throws {
        if state != .writing { throw MediaError.encodingFailed("the file is already closed") }
    }

    private func encodeSound(_ length: Int, _ audio: OutputStream) throws {
        guard let soundFrame, av_frame_make_writable(soundFrame) >= 0 else {
            throw MediaError.encodingFailed("no memory for sound")
        }
        soundFrame.pointee.nb_samples = Int32(length)
        for channel in 0..<Int(audio.encoder.pointee.ch_layout.nb_channels) {
            guard let plane = soundFrame.pointee.extended_data[channel] else { continue }
            plane.withMemoryRebound(to: Float.self, capacity: length) {
                queue.copy(channel: channel, count: length, to: $0)
            }
        }
        queue.drop(length)
        soundFrame.pointee.pts = sampleCount
        sampleCount += Int64(length)
        try audio.encode(soundFrame, write: file.write)
    }

    private static func soundFrame(
        for encoder: UnsafeMutablePointer<AVCodecContext>
    ) throws -> UnsafeMutablePointer<AVFrame> {
        guard let frame = av_frame_alloc() else { throw MediaError.encodingFailed("no memory for sound") }
        frame.pointee.format = encoder.pointee.sample_fmt.rawValue
        frame.pointee.sample_rate = encoder.pointee.sample_rate
        frame.pointee.nb_samples = encoder.pointee.frame_size
        av_channel_layout_copy(&frame.pointee.ch_layout, &encoder.pointee.ch_layout)
        guard av_frame_get_buffer(frame, 0) >= 0 else { throw MediaError.encodingFailed("no memory for sound") }
        return frame
    }
}

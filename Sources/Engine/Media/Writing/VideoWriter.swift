import CLibAV

/// Writes an MP4 file: H.264 at a constant frame rate and, if wanted, AAC sound, with the index at the front.
///
///     let writer = try VideoWriter("out.mp4", video: settings, audio: nil)
///     for frame in frames { try writer.append(frame) }
///     try writer.finish()
///
/// Used by one thread at a time. Pictures and sound may be appended in any order; memory is bounded. The file is
/// deleted unless `finish` succeeds.
public final class VideoWriter: SoundSink, @unchecked Sendable {
    private enum State { case writing, finished, cancelled }

    private let file: OutputFile
    private let video: OutputStream
    private let videoSettings: VideoOutputSettings
    private let audio: SoundStream?
    private let picture: UnsafeMutablePointer<AVFrame>
    private var pictureCount: Int64 = 0
    private var state = State.writing

    /// Creates the file at `path`, replacing an existing one.
    ///
    /// - Parameter tags: What the file says of itself. Names that MP4 does not have are left out.
    /// - Throws: `MediaError` of code `outputUnwritable`, `diskFull`, or `encodingFailed` for settings that the
    ///   encoders refuse.
    public init(
        _ path: String, video: VideoOutputSettings, audio: AudioOutputSettings?, tags: FileTags = FileTags()
    ) throws {
        guard video.width > 0, video.height > 0, video.width % 2 == 0, video.height % 2 == 0, video.frameRate.value > 0
        else { throw MediaError.encodingFailed("size or rate: \(video.width)x\(video.height), \(video.frameRate)") }
        let file = try OutputFile(path, tags: tags)
        self.file = file
        videoSettings = video
        self.video = try OutputStream.video(video, needsGlobalHeader: file.needsGlobalHeader)
        self.audio = try audio.map { try SoundStream($0, needsGlobalHeader: file.needsGlobalHeader) }
        try file.add(self.video)
        if let audio = self.audio { try file.add(audio.output) }
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
        guard let audio else { throw MediaError.encodingFailed("the file has no sound") }
        try audio.append(block, write: file.write)
    }

    /// Finishes the file. On return it is complete on the disk; after an error call `cancel`.
    ///
    /// - Throws: `MediaError` of code `encodingFailed`, `diskFull` or `outputUnwritable`.
    public func finish() throws {
        try requireWriting()
        try video.encode(nil, write: file.write)
        try audio?.finish(write: file.write)
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
}

import CLibAV
import Glibc

/// An opened media file whose streams are known. Files are untrusted.
///
/// Only regular files are opened, only by libavformat's `file` protocol, only by demuxers of the allow-list, and a
/// demuxer cannot open further files. Not thread-safe.
final class InputFile {
    /// Demuxers that may read a file. Playlists and scripts (hls, concat, dash, …) are excluded: they open other files.
    private static let demuxers =
        "mov,mp4,matroska,webm,avi,mpeg,mpegts,mpegvideo,wav,w64,mp3,aac,ogg,flac,caf,aiff,gif,png_pipe,jpeg_pipe,webp_pipe"

    let path: String
    let context: UnsafeMutablePointer<AVFormatContext>
    /// The index of the video stream to decode; cover pictures are excluded.
    let videoIndex: Int32?
    /// The index of the sound stream to decode.
    let audioIndex: Int32?
    /// The header of a JPEG, PNG or WebP file; `nil` for all others.
    let stillHeader: StillImageHeader?
    /// The stored picture size in pixels, also when the decoder refused it.
    let pictureSize: (width: Int, height: Int)

    var isStillImage: Bool { stillHeader != nil }

    var containerName: String { String(cString: context.pointee.iformat.pointee.name) }

    /// Opens and examines a file.
    ///
    /// - Parameter readsEdits: Whether the edits of an MP4 change the times of its packets, as for a player.
    /// - Throws: `MediaError` of code `fileUnreadable`, `videoInvalid` when no allowed demuxer reads it or it is
    ///   damaged, and `resolutionUnsupported` for a still image beyond the limits.
    init(_ path: String, readsEdits: Bool = true) throws {
        _ = Library.prepare
        self.path = path
        let context = try Self.open(path, readsEdits: readsEdits)
        do {
            stillHeader = Self.isPicturePipe(context) ? StillImageHeader(path: path) : nil
            if let stillHeader {
                try PictureLimits.check(width: stillHeader.width, height: stillHeader.height, isStillImage: true)
            }
            let claimed = Self.streams(of: context).map { $0.pointee.codecpar.pointee }.first { $0.width > 0 }
            try Self.findStreams(context, isStillImage: stillHeader != nil)
            videoIndex = Self.bestVideo(context)
            audioIndex = Self.best(context, AVMEDIA_TYPE_AUDIO, beside: videoIndex)
            let found = videoIndex.map { Self.streams(of: context)[Int($0)].pointee.codecpar.pointee }
            let size = found.flatMap { $0.width > 0 ? $0 : nil } ?? claimed
            pictureSize = (Int(size?.width ?? 0), Int(size?.height ?? 0))
        } catch {
            Self.close(context)
            throw error
        }
        self.context = context
    }

    deinit { Self.close(context) }

    func stream(_ index: Int32) -> UnsafeMutablePointer<AVStream> {
        context.pointee.streams[Int(index)]!
    }

    /// Sound streams of the file, also those that cannot be decoded.
    var soundStreamCount: Int {
        Self.streams(of: context).count { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
    }

    /// Makes the demuxer skip every stream but one.
    func select(_ index: Int32) {
        for stream in Self.streams(of: context) {
            stream.pointee.discard = stream.pointee.index == index ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// A sample (picture or sound packet) in a file's index.
    struct IndexEntry {
        /// Its time in ticks.
        let timestamp: Int
        /// Whether the file ends before the sample does.
        let isCutOff: Bool
    }

    /// The samples of a stream of an unfragmented MP4 or MOV, in the order of the file; `nil` when there is no index
    /// that lists them all.
    func fullIndex(_ index: Int32) -> [IndexEntry]? {
        let stream = stream(index)
        guard containerName.hasPrefix("mov"), stream.pointee.nb_frames > 0 else { return nil }
        let count = avformat_index_get_entries_count(stream)
        guard Int64(count) * 10 >= stream.pointee.nb_frames * 9 else { return nil }
        let size = avio_size(context.pointee.pb)
        let entries = (0..<count).compactMap { position -> IndexEntry? in
            guard let entry = avformat_index_get_entry(stream, position)?.pointee,
                entry.flags & AVINDEX_DISCARD_FRAME == 0
            else { return nil }
            return IndexEntry(
                timestamp: TickLimits.bounded(Int(entry.timestamp)),
                isCutOff: size > 0 && entry.pos > size - Int64(entry.size))
        }
        return entries.isEmpty ? nil : entries
    }

    /// The video stream; `nil` when there is none that can be decoded.
    ///
    /// - Throws: `MediaError` of code `resolutionUnsupported` for a picture size beyond the limits.
    func decodableVideo() throws -> UnsafeMutablePointer<AVStream>? {
        guard let videoIndex, pictureSize.width > 0, pictureSize.height > 0 else { return nil }
        try PictureLimits.check(width: pictureSize.width, height: pictureSize.height, isStillImage: isStillImage)
        let stream = stream(videoIndex)
        return stream.pointee.codecpar.pointee.width > 0 && stream.pointee.codecpar.pointee.format >= 0 ? stream : nil
    }

    // MARK: Opening

    private static func open(_ path: String, readsEdits: Bool) throws -> UnsafeMutablePointer<AVFormatContext> {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw MediaError.fileUnreadable(path: path, reason: String(cString: strerror(errno)))
        }
        // A pipe or device could block, or have no end.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MediaError.fileUnreadable(path: path, reason: "not a regular file")
        }
        var io: UnsafeMutablePointer<AVIOContext>?
        // The prefix keeps names such as "concat:a" or "http://b" plain file names.
        let opened = avio_open2(&io, "file:" + path, AVIO_FLAG_READ, nil, nil)
        guard opened >= 0, let io else {
            throw MediaError.fileUnreadable(path: path, reason: Library.describe(opened))
        }
        guard let allocated = avformat_alloc_context() else {
            var unused: UnsafeMutablePointer<AVIOContext>? = io
            avio_closep(&unused)
            throw MediaError.fileUnreadable(path: path, reason: "out of memory")
        }
        allocated.pointee.pb = io
        allocated.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        lipsmith_av_refuse_nested_opens(allocated)
        var options: OpaquePointer?
        av_dict_set(&options, "format_whitelist", demuxers, 0)
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        // Demuxers other than that of MP4 do not know these, which is no error.
        av_dict_set(&options, "export_xmp", "1", 0)
        if !readsEdits { av_dict_set(&options, "ignore_editlist", "1", 0) }
        defer { av_dict_free(&options) }
        var context: UnsafeMutablePointer<AVFormatContext>? = allocated
        // Without a name the content alone decides what the file is.
        let result = avformat_open_input(&context, "", nil, &options)
        guard result >= 0, let context else {
            var unused: UnsafeMutablePointer<AVIOContext>? = io
            avio_closep(&unused)
            throw MediaError.videoInvalid(
                "The file is not a video, picture or sound file that can be read, or it is incomplete.",
                detail: "\(path): \(Library.describe(result))")
        }
        return context
    }

    private static func close(_ context: UnsafeMutablePointer<AVFormatContext>) {
        var io: UnsafeMutablePointer<AVIOContext>? = context.pointee.pb
        var context: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&context)
        avio_closep(&io)
    }

    private static func isPicturePipe(_ context: UnsafeMutablePointer<AVFormatContext>) -> Bool {
        String(cString: context.pointee.iformat.pointee.name).hasSuffix("_pipe")
    }

    /// Lets libavformat decode a little of each stream, within the same size limit as the real decoder.
    private static func findStreams(_ context: UnsafeMutablePointer<AVFormatContext>, isStillImage: Bool) throws {
        let count = Int(context.pointee.nb_streams)
        var options = [OpaquePointer?](repeating: nil, count: max(count, 1))
        for index in 0..<count {
            av_dict_set_int(
                &options[index], "max_pixels", Int64(PictureLimits.decoderPixels(isStillImage: isStillImage)), 0)
            av_dict_set_int(&options[index], "threads", 1, 0)
        }
        // The array has a spare element, so its address is never that of an empty one.
        let result = options.withUnsafeMutableBufferPointer { avformat_find_stream_info(context, $0.baseAddress) }
        for index in options.indices { av_dict_free(&options[index]) }
        guard result >= 0 else {
            throw MediaError.videoInvalid("The file is damaged.", detail: Library.describe(result))
        }
    }

    // MARK: Choosing streams

    private static func streams(
        of context: UnsafeMutablePointer<AVFormatContext>
    ) -> [UnsafeMutablePointer<AVStream>] {
        (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
    }

    /// The best video stream, cover pictures excluded, even in a file that marks them as its default track.
    private static func bestVideo(_ context: UnsafeMutablePointer<AVFormatContext>) -> Int32? {
        let covers = streams(of: context).filter {
            $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
                && $0.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
        }
        for cover in covers { cover.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_ATTACHMENT }
        defer { for cover in covers { cover.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_VIDEO } }
        return best(context, AVMEDIA_TYPE_VIDEO)
    }

    /// FFmpeg's choice among the streams of a type that can be decoded: the file's default, otherwise the largest one.
    private static func best(
        _ context: UnsafeMutablePointer<AVFormatContext>, _ type: AVMediaType, beside related: Int32? = nil
    ) -> Int32? {
        var decoder: UnsafePointer<AVCodec>?
        let best = av_find_best_stream(context, type, -1, related ?? -1, &decoder, 0)
        return best >= 0 ? best : nil
    }
}

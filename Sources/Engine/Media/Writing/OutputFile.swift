import CLibAV
import Glibc

/// An MP4 file being written. Not thread-safe.
final class OutputFile {
    private let path: String
    private let xmp: String?
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private var hasHeader = false

    /// How far one stream may be ahead of the other before its packets are written anyway, in microseconds. Bounds the
    /// memory when a caller appends all sound first. Unmeasured.
    private static let interleaving: Int64 = 2_000_000

    /// Prepares the container; the file is created by `open`.
    ///
    /// - Parameter tags: What the file says of itself. Names that MP4 does not have are left out.
    init(_ path: String, tags: FileTags = FileTags()) throws {
        _ = Library.prepare
        self.path = path
        xmp = tags.xmp
        let status = avformat_alloc_output_context2(&context, nil, "mp4", "file:" + path)
        guard status >= 0, let context else { throw Library.outputError(status, path: path, during: "container") }
        context.pointee.max_interleave_delta = Self.interleaving
        // Without it the file would carry the library's version and differ from one installation to another.
        context.pointee.flags |= AVFMT_FLAG_BITEXACT
        for (name, value) in tags.values.sorted(by: { $0.key < $1.key }) {
            av_dict_set(&context.pointee.metadata, name, value, 0)
        }
    }

    deinit { close() }

    var needsGlobalHeader: Bool { (context?.pointee.oformat.pointee.flags ?? 0) & AVFMT_GLOBALHEADER != 0 }

    /// Adds a stream of an opened encoder.
    ///
    /// - Parameter extradata: The parameter sets of packets that were encoded elsewhere; the encoder's unless given.
    func add(_ output: OutputStream, extradata: [UInt8]? = nil) throws {
        guard let stream = avformat_new_stream(context, nil) else {
            throw MediaError.encodingFailed("no memory for a stream")
        }
        let encoder = output.encoder
        let status = avcodec_parameters_from_context(stream.pointee.codecpar, encoder)
        guard status >= 0 else { throw Library.outputError(status, path: path, during: "stream") }
        if let extradata { try replaceExtradata(of: stream.pointee.codecpar, by: extradata) }
        stream.pointee.time_base = encoder.pointee.time_base
        stream.pointee.avg_frame_rate = encoder.pointee.framerate
        stream.pointee.sample_aspect_ratio = encoder.pointee.sample_aspect_ratio
        output.stream = stream
    }

    private func replaceExtradata(of parameters: UnsafeMutablePointer<AVCodecParameters>, by bytes: [UInt8]) throws {
        let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard let memory = av_mallocz(bytes.count + padding) else {
            throw MediaError.encodingFailed("no memory for a stream")
        }
        memory.copyMemory(from: bytes, byteCount: bytes.count)
        av_freep(&parameters.pointee.extradata)
        parameters.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
        parameters.pointee.extradata_size = Int32(bytes.count)
    }

    /// Creates the file and writes its beginning.
    func open() throws {
        guard let context else { throw MediaError.encodingFailed("the file is closed") }
        let opened = avio_open2(&context.pointee.pb, "file:" + path, AVIO_FLAG_WRITE, nil, nil)
        guard opened >= 0 else { throw Library.outputError(opened, path: path, during: "open") }
        var options: OpaquePointer?
        av_dict_set(&options, "movflags", "+faststart", 0)
        defer { av_dict_free(&options) }
        try check(avformat_write_header(context, &options), "header")
        hasHeader = true
    }

    /// Writes a packet, interleaved by time; takes over its content.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws {
        try check(av_interleaved_write_frame(context, packet), "packet")
    }

    /// Writes the end of the file, closes it, and flushes it to the disk.
    func finish() throws {
        guard let context, hasHeader else { throw MediaError.encodingFailed("the file is closed") }
        try check(av_write_trailer(context), "trailer")
        avio_flush(context.pointee.pb)
        try check(context.pointee.pb?.pointee.error ?? 0, "flush")
        let closed = avio_closep(&context.pointee.pb)
        close()
        try check(closed, "close")
        let descriptor = Glibc.open(path, O_RDWR | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw Library.outputError(-errno, path: path, during: "reopen") }
        defer { Glibc.close(descriptor) }
        if let xmp {
            let box = XMPBox.bytes(xmp)
            let count = Glibc.write(descriptor, box, box.count)
            if count != box.count { throw Library.outputError(count < 0 ? -errno : -ENOSPC, path: path, during: "XMP") }
        }
        if fsync(descriptor) != 0 { throw Library.outputError(-errno, path: path, during: "sync") }
    }

    /// Closes the unfinished file and deletes it.
    func discard() {
        let existed = context?.pointee.pb != nil || hasHeader
        close()
        // Only regular files are deleted, not an output such as /dev/null.
        var status = stat()
        if existed, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(path) }
    }

    private func close() {
        guard let open = context else { return }
        avio_closep(&open.pointee.pb)
        avformat_free_context(open)
        context = nil
    }

    private func check(_ status: Int32, _ step: String) throws {
        guard status < 0 else { return }
        // The first failed write holds the cause; later calls report only that something failed.
        let cause = context?.pointee.pb?.pointee.error ?? 0
        throw Library.outputError(cause < 0 ? cause : status, path: path, during: step)
    }
}

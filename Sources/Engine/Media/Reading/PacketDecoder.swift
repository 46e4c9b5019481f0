import CLibAV

/// Reads and decodes the packets of one stream, skipping damaged ones. Not thread-safe.
final class PacketDecoder {
    /// Packets or pictures that the decoder refused.
    private(set) var damagedPacketCount = 0

    private let file: InputFile
    private let streamIndex: Int32
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private var isDraining = false

    /// A decoder that fails more often than this without a new packet will not recover; bounds the time. Unmeasured.
    private static let mostFailuresInARow = 64

    /// Opens a decoder for a stream of `file`; `nil` if there is none or it refuses the stream.
    init?(_ file: InputFile, streamIndex: Int32, threadCount: Int) {
        let stream = file.stream(streamIndex)
        guard let codec = Self.codec(for: stream) else { return nil }
        var context = avcodec_alloc_context3(codec)
        var packet = av_packet_alloc()
        guard let opened = context, let allocated = packet else {
            avcodec_free_context(&context)
            av_packet_free(&packet)
            return nil
        }
        opened.pointee.pkt_timebase = stream.pointee.time_base
        opened.pointee.thread_count = Int32(threadCount)
        opened.pointee.max_pixels = Int64(PictureLimits.decoderPixels(isStillImage: file.isStillImage))
        // Decoders make up the rest of a truncated picture. In a video the next frames repair that, in a still nothing
        // does.
        if file.isStillImage || stream.pointee.nb_frames == 1 { opened.pointee.err_recognition |= AV_EF_EXPLODE }
        guard avcodec_parameters_to_context(opened, stream.pointee.codecpar) >= 0,
            avcodec_open2(opened, codec, nil) >= 0
        else {
            avcodec_free_context(&context)
            av_packet_free(&packet)
            return nil
        }
        file.select(streamIndex)
        self.file = file
        self.streamIndex = streamIndex
        self.context = opened
        self.packet = allocated
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    private static func codec(for stream: UnsafeMutablePointer<AVStream>) -> UnsafePointer<AVCodec>? {
        let id = stream.pointee.codecpar.pointee.codec_id
        // VP8 and VP9 store transparency separately, which FFmpeg's own decoders ignore.
        let isTransparent = av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0)
            .map { String(cString: $0.pointee.value) == "1" }
        let name: String? =
            switch id {
            case AV_CODEC_ID_VP8 where isTransparent == true: "libvpx"
            case AV_CODEC_ID_VP9 where isTransparent == true: "libvpx-vp9"
            default: nil
            }
        return name.flatMap { avcodec_find_decoder_by_name($0) } ?? avcodec_find_decoder(id)
    }

    /// Decodes the next picture or run of samples into `frame`; `false` at the end.
    func receive(into frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        var failures = 0
        while true {
            let status = avcodec_receive_frame(context, frame)
            if status >= 0 { return true }
            if status == lipsmith_av_error_end_of_file { return false }
            if status != lipsmith_av_error_again {
                damagedPacketCount += 1
                failures += 1
                if isDraining && failures > Self.mostFailuresInARow { return false }
            }
            feed()
        }
    }

    /// Seeks to the key frame at or before `timestamp`, in ticks of the stream; `false` if the container cannot.
    func seek(to timestamp: Int) -> Bool {
        guard av_seek_frame(file.context, streamIndex, Int64(timestamp), AVSEEK_FLAG_BACKWARD) >= 0 else {
            return false
        }
        avcodec_flush_buffers(context)
        isDraining = false
        return true
    }

    private func feed() {
        guard !isDraining else { return }
        while true {
            // A read error counts as the end of the file.
            guard av_read_frame(file.context, packet) >= 0 else {
                isDraining = true
                avcodec_send_packet(context, nil)
                return
            }
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == streamIndex else { continue }
            if avcodec_send_packet(context, packet) < 0 { damagedPacketCount += 1 }
            return
        }
    }
}

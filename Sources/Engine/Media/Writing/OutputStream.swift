import CLibAV

/// An encoder and the output stream that takes its packets. Not thread-safe.
final class OutputStream {
    let encoder: UnsafeMutablePointer<AVCodecContext>
    /// The muxer's stream; set by `OutputFile.add` before the first frame is encoded.
    var stream: UnsafeMutablePointer<AVStream>?

    private let packet: UnsafeMutablePointer<AVPacket>
    /// The length of packets for which the encoder gives none, in the encoder's ticks.
    private let packetDuration: Int64

    /// Takes over an opened encoder.
    private init(_ encoder: UnsafeMutablePointer<AVCodecContext>, packetDuration: Int) throws {
        guard let packet = av_packet_alloc() else { throw MediaError.encodingFailed("no memory for a packet") }
        self.encoder = encoder
        self.packet = packet
        self.packetDuration = Int64(packetDuration)
    }

    deinit {
        var encoder: UnsafeMutablePointer<AVCodecContext>? = encoder
        avcodec_free_context(&encoder)
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    /// Encodes a frame (`nil` to flush) and passes every resulting packet to `write`, with times in the stream's ticks.
    ///
    /// - Throws: `MediaError` of code `encodingFailed`, and errors of `write`.
    func encode(
        _ frame: UnsafeMutablePointer<AVFrame>?, write: (UnsafeMutablePointer<AVPacket>) throws -> Void
    ) throws {
        let sent = avcodec_send_frame(encoder, frame)
        guard sent >= 0 else { throw MediaError.encodingFailed("encoder input: \(Library.describe(sent))") }
        while true {
            let status = avcodec_receive_packet(encoder, packet)
            if status == lipsmith_av_error_again || status == lipsmith_av_error_end_of_file { return }
            guard status >= 0, let stream else {
                throw MediaError.encodingFailed("encoder output: \(Library.describe(status))")
            }
            // The video encoder sets no duration, without which players guess the rate and the last frame's length.
            if packet.pointee.duration == 0 { packet.pointee.duration = packetDuration }
            packet.pointee.stream_index = stream.pointee.index
            av_packet_rescale_ts(packet, encoder.pointee.time_base, stream.pointee.time_base)
            try write(packet)
        }
    }

    /// A stream with an H.264 encoder.
    static func video(_ settings: VideoOutputSettings, needsGlobalHeader: Bool) throws -> OutputStream {
        let context = try allocate("libx264")
        let color = settings.color.delivered
        context.pointee.width = Int32(clamping: settings.width)
        context.pointee.height = Int32(clamping: settings.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.time_base = settings.frameRate.inverse.library
        context.pointee.framerate = settings.frameRate.library
        context.pointee.sample_aspect_ratio = settings.sampleAspectRatio.library
        context.pointee.thread_count = Int32(clamping: max(1, settings.threadCount))
        context.pointee.color_range = color.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        context.pointee.colorspace = AVColorSpace(rawValue: UInt32(known(av_color_space_from_name(color.matrix))))
        context.pointee.color_primaries = AVColorPrimaries(
            rawValue: UInt32(known(av_color_primaries_from_name(color.primaries))))
        context.pointee.color_trc = AVColorTransferCharacteristic(
            rawValue: UInt32(known(av_color_transfer_from_name(color.transfer))))
        var options: OpaquePointer?
        av_dict_set(&options, "crf", String(settings.constantRateFactor), 0)
        av_dict_set(&options, "preset", settings.preset, 0)
        return try open(context, &options, needsGlobalHeader: needsGlobalHeader, packetDuration: 1)
    }

    /// A stream with an AAC encoder.
    static func audio(_ settings: AudioOutputSettings, needsGlobalHeader: Bool) throws -> OutputStream {
        let context = try allocate("aac")
        context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
        context.pointee.sample_rate = Int32(clamping: settings.sampleRate)
        context.pointee.time_base = AVRational(num: 1, den: Int32(clamping: settings.sampleRate))
        context.pointee.bit_rate = Int64(settings.bitRate)
        av_channel_layout_default(&context.pointee.ch_layout, Int32(clamping: settings.channelCount))
        var options: OpaquePointer?
        return try open(context, &options, needsGlobalHeader: needsGlobalHeader, packetDuration: 0)
    }

    /// A stream of one channel with any encoder of sound.
    ///
    /// - Parameters:
    ///   - name: The encoder's.
    ///   - sampleFormat: One that the encoder takes.
    ///   - bitRate: In bits a second; without effect on encoders that lose nothing.
    static func voice(
        encoder name: String, sampleFormat: AVSampleFormat, sampleRate: Int, bitRate: Int, needsGlobalHeader: Bool
    ) throws -> OutputStream {
        let context = try allocate(name)
        context.pointee.sample_fmt = sampleFormat
        context.pointee.sample_rate = Int32(clamping: sampleRate)
        context.pointee.time_base = AVRational(num: 1, den: Int32(clamping: sampleRate))
        context.pointee.bit_rate = Int64(bitRate)
        context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        av_channel_layout_default(&context.pointee.ch_layout, 1)
        var options: OpaquePointer?
        return try open(context, &options, needsGlobalHeader: needsGlobalHeader, packetDuration: 0)
    }

    /// The value of a colour enumeration; FFmpeg's "unspecified" (2 in all three) for unknown names.
    private static func known(_ value: Int32) -> Int32 { value < 0 ? 2 : value }

    private static func allocate(_ name: String) throws -> UnsafeMutablePointer<AVCodecContext> {
        guard let codec = avcodec_find_encoder_by_name(name), let context = avcodec_alloc_context3(codec) else {
            throw MediaError.encodingFailed("this FFmpeg has no encoder \(name)")
        }
        return context
    }

    private static func open(
        _ context: UnsafeMutablePointer<AVCodecContext>, _ options: inout OpaquePointer?, needsGlobalHeader: Bool,
        packetDuration: Int
    ) throws -> OutputStream {
        defer { av_dict_free(&options) }
        if needsGlobalHeader { context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
        let status = avcodec_open2(context, nil, &options)
        guard status >= 0 else {
            var context: UnsafeMutablePointer<AVCodecContext>? = context
            avcodec_free_context(&context)
            throw MediaError.encodingFailed("opening the encoder: \(Library.describe(status))")
        }
        return try OutputStream(context, packetDuration: packetDuration)
    }
}

import CLibAV

/// Encodes sound of one channel while it comes; what a file or a stream of the format holds comes out as soon as it is known.
///
///     let encoder = try SoundEncoder(.mp3, inputRate: 48_000)
///     let bytes = try encoder.append(samples) + encoder.finish()
///
/// Nothing is written to a file. Not thread-safe.
public final class SoundEncoder {
    /// What is made.
    public enum Format: Sendable, CaseIterable {
        case mp3
        /// Opus in Ogg.
        case opus
        /// AAC in ADTS frames.
        case aac
        case flac
        /// 16 bits in RIFF WAVE, whose header states no length.
        case wav
        /// 16 bits, little-endian, without a header.
        case pcm
    }

    /// Samples a second of what is made; Opus always has 48,000.
    public static let sampleRate = 24_000
    /// Samples that an encoder without frames of its own gets at once.
    private static let usualFrame = 4096

    private let output: OutputStream
    private let filter: SoundFilter
    private let sink = Sink()
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private let frameSize: Int
    /// Filtered samples that do not fill a frame yet.
    private var pending: [Float] = []
    private var position: Int64 = 0

    /// Opens the encoder.
    ///
    /// - Parameters:
    ///   - inputRate: Samples a second of what is appended.
    ///   - tempo: How much faster the sound becomes without a change of pitch, 0.5…100.
    /// - Throws: `MediaError` where a library lacks the encoder.
    public init(_ format: Format, inputRate: Int, tempo: Double = 1) throws {
        _ = Library.prepare
        let facts = format.facts
        let steps = tempo == 1 ? "" : "atempo=\(tempo),"
        filter = try SoundFilter(
            steps + "aresample=\(facts.sampleRate)", sampleRate: inputRate, outputRate: facts.sampleRate,
            channelCount: 1)
        guard let container = av_guess_format(facts.muxer, nil, nil) else {
            throw MediaError.encodingFailed("this FFmpeg has no muxer \(facts.muxer)")
        }
        output = try OutputStream.voice(
            encoder: facts.encoder, sampleFormat: facts.sampleFormat, sampleRate: facts.sampleRate,
            bitRate: facts.bitRate, needsGlobalHeader: container.pointee.flags & AVFMT_GLOBALHEADER != 0)
        let size = Int(output.encoder.pointee.frame_size)
        frameSize = size > 0 ? size : Self.usualFrame
        // Only now, when all else is there, since nobody frees what an initialiser that throws has made.
        let allocated = avformat_alloc_output_context2(&context, container, nil, nil)
        guard allocated >= 0, let muxer = context else { throw MediaError.encodingFailed("no memory for a muxer") }
        try open(muxer)
    }

    deinit {
        if let pb = context?.pointee.pb {
            av_free(pb.pointee.buffer)
            avio_context_free(&context!.pointee.pb)
        }
        avformat_free_context(context)
    }

    /// Adds samples, and gives the bytes that are ready.
    ///
    /// - Throws: `MediaError`.
    public func append(_ samples: [Float]) throws -> [UInt8] {
        try filter.append(AudioBlock(samples: [samples]))
        try encodeFiltered()
        return sink.take()
    }

    /// Ends the sound, and gives the rest of the bytes.
    ///
    /// - Throws: `MediaError`.
    public func finish() throws -> [UInt8] {
        try filter.end()
        try encodeFiltered()
        if !pending.isEmpty { try encode(pending[...]) }
        pending = []
        try output.encode(nil, write: write)
        try check(av_write_trailer(context), "trailer")
        avio_flush(context?.pointee.pb)
        return sink.take()
    }

    private func open(_ muxer: UnsafeMutablePointer<AVFormatContext>) throws {
        let size = 1 << 14
        guard let buffer = av_malloc(size) else { throw MediaError.encodingFailed("no memory for a buffer") }
        muxer.pointee.pb = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 1, Unmanaged.passUnretained(sink).toOpaque(), nil,
            { sink, bytes, count in
                guard let sink, let bytes, count > 0 else { return 0 }
                Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue().add(bytes, Int(count))
                return count
            }, nil)
        guard muxer.pointee.pb != nil else {
            av_free(buffer)
            throw MediaError.encodingFailed("no memory for a stream")
        }
        muxer.pointee.flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_FLUSH_PACKETS | AVFMT_FLAG_CUSTOM_IO
        guard let stream = avformat_new_stream(muxer, nil) else {
            throw MediaError.encodingFailed("no memory for a stream")
        }
        try check(avcodec_parameters_from_context(stream.pointee.codecpar, output.encoder), "stream")
        stream.pointee.time_base = output.encoder.pointee.time_base
        output.stream = stream
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // Both would need a way back to the beginning, or say nothing.
        av_dict_set(&options, "write_xing", "0", 0)
        av_dict_set(&options, "id3v2_version", "0", 0)
        try check(avformat_write_header(muxer, &options), "header")
    }

    private func encodeFiltered() throws {
        while let samples = try filter.next() { pending += samples }
        var rest = pending[...]
        while rest.count >= frameSize {
            try encode(rest.prefix(frameSize))
            rest = rest.dropFirst(frameSize)
        }
        pending = Array(rest)
    }

    private func encode(_ samples: ArraySlice<Float>) throws {
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        guard let input = frame else { throw MediaError.encodingFailed("no memory for a frame") }
        input.pointee.format = output.encoder.pointee.sample_fmt.rawValue
        input.pointee.sample_rate = output.encoder.pointee.sample_rate
        input.pointee.nb_samples = Int32(samples.count)
        input.pointee.pts = position
        av_channel_layout_default(&input.pointee.ch_layout, 1)
        guard av_frame_get_buffer(input, 0) >= 0, let plane = input.pointee.extended_data[0] else {
            throw MediaError.encodingFailed("no memory for samples")
        }
        if output.encoder.pointee.sample_fmt == AV_SAMPLE_FMT_S16 {
            plane.withMemoryRebound(to: Int16.self, capacity: samples.count) { target in
                for (index, sample) in samples.enumerated() {
                    target[index] = Int16((max(-1, min(1, sample)) * 32767).rounded())
                }
            }
        } else {
            plane.withMemoryRebound(to: Float.self, capacity: samples.count) { target in
                for (index, sample) in samples.enumerated() { target[index] = sample }
            }
        }
        position += Int64(samples.count)
        try output.encode(input, write: write)
    }

    private func write(_ packet: UnsafeMutablePointer<AVPacket>) throws {
        try check(av_write_frame(context, packet), "packet")
    }

    private func check(_ status: Int32, _ step: String) throws {
        guard status < 0 else { return }
        throw MediaError.encodingFailed("\(step): \(Library.describe(status))")
    }

    /// Where the muxer writes to.
    private final class Sink {
        private var bytes: [UInt8] = []

        func add(_ more: UnsafePointer<UInt8>, _ count: Int) { bytes += UnsafeBufferPointer(start: more, count: count) }

        func take() -> [UInt8] {
            defer { bytes = [] }
            return bytes
        }
    }
}

extension SoundEncoder.Format {
    fileprivate struct Facts {
        var muxer: String
        var encoder: String
        var sampleFormat: AVSampleFormat
        /// In bits a second: nothing is heard to be missing from one voice.
        var bitRate = 0
        var sampleRate = SoundEncoder.sampleRate
    }

    fileprivate var facts: Facts {
        switch self {
        case .mp3: Facts(muxer: "mp3", encoder: "libmp3lame", sampleFormat: AV_SAMPLE_FMT_FLTP, bitRate: 96_000)
        case .opus:
            Facts(
                muxer: "ogg", encoder: "libopus", sampleFormat: AV_SAMPLE_FMT_FLT, bitRate: 48_000, sampleRate: 48_000)
        case .aac: Facts(muxer: "adts", encoder: "aac", sampleFormat: AV_SAMPLE_FMT_FLTP, bitRate: 80_000)
        case .flac: Facts(muxer: "flac", encoder: "flac", sampleFormat: AV_SAMPLE_FMT_S16)
        case .wav: Facts(muxer: "wav", encoder: "pcm_s16le", sampleFormat: AV_SAMPLE_FMT_S16)
        case .pcm: Facts(muxer: "s16le", encoder: "pcm_s16le", sampleFormat: AV_SAMPLE_FMT_S16)
        }
    }
}

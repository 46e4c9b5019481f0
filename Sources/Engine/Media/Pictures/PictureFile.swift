import CLibAV
import Glibc

/// Makes files of single pictures.
public enum PictureFile {
    /// Writes a picture at another size as a JPEG file, which must not exist.
    ///
    /// - Parameters: as of `jpeg`.
    /// - Throws: `MediaError` of code `encodingFailed` when the file cannot be written or this FFmpeg has no JPEG
    ///   encoder.
    public static func writeJPEG(
        _ frame: VideoFrame, width: Int, height: Int, quantizer: Int32 = 5, to path: String
    ) throws {
        let bytes = try jpeg(frame, width: width, height: height, quantizer: quantizer)
        try bytes.withUnsafeBytes { try write($0, to: path) }
    }

    /// A picture as a JPEG whose longer side is at most so many pixels; it is never enlarged.
    ///
    /// - Throws: as `jpeg(_:width:height:quantizer:)`.
    public static func jpeg(_ frame: VideoFrame, longerSide: Int, quantizer: Int32 = 5) throws -> [UInt8] {
        let scale = min(1, Double(longerSide) / Double(max(frame.width, frame.height)))
        return try jpeg(
            frame, width: Int((Double(frame.width) * scale).rounded()),
            height: Int((Double(frame.height) * scale).rounded()), quantizer: quantizer)
    }

    /// A picture at another size as a JPEG.
    ///
    /// - Parameters:
    ///   - width: In pixels; rounded down to even, at least 2. The same holds for `height`.
    ///   - quantizer: FFmpeg's JPEG quantizer, 2 (best) … 31.
    /// - Throws: `MediaError` of code `encodingFailed` when this FFmpeg has no JPEG encoder.
    public static func jpeg(
        _ frame: VideoFrame, width: Int, height: Int, quantizer: Int32 = 5
    ) throws -> [UInt8] {
        let (width, height) = (max(2, width & ~1), max(2, height & ~1))
        guard let scaled = av_frame_alloc() else { throw MediaError.encodingFailed("no memory for a picture") }
        var picture: UnsafeMutablePointer<AVFrame>? = scaled
        defer { av_frame_free(&picture) }
        try scale(frame, width: width, height: height, into: scaled)
        guard let codec = avcodec_find_encoder_by_name("mjpeg"), let encoder = avcodec_alloc_context3(codec) else {
            throw MediaError.encodingFailed("this FFmpeg has no encoder mjpeg")
        }
        var context: UnsafeMutablePointer<AVCodecContext>? = encoder
        defer { avcodec_free_context(&context) }
        encoder.pointee.width = Int32(width)
        encoder.pointee.height = Int32(height)
        encoder.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        encoder.pointee.time_base = AVRational(num: 1, den: 25)
        encoder.pointee.flags |= AV_CODEC_FLAG_QSCALE
        encoder.pointee.global_quality = quantizer * FF_QP2LAMBDA
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        scaled.pointee.pts = 0
        scaled.pointee.quality = quantizer * FF_QP2LAMBDA
        guard avcodec_open2(encoder, nil, nil) >= 0, avcodec_send_frame(encoder, scaled) >= 0,
            avcodec_send_frame(encoder, nil) >= 0, let packet, avcodec_receive_packet(encoder, packet) >= 0
        else { throw MediaError.encodingFailed("the picture could not be encoded") }
        return Array(UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
    }

    private static func scale(
        _ frame: VideoFrame, width: Int, height: Int, into output: UnsafeMutablePointer<AVFrame>
    ) throws {
        guard let input = av_frame_clone(frame.picture) else {
            throw MediaError.encodingFailed("no memory for a picture")
        }
        var clone: UnsafeMutablePointer<AVFrame>? = input
        defer { av_frame_free(&clone) }
        input.pointee.pts = 0
        var graph = lipsmith_av_filter_graph()
        defer { lipsmith_av_filter_graph_close(&graph) }
        let source =
            "video_size=\(frame.width)x\(frame.height):pix_fmt=\(AV_PIX_FMT_YUV420P.rawValue):time_base=1/1:"
            + "pixel_aspect=1/1"
        // JPEG stores the full range, whatever the video has.
        let steps =
            "scale=\(width):\(height):flags=area+accurate_rnd+bitexact:in_range=\(frame.isFullRange ? "pc" : "tv"):"
            + "out_range=pc:in_color_matrix=\(FrameFilter.knownMatrix(frame.matrix)):out_color_matrix=smpte170m,"
            + "format=yuvj420p"
        input.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        guard lipsmith_av_filter_graph_open(&graph, source, steps, 1) >= 0,
            lipsmith_av_filter_graph_convert(&graph, input, output) >= 0
        else { throw MediaError.encodingFailed("the picture could not be scaled") }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw MediaError.encodingFailed("\(path) cannot be written") }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            guard count > 0 else {
                unlink(path)
                throw MediaError.encodingFailed("\(path) cannot be written")
            }
            rest = rest.dropFirst(count)
        }
    }
}

import CLibAV

/// Reads the packets of an MP4 file with one stream as they were encoded, for a file that takes them over. Not thread-safe.
final class PacketReader {
    private let file: InputFile
    private let streamIndex: Int32
    private let packet: UnsafeMutablePointer<AVPacket>

    /// - Parameter kind: Of the stream.
    /// - Throws: `MediaError` of code `sectionUnusable` for a file that is none of ours.
    init(_ path: String, kind: AVMediaType) throws {
        do { file = try InputFile(path, readsEdits: false) } catch {
            throw MediaError.sectionUnusable("\(error)")
        }
        let index = kind == AVMEDIA_TYPE_VIDEO ? file.videoIndex : file.audioIndex
        guard let index, file.containerName.hasPrefix("mov"), file.context.pointee.nb_streams == 1 else {
            throw MediaError.sectionUnusable("\(path): not one stream of the kind")
        }
        guard let packet = av_packet_alloc() else { throw MediaError.encodingFailed("no memory for a packet") }
        streamIndex = index
        self.packet = packet
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    /// What the stream says of itself.
    var parameters: AVCodecParameters { file.stream(streamIndex).pointee.codecpar.pointee }

    /// Seconds of one tick of the packets' times.
    var timeBase: Rational { Rational(file.stream(streamIndex).pointee.time_base) }

    /// The parameter sets of the stream, as the container holds them.
    var extradata: [UInt8] {
        let parameters = parameters
        guard let bytes = parameters.extradata, parameters.extradata_size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(parameters.extradata_size)))
    }

    /// The next packet, valid until the one after it; `nil` behind the last one.
    ///
    /// - Throws: `MediaError` of code `sectionUnusable` where reading fails before the end.
    func next() throws -> UnsafeMutablePointer<AVPacket>? {
        av_packet_unref(packet)
        let status = av_read_frame(file.context, packet)
        if status == lipsmith_av_error_end_of_file { return nil }
        guard status >= 0, packet.pointee.stream_index == streamIndex,
            packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0, packet.pointee.size > 0
        else { throw MediaError.sectionUnusable("\(file.path): \(Library.describe(status))") }
        return packet
    }
}

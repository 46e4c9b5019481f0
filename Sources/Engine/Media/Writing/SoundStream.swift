import CLibAV

/// Takes an output's sound, one block after the other.
package protocol SoundSink {
    /// Appends sound of any length after the sound before.
    ///
    /// - Throws: `MediaError`.
    func append(_ block: AudioBlock) throws
}

/// The AAC sound of an output file: cuts blocks of any length into the encoder's frames. Not thread-safe.
final class SoundStream {
    let output: OutputStream
    private let frame: UnsafeMutablePointer<AVFrame>
    private var queue: SampleQueue
    private var sampleCount: Int64 = 0

    /// - Throws: `MediaError` of code `encodingFailed` for settings that the encoder refuses.
    init(_ settings: AudioOutputSettings, needsGlobalHeader: Bool) throws {
        output = try OutputStream.audio(settings, needsGlobalHeader: needsGlobalHeader)
        queue = SampleQueue(channelCount: settings.channelCount)
        frame = try Self.frame(for: output.encoder)
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// Appends sound; the first sample is at time 0.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` for another number of channels, and errors of `write`.
    func append(_ block: AudioBlock, write: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
        guard block.samples.count == Int(output.encoder.pointee.ch_layout.nb_channels),
            block.samples.allSatisfy({ $0.count == block.frameCount })
        else { throw MediaError.encodingFailed("the sound does not fit the file's channels") }
        for (channel, samples) in block.samples.enumerated() { queue.append(channel: channel, samples) }
        let length = Int(output.encoder.pointee.frame_size)
        while queue.count >= length { try encode(length, write) }
    }

    /// Encodes what is left.
    ///
    /// - Throws: as `append`.
    func finish(write: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
        if queue.count > 0 { try encode(queue.count, write) }
        try output.encode(nil, write: write)
    }

    private func encode(_ length: Int, _ write: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
        guard av_frame_make_writable(frame) >= 0 else { throw MediaError.encodingFailed("no memory for sound") }
        frame.pointee.nb_samples = Int32(length)
        for channel in 0..<Int(output.encoder.pointee.ch_layout.nb_channels) {
            guard let plane = frame.pointee.extended_data[channel] else { continue }
            plane.withMemoryRebound(to: Float.self, capacity: length) {
                queue.copy(channel: channel, count: length, to: $0)
            }
        }
        queue.drop(length)
        frame.pointee.pts = sampleCount
        sampleCount += Int64(length)
        try output.encode(frame, write: write)
    }

    private static func frame(
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

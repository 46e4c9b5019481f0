import CLibAV

/// Filters sound with a chain of libavfilter filters, which may delay it. Used by one thread at a time.
final class SoundFilter {
    private let sampleRate: Int
    private let channelCount: Int
    private var graph = lipsmith_av_filter_graph()
    /// The time of the next input sample, in samples.
    private var position: Int64 = 0

    /// Builds the chain.
    ///
    /// - Parameters:
    ///   - steps: Filters in libavfilter's notation, separated by commas; a conversion to one channel of Float32 is
    ///     appended.
    ///   - sampleRate: Samples a second of the input.
    ///   - outputRate: Those of the output; as many unless given.
    ///   - channelCount: Channels of the input, 1 or 2.
    /// - Throws: `MediaError` of code `audioInvalid` where libavfilter or one of the filters is missing.
    init(_ steps: String, sampleRate: Int, outputRate: Int? = nil, channelCount: Int) throws {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        let layout = channelCount == 1 ? "mono" : "stereo"
        let source = "sample_rate=\(sampleRate):sample_fmt=fltp:channel_layout=\(layout):time_base=1/\(sampleRate)"
        let status = lipsmith_av_sound_graph_open(
            &graph, source,
            steps + ",aformat=sample_fmts=fltp:sample_rates=\(outputRate ?? sampleRate):channel_layouts=mono")
        guard status >= 0 else { throw Self.failure(steps, status) }
    }

    deinit { lipsmith_av_filter_graph_close(&graph) }

    /// Adds input.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` when a filter fails or there is no memory.
    func append(_ block: AudioBlock) throws {
        guard block.frameCount > 0 else { return }
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        guard let input = frame, block.samples.count == channelCount else { throw Self.failure("frame", 0) }
        input.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        input.pointee.sample_rate = Int32(sampleRate)
        input.pointee.nb_samples = Int32(block.frameCount)
        input.pointee.pts = position
        av_channel_layout_default(&input.pointee.ch_layout, Int32(channelCount))
        guard av_frame_get_buffer(input, 0) >= 0 else { throw Self.failure("memory", 0) }
        for (channel, samples) in block.samples.enumerated() {
            input.pointee.extended_data[channel]?.withMemoryRebound(to: Float.self, capacity: samples.count) {
                $0.update(from: samples, count: samples.count)
            }
        }
        position += Int64(block.frameCount)
        let status = lipsmith_av_filter_graph_send(&graph, input)
        guard status >= 0 else { throw Self.failure("send", status) }
    }

    /// Ends the input.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` when a filter fails.
    func end() throws {
        let status = lipsmith_av_filter_graph_send(&graph, nil)
        guard status >= 0 else { throw Self.failure("end", status) }
    }

    /// The next filtered samples, one channel; `nil` when more input is needed first, and at the end.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` when a filter fails or there is no memory.
    func next() throws -> [Float]? {
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        guard let output = frame else { throw Self.failure("memory", 0) }
        let status = lipsmith_av_filter_graph_receive(&graph, output)
        if status == lipsmith_av_error_again || status == lipsmith_av_error_end_of_file { return nil }
        guard status >= 0, let plane = output.pointee.extended_data[0] else { throw Self.failure("receive", status) }
        let count = Int(output.pointee.nb_samples)
        return plane.withMemoryRebound(to: Float.self, capacity: count) {
            Array(UnsafeBufferPointer(start: $0, count: count))
        }
    }

    private static func failure(_ step: String, _ status: Int32) -> MediaError {
        MediaError.audioInvalid("The sound could not be filtered.", detail: "\(step): \(Library.describe(status))")
    }
}

import CLibAV

/// Converts decoded sound of any form to planar Float32 of one rate and channel count; one channel is mixed by
/// `MonoMixer`. Not thread-safe.
final class Resampler {
    private struct Form: Equatable {
        var format: Int32
        var sampleRate: Int32
        var channelCount: Int32
        var layout: UInt64
    }

    /// Input samples so far, of all channels.
    private(set) var sampleCount = 0
    /// How many of them were not finite or far beyond full scale and were set to 0.
    private(set) var damagedSampleCount = 0

    private let sampleRate: Int
    private let channelCount: Int
    private var context: OpaquePointer?
    private var form: Form?
    /// The mixer where several channels become one.
    private var mixer: MonoMixer?
    private var scratch: [UnsafeMutablePointer<Float>] = []
    private var scratchLength = 0

    init(sampleRate: Int, channelCount: Int) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    deinit {
        swr_free(&context)
        scratch.forEach { $0.deallocate() }
    }

    /// Prepares for a decoded frame; `false` if its form is not supported.
    func begin(_ frame: UnsafeMutablePointer<AVFrame>, into queue: inout SampleQueue) -> Bool {
        let layout = frame.pointee.ch_layout
        let form = Form(
            format: frame.pointee.format, sampleRate: frame.pointee.sample_rate, channelCount: layout.nb_channels,
            layout: layout.order == AV_CHANNEL_ORDER_NATIVE ? layout.u.mask : 0)
        if form != self.form {
            flush(into: &queue)
            guard configure(form, frame) else { return false }
        }
        sampleCount += Int(frame.pointee.nb_samples) * Int(layout.nb_channels)
        damagedSampleCount += SampleRepair.repair(frame)
        return true
    }

    /// Converts some samples of the frame that was begun and appends them to `queue`; `false` if that fails.
    func convert(
        _ frame: UnsafeMutablePointer<AVFrame>, _ samples: Range<Int>, into queue: inout SampleQueue
    ) -> Bool {
        run(frame, samples, into: &queue)
    }

    /// Appends the samples that the filters still hold.
    func flush(into queue: inout SampleQueue) {
        if context != nil { _ = run(nil, 0..<0, into: &queue) }
        if let rest = mixer?.finish() { queue.append(channel: 0, rest) }
    }

    private func configure(_ form: Form, _ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        swr_free(&context)
        self.form = nil
        // A stream may change its rate.
        guard SoundLimits.sampleRates.contains(Int(form.sampleRate)) else { return false }
        var input = AVChannelLayout()
        var output = AVChannelLayout()
        defer {
            av_channel_layout_uninit(&input)
            av_channel_layout_uninit(&output)
        }
        if frame.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&input, form.channelCount)
        } else {
            av_channel_layout_copy(&input, &frame.pointee.ch_layout)
        }
        let isMixed = channelCount == 1 && form.channelCount > 1
        if isMixed {
            av_channel_layout_copy(&output, &input)
        } else {
            av_channel_layout_default(&output, Int32(channelCount))
        }
        let status = swr_alloc_set_opts2(
            &context, &output, AV_SAMPLE_FMT_FLTP, Int32(sampleRate), &input, AVSampleFormat(rawValue: form.format),
            form.sampleRate, 0, nil)
        guard status >= 0, let context else { return false }
        // Mixing down must stay within full scale; for float output the library does not limit it by itself.
        av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_maxval", 1, 0)
        guard swr_init(context) >= 0 else { return false }
        self.form = form
        mixer = isMixed ? MonoMixer(weights: Self.monoWeights(&input), sampleRate: sampleRate) : nil
        return true
    }

    /// The weight of each channel in a mono mix, by libswresample's rules.
    private static func monoWeights(_ layout: inout AVChannelLayout) -> [Float] {
        let count = Int(layout.nb_channels)
        var mono = AVChannelLayout()
        av_channel_layout_default(&mono, 1)
        defer { av_channel_layout_uninit(&mono) }
        // The library fills a matrix of its largest number of channels, whatever the layouts have.
        let side = 64
        guard count <= side else { return [Float](repeating: 1 / Float(count), count: count) }
        var matrix = [Double](repeating: 0, count: side * side)
        // Centre and surround at the library's defaults (−3 dB), no low-frequency effects, within full scale.
        let status = swr_build_matrix2(
            &layout, &mono, 0.5.squareRoot(), 0.5.squareRoot(), 0, 1, 1, &matrix, side, AV_MATRIX_ENCODING_NONE, nil)
        let row = matrix.prefix(count)
        guard status >= 0, row.contains(where: { $0 != 0 }) else {
            return [Float](repeating: 1 / Float(count), count: count)
        }
        return row.map { Float($0) }
    }

    private func run(
        _ frame: UnsafeMutablePointer<AVFrame>?, _ samples: Range<Int>, into queue: inout SampleQueue
    ) -> Bool {
        let incoming = Int32(samples.count)
        let bound = Int(swr_get_out_samples(context, incoming))
        guard bound >= 0 else { return false }
        reserve(bound, channelCount: mixer == nil ? channelCount : Int(form?.channelCount ?? 1))
        var targets = scratch.map {
            UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self) as UnsafeMutablePointer<UInt8>?
        }
        var sources = frame.map { Self.planes(of: $0, from: samples.lowerBound) } ?? []
        let produced = targets.withUnsafeMutableBufferPointer { targets -> Int32 in
            guard frame != nil else { return swr_convert(context, targets.baseAddress, Int32(bound), nil, 0) }
            return sources.withUnsafeMutableBufferPointer {
                swr_convert(context, targets.baseAddress, Int32(bound), $0.baseAddress, incoming)
            }
        }
        guard produced >= 0 else { return false }
        let made = scratch.map { UnsafeBufferPointer(start: $0, count: Int(produced)) }
        if let mixed = mixer?.mix(made) {
            queue.append(channel: 0, mixed)
        } else {
            for channel in 0..<channelCount { queue.append(channel: channel, made[channel]) }
        }
        return true
    }

    /// The addresses of a frame's planes from a sample on.
    private static func planes(
        of frame: UnsafeMutablePointer<AVFrame>, from sample: Int
    ) -> [UnsafePointer<UInt8>?] {
        let format = AVSampleFormat(rawValue: frame.pointee.format)
        let channelCount = Int(frame.pointee.ch_layout.nb_channels)
        let isPlanar = av_sample_fmt_is_planar(format) != 0
        let offset = sample * Int(av_get_bytes_per_sample(format)) * (isPlanar ? 1 : channelCount)
        return (0..<(isPlanar ? channelCount : 1)).map { plane in
            frame.pointee.extended_data[plane].map { UnsafePointer($0 + offset) }
        }
    }

    private func reserve(_ length: Int, channelCount: Int) {
        guard length > scratchLength || scratch.count != channelCount else { return }
        scratch.forEach { $0.deallocate() }
        scratchLength = max(length, 8192)
        scratch = (0..<channelCount).map { _ in .allocate(capacity: scratchLength) }
    }
}

import CLibAV

/// Turns decoded sound of any form into planar Float32 of one rate and channel count. Not thread-safe.
final class Resampler {
    private struct Form: Equatable {
        var format: Int32
        var sampleRate: Int32
        var channelCount: Int32
        var layout: UInt64
    }

    /// Samples taken in, of all channels.
    private(set) var sampleCount = 0
    /// How many of them were no numbers, or far beyond full scale, and became silence.
    private(set) var damagedSampleCount = 0

    private let sampleRate: Int
    private let channelCount: Int
    private var context: OpaquePointer?
    private var form: Form?
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

    /// Makes ready for a decoded run; `false` if its form is not understood.
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

    /// Converts some samples of the run that was begun and appends them; `false` if that fails.
    func convert(
        _ frame: UnsafeMutablePointer<AVFrame>, _ samples: Range<Int>, into queue: inout SampleQueue
    ) -> Bool {
        run(frame, samples, into: &queue)
    }

    /// Appends what the filters still hold back.
    func flush(into queue: inout SampleQueue) {
        if context != nil { _ = run(nil, 0..<0, into: &queue) }
    }

    private func configure(_ form: Form, _ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        swr_free(&context)
        self.form = nil
        // A stream may change its rate on the way.
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
        av_channel_layout_default(&output, Int32(channelCount))
        let status = swr_alloc_set_opts2(
            &context, &output, AV_SAMPLE_FMT_FLTP, Int32(sampleRate), &input, AVSampleFormat(rawValue: form.format),
            form.sampleRate, 0, nil)
        guard status >= 0, let context else { return false }
        // Mixing down must not go beyond full scale; for float output the library would let it.
        av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_maxval", 1, 0)
        guard swr_init(context) >= 0 else { return false }
        self.form = form
        return true
    }

    private func run(
        _ frame: UnsafeMutablePointer<AVFrame>?, _ samples: Range<Int>, into queue: inout SampleQueue
    ) -> Bool {
        let incoming = Int32(samples.count)
        let bound = Int(swr_get_out_samples(context, incoming))
        guard bound >= 0 else { return false }
        reserve(bound)
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
        for channel in 0..<channelCount {
            queue.append(channel: channel, UnsafeBufferPointer(start: scratch[channel], count: Int(produced)))
        }
        return true
    }

    /// Where a run's samples lie from one of them on.
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

    private func reserve(_ length: Int) {
        guard length > scratchLength || scratch.isEmpty else { return }
        scratch.forEach { $0.deallocate() }
        scratchLength = max(length, 8192)
        scratch = (0..<channelCount).map { _ in .allocate(capacity: scratchLength) }
    }
}

import CLibAV

/// Silences invalid samples of floating-point sound: not a number, infinite, or beyond `SoundLimits.largestSample`. A
/// resampler would spread them over their neighbours, and an encoder refuses them.
enum SampleRepair {
    /// Sets invalid samples of a decoded frame to 0 and returns their number.
    static func repair(_ frame: UnsafeMutablePointer<AVFrame>) -> Int {
        let format = AVSampleFormat(rawValue: frame.pointee.format)
        let channelCount = Int(frame.pointee.ch_layout.nb_channels)
        let isPlanar = av_sample_fmt_is_planar(format) != 0
        let length = Int(frame.pointee.nb_samples) * (isPlanar ? 1 : channelCount)
        let planes = isPlanar ? channelCount : 1
        switch av_get_packed_sample_fmt(format) {
        case AV_SAMPLE_FMT_FLT: return repair(frame, planes, length, as: Float.self)
        case AV_SAMPLE_FMT_DBL: return repair(frame, planes, length, as: Double.self)
        default: return 0
        }
    }

    private static func repair<Sample: BinaryFloatingPoint>(
        _ frame: UnsafeMutablePointer<AVFrame>, _ planes: Int, _ length: Int, as type: Sample.Type
    ) -> Int {
        let largest = Sample(SoundLimits.largestSample)
        var count = 0
        for plane in 0..<planes {
            guard let data = frame.pointee.extended_data[plane] else { continue }
            let isWhole = data.withMemoryRebound(to: type, capacity: length) { samples in
                // Every comparison with NaN is false.
                (0..<length).allSatisfy { abs(samples[$0]) <= largest }
            }
            if isWhole { continue }
            guard av_frame_make_writable(frame) >= 0, let data = frame.pointee.extended_data[plane] else { continue }
            data.withMemoryRebound(to: type, capacity: length) { samples in
                for index in 0..<length where !(abs(samples[index]) <= largest) {
                    samples[index] = 0
                    count += 1
                }
            }
        }
        return count
    }
}

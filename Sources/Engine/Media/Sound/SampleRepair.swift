import CLibAV

/// Files of floating point may hold what is no sample: not a number, infinite, or far beyond full scale. A resampler would
/// smear it, and an encoder refuses it.
enum SampleRepair {
    /// Makes such samples silent; gives how many there were.
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
                // No comparison is true of what is no number.
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

import CLibAV
import Wave

/// The properties of the video stream of an opened file.
struct VideoFacts {
    let info: VideoStreamInfo
    let orientation: PictureOrientation
    /// The stored size in pixels, cropped to even, before rotation.
    let croppedSize: (width: Int, height: Int)
    /// The longest time that a picture is shown, in seconds.
    private let longestGapSeconds: Double
    /// The positions of pictures with irregular times, see `FrameRateEstimate.positions`.
    let positions: FramePositions?
    /// Whether the file is a JPEG, PNG or WebP picture, or holds one picture and no sound, such as an AVIF picture.
    let isStillImage: Bool

    init(_ file: InputFile, stream: UnsafeMutablePointer<AVStream>) {
        let parameters = stream.pointee.codecpar.pointee
        let size = file.pictureSize
        croppedSize = (size.width & ~1, size.height & ~1)
        orientation = Self.orientation(file, stream)
        let timeBase = Rational(stream.pointee.time_base)
        let aspect = Rational(av_guess_sample_aspect_ratio(file.context, stream, nil))
        let upright = aspect.numerator > 0 ? aspect : Rational(1)
        let timing = Timing(file, stream: stream)
        longestGapSeconds = timing.longestGapSeconds
        positions = timing.positions
        isStillImage = file.isStillImage || (timing.pictureCount == 1 && file.audioIndex == nil)
        info = VideoStreamInfo(
            codec: String(cString: avcodec_get_name(parameters.codec_id)),
            pixelFormat: Self.pixelFormatName(parameters.format),
            codedWidth: size.width, codedHeight: size.height,
            width: orientation.swapsAxes ? croppedSize.height : croppedSize.width,
            height: orientation.swapsAxes ? croppedSize.width : croppedSize.height,
            rotationDegrees: orientation.degrees, frameRate: timing.rate, timeBase: timeBase,
            isVariableFrameRate: timing.isVariable, startSeconds: timing.startSeconds,
            durationSeconds: Double(timing.frameCount) * timing.rate.inverse.value,
            announcedSeconds: file.announcedSeconds(stream.pointee.index), estimatedFrameCount: timing.frameCount,
            sampleAspectRatio: orientation.swapsAxes ? upright.inverse : upright,
            color: Self.color(parameters))
    }

    /// - Throws: `MediaError` of code `durationTooLong` or `videoInvalid` for times beyond `TimeLimits`.
    func checkTimes() throws {
        guard info.durationSeconds <= Double(TimeLimits.hours) * 3600 else {
            throw MediaError.durationTooLong(hours: TimeLimits.hours)
        }
        guard longestGapSeconds <= TimeLimits.longestGapSeconds else {
            throw MediaError(
                code: .videoInvalid,
                message: "A picture of the video is shown for \(Int(longestGapSeconds.rounded())) seconds; at most "
                    + "\(Int(TimeLimits.longestGapSeconds)) are supported.",
                suggestion: "Cut that part out, or write the video anew to repair its time stamps.", detail: "")
        }
    }

    private static func pixelFormatName(_ format: Int32) -> String {
        av_get_pix_fmt_name(AVPixelFormat(rawValue: format)).map { String(cString: $0) } ?? "unknown"
    }

    private static func orientation(_ file: InputFile, _ stream: UnsafeMutablePointer<AVStream>) -> PictureOrientation {
        if let header = file.stillHeader { return PictureOrientation(exif: header.orientation) }
        var size = 0
        guard let data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
            return .upright
        }
        let numbers = (0..<9).map { UnsafeRawPointer(data).loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self) }
        return PictureOrientation(displayMatrix: numbers)
    }

    private static func color(_ parameters: AVCodecParameters) -> ColorDescription {
        let format = AVPixelFormat(rawValue: parameters.format)
        let flags = av_pix_fmt_desc_get(format)?.pointee.flags ?? 0
        let isRGB = flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
        let name = pixelFormatName(parameters.format)
        let isFull = parameters.color_range == AVCOL_RANGE_JPEG || name.hasPrefix("yuvj") || isRGB
        let transfer = parameters.color_trc
        return ColorDescription(
            isFullRange: isFull,
            matrix: isRGB ? "gbr" : word(av_color_space_name(parameters.color_space)),
            primaries: word(av_color_primaries_name(parameters.color_primaries)),
            transfer: word(av_color_transfer_name(transfer)),
            isHighDynamicRange: transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67)
    }

    private static func word(_ name: UnsafePointer<CChar>?) -> String {
        let word = name.map { String(cString: $0) } ?? "unknown"
        // "reserved" means "unknown"; "gbr" without RGB pixels is a tagging mistake.
        return word == "reserved" || word == "gbr" ? "unknown" : word
    }

    private struct Timing {
        var rate = Rational(25)
        var isVariable = false
        var frameCount = 1
        var startSeconds = 0.0
        var longestGapSeconds = 0.0
        /// The number of pictures; 0 if unknown.
        var pictureCount = 0
        var positions: FramePositions?

        init(_ file: InputFile, stream: UnsafeMutablePointer<AVStream>) {
            if file.isStillImage { return }
            let timeBase = Rational(stream.pointee.time_base)
            var scan = TimestampScan(file, videoIndex: stream.pointee.index)
            let claims = [Rational(stream.pointee.r_frame_rate), Rational(stream.pointee.avg_frame_rate)]
            var estimate = FrameRateEstimate(timestamps: scan.timestamps, timeBase: timeBase, claims: claims)
            if estimate.isVariable, scan.isOfDecoding {
                // An index holds decoding times, which differ from presentation times where pictures are reordered.
                scan = TimestampScan(packetsOf: file, videoIndex: stream.pointee.index)
                estimate = FrameRateEstimate(timestamps: scan.timestamps, timeBase: timeBase, claims: claims)
            }
            rate = estimate.rate
            isVariable = estimate.isVariable
            positions = estimate.positions
            let start = stream.pointee.start_time
            if start != lipsmith_av_no_timestamp {
                startSeconds = Double(start) * timeBase.value
            } else if let first = scan.timestamps.first {
                startSeconds = Double(first) * timeBase.value
            }
            pictureCount = scan.timestamps.count
            let gaps = zip(scan.timestamps.dropFirst(), scan.timestamps).map { $0 - $1 }
            // In a regular video the last picture is shown as long as any other, whatever the file states for it.
            let longestGap = max(gaps.max() ?? 0, isVariable ? scan.lastDuration : 0)
            longestGapSeconds = Double(longestGap) * timeBase.value
            if let first = scan.timestamps.first, let last = scan.timestamps.last {
                let grid = FrameGrid(origin: first, timeBase: timeBase, rate: rate, positions: positions)
                frameCount = grid.index(of: last) + 1
                if isVariable { frameCount = max(frameCount, grid.index(of: last + scan.lastDuration)) }
            } else {
                frameCount = max(1, Int((file.durationSeconds * rate.value).rounded()))
            }
        }
    }
}

extension InputFile {
    /// The length that the container states, in seconds; 0 if it states none.
    var durationSeconds: Double {
        context.pointee.duration > 0 ? Double(context.pointee.duration) / Double(AV_TIME_BASE) : 0
    }

    /// The properties of the sound stream; `nil` without one.
    ///
    /// - Throws: `MediaError` of code `audioInvalid` for a sound beyond `SoundLimits` or `TimeLimits`.
    func soundInfo() throws -> AudioStreamInfo? {
        guard let audioIndex else { return nil }
        let stream = stream(audioIndex)
        let parameters = stream.pointee.codecpar.pointee
        try SoundLimits.check(sampleRate: Int(parameters.sample_rate))
        let start = stream.pointee.start_time
        let duration: Double
        if let seconds = headerSeconds(audioIndex) {
            duration = seconds
        } else {
            let scan = SoundScan(self, audioIndex: audioIndex)
            guard scan.longestGapSeconds <= TimeLimits.longestGapSeconds else {
                throw MediaError.soundHole(seconds: scan.longestGapSeconds, path: path)
            }
            duration = scan.durationSeconds
        }
        return AudioStreamInfo(
            codec: String(cString: avcodec_get_name(parameters.codec_id)),
            sampleRate: Int(parameters.sample_rate), channelCount: Int(parameters.ch_layout.nb_channels),
            startSeconds: start == lipsmith_av_no_timestamp
                ? 0 : Double(start) * Rational(stream.pointee.time_base).value,
            durationSeconds: duration)
    }

    /// The length of a stream that the file states, whether all of it is there or not, in seconds; `nil` where it
    /// states none that is reliable.
    func announcedSeconds(_ index: Int32) -> Double? {
        if isStillImage { return nil }
        let stream = stream(index)
        let tick = Rational(stream.pointee.time_base).value
        if let stamps = fullIndex(index)?.map(\.timestamp).sorted(), let first = stamps.first, let last = stamps.last {
            let step = stamps.count > 1 ? last - stamps[stamps.count - 2] : 0
            return Double(last - first + step) * tick
        }
        if containerName == "wav" { return WaveReader(path: path)?.statedSeconds }
        guard context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM else { return nil }
        let rate = Rational(stream.pointee.avg_frame_rate).value
        if containerName == "avi", stream.pointee.nb_frames > 0, rate > 0 {
            return Double(stream.pointee.nb_frames) / rate
        }
        guard containerName.hasPrefix("matroska") else {
            return stream.pointee.duration > 0 ? Double(stream.pointee.duration) * tick : nil
        }
        // Matroska has one length for the whole file; that of a track is in its statistics, if the muxer wrote them.
        if let text = av_dict_get(stream.pointee.metadata, "DURATION", nil, 0)?.pointee.value {
            return Self.seconds(String(cString: text))
        }
        return context.pointee.nb_streams == 1 && durationSeconds > 0 ? durationSeconds : nil
    }

    /// The seconds of a time such as `00:01:02.345000000`; `nil` for any other text.
    private static func seconds(_ text: String) -> Double? {
        let parts = text.split(separator: ":").map { Double($0) }
        guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2] else { return nil }
        return hours * 3600 + minutes * 60 + seconds
    }

    /// The length of a sound stream in its header, in seconds; `nil` where it has none that is reliable.
    ///
    /// Files written as a stream (a browser's recording, fragments, raw AAC or MP3) have no length in their header, and
    /// libavformat's guess from the bit rate is wrong by some percent. For an MP4 its index is more exact than its
    /// header.
    private func headerSeconds(_ index: Int32) -> Double? {
        let stream = stream(index)
        guard !containerName.hasPrefix("mov"), context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
        else {
            return nil
        }
        let duration = stream.pointee.duration
        let seconds = duration > 0 ? Double(duration) * Rational(stream.pointee.time_base).value : durationSeconds
        return seconds > 0 ? seconds : nil
    }
}

import CLibAV
import Glibc

/// Process-wide settings of the FFmpeg libraries and the meaning of their status numbers.
enum Library {
    /// Silences the libraries' own messages once; every failure reaches the caller as a `MediaError`.
    static let prepare: Void = {
        av_log_set_level(AV_LOG_QUIET)
    }()

    /// The library's words for a negative status.
    static func describe(_ status: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        av_strerror(status, &buffer, buffer.count)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Turns the status of a write into the error that its cause deserves.
    static func outputError(_ status: Int32, path: String, during step: String) -> MediaError {
        let detail = "\(path): \(step): \(describe(status))"
        switch -status {
        case ENOSPC, EDQUOT, EFBIG:
            return MediaError(
                code: .diskFull, message: "The disk is full.",
                suggestion: "Free some space or choose another output folder.", detail: detail)
        case EACCES, EPERM, ENOENT, ENOTDIR, EISDIR, EROFS, ENAMETOOLONG, ELOOP, ETXTBSY, ENXIO:
            return MediaError(
                code: .outputUnwritable, message: "The output file cannot be written.",
                suggestion: "Check that the folder exists and that you may write to it.", detail: detail)
        default:
            return .encodingFailed(detail)
        }
    }
}

extension Rational {
    init(_ ratio: AVRational) { self.init(Int(ratio.num), Int(ratio.den)) }

    /// The library's form. Parts that do not fit into 32 bits are scaled down to the nearest ratio that does.
    var library: AVRational {
        var ratio = AVRational()
        av_reduce(&ratio.num, &ratio.den, Int64(numerator), Int64(denominator), Int64(Int32.max))
        return ratio
    }
}

/// Bounds of what is decoded at all.
package enum PictureLimits {
    /// Smallest width and height, pixels.
    package static let minimumSide = 16
    /// Largest width and height of a video, pixels.
    package static let videoSide = 4096
    /// Largest area of a video, pixels.
    package static let videoPixels = 4096 * 2160
    /// Largest width and height of a still image, pixels.
    package static let stillSide = 16384
    /// Largest area of a still image, pixels.
    package static let stillPixels = 64_000_000

    static func check(width: Int, height: Int, isStillImage: Bool) throws {
        let side = isStillImage ? stillSide : videoSide
        let pixels = isStillImage ? stillPixels : videoPixels
        let fits =
            min(width, height) >= minimumSide && max(width, height) <= side
            && width.multipliedReportingOverflow(by: height).overflow == false
            && width * height <= pixels
        guard fits else {
            throw MediaError.resolutionUnsupported(width: width, height: height, isStillImage: isStillImage)
        }
    }

    /// What the decoder may allocate: the limit plus the padding to whole macroblocks.
    static func decoderPixels(isStillImage: Bool) -> Int {
        isStillImage ? stillPixels + 64 * stillSide : videoPixels + 64 * videoSide
    }
}

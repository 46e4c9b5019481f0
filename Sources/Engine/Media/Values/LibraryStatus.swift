import CLibAV
import Glibc

/// Process-wide settings of the FFmpeg libraries, and the meaning of their status numbers.
enum Library {
    /// Silences the libraries' own messages once; every failure reaches the caller as a `MediaError`.
    static let prepare: Void = {
        av_log_set_level(AV_LOG_QUIET)
    }()

    /// FFmpeg's description of a negative status.
    static func describe(_ status: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        av_strerror(status, &buffer, buffer.count)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The error for the negative status of a write: `diskFull`, `outputUnwritable` or `encodingFailed`.
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

    /// The ratio as FFmpeg's type; the nearest one whose parts fit into 32 bits.
    var library: AVRational {
        var ratio = AVRational()
        av_reduce(&ratio.num, &ratio.den, Int64(numerator), Int64(denominator), Int64(Int32.max))
        return ratio
    }
}

/// The limits of picture sizes that are decoded.
package enum PictureLimits {
    /// The smallest width and height in pixels: one macroblock.
    package static let minimumSide = 16
    /// The largest width and height of a video in pixels: DCI 4K.
    package static let videoSide = 4096
    /// The largest area of a video in pixels: DCI 4K.
    package static let videoPixels = 4096 * 2160
    /// The largest width and height of a still image in pixels; WebP's own limit is 16383.
    package static let stillSide = 16384
    /// The largest area of a still image in pixels: 64 megapixels, 96 MB decoded.
    package static let stillPixels = 64_000_000

    /// - Throws: `MediaError` of code `resolutionUnsupported` for a size outside the limits.
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

    /// The most pixels that the decoder may allocate: the limit plus the padding to whole macroblocks.
    static func decoderPixels(isStillImage: Bool) -> Int {
        isStillImage ? stillPixels + 64 * stillSide : videoPixels + 64 * videoSide
    }
}

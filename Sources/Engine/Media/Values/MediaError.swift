/// A failure with a media file: a stable code, a sentence that is safe to show, and a suggestion.
///
/// `detail` may hold a path or a library's message; it is for logs, not for clients of a service.
public struct MediaError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, CaseIterable, Sendable {
        /// The file is not a video or picture that can be decoded.
        case videoInvalid
        /// The file is not a picture that can be decoded.
        case imageInvalid
        /// The file has no sound that can be decoded.
        case audioInvalid
        /// The picture is too small or too large.
        case resolutionUnsupported
        /// The file is longer than allowed.
        case durationTooLong
        /// The path does not name a readable file.
        case fileUnreadable
        /// The output path cannot be written.
        case outputUnwritable
        /// The disk filled up while writing.
        case diskFull
        /// The encoder or the container writer failed.
        case encodingFailed
        /// A section of an output is missing, damaged, or was encoded otherwise than the others.
        case sectionUnusable
    }

    /// The kind of this failure.
    public let code: Code
    /// One sentence for the user, without paths or library messages.
    public let message: String
    /// What the user can do about it, one sentence.
    public let suggestion: String
    /// Detail for logs; may be empty.
    public let detail: String

    public init(code: Code, message: String, suggestion: String, detail: String) {
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.detail = detail
    }

    /// Code, sentence and detail in one line, for logs.
    public var description: String {
        detail.isEmpty ? "\(code.rawValue): \(message)" : "\(code.rawValue): \(message) (\(detail))"
    }
}

extension MediaError {
    static func videoInvalid(_ message: String, detail: String) -> MediaError {
        MediaError(
            code: .videoInvalid, message: message,
            suggestion: "Convert the file to MP4 with H.264 video, or send a JPEG, PNG or WebP picture.", detail: detail
        )
    }

    static func imageInvalid(_ message: String, detail: String) -> MediaError {
        MediaError(
            code: .imageInvalid, message: message, suggestion: "Send a JPEG, PNG or WebP picture.", detail: detail)
    }

    static func audioInvalid(_ message: String, detail: String) -> MediaError {
        MediaError(
            code: .audioInvalid, message: message,
            suggestion: "Convert the sound to WAV, MP3, M4A, Ogg or FLAC.", detail: detail)
    }

    static func soundHole(seconds: Double, path: String) -> MediaError {
        MediaError(
            code: .audioInvalid,
            message: "The sound has a hole of \(Int(seconds.rounded())) seconds; at most "
                + "\(Int(TimeLimits.longestGapSeconds)) are supported.",
            suggestion: "Write the file anew to repair its time stamps, or convert the sound to WAV.", detail: path)
    }

    static func resolutionUnsupported(width: Int, height: Int, isStillImage: Bool) -> MediaError {
        let limit =
            isStillImage
            ? "at least 16 by 16 and at most \(PictureLimits.stillPixels / 1_000_000) megapixels"
            : "between 16 by 16 and 4096 by 2160 pixels"
        return MediaError(
            code: .resolutionUnsupported, message: "The picture size \(width)x\(height) is not supported.",
            suggestion: "Scale it to a size \(limit).", detail: "")
    }

    static func durationTooLong(hours: Int) -> MediaError {
        MediaError(
            code: .durationTooLong, message: "The video is longer than \(hours) hours or its time stamps are damaged.",
            suggestion: "Cut the video, or write it anew to repair its time stamps.", detail: "")
    }

    static func fileUnreadable(path: String, reason: String) -> MediaError {
        MediaError(
            code: .fileUnreadable, message: "The input file cannot be read.",
            suggestion: "Check that the path names an existing file and that you may read it.",
            detail: "\(path): \(reason)")
    }

    static func sectionUnusable(_ detail: String) -> MediaError {
        MediaError(
            code: .sectionUnusable, message: "A section of the video is missing or damaged.",
            suggestion: "Render it again.", detail: detail)
    }

    static func encodingFailed(_ detail: String) -> MediaError {
        MediaError(
            code: .encodingFailed, message: "The output video could not be encoded.",
            suggestion: "Check the output size, frame rate and encoder settings.", detail: detail)
    }
}

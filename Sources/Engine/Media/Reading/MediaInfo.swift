/// The meaning of pixel values. Names are FFmpeg's (`bt709`, `smpte170m`, …); `unknown` where a file does not state
/// one.
public struct ColorDescription: Codable, Hashable, Sendable {
    /// Whether luma uses 0…255 instead of 16…235.
    public var isFullRange: Bool
    /// FFmpeg's name of the luma–chroma matrix; `gbr` for RGB pictures.
    public var matrix: String
    /// FFmpeg's name of the colour primaries.
    public var primaries: String
    /// FFmpeg's name of the transfer function.
    public var transfer: String
    /// Whether the transfer function is PQ or HLG.
    public var isHighDynamicRange: Bool

    /// The default is a picture without colour tags.
    public init(
        isFullRange: Bool = false, matrix: String = "unknown", primaries: String = "unknown",
        transfer: String = "unknown", isHighDynamicRange: Bool = false
    ) {
        self.isFullRange = isFullRange
        self.matrix = matrix
        self.primaries = primaries
        self.transfer = transfer
        self.isHighDynamicRange = isHighDynamicRange
    }

    /// The description of the 8-bit 4:2:0 frames that the reader delivers for a source described by `self`.
    ///
    /// High dynamic range becomes BT.709, RGB becomes BT.709 luma and chroma; all others stay. Applying it twice
    /// changes nothing, so `VideoWriter` applies it too and takes either description.
    public var delivered: ColorDescription {
        if isHighDynamicRange { return ColorDescription(matrix: "bt709", primaries: "bt709", transfer: "bt709") }
        guard matrix == "gbr" else { return self }
        return ColorDescription(matrix: "bt709", primaries: primaries, transfer: transfer)
    }
}

/// Properties of a video stream and of the frames that `VideoReader` delivers for it.
public struct VideoStreamInfo: Codable, Sendable {
    /// FFmpeg's codec name, such as `h264`.
    public let codec: String
    /// FFmpeg's name of the stored pixel format, such as `yuv420p10le`.
    public let pixelFormat: String
    /// The stored width in pixels.
    public let codedWidth: Int
    /// The stored height in pixels.
    public let codedHeight: Int
    /// The width of the delivered frames in pixels: after rotation, cropped to even.
    public let width: Int
    /// The height of the delivered frames in pixels: after rotation, cropped to even.
    public let height: Int
    /// The clockwise rotation that the file asks for and the reader applies: 0, 90, 180 or 270.
    public let rotationDegrees: Int
    /// The constant rate of the delivered frames in frames a second: the source's exact rate, or for a variable rate
    /// that of the grid on which each of its frames has a position.
    public let frameRate: Rational
    /// The length of one tick of the stream's time stamps in seconds.
    public let timeBase: Rational
    /// Whether the source's frames are not at regular times.
    public let isVariableFrameRate: Bool
    /// The time of the first picture on the file's clock, in seconds.
    public let startSeconds: Double
    /// The length of the delivered frames in seconds.
    public let durationSeconds: Double
    /// The length that the file states, in seconds; `nil` where it states none that is reliable. A truncated file
    /// states more than it holds.
    public let announcedSeconds: Double?
    /// The number of frames that will be delivered; exact for undamaged files.
    public let estimatedFrameCount: Int
    /// Width over height of a pixel, after rotation; 1/1 if the file does not state it.
    public let sampleAspectRatio: Rational
    /// The colours as stored; `color.delivered` describes the delivered frames.
    public let color: ColorDescription
}

/// Properties of a sound stream.
public struct AudioStreamInfo: Codable, Sendable {
    /// FFmpeg's codec name, such as `aac`.
    public let codec: String
    /// Samples a second of each channel.
    public let sampleRate: Int
    public let channelCount: Int
    /// The time of the first sample on the file's clock, in seconds.
    public let startSeconds: Double
    /// The length in seconds: from the header, or from the packets where the header does not state it.
    public let durationSeconds: Double
}

/// Properties of a media file.
public struct MediaInfo: Codable, Sendable {
    /// FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    public let container: String
    /// The length of the longest stream in seconds.
    public let durationSeconds: Double
    /// The video stream that would be decoded, if any.
    public let video: VideoStreamInfo?
    /// The sound stream that would be decoded, if any.
    public let audio: AudioStreamInfo?
    /// Whether the file is a single picture: a JPEG, PNG or WebP file, or any other with one picture and no sound.
    public let isStillImage: Bool
}

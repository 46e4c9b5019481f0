/// How pixel values stand for colours. Names are FFmpeg's (`bt709`, `smpte170m`, …), `unknown` where a file says nothing.
public struct ColorDescription: Codable, Hashable, Sendable {
    /// Luma uses 0…255 rather than 16…235.
    public var isFullRange: Bool
    /// The luma–chroma matrix; `gbr` for RGB pictures.
    public var matrix: String
    /// The colour primaries.
    public var primaries: String
    /// The transfer curve.
    public var transfer: String
    /// The transfer curve is PQ or HLG.
    public var isHighDynamicRange: Bool

    /// Makes a description; the default is an untagged standard picture.
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
    /// High dynamic range becomes BT.709, RGB becomes BT.709 luma and chroma; everything else stays. Applying it twice
    /// changes nothing, so the writer applies it too and either description can be handed to it.
    public var delivered: ColorDescription {
        if isHighDynamicRange { return ColorDescription(matrix: "bt709", primaries: "bt709", transfer: "bt709") }
        guard matrix == "gbr" else { return self }
        return ColorDescription(matrix: "bt709", primaries: primaries, transfer: transfer)
    }
}

/// Facts about the picture stream.
public struct VideoStreamInfo: Codable, Sendable {
    /// FFmpeg's codec name, such as `h264`.
    public let codec: String
    /// FFmpeg's name of the stored pixel format, such as `yuv420p10le`.
    public let pixelFormat: String
    /// Width as stored, pixels.
    public let codedWidth: Int
    /// Height as stored, pixels.
    public let codedHeight: Int
    /// Width of the delivered frames, pixels: after rotation, cropped to even.
    public let width: Int
    /// Height of the delivered frames, pixels: after rotation, cropped to even.
    public let height: Int
    /// Clockwise turn that the file asks for and the reader applies: 0, 90, 180 or 270.
    public let rotationDegrees: Int
    /// Rate of the delivered constant-rate frames, frames a second: the source's exact rate; if variable, that of the grid on which each
    /// of its frames has a place.
    public let frameRate: Rational
    /// Length of one tick of the stream's time stamps, seconds.
    public let timeBase: Rational
    /// The source's frames do not stand on a regular grid.
    public let isVariableFrameRate: Bool
    /// Time of the first picture on the file's clock, seconds.
    public let startSeconds: Double
    /// Length of the delivered frames, seconds.
    public let durationSeconds: Double
    /// Length that the file announces, seconds; `nil` where it announces none that can be relied on. A file that was cut off
    /// announces more than it holds.
    public let announcedSeconds: Double?
    /// Number of frames that will be delivered, exact for undamaged files.
    public let estimatedFrameCount: Int
    /// Width of a pixel over its height, after rotation; 1/1 if the file says nothing.
    public let sampleAspectRatio: Rational
    /// Colours as stored; `color.delivered` describes the delivered frames.
    public let color: ColorDescription
}

/// Facts about the sound stream.
public struct AudioStreamInfo: Codable, Sendable {
    /// FFmpeg's codec name, such as `aac`.
    public let codec: String
    /// Samples a second of each channel.
    public let sampleRate: Int
    /// Number of channels.
    public let channelCount: Int
    /// Time of the first sample on the file's clock, seconds.
    public let startSeconds: Double
    /// Length, seconds: as the header says, or by the packets where it does not say.
    public let durationSeconds: Double
}

/// Facts about a media file.
public struct MediaInfo: Codable, Sendable {
    /// FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    public let container: String
    /// Length of the longest stream, seconds.
    public let durationSeconds: Double
    /// The picture stream that would be decoded, if any.
    public let video: VideoStreamInfo?
    /// The sound stream that would be decoded, if any.
    public let audio: AudioStreamInfo?
    /// The file is a single picture: a JPEG, PNG or WebP file, or any other with one picture and no sound.
    public let isStillImage: Bool
}

/// How the picture of an output file is made.
public struct VideoOutputSettings: Codable, Sendable {
    /// Pixels in a row; even.
    public var width: Int
    /// Number of rows; even.
    public var height: Int
    /// Frames a second, constant.
    public var frameRate: Rational
    /// x264's quality: 0 lossless … 51 worst; 17 is visually lossless.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String
    /// Encoder threads. The output depends on it, so equal numbers are needed for equal files.
    public var threadCount: Int
    /// Colours of the frames; a source's description is accepted as it is, see `ColorDescription.delivered`.
    public var color: ColorDescription
    /// Width of a pixel over its height.
    public var sampleAspectRatio: Rational

    /// Makes settings; what is not said has the defaults of the Sync contract's output.
    public init(
        width: Int, height: Int, frameRate: Rational, constantRateFactor: Int = 17, preset: String = "medium",
        threadCount: Int = 2, color: ColorDescription = ColorDescription(), sampleAspectRatio: Rational = Rational(1)
    ) {
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.constantRateFactor = constantRateFactor
        self.preset = preset
        self.threadCount = threadCount
        self.color = color
        self.sampleAspectRatio = sampleAspectRatio
    }
}

/// How the sound of an output file is made (AAC).
public struct AudioOutputSettings: Codable, Sendable {
    /// Samples a second; one of AAC's rates.
    public var sampleRate: Int
    /// Channels, 1…8.
    public var channelCount: Int
    /// Bits a second.
    public var bitRate: Int

    /// Makes settings.
    public init(sampleRate: Int, channelCount: Int, bitRate: Int = 192_000) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.bitRate = bitRate
    }
}

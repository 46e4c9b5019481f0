/// Settings of the H.264 video of an output file.
public struct VideoOutputSettings: Codable, Hashable, Sendable {
    /// In pixels; even.
    public var width: Int
    /// In pixels; even.
    public var height: Int
    /// Frames a second, constant.
    public var frameRate: Rational
    /// x264's constant rate factor: 0 lossless … 51 worst; 17 is visually lossless.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String
    /// Encoder threads. The output depends on their number, so equal files need equal numbers.
    public var threadCount: Int
    /// The colours of the frames, or those of the source that they were read from (see `ColorDescription.delivered`).
    public var color: ColorDescription
    /// Width over height of a pixel.
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

/// Settings of the AAC sound of an output file.
public struct AudioOutputSettings: Codable, Sendable {
    /// Samples a second; one of AAC's rates.
    public var sampleRate: Int
    /// The number of channels, 1…8.
    public var channelCount: Int
    /// Bits a second, all channels together.
    public var bitRate: Int

    public init(sampleRate: Int, channelCount: Int, bitRate: Int = 192_000) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.bitRate = bitRate
    }
}

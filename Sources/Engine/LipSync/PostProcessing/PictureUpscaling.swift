import Media

/// Writes a picture with more pixels as a JPEG file.
public struct PictureUpscaling: Codable, Sendable {
    /// The finest quantizer that JPEG players are sure to take.
    private static let quantizer: Int32 = 2

    /// A JPEG, PNG or WebP file.
    public var path: String
    /// The file to write; it must not exist.
    public var outputPath: String
    public var size: PictureSize

    public init(path: String, outputPath: String, size: PictureSize) {
        self.path = path
        self.outputPath = outputPath
        self.size = size
    }

    func run() throws -> RenderReport.Output {
        let frame = try StillImage(path).upscaled(width: size.width, height: size.height)
        try PictureFile.writeJPEG(
            frame, width: size.width, height: size.height, quantizer: Self.quantizer, to: outputPath)
        return RenderReport.Output(
            frames: 1, frameRate: Rational(1), durationSeconds: 0, width: size.width, height: size.height)
    }
}

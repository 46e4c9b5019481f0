/// Work on a medium that has nothing to do with lips: it comes out clearer or larger.
public enum PostProcessing: Codable, Sendable {
    /// A sound without what is heard beside its voice.
    case voice(VoiceIsolation)
    /// A picture with more pixels.
    case picture(PictureUpscaling)
    /// A video with more pixels.
    case video(VideoUpscaling)

    /// The file that is read.
    public var inputPath: String {
        switch self {
        case .voice(let isolation): isolation.path
        case .picture(let upscaling): upscaling.path
        case .video(let upscaling): upscaling.path
        }
    }

    /// The file that is written.
    public var outputPath: String {
        switch self {
        case .voice(let isolation): isolation.outputPath
        case .picture(let upscaling): upscaling.outputPath
        case .video(let upscaling): upscaling.outputPath
        }
    }
}

/// Work on a medium that has nothing to do with lips: it comes out clearer or larger.
public enum PostProcessing: Codable, Sendable {
    /// A sound without what is heard beside its voice.
    case voice(VoiceIsolation)
    /// A picture with more pixels.
    case picture(PictureUpscaling)
    /// A video with more pixels.
    case video(VideoUpscaling)

    /// Does it.
    ///
    /// - Parameter onProgress: Called from any thread, a few times a second.
    /// - Returns: The message that tells a parent of it.
    /// - Throws: `MediaError`, `RenderFailure`. No output file exists then.
    public func run(onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }) throws -> ChildMessage {
        let meter = ProgressMeter(onProgress)
        meter.begin(.rendering, from: 0, to: 1)
        switch self {
        case .voice(let isolation): return .result(try isolation.run(meter))
        case .picture(let upscaling): return .result(try upscaling.run())
        case .video(let upscaling): return .result(try upscaling.run(meter))
        }
    }
}

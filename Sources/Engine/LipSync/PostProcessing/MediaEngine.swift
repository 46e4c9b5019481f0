/// Does what needs no face and no network: media are cleaned, enlarged and mixed.
public struct MediaEngine: RenderEngine {
    /// Makes an engine.
    public init() {}

    /// The one profile of all such work.
    public var profiles: [EngineProfile] { [.media] }

    /// Does a task; see `RenderEngine`.
    public func run(
        _ task: EngineTask, cancellation: Cancellation, observer: RenderObserver
    ) throws -> EngineResult {
        let meter = ProgressMeter(observer.onProgress)
        meter.begin(.rendering, from: 0, to: 1)
        do {
            switch task {
            case .mix(let mix): return .sound(try mix.write(cancellation))
            case .processing(.voice(let isolation)): return .sound(try isolation.run(meter, cancellation))
            case .processing(.picture(let upscaling)): return .picture(try upscaling.run())
            case .processing(.video(let upscaling)): return .picture(try upscaling.run(meter, cancellation))
            case .sync, .step, .animation: throw RenderFailure.unknownProfile(task.profile)
            }
        } catch {
            throw RenderFailure(error)
        }
    }
}

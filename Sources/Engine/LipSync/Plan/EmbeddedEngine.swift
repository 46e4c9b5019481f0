/// The mesh engine: tracks the face, turns speech into mouth motion and re-renders the mouth from the speaker's own
/// pixels, on the processor.
public struct EmbeddedEngine: RenderEngine {
    private let installation: Installation?
    private let threadCount: Int

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - installation: Holds the runtime and the models; that of the running program unless given, which is looked for
    ///     when there is a task.
    ///   - threadCount: Threads that draw; the pictures do not depend on it.
    public init(_ installation: Installation? = nil, threadCount: Int = EngineThreads.standardCount) {
        self.installation = installation
        self.threadCount = threadCount
    }

    /// Three ways to draw a clip's lips, and the portrait.
    public var profiles: [EngineProfile] { MeshProfile.all.map(\.profile) + [.portrait] }

    /// Does a task on this machine's processor; see `RenderEngine`.
    public func run(
        _ task: EngineTask, cancellation: Cancellation, observer: RenderObserver
    ) throws -> EngineResult {
        let meter = ProgressMeter(observer.onProgress)
        let watch = FrameWatch(observer)
        do {
            let installation = try installation ?? .required()
            switch task {
            case .sync(let plan):
                return .render(
                    try RenderJob(
                        plan: plan, profile: try MeshProfile(plan.profile), installation: installation,
                        threadCount: threadCount, cancellation: cancellation, meter: meter, watch: watch
                    ).run())
            case .step(let task):
                return try SplitJob(
                    task: task, profile: try MeshProfile(task.plan.profile), installation: installation,
                    threadCount: threadCount, cancellation: cancellation, meter: meter, watch: watch
                ).run()
            case .animation(let plan):
                return .render(
                    try AnimationJob(
                        plan: plan, installation: installation, threadCount: threadCount, cancellation: cancellation,
                        meter: meter, watch: watch
                    ).run())
            case .processing, .mix: throw RenderFailure.unknownProfile(task.profile)
            }
        } catch {
            throw RenderFailure(error)
        }
    }
}

/// What a profile of the mesh engine means.
struct MeshProfile: DrawingProfile {
    let profile: EngineProfile
    let usesPictures: Bool
    /// Twice as many pictures are kept, and they are blended in two bands, with the frame's grain and sharpness.
    let isFine: Bool

    var keepsManyPictures: Bool { isFine }

    static let all = [
        MeshProfile(profile: .warp, usesPictures: false, isFine: false),
        MeshProfile(profile: .mouthBank, usesPictures: true, isFine: false),
        MeshProfile(profile: .mouthBankFine, usesPictures: true, isFine: true),
    ]

    func drawing(_ context: DrawingContext) -> any FrameDrawing {
        MeshDrawing(
            scenes: context.scenes, timeline: context.timeline, isFine: isFine,
            keepsOccluders: context.plan.parts.map(\.keepsOccluders), watermark: context.plan.marks.watermark,
            framesPerSecond: context.framesPerSecond)
    }

    private init(profile: EngineProfile, usesPictures: Bool, isFine: Bool) {
        self.profile = profile
        self.usesPictures = usesPictures
        self.isFine = isFine
    }

    /// - Throws: `RenderFailure` of code `engineFailed` for a profile of another engine.
    init(_ profile: EngineProfile) throws {
        guard let known = Self.all.first(where: { $0.profile == profile }) else {
            throw RenderFailure.unknownProfile(profile)
        }
        self = known
    }
}

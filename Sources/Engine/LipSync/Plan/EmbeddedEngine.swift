import Foundation

/// Something that makes a video of a plan.
public protocol RenderEngine: Sendable {
    /// Renders a plan.
    ///
    /// - Parameters:
    ///   - cancellation: Stops the work soon after it is cancelled.
    ///   - onProgress: Called from any thread, a few times a second.
    /// - Throws: `RenderFailure`. No output file exists then.
    func render(
        _ plan: RenderPlan, cancellation: Cancellation, onProgress: @escaping @Sendable (RenderProgress) -> Void
    ) throws -> RenderReport
}

/// The mesh engine: tracks the face, turns speech into mouth motion and re-renders the mouth from the speaker's own
/// pixels, on the processor.
public final class EmbeddedEngine: RenderEngine {
    private let installation: Installation

    /// Makes an engine that uses the runtime and models of `installation`.
    public init(_ installation: Installation) { self.installation = installation }

    /// Finds the installation of the running program.
    /// - Throws: `RenderFailure` of code `installationIncomplete`.
    public convenience init() throws {
        guard let installation = Installation.find() else {
            throw RenderFailure(
                .installationIncomplete, message: "The inference runtime and the models were not found.",
                suggestion: "Run `make setup`, or set \(Installation.setting) to the folder that holds them.")
        }
        self.init(installation)
    }

    /// Renders a plan on this machine's processor; see `RenderEngine`.
    public func render(
        _ plan: RenderPlan, cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        do {
            return try RenderJob(
                plan: plan, installation: installation, cancellation: cancellation,
                meter: ProgressMeter(onProgress)
            ).run()
        } catch {
            throw RenderFailure(error)
        }
    }

    /// Does what is asked, on this machine's processor; see `RenderEngine`.
    public func run(
        _ task: EngineTask, cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        switch task {
        case .sync(let plan): try render(plan, cancellation: cancellation, onProgress: onProgress)
        case .animation(let plan): try animate(plan, cancellation: cancellation, onProgress: onProgress)
        }
    }

    /// Makes a picture speak, on this machine's processor.
    ///
    /// - Parameters:
    ///   - cancellation: Stops the work soon after it is cancelled.
    ///   - onProgress: Called from any thread, a few times a second.
    /// - Throws: `RenderFailure`. No output file exists then.
    public func animate(
        _ plan: AnimationPlan, cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        do {
            return try AnimationJob(
                plan: plan, installation: installation, cancellation: cancellation,
                meter: ProgressMeter(onProgress)
            ).run()
        } catch {
            throw RenderFailure(error)
        }
    }
}

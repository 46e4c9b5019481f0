import Foundation

/// Something that makes media: plan in, file out.
///
/// ```swift
/// let report = try EngineRegistry.standard().render(plan)
/// ```
public protocol RenderEngine: Sendable {
    /// What the engine can do; a task names one of them.
    var profiles: [EngineProfile] { get }

    /// Does a task of one of its profiles. Blocks the calling thread until the output is written.
    ///
    /// - Parameters:
    ///   - cancellation: Stops the work soon after it is cancelled.
    /// - Throws: `RenderFailure`. No output file exists then.
    func run(_ task: EngineTask, cancellation: Cancellation, observer: RenderObserver) throws -> EngineResult
}

extension RenderEngine {
    /// Does a task that nobody cancels; see `run(_:cancellation:observer:)`.
    public func run(_ task: EngineTask, observer: RenderObserver = RenderObserver()) throws -> EngineResult {
        try run(task, cancellation: Cancellation(), observer: observer)
    }

    /// Makes a face of a clip say something else.
    ///
    /// - Throws: as `run(_:cancellation:observer:)`.
    public func render(
        _ plan: RenderPlan, cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        try report(.sync(plan), cancellation, RenderObserver(onProgress: onProgress))
    }

    /// Makes a picture speak.
    ///
    /// - Throws: as `run(_:cancellation:observer:)`.
    public func animate(
        _ plan: AnimationPlan, cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        try report(.animation(plan), cancellation, RenderObserver(onProgress: onProgress))
    }

    private func report(
        _ task: EngineTask, _ cancellation: Cancellation, _ observer: RenderObserver
    ) throws -> RenderReport {
        guard case .render(let report) = try run(task, cancellation: cancellation, observer: observer) else {
            throw RenderFailure(
                .engineFailed, message: "The engine made something else than the plan asks.",
                suggestion: "Report it with the log.", detail: "profile \(task.profile.rawValue)")
        }
        return report
    }
}

/// The engines of an installation: itself an engine that hands each task to the one that serves its profile.
public struct EngineRegistry: RenderEngine {
    private let engines: [any RenderEngine]

    /// - Parameter engines: Of two that serve a profile the first one gets its tasks.
    public init(_ engines: [any RenderEngine]) { self.engines = engines }

    /// What all of them can do, in their order.
    public var profiles: [EngineProfile] { engines.flatMap(\.profiles) }

    /// Does a task with the engine that serves its profile.
    ///
    /// - Throws: `RenderFailure`, of code `engineFailed` where no engine serves the profile.
    public func run(
        _ task: EngineTask, cancellation: Cancellation, observer: RenderObserver
    ) throws -> EngineResult {
        guard let engine = engines.first(where: { $0.profiles.contains(task.profile) }) else {
            throw RenderFailure.unknownProfile(task.profile)
        }
        return try engine.run(task, cancellation: cancellation, observer: observer)
    }
}

extension EngineRegistry {
    /// The engines of this program, for commands and for children alike.
    ///
    /// - Parameter threadCount: Threads that draw; the pictures do not depend on it.
    public static func standard(threadCount: Int = EngineThreads.standardCount) -> EngineRegistry {
        EngineRegistry([EmbeddedEngine(threadCount: threadCount), MediaEngine()])
    }
}

extension RenderFailure {
    /// No engine does what a plan asks.
    static func unknownProfile(_ profile: EngineProfile) -> RenderFailure {
        RenderFailure(
            .engineFailed, message: "No engine of this installation does what the plan asks.",
            suggestion: "Report it with the log.", detail: "profile \(profile.rawValue)")
    }
}

extension Installation {
    /// Finds the installation of the running program.
    ///
    /// - Throws: `RenderFailure` of code `installationIncomplete`.
    public static func required() throws -> Installation {
        guard let installation = find() else {
            throw RenderFailure(
                .installationIncomplete, message: "The inference runtime and the models were not found.",
                suggestion: "Run `make setup`, or set \(setting) to the folder that holds them.")
        }
        return installation
    }
}

/// How many threads an engine draws with.
public enum EngineThreads {
    /// The name of the setting: a number of threads.
    public static let setting = "LIPSMITH_THREADS"
    /// What may be set.
    public static let range = 1...64
    /// More drawing threads than these would only wait: the encoder has two, since its output depends on their number.
    /// Each holds a frame or two, 12 MB at 4K.
    private static let mostUnset = 8

    /// What the setting says, or one for each processor that the process may use, up to 8.
    public static var standardCount: Int { count(environment: ProcessInfo.processInfo.environment) }

    /// Likewise, in an environment; a setting that is no number of the range counts as none.
    package static func count(environment: [String: String]) -> Int {
        if let text = environment[setting], let count = Int(text), range.contains(count) { return count }
        return min(max(ProcessInfo.processInfo.activeProcessorCount, 1), mostUnset)
    }
}

import Foundation

/// Something that makes videos: plan in, file out.
///
/// ```swift
/// let engines = try Installation.required().engines()
/// let report = try engines.run(.sync(plan))
/// ```
public protocol RenderEngine: Sendable {
    /// What the engine can do; a task names one of them.
    var profiles: [EngineProfile] { get }

    /// Does a task of one of its profiles. Blocks the calling thread until the video is written.
    ///
    /// - Parameters:
    ///   - cancellation: Stops the work soon after it is cancelled.
    ///   - onProgress: Called from any thread, a few times a second.
    /// - Throws: `RenderFailure`. No output file exists then.
    func run(
        _ task: EngineTask, cancellation: Cancellation, onProgress: @escaping @Sendable (RenderProgress) -> Void
    ) throws -> RenderReport
}

extension RenderEngine {
    /// Does a task that nobody cancels or watches; see `run(_:cancellation:onProgress:)`.
    public func run(
        _ task: EngineTask, onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        try run(task, cancellation: Cancellation(), onProgress: onProgress)
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
        _ task: EngineTask, cancellation: Cancellation, onProgress: @escaping @Sendable (RenderProgress) -> Void
    ) throws -> RenderReport {
        guard let engine = engines.first(where: { $0.profiles.contains(task.profile) }) else {
            throw RenderFailure(
                .engineFailed, message: "No engine of this installation does what the plan asks.",
                suggestion: "Report it with the log.", detail: "profile \(task.profile.rawValue)")
        }
        return try engine.run(task, cancellation: cancellation, onProgress: onProgress)
    }
}

extension Installation {
    /// The engines that work with this installation.
    ///
    /// - Parameter threadCount: Threads that draw; the pictures do not depend on it.
    public func engines(threadCount: Int = EngineThreads.standardCount) -> EngineRegistry {
        EngineRegistry([EmbeddedEngine(self, threadCount: threadCount)])
    }

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

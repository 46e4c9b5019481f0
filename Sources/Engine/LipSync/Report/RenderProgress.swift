import Synchronization

/// How far the work has come.
public struct RenderProgress: Codable, Sendable {
    /// What is being done.
    public enum Stage: String, Codable, Sendable {
        /// Faces are tracked and the sound is read.
        case analysing
        /// Frames are drawn and encoded.
        case rendering
    }

    /// What is being done.
    public var stage: Stage
    /// The share of the whole work that is done, 0…1.
    public var fraction: Double
    /// Frames a second of the current stage.
    public var framesPerSecond: Double
    /// An estimate of what is left, in seconds; `nil` while too little is known.
    public var secondsLeft: Double?
}

/// What is told of a task while it runs.
public struct RenderObserver: Sendable {
    /// Takes how far the work is, from any thread, a few times a second.
    public var onProgress: @Sendable (RenderProgress) -> Void
    /// Takes small pictures of what is being drawn, JPEGs, from any thread, one a second at most; `nil` makes none.
    public var onPreview: (@Sendable ([UInt8]) -> Void)?
    /// Learns what the video looks like; `nil` where nobody asks.
    public var fingerprint: FingerprintRecorder?

    /// An observer; by default it is told nothing.
    public init(
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in },
        onPreview: (@Sendable ([UInt8]) -> Void)? = nil, fingerprint: FingerprintRecorder? = nil
    ) {
        self.fingerprint = fingerprint
        self.onProgress = onProgress
        self.onPreview = onPreview
    }
}

/// A request to stop that any thread or signal handler may make.
public final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Makes a request that has not been made yet.
    public init() {}

    /// Makes the request.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether the request was made.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func check() throws {
        if isCancelled { throw RenderFailure.cancelled }
    }
}

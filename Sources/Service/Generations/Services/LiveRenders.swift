import Synchronization

/// What is known of a running render beside its stored share: it lives in the process of the worker and is lost with it.
public struct LiveRender: Hashable, Sendable {
    /// What is being done.
    public enum Stage: String, Sendable, CaseIterable {
        /// Inputs are fetched, texts spoken, media looked at.
        case preparing
        /// Faces are tracked and the sound is read.
        case analysing
        /// Frames are drawn and encoded.
        case rendering
        /// The output is being stored.
        case storing
    }

    /// What is being done.
    public var stage = Stage.preparing
    /// Frames a second of the stage; `nil` before it is known.
    public var framesPerSecond: Double?
    /// An estimate of what is left, in seconds; `nil` while too little is known.
    public var secondsLeft: Double?
    /// The newest picture, a JPEG; `nil` before the first.
    public var preview: [UInt8]?
    /// How many pictures there have been.
    public var previewCount = 0

    /// A render that has just begun.
    public init() {}
}

/// The renders of this process, for whoever watches them.
public final class LiveRenders: Sendable {
    private let renders = Mutex<[GenerationID: LiveRender]>([:])

    /// Knows no render yet.
    public init() {}

    /// A running render; `nil` where none of that name runs in this process.
    public func render(_ id: GenerationID) -> LiveRender? { renders.withLock { $0[id] } }

    /// Changes what is known of a render, and begins to know it.
    public func update(_ id: GenerationID, _ change: (inout LiveRender) -> Void) {
        renders.withLock { change(&$0[id, default: LiveRender()]) }
    }

    /// Forgets a render that has ended.
    public func remove(_ id: GenerationID) { renders.withLock { $0[id] = nil } }
}

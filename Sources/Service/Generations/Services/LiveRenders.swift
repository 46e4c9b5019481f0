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
    private struct Attempt {
        var fence: Int64
        var render = LiveRender()
    }

    private let attempts = Mutex<[GenerationID: Attempt]>([:])

    /// Knows no render yet.
    public init() {}

    /// A running render; `nil` where none of that name runs in this process.
    public func render(_ id: GenerationID) -> LiveRender? { attempts.withLock { $0[id]?.render } }

    /// Begins to know the render of an attempt, in place of that of an earlier one; a later one's stays.
    public func begin(_ id: GenerationID, fence: Int64) {
        attempts.withLock { attempts in
            if let known = attempts[id], known.fence > fence { return }
            attempts[id] = Attempt(fence: fence)
        }
    }

    /// Changes what is known of an attempt's render; nothing where the attempt has ended or another one has begun.
    public func update(_ id: GenerationID, fence: Int64, _ change: (inout LiveRender) -> Void) {
        attempts.withLock { attempts in
            if attempts[id]?.fence == fence { change(&attempts[id, default: Attempt(fence: fence)].render) }
        }
    }

    /// Forgets the render of an attempt that has ended; another one's stays.
    public func remove(_ id: GenerationID, fence: Int64) {
        attempts.withLock { if $0[id]?.fence == fence { $0[id] = nil } }
    }
}

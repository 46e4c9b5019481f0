import Glibc

/// Where the time of day comes from; tests put a hand-driven one in its place.
public protocol WallClock: Sendable {
    /// The present moment.
    var now: Timestamp { get }
}

/// The machine's own time of day.
public struct SystemClock: WallClock {
    public init() {}

    /// The present moment, to the millisecond.
    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

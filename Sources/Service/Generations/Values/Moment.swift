public import Time

/// A moment in two times: what people call it, and what leases and pauses are counted in.
public struct Moment: Hashable, Sendable {
    /// The time of day. It may jump when somebody sets the clock.
    public var wall: Timestamp
    /// A time that only goes forward, at the speed of real time, for everybody who works on the same store. Its zero means
    /// nothing; the store tells it.
    public var steady: Timestamp

    /// Puts both times together.
    public init(wall: Timestamp, steady: Timestamp) {
        self.wall = wall
        self.steady = steady
    }
}

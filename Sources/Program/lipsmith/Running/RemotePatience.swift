/// How long to wait before a server that does not answer, or says that it is busy, is asked again.
struct RemotePatience {
    /// A server that starts again is found within this.
    private static let longestPause = Duration.seconds(15)
    private static let shortestPause = Duration.milliseconds(100)

    private let end: ContinuousClock.Instant
    private var next = Duration.milliseconds(500)

    /// - Parameter limit: How long it is asked again in all.
    init(_ limit: Duration) { end = .now + limit }

    /// The pause before the next time; nil where it would begin too late.
    ///
    /// - Parameter asked: What the server asks for.
    mutating func pause(asked: Duration?) -> Duration? {
        let pause = max(asked ?? next, Self.shortestPause)
        if asked == nil { next = min(next * 2, Self.longestPause) }
        return .now + pause <= end ? pause : nil
    }
}

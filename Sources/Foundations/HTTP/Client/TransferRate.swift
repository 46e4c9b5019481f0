import Time

/// Determines whether a transfer's average rate over a window is below a minimum.
///
/// libcurl's own check covers the last few seconds and restarts after every burst, so it never detects a sender of a
/// few kilobytes every half minute.
package struct TransferRate {
    private let leastBytes: Int64
    private let window: Duration
    /// The byte counts of the window, one about each second; the first is the newest that is older than the window.
    private var samples: [(time: Duration, byteCount: Int64)] = []

    /// - Parameter window: Over which the average is taken; zero turns the check off.
    package init(bytesPerSecond: Int, window: Duration) {
        leastBytes = Int64(Double(bytesPerSecond) * window.inSeconds)
        self.window = window
    }

    /// Adds a measurement: the bytes received so far.
    ///
    /// - Parameter now: The time of any clock that does not go back.
    /// - Returns: Whether the average over the last window is below the floor; never within the first window.
    package mutating func isBelowFloor(byteCount: Int64, at now: Duration) -> Bool {
        guard window > .zero, let last = samples.last else {
            samples = [(now, byteCount)]
            return false
        }
        if last.time + .milliseconds(900) <= now { samples.append((now, byteCount)) }
        while samples.count > 1, samples[1].time + window <= now { samples.removeFirst() }
        return samples[0].time + window <= now && byteCount - samples[0].byteCount < leastBytes
    }
}

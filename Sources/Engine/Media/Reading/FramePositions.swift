/// Places on a regular grid for pictures whose times lie on none: each gets one of its own, in order, as near to its time as
/// that allows. So none is lost where two of them come shortly after each other.
package struct FramePositions: Sendable, Equatable {
    /// Ascending, ticks, each once.
    private let timestamps: [Int]
    /// The grid position of each, counted from the first.
    private let positions: [Int]

    /// A picture that is later than this beside its sound is noticed (ITU-R BT.1359), seconds.
    private static let largestDelay = 0.045

    /// Places the pictures; `nil` where one of them would be noticeably late.
    ///
    /// - Parameter timestamps: Ascending, ticks.
    package init?(_ timestamps: [Int], timeBase: Rational, rate: Rational) {
        guard let first = timestamps.first else { return nil }
        let framesPerTick = timeBase.value * rate.value
        let limit = max(0.5, Self.largestDelay * rate.value) + 1e-6
        var stamps: [Int] = []
        var positions: [Int] = []
        for timestamp in timestamps where timestamp != stamps.last {
            let exact = Double(timestamp - first) * framesPerTick
            let position = max(Int(exact.rounded()), (positions.last ?? -1) + 1)
            guard Double(position) - exact <= limit else { return nil }
            stamps.append(timestamp)
            positions.append(position)
        }
        self.timestamps = stamps
        self.positions = positions
    }

    /// The position of a time stamp. One that was not placed stands between its neighbours.
    ///
    /// - Parameter regular: The grid position nearest to the time stamp, counted from the first picture placed.
    package func position(of timestamp: Int, regular: (_ distance: Int) -> Int) -> Int {
        var low = 0
        var high = timestamps.count
        while low < high {
            let middle = (low + high) / 2
            if timestamps[middle] <= timestamp { low = middle + 1 } else { high = middle }
        }
        let nearest = regular(timestamp - timestamps[0])
        guard low > 0 else { return min(nearest, 0) }
        if timestamps[low - 1] == timestamp { return positions[low - 1] }
        guard low < positions.count else { return max(nearest, positions[low - 1] + 1) }
        return min(max(nearest, positions[low - 1]), positions[low])
    }

    /// The time stamp of the last picture that stands at a position or before it.
    package func timestamp(of position: Int) -> Int? {
        var low = 0
        var high = positions.count
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] <= position { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? timestamps[low - 1] : nil
    }
}

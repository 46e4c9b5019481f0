/// Positions on a regular grid for pictures with irregular times: each picture gets one of its own, in order, as near
/// to its time as possible, so that no picture is lost where two follow each other closely.
package struct FramePositions: Sendable, Equatable {
    /// In ticks; ascending, each once.
    private let timestamps: [Int]
    /// The grid position of each time stamp, counted from the first.
    private let positions: [Int]

    /// The largest accepted delay of a picture against its sound, in seconds: the threshold of detectability in ITU-R
    /// BT.1359.
    private static let largestDelay = 0.045

    /// Finds positions for pictures; `nil` when one of them would be noticeably late.
    ///
    /// - Parameter timestamps: In ticks; ascending.
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

    /// The position of a time stamp; that of an unknown one lies between those of its neighbours.
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

    /// The time stamp of the last picture at or before a position, in ticks; `nil` before the first one.
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

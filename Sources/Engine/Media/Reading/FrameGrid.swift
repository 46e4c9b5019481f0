/// The regular grid of output frames, and the position of source time stamps on it.
///
/// A position depends on the time stamp alone, not on what was read before, so that reading after a seek and reading
/// from the start agree.
package struct FrameGrid: Sendable {
    /// The time stamp of grid frame 0, in ticks.
    package let origin: Int
    private let framesPerTick: Rational
    private let positions: FramePositions?
    /// The position of the origin in `positions`.
    private var firstPosition = 0

    /// A grid that begins at `origin` ticks of `timeBase` seconds and has `rate` frames a second.
    ///
    /// - Parameter positions: Positions of pictures that do not follow from their times alone (irregular frame rates).
    package init(origin: Int, timeBase: Rational, rate: Rational, positions: FramePositions? = nil) {
        self.origin = TickLimits.bounded(origin)
        self.positions = positions
        framesPerTick = Rational(timeBase.numerator * rate.numerator, timeBase.denominator * rate.denominator)
        firstPosition = positions?.position(of: self.origin, regular: regular) ?? 0
    }

    /// The grid frame nearest to a time stamp, negative before the origin.
    ///
    /// A damaged time stamp gives a position far away, not an overflow.
    package func index(of timestamp: Int) -> Int {
        let timestamp = TickLimits.bounded(timestamp)
        guard let positions else { return regular(timestamp - origin) }
        return positions.position(of: timestamp, regular: regular) - firstPosition
    }

    private func regular(_ distance: Int) -> Int {
        min(max(framesPerTick.scaled(distance), -Self.furthest), Self.furthest)
    }

    /// The time stamp nearest to a grid frame, in ticks.
    package func timestamp(of index: Int) -> Int {
        if let placed = positions?.timestamp(of: index + firstPosition) { return placed }
        return TickLimits.bounded(origin + TickLimits.bounded(framesPerTick.inverse.scaled(index)))
    }

    /// The largest absolute position: 2⁴⁰ frames are 580 years at 60 frames a second, and products with it do not
    /// overflow.
    private static let furthest = 1 << 40
}

/// Limits time stamps, which come from files and may have any value, so that sums of several of them cannot overflow.
enum TickLimits {
    /// The largest absolute time stamp, in ticks: 2⁵², exact in a `Double`, and 2048 times below the largest `Int`.
    private static let largest = 1 << 52

    /// The nearest time stamp or duration within the limits, in ticks.
    static func bounded(_ ticks: Int) -> Int { min(max(ticks, -largest), largest) }
}

/// Converts pictures with grid positions into exactly one picture for every position.
///
/// Empty positions repeat the picture before them; of several pictures on one position the first is kept. A picture is
/// delivered as soon as its own position is due, without waiting for the next one.
package struct FrameRateConverter<Picture> {
    /// What to do next.
    package enum Step {
        /// Deliver this picture at this position.
        case deliver(Picture, at: Int)
        /// Push another picture, or call `end`.
        case needsInput
        /// All positions were delivered.
        case finished
    }

    private var nextIndex: Int
    private var held: (picture: Picture, index: Int)?
    private var ahead: (picture: Picture, index: Int)?
    private var endIndex: Int?

    /// - Parameter firstIndex: The first position that is delivered.
    package init(firstIndex: Int = 0) { nextIndex = firstIndex }

    /// The position that will be delivered next.
    package var position: Int { nextIndex }

    /// The position of the latest picture that was pushed.
    package var latestIndex: Int? { ahead?.index ?? held?.index }

    /// Skips the positions before `index`; going back is not possible.
    package mutating func skip(to index: Int) { nextIndex = max(nextIndex, index) }

    /// Adds a picture in presentation order; only after `.needsInput`.
    package mutating func push(_ picture: Picture, index: Int) {
        guard let held else {
            self.held = (picture, index)
            return
        }
        guard index > held.index else { return }
        if nextIndex >= index {
            self.held = (picture, index)
        } else {
            ahead = (picture, index)
        }
    }

    /// Ends the input: the last picture lasts until before `endIndex`, at least for its own position.
    package mutating func end(before endIndex: Int = 0) {
        self.endIndex = max(endIndex, (latestIndex ?? -1) + 1)
    }

    /// The next step; advances the position when it delivers.
    package mutating func step() -> Step {
        while true {
            guard let held else { return endIndex == nil ? .needsInput : .finished }
            if let ahead, nextIndex >= ahead.index {
                self.held = ahead
                self.ahead = nil
                continue
            }
            let isDue = nextIndex <= held.index || ahead != nil
            if isDue || (endIndex.map { nextIndex < $0 } ?? false) {
                defer { nextIndex += 1 }
                return .deliver(held.picture, at: nextIndex)
            }
            return endIndex == nil ? .needsInput : .finished
        }
    }
}

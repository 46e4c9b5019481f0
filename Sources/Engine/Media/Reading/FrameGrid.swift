/// The regular grid of output times, and where a source time stamp falls on it.
///
/// A position depends on the time stamp alone, never on what was read before, so that reading after a seek and reading
/// from the start agree.
package struct FrameGrid: Sendable {
    /// Time stamp of grid frame 0, ticks.
    package let origin: Int
    private let framesPerTick: Rational
    private let positions: FramePositions?
    /// Where the origin stands among the placed pictures.
    private var firstPosition = 0

    /// A grid that begins at `origin` ticks of `timeBase` seconds and has `rate` frames a second.
    ///
    /// - Parameter positions: Where pictures stand whose places do not follow from their times alone.
    package init(origin: Int, timeBase: Rational, rate: Rational, positions: FramePositions? = nil) {
        self.origin = Timestamp.bounded(origin)
        self.positions = positions
        framesPerTick = Rational(timeBase.numerator * rate.numerator, timeBase.denominator * rate.denominator)
        firstPosition = positions?.position(of: self.origin, regular: regular) ?? 0
    }

    /// The grid frame nearest to a time stamp, negative before the origin.
    ///
    /// A damaged time stamp gives a position far out, never an overflow.
    package func index(of timestamp: Int) -> Int {
        let timestamp = Timestamp.bounded(timestamp)
        guard let positions else { return regular(timestamp - origin) }
        return positions.position(of: timestamp, regular: regular) - firstPosition
    }

    private func regular(_ distance: Int) -> Int {
        min(max(framesPerTick.scaled(distance), -Self.furthest), Self.furthest)
    }

    /// The time stamp nearest to a grid frame, ticks.
    package func timestamp(of index: Int) -> Int {
        if let placed = positions?.timestamp(of: index + firstPosition) { return placed }
        return Timestamp.bounded(origin + Timestamp.bounded(framesPerTick.inverse.scaled(index)))
    }

    private static let furthest = 1 << 40
}

/// Time stamps come from files and may be anything; within these bounds sums of a few of them cannot overflow.
enum Timestamp {
    private static let largest = 1 << 52

    /// The nearest time stamp or duration that arithmetic is safe with, ticks.
    static func bounded(_ ticks: Int) -> Int { min(max(ticks, -largest), largest) }
}

/// Turns pictures with grid positions into exactly one picture for every position.
///
/// Gaps repeat the picture before them; of several pictures on one position the first stays. A picture is given out as
/// soon as its own position is due, without waiting for the next one.
package struct FrameRateConverter<Picture> {
    /// What to do next.
    package enum Step {
        /// Deliver this picture at this position.
        case deliver(Picture, at: Int)
        /// Push another picture, or call `end`.
        case needsInput
        /// Nothing is left.
        case finished
    }

    private var nextIndex: Int
    private var held: (picture: Picture, index: Int)?
    private var ahead: (picture: Picture, index: Int)?
    private var endIndex: Int?

    /// Starts so that the first delivered position is `firstIndex`.
    package init(firstIndex: Int = 0) { nextIndex = firstIndex }

    /// The position that will be delivered next.
    package var position: Int { nextIndex }

    /// The position of the latest picture taken in.
    package var latestIndex: Int? { ahead?.index ?? held?.index }

    /// Leaves out the positions before `index`; going back is not possible.
    package mutating func skip(to index: Int) { nextIndex = max(nextIndex, index) }

    /// Takes in a picture in presentation order; only after `.needsInput`.
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

    /// Says that no picture follows, and that the last one lasts until before `endIndex` (at least its own position).
    package mutating func end(before endIndex: Int = 0) {
        self.endIndex = max(endIndex, (latestIndex ?? -1) + 1)
    }

    /// Decides what comes next and advances when it delivers.
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
